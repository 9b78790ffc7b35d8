"""From the start page to the register: everybody who has a part in a sign-up."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.test_people import (
    CEILING_OF_JOINING,
    PASSWORD,
    follow_link,
    invite,
    open_mail,
)
from tests.journeys.test_sign_up import (
    CEILING_OF_SIGNING_UP,
    CEILING_OF_THE_SPONSOR,
    confirm,
    sign_up,
    sponsor_confirms,
)


CEILING_OF_AN_APPROVAL = 3


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"java_script_enabled": False}


def joins(newcomer, email, role, name, *, mails=1):
    open_mail(newcomer, email, mails)
    follow_link(newcomer)
    assert newcomer.sees(f"Your role: {role}.")
    newcomer.page.get_by_label("Your name").fill(name)
    newcomer.page.get_by_label("Choose a password").fill(PASSWORD)
    newcomer.press("Join")
    expect(newcomer.page.get_by_role("alert")).to_contain_text("You have joined")
    assert newcomer.clicks <= CEILING_OF_JOINING


def test_from_the_start_page_to_the_register(person, visitor, steward):
    email, chief = "eve@lantern.journeys.example", "chief@lantern.journeys.example"
    with visitor() as anybody:
        anybody.page.goto("/organisations/")
        assert anybody.misses("Lantern Trust")

    sign_up(person, "Lantern Trust", email, chief)
    confirm(person, email)
    assert person.clicks <= CEILING_OF_SIGNING_UP

    # Refused until the sponsor has said yes.
    steward.page.goto("/console/sign-ups/")
    steward.follow("Lantern Trust")
    assert steward.sees(re.compile("sponsor", re.IGNORECASE))
    assert not steward.page.get_by_role("button", name="Approve", exact=True).count()

    with visitor() as sponsor:
        sponsor_confirms(sponsor, chief)
        assert sponsor.clicks <= CEILING_OF_THE_SPONSOR

    steward.page.goto("/console/")
    steward.clicks = 0
    steward.follow("Lantern Trust")
    steward.press("Approve")
    steward.press("Approve and send the email")
    assert steward.sees(re.compile("Approved: Lantern Trust"))
    assert steward.clicks <= CEILING_OF_AN_APPROVAL

    # One to confirm, one that says it has come, and the one that lets her in.
    joins(person, email, "Lead", "Eve Lantern", mails=3)
    for address, role, name in (
        ("finn@lantern.journeys.example", "Contributor", "Finn Contributor"),
        ("gro@lantern.journeys.example", "Lived-experience co-lead", "Gro Colead"),
    ):
        invite(person, address, role)
        with visitor() as newcomer:
            joins(newcomer, address, role, name)

    with visitor() as anybody:
        anybody.page.goto("/organisations/")
        anybody.page.get_by_role("link", name="Lantern Trust").click()
        assert anybody.sees(re.compile("Signed up, since"))
        assert anybody.misses("Eve Lantern")
