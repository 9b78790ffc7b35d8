import pytest

from reports.templatetags.words import LONG, breakable


BREAK = "\u200b"


@pytest.mark.parametrize("text", ["", "Plain words.", "x" * LONG, "x" * LONG + " y"])
def test_words_that_fit_are_left_alone(text):
    assert breakable(text) == text


def test_a_very_long_word_can_be_broken_and_keeps_its_letters():
    word = "x" * 10_000

    broken = breakable(word)

    assert max(map(len, broken.split(BREAK))) == LONG
    assert broken.replace(BREAK, "") == word


def test_a_mark_is_not_parted_from_its_letter():
    word = "x" * LONG + "\u0301" + "y" * 5

    assert breakable(word) == word
