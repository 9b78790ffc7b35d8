"""How many clicks the staff need at most, with and without JavaScript.

The ceilings are of screens.md, section 8; what a lead does is in test_main_job.py and
test_sharing.py.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.test_main_job import answer_one, start_assessment


LEAD, COLLEAGUE = "lead@riverside.example", "contributor@riverside.example"
WHY = "In a sentence or two, why?"
NEXT = "Save and go to next question"
# Sign in, the code on a device that is new, and on.
CEILING_TO_RETURN = 3
CEILING_OF_A_PRINCIPLE = 8
CEILING_OF_A_CONFLICT = 1
CEILING_OF_A_COMMENT = 2
# Three to get to the first of these pages, then save and mark as complete. All five
# principles take 13: about 11, for whoever asks for it.
CEILING_OF_TWO_ON_ONE_PAGE = 7


@pytest.fixture(
    params=[(320, True), pytest.param((1280, False), marks=pytest.mark.clock)],
    ids=["phone", "desktop"],
)
def browser_context_args(browser_context_args, request):
    """A phone with JavaScript, and a computer without it."""
    width, has_script = request.param
    return browser_context_args | {
        "java_script_enabled": has_script,
        "viewport": {"width": width, "height": 800},
    }


def test_colleague_needs_no_more_clicks_than_we_say(person, visitor, request):
    name = f"Clicks on a {request.node.callspec.id}"
    person.sign_in(LEAD)
    start_assessment(person, name)
    overview = person.page.url

    with visitor() as tom:
        tom.sign_in(COLLEAGUE)
        tom.press("Start answering")
        assert tom.clicks <= CEILING_TO_RETURN
        answer_a_principle(tom)
        comment(tom, overview)
        settle_a_conflict(tom, person, overview)
        answer_two_on_one_page(tom, name)


def answer_a_principle(tom):
    tom.clicks = 1
    for position in range(1, 7):
        answer_one(tom, "Principles", position)
    tom.press("Mark Principles as complete")
    expect(tom.page.get_by_text("Purpose, question 1 of")).to_be_visible()
    assert tom.clicks == CEILING_OF_A_PRINCIPLE


def comment(tom, overview):
    tom.page.goto(f"{overview}principles/")
    tom.clicks = 0
    tom.follow("PR1 ")
    tom.page.get_by_text("Write a comment").click()
    tom.page.get_by_label("Your comment").fill("Is it so at night?")
    tom.press("Post the comment")
    comments = tom.page.get_by_role("region", name=re.compile("Comments"))
    expect(comments).to_contain_text("Is it so at night?")
    assert tom.clicks == CEILING_OF_A_COMMENT


def settle_a_conflict(tom, asha, overview):
    there = f"{overview}principles/2/"
    tom.page.goto(there)
    asha.page.goto(there)
    asha.page.get_by_label(WHY).fill("Written by Asha")
    asha.press(NEXT)
    expect(asha.page).not_to_have_url(there)
    tom.page.get_by_label(WHY).fill("Written by Tom")
    tom.press(NEXT)
    expect(tom.page.get_by_role("heading", level=1)).to_contain_text("while you were")
    tom.clicks = 0
    tom.press("Keep mine")
    expect(tom.page.get_by_text("What you chose is saved.")).to_be_visible()
    assert tom.clicks == CEILING_OF_A_CONFLICT


def answer_two_on_one_page(tom, name):
    page = tom.page
    page.goto("/o/riverside-support/")
    tom.clicks = 0
    tom.follow(name)
    tom.follow("Purpose: ")
    tom.follow("Answer all of Purpose on one page")
    for principle, code, standards in (("Purpose", "PU", 5), ("Presence", "PS", 6)):
        expect(page.get_by_role("heading", level=1)).to_have_text(
            f"Answer all of {principle}"
        )
        for number in range(1, standards + 1):
            part = page.get_by_role("region", name=f"{code}{number} ")
            part.get_by_label(re.compile(f"^{number % 5} ")).check()
            part.get_by_label(WHY).fill(f"Typed for {code}{number}")
        tom.press("Save all my answers")
        for number in range(1, standards + 1):
            expect(page.get_by_text(f"Typed for {code}{number}")).to_be_visible()
        tom.press(f"Mark {principle} as complete")
    expect(page.get_by_role("heading", level=1)).to_have_text("Answer all of Process")
    assert tom.clicks == CEILING_OF_TWO_ON_ONE_PAGE
