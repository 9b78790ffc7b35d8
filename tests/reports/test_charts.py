from decimal import Decimal
from xml.etree import ElementTree

import pytest

from reports.charts import LEVEL_COLOURS, Bar, five_bars, level_mark


SVG = "{http://www.w3.org/2000/svg}"
WORDS = (
    "Not started",
    "Early steps",
    "Partly in place",
    "In place and felt",
    "Shared and led",
)
NOTES = "At level 3 or above"
BARS = (
    Bar("Principles", Decimal("2.5"), "3 of 6"),
    Bar("Purpose", Decimal("0.0"), "0 of 5"),
    Bar("Presence", None, "0 of 6"),
)


def drawn(*bars, words=WORDS):
    return ElementTree.fromstring(five_bars(bars or BARS, words=words, notes=NOTES))


def drawn_paths(level):
    return list(ElementTree.fromstring(level_mark(level)).iter(f"{SVG}path"))


def text_of(tree):
    return [e.text for e in tree.iter(f"{SVG}text")]


def test_a_bar_is_as_long_as_its_level():
    widths = {e.get("width") for e in drawn(BARS[0]).iter(f"{SVG}rect")}

    assert "62.5%" in widths


def test_each_bar_says_its_name_and_level():
    assert {"Principles: 2.5", "Purpose: 0.0"} <= set(text_of(drawn()))


def test_a_principle_without_a_level_has_words_and_no_mark():
    tree = drawn(BARS[2])

    assert "Presence: No level yet" in text_of(tree)
    assert list(tree.iter(f"{SVG}rect")) == []


def test_level_nought_still_has_a_mark():
    assert len(list(drawn(BARS[1]).iter(f"{SVG}rect"))) == 3


def test_the_axis_has_every_level_in_words():
    words = " ".join(text_of(drawn()))

    for number, level in enumerate(WORDS):
        assert str(number) in words
        for word in level.split():
            assert word in words


def test_the_title_says_the_finding():
    title = drawn().find(f"{SVG}title")

    assert title is not None
    assert title.text == (
        "Highest: Principles. Lowest: Purpose. "
        "Average level by principle, from 0 to 4. "
        "Principles: 2.5. Purpose: 0.0. Presence: no level yet."
    )


def test_those_at_the_same_end_are_named_as_a_list():
    level = Decimal(1)
    names = "Principles", "Purpose", "Presence"
    tree = drawn(
        *(Bar(name, level, "") for name in names), Bar("Impact", Decimal(2), "")
    )

    title = tree.find(f"{SVG}title")
    assert title is not None
    assert "Lowest: Principles, Purpose and Presence." in (title.text or "")


def test_names_and_words_are_escaped():
    hostile = '</text><script>alert(1)</script>"&'
    words = (hostile, *WORDS[1:])

    tree = drawn(Bar(hostile, Decimal(1), hostile), words=words)

    assert not list(tree.iter(f"{SVG}script"))
    assert f"{hostile}: 1" in text_of(tree)
    assert hostile in text_of(tree)


@pytest.mark.parametrize(
    "markup", [five_bars(BARS, words=WORDS, notes=NOTES), level_mark(2)]
)
def test_nothing_needs_an_inline_style(markup):
    tree = ElementTree.fromstring(markup)

    assert not [e for e in tree.iter() if e.get("style") or e.tag == f"{SVG}style"]


def test_text_names_its_font():
    assert "Hyperlegible" in (drawn().get("font-family") or "")


@pytest.mark.parametrize("level", range(5))
def test_a_mark_fills_as_many_cells_as_its_level(level):
    paths = {p.get("class"): p for p in drawn_paths(level)}
    boxes = {name: path.get("d").count("z") for name, path in paths.items() if name}

    assert boxes.get("filled", 0) == level
    assert boxes.get("empty", 0) == 4 - level


def test_each_level_has_a_colour_and_a_pattern_of_its_own():
    def one_cell(level):
        lines = "".join(p.get("d") for p in drawn_paths(level) if not p.get("class"))
        return lines[: len(lines) // level]

    assert len({one_cell(level) for level in (1, 2, 3, 4)}) == 4
    assert len(set(LEVEL_COLOURS)) == 5
