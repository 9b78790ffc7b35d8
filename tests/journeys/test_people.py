"""The lead invites people, and they join by the link in their mail."""

import re

import pytest
from playwright.sync_api import expect


PASSWORD = "four words that nobody knows"
CEILING_OF_AN_INVITATION = 3
CEILING_OF_JOINING = 4


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"java_script_enabled": False}


def invite(lead, email, role):
    lead.page.goto("/o/")
    lead.clicks = 0
    lead.follow("See people, invite and remove them")
    lead.press("Invite somebody")
    lead.page.get_by_label("Their email address").fill(email)
    lead.page.get_by_label(role, exact=True).check()
    lead.press("Send the invitation")
    expect(lead.page.get_by_role("alert")).to_contain_text(email)
    assert lead.clicks <= CEILING_OF_AN_INVITATION


def open_mail(person, email, number=1):
    """Read the newest mail to an address, once there are so many."""
    page = person.page
    mails = page.get_by_role("listitem").filter(has_text=f"To {email}")
    for _ in range(300):
        page.goto("/mailbox/")
        if mails.count() >= number:
            break
        page.wait_for_timeout(200)
    mails.first.get_by_role("link").click()
    expect(page.get_by_text(email).first).to_be_visible()
    person.clicks = 0


def follow_link(person):
    person.clicks += 1
    link = person.page.locator("main a[href*='/invite/']")
    token = re.search(r"/invite/([\w-]+)/", link.get_attribute("href"))[1]
    link.click()
    return token


def test_lead_invites_two_people_and_both_join(person, visitor, live_site):
    person.sign_in("lead@riverside.example")
    people = [
        ("nia@journeys.example", "Contributor", "Nia Contributor"),
        ("mo@journeys.example", "Lived-experience co-lead", "Mo Colead"),
    ]
    for email, role, _ in people:
        invite(person, email, role)

    tokens = []
    for email, role, name in people:
        with visitor() as newcomer:
            open_mail(newcomer, email)
            tokens.append(follow_link(newcomer))
            assert newcomer.sees("Asha Mistry")
            assert newcomer.sees(f"Your role: {role}.")
            newcomer.page.get_by_label("Your name").fill(name)
            newcomer.page.get_by_label("Choose a password").fill(PASSWORD)
            newcomer.press("Join")
            expect(newcomer.page.get_by_role("alert")).to_contain_text(
                "You have joined Riverside Support."
            )
            expect(newcomer.page).to_have_url(re.compile("/o/riverside-support/$"))
            assert newcomer.clicks <= CEILING_OF_JOINING

    person.page.goto("/o/riverside-support/people/")
    for _, role, name in people:
        row = person.page.get_by_role("row").filter(has_text=name)
        expect(row).to_contain_text(role)
    assert not any(token in live_site.log() for token in tokens)


def test_who_has_an_account_signs_in_and_joins_again(person, visitor):
    email = "ana@journeys.example"
    person.sign_in("lead@riverside.example")
    invite(person, email, "Viewer")
    with visitor() as ana:
        open_mail(ana, email)
        follow_link(ana)
        ana.page.get_by_label("Your name").fill("Ana Again")
        ana.page.get_by_label("Choose a password").fill(PASSWORD)
        ana.press("Join")
        ana.follow("See people")
        ana.follow("Leave Riverside Support")
        ana.press("Yes, leave")
        assert ana.sees("You have left Riverside Support.")
    invite(person, email, "Contributor")

    with visitor() as ana:
        open_mail(ana, email, number=2)
        follow_link(ana)
        ana.press("Sign in to join")
        ana.page.get_by_label("Email address").fill(email)
        ana.page.get_by_label("Password", exact=True).fill(PASSWORD)
        ana.press("Sign in")
        ana.press("Join")

        assert ana.sees("You have joined Riverside Support.")
        assert ana.clicks <= CEILING_OF_JOINING


def test_a_second_lead_takes_the_lead_that_is_offered(person, visitor):
    email = "lou@journeys.example"
    person.sign_in("lead@harbour.example")
    invite(person, email, "Contributor")
    with visitor() as lou:
        open_mail(lou, email)
        follow_link(lou)
        lou.page.get_by_label("Your name").fill("Lou Second")
        lou.page.get_by_label("Choose a password").fill(PASSWORD)
        lou.press("Join")
        person.page.goto("/o/harbour-peer-network/people/")
        assert person.sees(re.compile("has one lead"))
        person.follow("Offer the lead")
        person.page.get_by_label("Lou Second").check()
        person.page.get_by_label("I keep my role").check()
        person.press("Offer the lead")
        assert person.sees(re.compile("has not answered yet"))

        lou.follow("See people")
        lou.press("Yes, I take the lead")
        assert lou.sees("You are a lead now.")
        lou.follow("Who did what, and when")
        assert lou.sees("accepted the lead")

    person.page.goto("/o/harbour-peer-network/people/")
    assert person.misses(re.compile("has one lead"))
