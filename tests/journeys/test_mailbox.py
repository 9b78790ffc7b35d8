"""A newcomer follows a link in a mail that never left the machine."""

import pytest
from playwright.sync_api import expect

from fourpi.samples.accounts import PASSWORD
from tests.journeys.looking import faults_of


EMAIL = "viewer@riverside.example"


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"viewport": {"width": 320, "height": 700}}


@pytest.mark.also_on_servers
def test_a_forgotten_password_is_chosen_anew_from_the_mailbox(person):
    page = person.page
    page.goto("/forgot/")
    page.get_by_label("Email address").fill(EMAIL)
    page.locator("main button").click()
    page.get_by_role("contentinfo").get_by_role("link", name="Mailbox").click()
    mails = page.get_by_role("listitem").filter(has_text=f"To {EMAIL}")
    mail = mails.get_by_role("link", name="Choose a new password")
    for _ in range(50):
        if mail.count():
            break
        page.wait_for_timeout(200)
        page.reload()
    mail.first.click()
    expect(page.get_by_text(EMAIL)).to_be_visible()
    assert faults_of(page) == []

    page.locator("main a[href*='/reset/']").click()
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again", exact=True).fill(PASSWORD)
    person.press("Save the new password")

    expect(page.get_by_role("heading", level=1)).to_contain_text("changed")
    person.sign_in(EMAIL)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
