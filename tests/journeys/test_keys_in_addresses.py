"""A page whose address is a key tells that address to nobody, not even to us."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, Request

from tests.journeys.conftest import Person
from tests.live_site import LiveSite


LEAD = "lead@riverside.example"
LONGEST_WAIT = 60


def mailed(site: LiveSite, to: str, path: str) -> str:
    """Take the link out of the mail that the worker writes into the site's folder."""
    until = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < until:
        for mail in (site.folder / "var" / "mail").glob("*"):
            words = mail.read_text()
            found = re.search(rf"{re.escape(site.url)}({path}[^\s\"]+)", words)
            if found and f"To: {to}" in words:
                return found[1]
        time.sleep(0.2)
    raise AssertionError(f"No mail with {path} came")


def invited(person: Person, site: LiveSite) -> str:
    person.sign_in(LEAD)
    person.page.goto("/o/riverside-support/people/invite/")
    person.page.get_by_label("Their email address").fill("key@quiet.example")
    person.page.get_by_label("Viewer", exact=True).check()
    person.press("Send the invitation")
    person.page.get_by_role("button", name="Sign out").click()
    return mailed(site, "key@quiet.example", "/invite/")


def forgotten(person: Person, site: LiveSite) -> str:
    person.page.goto("/forgot/")
    person.page.get_by_label("Email address").fill(LEAD)
    person.press("Send me a link")
    return mailed(site, LEAD, "/reset/")


@pytest.mark.parametrize("link", [invited, forgotten])
def test_no_request_says_where_it_comes_from(
    person: Person, page: Page, live_site: LiveSite, link
) -> None:
    path = link(person, live_site)
    longest = max(path.split("/"), key=len)
    key = longest.partition("-")[2] if link is forgotten else longest
    told: list[str] = []

    def note(request: Request) -> None:
        told.append(str(request.all_headers().get("referer", "")))

    page.on("requestfinished", note)
    page.goto(path)
    page.reload()
    for name in ("Help", "Privacy"):
        page.get_by_role("contentinfo").get_by_role("link", name=name).click()
        page.go_back()
    page.get_by_role("main").get_by_role("button").last.click()
    page.wait_for_load_state("networkidle")

    assert len(told) > 5
    assert len(key) > 10
    assert not [address for address in told if key in address]
    assert key not in live_site.log()
