"""The steward approves a sign-up, and replaces a lead, without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.journeys.test_people import CEILING_OF_JOINING, PASSWORD, open_mail


CEILING_OF_AN_APPROVAL = 3
CEILING_OF_A_NEW_LEAD = 5


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"java_script_enabled": False}


@pytest.fixture
def visitor(browser, browser_context_args, live_site):
    """Somebody else, in a browser of her own."""
    context = browser.new_context(**browser_context_args)
    yield Person(context.new_page())
    context.close()


def make_sign_up(live_site, name, reference):
    wanted = f"make_waiting_sign_up({name!r}, reference={reference!r})"
    source = f"from tests.factories import make_waiting_sign_up; {wanted}"
    live_site.manage("shell", "-c", source)


def join(person, name):
    person.clicks += 1
    person.page.locator("main a[href*='/invite/']").click()
    assert person.sees("Your role: Lead.")
    person.page.get_by_label("Your name").fill(name)
    person.page.get_by_label("Choose a password").fill(PASSWORD)
    person.press("Join")
    expect(person.page.get_by_role("alert")).to_contain_text("You have joined")
    assert person.clicks <= CEILING_OF_JOINING


def test_steward_approves_in_three_clicks_and_the_lead_joins(
    steward, visitor, live_site
):
    make_sign_up(live_site, "Tide Together", "4PI-JOURNEY1")
    make_sign_up(live_site, "Later Light", "4PI-JOURNEY2")
    steward.page.goto("/console/")

    steward.follow("Tide Together")
    assert steward.sees("The same: tide-together.example and tide-together.example.")
    steward.press("Approve")
    words = steward.page.get_by_label("What the email says")
    words.fill(f"{words.input_value()}\n\nA word of our own.")
    steward.press("Approve and send the email")

    assert steward.sees(re.compile("Approved: Tide Together"))
    assert steward.clicks <= CEILING_OF_AN_APPROVAL
    assert steward.sees("Go to the next one")
    open_mail(visitor, "ada@tide-together.example")
    assert visitor.sees("A word of our own.")
    join(visitor, "Ada Applicant")
    expect(visitor.page).to_have_url(re.compile("/o/tide-together/$"))
    visitor.page.goto("/organisations/tide-together/")
    assert visitor.sees("Signed up")


def test_steward_declines_with_a_reason(steward, visitor, live_site):
    make_sign_up(live_site, "Not This Time", "4PI-JOURNEY3")
    steward.page.goto("/console/")

    steward.follow("Not This Time")
    steward.press("Decline")
    steward.press("Decline and send the email")
    expect(steward.page.get_by_role("alert")).to_contain_text("Write your reason.")
    steward.page.get_by_label("Your reason").fill("You are one person.")
    steward.press("Decline and send the email")

    assert steward.sees(re.compile("Declined: Not This Time"))
    open_mail(visitor, "ada@not-this-time.example")
    assert visitor.sees("You are one person.")


def test_steward_replaces_a_lead_in_five_clicks(steward, visitor, live_site):
    live_site.manage(
        "shell",
        "-c",
        "from tests.factories import make_member, make_organisation\n"
        "make_member(make_organisation('night-line'), 'lead', 'Noor Line')",
    )
    page = steward.page
    page.goto("/console/organisations/")
    page.get_by_label("Name or area").fill("LINE night")

    steward.press("Search")
    steward.follow("Night-Line")
    steward.follow("Replace a lead")
    page.get_by_label("Noor Line").check()
    page.get_by_label("They become a contributor").check()
    page.get_by_label("Email address of the new lead").fill("nia@night.example")
    page.get_by_label("I rang the number").check()
    steward.press("Continue")
    assert steward.sees("Is this right?")
    steward.press("Confirm")

    expect(page.get_by_role("alert")).to_contain_text("We are writing to")
    assert steward.clicks <= CEILING_OF_A_NEW_LEAD
    open_mail(visitor, "noor.line@people.example")
    assert visitor.sees("You are a contributor there now.")
    open_mail(visitor, "nia@night.example")
    join(visitor, "Nia New")
