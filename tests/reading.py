"""Measures how hard the words of a page are, as rulings.md 36 asks."""

import sys
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from types import ModuleType

from django.urls import URLPattern, URLResolver


# textstat 0.7.4 imports pkg_resources, which setuptools no longer brings, only to
# find a word list for formulas that we do not use.
sys.modules.setdefault("pkg_resources", ModuleType("pkg_resources"))
try:
    from textstat import textstat
finally:
    if not hasattr(sys.modules["pkg_resources"], "resource_stream"):
        del sys.modules["pkg_resources"]

HARDEST = 6.0
INLINE = {"a", "abbr", "b", "br", "em", "i", "span", "strong"}
# Headings and labels are short, so counting them would make any page look easy.
PROSE = {"p", "li", "dd", "td"}


class _Main(HTMLParser):
    """Collects the prose inside <main>, but no duty's title."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = [""]
        self._open: list[str] = []
        self._is_duty = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            address = dict(attrs).get("href") or ""
            self._is_duty = "/duties/" in address.removesuffix("/duties/")
        if tag not in INLINE:
            self.blocks.append("")
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._is_duty = False
        if tag not in INLINE and tag in self._open:
            self.blocks.append("")
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        is_prose = "main" in self._open and self._open[-1] in PROSE
        if is_prose and not self._is_duty:
            self.blocks[-1] += data


def text_of(html: str) -> str:
    """Return the words of the page's main part, each block ending a sentence."""
    reader = _Main()
    reader.feed(html)
    blocks = (" ".join(block.split()) for block in reader.blocks)
    return "\n".join(
        block if block.endswith((".", "?", "!")) else f"{block}."
        for block in blocks
        if block
    )


def grade_of(html: str) -> float:
    """Return the Flesch-Kincaid grade of the page: 6 is about age 11."""
    return float(textstat.flesch_kincaid_grade(text_of(html)))


def too_hard(pages: Iterable[tuple[str, str]]) -> list[str]:
    """Name the pages that are harder than a child of eleven reads with ease."""
    graded = ((address, grade_of(html)) for address, html in pages)
    return [
        f"{address} is of grade {grade}, above {HARDEST}"
        for address, grade in graded
        if grade > HARDEST
    ]


def public_names(
    patterns: list[URLPattern | URLResolver], space: str = ""
) -> Iterator[str]:
    """Name the addresses that the site shows without a sign-in."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            deeper = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from public_names(pattern.url_patterns, deeper)
        elif not getattr(pattern.callback, "login_required", True):
            yield f"{space}{pattern.name}"
