"""Two people talk about an answer, and a room answers together."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.journeys.looking import faults_of


pytestmark = pytest.mark.slow

STARTED = """
from django.utils import timezone
from assessments.operations import start_assessment
from organisations.models import Organisation, User
riverside = Organisation.objects.get(slug="riverside-support")
lead = User.objects.get(email="lead@riverside.example")
assessment = start_assessment(
    organisation=riverside, by=lead, at=timezone.now(),
    scope="service", scope_name="Ward of the talk",
)
print(assessment.get_absolute_url())
"""


def test_two_talk_about_an_answer_and_a_room_answers_together(browser, live_site):
    overview = live_site.manage("shell", "-v0", "-c", STARTED).split()[-1]
    # An old phone without a script, and a computer.
    phone = browser.new_context(
        base_url=live_site.url,
        java_script_enabled=False,
        viewport={"width": 320, "height": 640},
    )
    computer = browser.new_context(base_url=live_site.url)
    tom, asha = Person(phone.new_page()), Person(computer.new_page())
    tom.sign_in("contributor@riverside.example")
    asha.sign_in("lead@riverside.example")

    # Open the question, write, post: two clicks.
    tom.page.goto(f"{overview}principles/")
    tom.clicks = 0
    tom.follow("PR1 ")
    tom.page.get_by_label("In a sentence or two, why?").fill("Half a thought")
    tom.page.get_by_text("Write a comment").click()
    tom.page.get_by_label("Your comment").fill("Is it so at night?")
    tom.page.get_by_text("Tell somebody about it").click()
    tom.page.get_by_label("Asha Mistry, Lead").check()
    tom.press("Post the comment")
    tom.page.wait_for_url("**#comments")
    assert tom.clicks == 2
    assert tom.sees("For Asha Mistry")
    reason = tom.page.get_by_label("In a sentence or two, why?")
    expect(reason).to_have_value("Half a thought")

    # She deals with it in the middle of an answer of her own.
    asha.page.goto(overview)
    assert asha.sees("1 open comment")
    asha.page.goto(f"{overview}principles/1/")
    reason = asha.page.get_by_label("In a sentence or two, why?")
    reason.fill("We asked each ward.")
    asha.press("Mark as dealt with")
    assert asha.sees("All comments are dealt with.")
    expect(reason).to_have_value("We asked each ward.")

    # Where no draft is kept, the browser asks before words are left behind.
    asha.page.goto(f"{overview}principles/2/another-look/")
    asha.page.get_by_label("What should be looked at again?").press_sequentially("At")
    asked = []
    asha.page.once("dialog", lambda one: (asked.append(one.type), one.accept()))
    asha.page.goto(overview)
    assert asked == ["beforeunload"]

    # In the meeting each standard is one click.
    asha.page.goto(overview)
    asha.clicks = 0
    asha.follow("Answer together in a meeting")
    asha.page.wait_for_url("**/meeting/principles/1/")
    # A room looks at it, so what she has not saved stays on the question's page.
    expect(asha.page.get_by_label("In a sentence or two, why?")).to_have_value("")
    assert asha.sees("You have words here that are not saved.")
    faults = faults_of(asha.page)
    for position in (2, 3):
        asha.page.get_by_label("2 Partly in place").check()
        asha.page.get_by_label("What do some see differently?").fill("Two say 1.")
        asha.press("Save and next")
        asha.page.wait_for_url(f"**/meeting/principles/{position}/")
    assert asha.clicks == 3
    asha.follow("Previous")
    expect(asha.page.get_by_label("2 Partly in place")).to_be_checked()
    tom.page.goto(f"{overview}principles/1/history/")
    assert tom.sees("What some saw differently")
    assert tom.sees("Two say 1.")
    # Whoever saves beside the comments goes on where it is said that it is saved.
    tom.page.goto(f"{overview}principles/4/#comments")
    tom.page.get_by_label("I'll come back to it").check()
    tom.press("Save and go to next question")
    tom.page.wait_for_url("**/principles/5/")
    expect(tom.page.get_by_text("PR4 saved at")).to_be_in_viewport()

    phone.close()
    computer.close()
    assert faults == []
