"""A person at a browser, who counts her clicks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as NeverCame

from fourpi.samples.accounts import PASSWORD
from tests.live_site import LiveSite
from tests.second_step import code_of


# A click comes back when the next page begins, before its words are there.
WAIT = 10_000
# Who ticked that she wants to be known, and the cookie that says so, for each site.
KNOWN_DEVICES: dict[tuple[str, str], Any] = {}
STEWARD = "steward@fourpi.example"


MADE = """
import json
from datetime import timedelta
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.urls import reverse
from django.utils import timezone
from organisations import emails
from organisations.models import MailPreference, Organisation, Unit, User
from organisations.operations import ask_for_access, withdraw_sign_up
from tests.factories import NOW, make_notice, make_waiting_sign_up
now = timezone.now()
riverside = Organisation.objects.get(slug="riverside-support")
viewer = User.objects.get(email="viewer@riverside.example")
steward = User.objects.get(email="steward@fourpi.example")
waiting = make_waiting_sign_up("Riverside Support Kent")
waiting.messages.create(kind="answer", at=NOW, text="Yes. " * 90)
withdrawn = make_waiting_sign_up("Withdrawn Group")
withdraw_sign_up(sign_up=withdrawn, at=now)
ask_for_access(organisation=riverside, reason="You asked us.", by=steward, at=now)
notice = make_notice(starts_at=now + timedelta(days=30))
key = EmailConfirmationHMAC(EmailAddress.objects.get(user=viewer)).key
adults = Unit.objects.create(organisation=riverside, name="Adults", added_at=now)
unit = Unit.objects.create(
    organisation=riverside, name="North team", parent=adults, added_at=now
)
Unit.objects.create(
    organisation=riverside, name="Day centre", added_at=now, closed_at=now
)
print(json.dumps({
    "unit": str(unit.public_id),
    "sign_up": str(waiting.public_id),
    "withdrawn": str(withdrawn.public_id),
    "notice": str(notice.public_id),
    "milestone": str(riverside.milestones.first().public_id),
    "viewer": str(viewer.public_id),
    "steward": str(steward.public_id),
    "stop": emails.stop_path(viewer, MailPreference.Kind.REMINDERS),
    "new_password": emails._path_to_new_password(viewer.email),
    "new_email": reverse("account_confirm_email", args=[key]),
}))
"""


class Person:
    """Somebody who signs in, and whose clicks on links and buttons are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def sign_in(self, email: str) -> None:
        self.page.goto("/sign-in/")
        self.sign_in_here(email)

    def sign_in_here(self, email: str) -> None:
        """Sign in on the page that asked for it, to go on from there."""
        site = urlsplit(self.page.url).netloc
        known = KNOWN_DEVICES.get((site, email))
        if known:
            self.page.context.add_cookies(known)
        mails = 0 if known else len(self.codes(email))
        self.page.get_by_label("Email address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.press("Sign in")
        self.page.wait_for_url(lambda url: urlsplit(url).path != "/sign-in/")
        if urlsplit(self.page.url).path == "/sign-in/code/":
            self.enter_code(email, after=mails)
            KNOWN_DEVICES[site, email] = [
                cookie
                for cookie in self.page.context.cookies()
                if cookie["name"] == "device"
            ]

    def enter_code(self, email: str, *, after: int) -> None:
        """Enter the code of the newest mail, once there are more than so many."""
        for _ in range(100):
            codes = self.codes(email)
            if len(codes) > after:
                break
            self.page.wait_for_timeout(100)
        self.page.get_by_label("The 6 digits in our email").fill(codes[0])
        self.page.get_by_label("Do not ask for a code on this device").check()
        self.press("Continue")
        self.page.wait_for_url(lambda url: urlsplit(url).path != "/sign-in/code/")

    def codes(self, email: str) -> list[str]:
        """Read the codes that were mailed to somebody, the newest first."""
        mailbox = self.page.context.new_page()
        mailbox.goto("/mailbox/")
        mails = mailbox.get_by_role("listitem").filter(has_text=f"To {email}")
        links = mails.get_by_role("link", name="Your sign-in code").all()
        addresses = [str(link.get_attribute("href")) for link in links]
        codes = []
        for address in addresses:
            mailbox.goto(address)
            words = mailbox.get_by_role("main").inner_text()
            codes += re.findall(r"^\s*(\d{6})\s*$", words, re.MULTILINE)
        mailbox.close()
        return codes

    def press(self, name: str) -> None:
        self.clicks += 1
        button = self.page.get_by_role("main").get_by_role("button", name=name)
        button.first.click()

    def follow(self, name: str) -> None:
        self.clicks += 1
        link = self.page.get_by_role("main").get_by_role("link", name=name)
        link.first.click()

    def sees(self, text: str | re.Pattern[str]) -> bool:
        """Say whether words are there, once a page that is on its way has come."""
        try:
            self.page.get_by_text(text).first.wait_for(timeout=WAIT)
        except NeverCame:
            return False
        return True

    def misses(self, text: str | re.Pattern[str]) -> bool:
        """Say whether words are absent from a page that is there whole."""
        self.page.wait_for_load_state()
        return not self.page.get_by_text(text).count()


def set_up_app(person: Person) -> str:
    """Set up the second step of whoever is signed in, and return its key."""
    person.page.goto("/account/two-steps/app/")
    secret = person.page.locator(".secret-key").inner_text()
    label = "The 6 digits that your app shows"
    person.page.get_by_label(label).fill(code_of(secret))
    person.press("Use this app")
    assert person.sees("Your recovery codes")
    return secret


@pytest.fixture(scope="session")
def stewards_session(browser: Browser, live_site: LiveSite) -> Any:
    """The cookies of the sample steward, with her second step set up."""
    context = browser.new_context(base_url=live_site.url)
    person = Person(context.new_page())
    person.sign_in(STEWARD)
    set_up_app(person)
    cookies = context.storage_state()
    context.close()
    return cookies


@pytest.fixture
def steward(
    browser: Browser, browser_context_args: dict[str, Any], stewards_session: Any
) -> Iterator[Person]:
    """The sample steward, signed in. Do not sign her out: others share her session."""
    context = browser.new_context(
        **browser_context_args, storage_state=stewards_session
    )
    yield Person(context.new_page())
    context.close()


@pytest.fixture
def person(page: Page, live_site: LiveSite) -> Person:
    return Person(page)


@pytest.fixture
def visitor(
    browser: Browser, browser_context_args: dict[str, Any]
) -> Callable[[], AbstractContextManager[Person]]:
    """Give a new person a browser of her own, as the module's journeys use it."""

    @contextmanager
    def of() -> Iterator[Person]:
        context = browser.new_context(**browser_context_args)
        yield Person(context.new_page())
        context.close()

    return of


@pytest.fixture(scope="session")
def made(live_site: LiveSite) -> Any:
    """What the console, a member and a mail have pages about, by its name."""
    said = live_site.manage("shell", "-v0", "-c", MADE)
    return json.loads(said.splitlines()[-1])
