"""A person at a browser, who counts her clicks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as NeverCame

from fourpi.samples.accounts import PASSWORD
from tests.live_site import LiveSite


# A click comes back when the next page begins, before its words are there.
WAIT = 10_000


class Person:
    """Somebody who signs in, and whose clicks on links and buttons are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def sign_in(self, email: str) -> None:
        self.page.goto("/sign-in/")
        self.page.get_by_label("Email address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.press("Sign in")

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


@pytest.fixture
def person(page: Page, live_site: LiveSite) -> Person:
    return Person(page)
