"""The steward sets up her second step, and signs in with it."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.journeys.looking import faults_of
from tests.second_step import code_of


CEILING_OF_SIGNING_IN = 2


@pytest.fixture
def newcomer(live_site):
    """The address of a steward who has not been here yet."""
    email = "new.steward@journeys.example"
    live_site.manage(
        "shell",
        "-c",
        "from fourpi.samples.making import make_account\n"
        "from fourpi.samples.accounts import SampleAccount\n"
        f"make_account(SampleAccount('{email}', 'Jo New', 'steward'))",
    )
    return email


@pytest.fixture
def without_script(browser, live_site):
    context = browser.new_context(base_url=live_site.url, java_script_enabled=False)
    yield Person(context.new_page())
    context.close()


def test_steward_sets_up_an_app_and_signs_in_with_it(person, newcomer, without_script):
    page = person.page
    person.sign_in(newcomer)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in in two steps")
    faults = faults_of(page)
    person.press("Set up an app")
    secret = page.locator(".secret-key").inner_text()
    faults += faults_of(page)
    page.get_by_label("The 6 digits that your app shows").fill(code_of(secret))
    person.press("Use this app")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    faults += faults_of(page)
    codes = re.findall(r"\b\d{8}\b", page.locator(".recovery-codes").inner_text())
    assert len(codes) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the codes").click()
    assert codes == re.findall(
        r"^\d{8}$", download.value.path().read_text(), re.MULTILINE
    )
    page.goto("/account/two-steps/")
    faults += faults_of(page)
    page.goto("/console/")
    expect(page).to_have_url(re.compile("/console/$"))

    other = without_script
    other.page.goto("/console/")
    other.sign_in_here(newcomer)
    other.page.get_by_label("Code").fill(codes[0])
    other.press("Sign in")
    assert other.clicks == CEILING_OF_SIGNING_IN
    expect(other.page).to_have_url(re.compile("/console/$"))
    assert faults == []


@pytest.fixture
def with_passkeys(browser, live_site):
    """A browser in which a made-up device answers for its person."""
    port = urlsplit(live_site.url).port
    # Browsers give passkeys to names, never to numbers.
    context = browser.new_context(base_url=f"http://localhost:{port}")
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield Person(page)
    context.close()


def test_member_adds_a_passkey_and_signs_in_with_it(with_passkeys):
    newcomer, page = with_passkeys, with_passkeys.page
    faults = []
    newcomer.sign_in("co-lead@riverside.example")
    page.goto("/account/two-steps/")
    newcomer.press("Add a passkey")
    page.get_by_label("A name for this passkey").fill("The key on my ring")
    faults += faults_of(page)
    newcomer.press("Add the passkey")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    page.goto("/account/passkeys/")
    expect(
        page.get_by_role("row").filter(has_text="The key on my ring")
    ).to_be_visible()
    faults += faults_of(page)
    page.get_by_role("button", name="Sign out").click()

    newcomer.clicks = 0
    newcomer.sign_in("co-lead@riverside.example")
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    faults += faults_of(page)
    newcomer.press("Use a passkey")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert newcomer.clicks <= CEILING_OF_SIGNING_IN

    page.goto("/account/passkeys/")
    newcomer.follow("Remove")
    faults += faults_of(page)
    newcomer.press("Yes, remove it")
    expect(page.get_by_text("You have no passkey")).to_be_visible()
    assert faults == []
