"""A lead starts an assessment and shares it among five; a colleague finds her part."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect


NAMES = ("Ada Hill", "Ben Moss", "Cy Reed", "Di Fern")
MAKE_THEM = f"""
from fourpi.samples.accounts import PASSWORD
from organisations.models import Organisation
from tests.factories import make_member
harbour = Organisation.objects.get(slug="harbour-peer-network")
for name in {NAMES!r}:
    person = make_member(harbour, "contributor", name)
    person.set_password(PASSWORD)
    person.save()
"""
PARTS = ("Principles", "Purpose", "Presence", "Process", "Impact")
CEILING_TO_START_AND_SHARE = 3
# Sign in, the code of a new device, and on.
CEILING_TO_ONES_OWN = 3


@pytest.fixture(scope="module")
def colleagues(live_site):
    live_site.manage("shell", "-v0", "-c", MAKE_THEM)


@pytest.fixture(
    params=[(320, False), pytest.param((1280, True), marks=pytest.mark.clock)],
    ids=["phone", "desktop"],
)
def browser_context_args(browser_context_args, request):
    """A phone without JavaScript, and a computer with it."""
    width, has_script = request.param
    return browser_context_args | {
        "java_script_enabled": has_script,
        "viewport": {"width": width, "height": 800},
    }


def test_three_clicks_to_start_and_share_and_each_finds_their_own(
    person, visitor, colleagues, request
):
    team = f"Team of the {request.node.callspec.id}"
    page = person.page
    person.sign_in("lead@harbour.example")
    page.goto("/o/harbour-peer-network/")

    person.clicks = 0
    person.press("Start an assessment")
    page.get_by_label("A service or team").check()
    page.get_by_label("Name of the service, team or project").fill(team)
    person.press("Start")
    for part, name in zip(PARTS, (*NAMES, "Sam Price"), strict=True):
        who = page.get_by_label(re.compile(f"^{part}:"))
        who.select_option(label=name + role_of(name))
    person.press("Save")

    main = page.get_by_role("main")
    expect(main).to_contain_text("We sent a mail to 4 people.")
    assert person.clicks == CEILING_TO_START_AND_SHARE
    for name in NAMES:
        expect(main).to_contain_text(f"With {name}")
    expect(main.get_by_role("button", name="Start with Impact")).to_be_visible()

    email = "ben.moss@people.example"
    with visitor() as colleague:
        colleague.page.goto(link_mailed_to(page, email))
        assert urlsplit(colleague.page.url).path == "/sign-in/"
        colleague.sign_in_here(email)
        own = colleague.page.get_by_role("main")
        expect(own).to_contain_text("standards answered.")
        expect(own).to_contain_text(team)
        colleague.press("Start with Purpose")
        assert colleague.clicks <= CEILING_TO_ONES_OWN
        expect(own).to_contain_text("This one is yours")
        own.get_by_label("2 Partly in place").check()
        own.get_by_label("In a sentence or two, why?").fill("Most teams do.")
        colleague.press("Save and go to next question")
        expect(own).to_contain_text("Purpose, question 2 of")
        # Back to work another day: two clicks, with the one on the page of sign-in.
        colleague.page.goto("/o/harbour-peer-network/")
        expect(own).to_contain_text("yours, ")
        colleague.press("Continue where you left off")
        expect(own).to_contain_text("Purpose, question 2 of")


def role_of(name):
    return " (Lead)" if name == "Sam Price" else " (Contributor)"


def link_mailed_to(page, email):
    """Take the link to this page's assessment out of her newest mail, as she would."""
    of_this = re.compile(rf"http\S+{re.escape(urlsplit(page.url).path)}mine/")
    mailbox = page.context.new_page()
    found = None
    for _ in range(100):
        mailbox.goto("/mailbox/")
        mails = mailbox.get_by_role("listitem").filter(has_text=f"To {email}")
        newest = mails.get_by_role("link", name="A part of a self-assessment is yours")
        if newest.count():
            mailbox.goto(newest.first.get_attribute("href"))
            found = of_this.search(mailbox.get_by_role("main").inner_text())
        if found:
            break
        mailbox.wait_for_timeout(100)
    mailbox.close()
    return found[0]
