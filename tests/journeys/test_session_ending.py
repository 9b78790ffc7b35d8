"""Somebody who is away is asked, signed out, and given back what she typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Person
from tests.journeys.looking import violations_of
from tests.live_site import LiveSite, started


WORDS = "Typed before the kettle boiled"
LEAD = "lead@riverside.example"
PATIENCE = 30_000


@pytest.fixture(scope="module")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """The product with short sessions: 24 seconds, and a warning after four."""
    short = {"SESSION_IDLE_SECONDS": "24", "SESSION_WARNING_SECONDS": "20"}
    with started(tmp_path_factory.mktemp("short"), short) as site:
        yield site


@pytest.fixture
def question(person: Person) -> Page:
    """A question with words in it that nobody has saved."""
    page = person.page
    person.sign_in(LEAD)
    page.get_by_role("heading", name="Assessments").wait_for()
    begun = page.locator(".govuk-task-list__link")
    if begun.count():
        begun.first.click()
    else:
        person.press("Start an assessment")
        page.get_by_label("The whole organisation").check()
        person.press("Start")
        person.follow("Not now, go to the assessment")
    page.wait_for_url("**/assessments/*-*/")
    page.goto(f"{page.url}process/3/")
    page.get_by_label("In a sentence or two, why?").fill(WORDS)
    return page


def typed(page: Page) -> str:
    return page.get_by_label("In a sentence or two, why?").input_value()


def test_dialog_asks_and_staying_keeps_everything(question: Page) -> None:
    dialog = question.get_by_role("dialog", name="Are you still there?")
    stay = dialog.get_by_role("button", name="Stay signed in")

    expect(dialog).to_be_visible(timeout=PATIENCE)
    expect(stay).to_be_focused()
    expect(dialog).to_contain_text("We will sign you out in 1 minute.")
    for width in (320, 1280):
        question.set_viewport_size({"width": width, "height": 700})
        assert violations_of(question) == []
    # Nothing behind it can be reached by keyboard while it is open.
    for _ in range(4):
        question.keyboard.press("Tab")
        assert question.evaluate(
            "document.activeElement === document.body"
            " || !!document.activeElement.closest('dialog')"
        )
    stay.click()

    expect(dialog).to_be_hidden()
    assert typed(question) == WORDS
    expect(dialog).to_be_visible(timeout=PATIENCE)
    question.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_save_and_sign_out_and_back(question: Page, person: Person) -> None:
    there = question.url
    dialog = question.get_by_role("dialog")
    expect(dialog).to_be_visible(timeout=PATIENCE)

    dialog.get_by_role("button", name="Save and sign out").click()

    expect(question).to_have_url(re.compile("/sign-in/"))
    expect(question.get_by_text("we kept what you wrote")).to_be_visible()
    person.sign_in_here(LEAD)
    expect(question).to_have_url(there)
    assert typed(question) == WORDS
    expect(question.get_by_text("not saved yet")).to_be_visible()


def test_nobody_comes_back_and_the_page_is_left_with_the_words_kept(
    question: Page, person: Person
) -> None:
    there = question.url

    expect(question).to_have_url(re.compile("/sign-in/"), timeout=2 * PATIENCE)

    expect(question.get_by_text("because nothing happened")).to_be_visible()
    expect(question.get_by_text("we kept what you wrote")).to_be_visible()
    person.sign_in_here(LEAD)
    expect(question).to_have_url(there)
    assert typed(question) == WORDS


def test_going_on_in_another_tab_shuts_the_dialog(question: Page) -> None:
    dialog = question.get_by_role("dialog")
    expect(dialog).to_be_visible(timeout=PATIENCE)
    other = question.context.new_page()

    # It asks the server again after a while, before it signs anybody out, and shuts
    # when it finds more time than the warning takes: here within four seconds.
    for _ in range(10):
        other.goto("/o/")
        with suppress(AssertionError):
            expect(dialog).to_be_hidden(timeout=4_000)
            break

    assert "/sign-in/" not in question.url
    expect(dialog).to_be_hidden()
    assert typed(question) == WORDS
