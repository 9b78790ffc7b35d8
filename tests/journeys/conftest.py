"""A person at a browser, who counts her clicks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from fourpi.samples.accounts import PASSWORD
from tests.live_site import LiveSite


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
        return self.page.get_by_text(text).first.is_visible()


@pytest.fixture
def person(page: Page, live_site: LiveSite) -> Person:
    return Person(page)
