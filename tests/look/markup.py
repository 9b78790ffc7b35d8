"""Read markup as a tree, so that only what a browser sees is compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser


VOID = {"input", "br", "hr", "img", "link", "meta"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def every(self, tag: str = "", css_class: str = "") -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, str):
                continue
            classes = child.attributes.get("class", "").split()
            if tag in {"", child.tag} and (not css_class or css_class in classes):
                yield child
            yield from child.every(tag, css_class)

    def first(self, tag: str = "", css_class: str = "") -> Element:
        return next(self.every(tag, css_class))

    def text(self) -> str:
        words = (c if isinstance(c, str) else c.text() for c in self.children)
        return " ".join(" ".join(words).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        if words := " ".join(data.split()):
            self.open[-1].children.append(words)


def parse(html: str) -> Element:
    reader = _Reader()
    reader.feed(html)
    return reader.root
