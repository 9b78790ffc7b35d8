"""The lint of words finds each public page, and bites."""

from django.urls import get_resolver

from tests.reading import HARDEST, public_names, too_hard


PAGE = "<main><p>{}</p></main>"
HARD = (
    "Organisational accountability necessitates comprehensive documentation "
    "of participatory methodologies."
)


def test_hard_words_are_named_and_easy_ones_are_not():
    pages = [
        ("/easy/", PAGE.format("The cat sat on the mat.")),
        ("/hard/", PAGE.format(HARD)),
    ]

    [fault] = too_hard(pages)

    assert fault.startswith("/hard/ is of grade ")
    assert fault.endswith(f"above {HARDEST}")


def test_public_pages_are_found_by_themselves():
    names = set(public_names(get_resolver().url_patterns))

    assert {"home", "security", "standards:duty", "account_login"} <= names
    assert not names & {"workspaces", "people", "assessments:question"}
