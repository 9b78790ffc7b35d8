"""The built stylesheet: whose look it is, its contrast, and what a page weighs."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.look.conftest import ROOT
from tests.look.markup import Element, parse


TEXT = 4.5
SHAPE = 3.0
PAPERS = ("paper", "sand", "white")
# What is written, or drawn, on what; and how strongly it must stand out.
PAIRS = [
    *((ink, paper, TEXT) for ink in ("ink", "ink-soft") for paper in PAPERS),
    *((link, paper, TEXT) for link in ("teal-deep", "plum") for paper in PAPERS),
    *(("red", paper, TEXT) for paper in PAPERS),
    *(("white", button, TEXT) for button in ("plum", "plum-deep", "red", "teal")),
    *(("white", level, TEXT) for level in ("grey", "plum", "amber", "teal", "blue")),
    *((tag, f"{tag}-pale", TEXT) for tag in ("plum", "teal", "amber", "blue")),
    *(("ink", f"{hue}-pale", TEXT) for hue in ("grey", "plum", "teal", "amber")),
    *(("ink-soft", "grey-pale", TEXT), ("plum", "plum-pale", TEXT)),
    *(("ink", "apricot", TEXT), ("ink-soft", "white", SHAPE), ("teal", "white", SHAPE)),
    *((hue, f"{hue}-pale", SHAPE) for hue in ("grey", "plum", "amber", "teal", "blue")),
]


def _palette() -> dict[str, str]:
    source = (ROOT / "static" / "scss" / "_palette.scss").read_text()
    return {"white": "#ffffff"} | dict(
        re.findall(r"^\$([a-z-]+): (#[0-9a-f]{6});", source, re.MULTILINE)
    )


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_counted_as_the_guidelines_do() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("over", "under", "least"), PAIRS)
def test_colours_stand_out(over: str, under: str, least: float) -> None:
    palette = _palette()

    assert _contrast(palette[over], palette[under]) >= least


@pytest.mark.parametrize(
    "mark",
    [
        *("GDS Transport", "Frutiger", "crown", "nhsuk", "url(http", "url(//"),
        # The blue, green and yellow by which GOV.UK is known, and the NHS's blue.
        *("#1d70b8", "#0f7a52", "#00703c", "#fd0", "#ffdd00", "#005eb8"),
    ],
)
def test_nothing_of_gov_uk_or_the_nhs_is_left(stylesheet: Path, mark: str) -> None:
    assert mark.lower() not in stylesheet.read_text().lower()


def test_stylesheet_answers_to_what_people_set(stylesheet: Path) -> None:
    css = stylesheet.read_text()

    for rule in ("forced-colors", "prefers-reduced-motion", "media print"):
        assert rule in css
    assert "font-display:swap" in css
    assert "prefers-color-scheme" not in css


def _fetched(tree: Element) -> set[str]:
    """Name what a browser gets for a page; a preloaded font is not got twice."""
    links = [
        link.attributes["href"]
        for link in tree.every("link")
        if link.attributes["rel"] in {"icon", "preload", "stylesheet"}
    ]
    scripts = [s.attributes["src"] for s in tree.every("script")]
    pictures = [image.attributes["src"] for image in tree.every("img")]
    return {*links, *scripts, *pictures}


@pytest.mark.usefixtures("gallery_urls", "stylesheet")
@pytest.mark.parametrize(
    ("path", "sent"),
    [("/sign-in/", None), ("/components/", None), ("/components/", {}), ("/no/", None)],
)
def test_first_view_is_light(path: str, sent: dict[str, str] | None) -> None:
    page = Client().get(path) if sent is None else Client().post(path, sent)
    tree = parse(page.content.decode())

    weight = len(gzip.compress(page.content))
    for address in _fetched(tree):
        assert address.startswith("/static/")
        found = finders.find(address.removeprefix("/static/"))
        assert found is not None, address
        body = Path(found).read_bytes()
        weight += len(body if address.endswith(".woff2") else gzip.compress(body))

    assert weight <= 60_000
    assert 1 + len(_fetched(tree)) <= 6


@pytest.mark.usefixtures("gallery_urls")
@pytest.mark.parametrize("path", ["/sign-in/", "/components/", "/no/"])
def test_page_has_no_style_and_no_script_of_its_own(path: str) -> None:
    tree = parse(Client().get(path).content.decode())

    for element in tree.every():
        assert element.tag != "style"
        assert not any(name.startswith("on") for name in element.attributes)
        assert "style" not in element.attributes
        if element.tag == "script":
            assert element.children == []


@pytest.mark.usefixtures("gallery_urls")
def test_frame_of_a_page_is_in_its_place() -> None:
    tree = parse(Client().get("/components/").content.decode())

    assert tree.first("html").attributes["lang"] == "en-GB"
    assert tree.first("a").attributes["href"] == "#main"
    assert tree.first("main").attributes["id"] == "main"
    foot = [link.text() for link in tree.first("footer").every("a")]
    about = ["Help", "Accessibility", "Privacy", "Cookies", "Security"]
    ours = ["Check a report", "Mailbox"]
    assert foot == [*about, *ours, "NSUN"]
    credit = tree.first("footer").text()
    assert "independent of NSUN" in credit
    assert "not part of GOV.UK or the NHS" in credit


def test_each_level_has_a_pattern_of_its_own(stylesheet: Path) -> None:
    """Without colours too: 0 has no filled shape, and those of 4 are plain."""
    filled = r"\.level--(\d) \.level__pip--filled\{background-image:([^}]+)\}"

    patterns = dict(re.findall(filled, stylesheet.read_text()))

    assert set(patterns) == {"1", "2", "3"}
    assert len(set(patterns.values())) == len(patterns)
