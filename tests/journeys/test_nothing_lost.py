"""Whatever happens to the network, the tab or the session, the words are there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from tests.journeys.conftest import Person
from tests.journeys.looking import violations_of
from tests.live_site import LiveSite


LEAD, COLLEAGUE = "lead@riverside.example", "contributor@riverside.example"
WHY = "In a sentence or two, why?"
NEXT = "Save and go to next question"
# Five seconds after the last key, and a try or two more.
SOON = 20_000
# Each test has a standard of its own, so that none meets what another left.
STANDARDS = (
    f"{principle}/{n}/" for n in count(1) for principle in ("process", "impact")
)


@pytest.fixture(scope="module")
def signed_in(browser: Browser, live_site: LiveSite) -> dict[str, Any]:
    """The cookies of the two, who share an assessment; sign in only once."""
    states = {}
    for email in (LEAD, COLLEAGUE):
        context = browser.new_context(base_url=live_site.url)
        person = Person(context.new_page())
        person.sign_in(email)
        if email == LEAD:
            person.press("Start an assessment")
            person.page.get_by_label("The whole organisation").check()
            person.press("Start")
            person.page.wait_for_url("**/assessments/*-*/share/")
            states["overview"] = person.page.url.removesuffix("share/")
        states[email] = context.storage_state()
        context.close()
    return states


Opener = Callable[..., Page]


@pytest.fixture
def open_as(
    browser: Browser, browser_context_args: dict[str, Any], signed_in: dict[str, Any]
) -> Iterator[Opener]:
    """Open the test's own question in a browser of its own."""
    standard = next(STANDARDS)
    contexts = []

    def opened(email: str = LEAD, **options: Any) -> Page:
        context = browser.new_context(
            **browser_context_args | options, storage_state=signed_in[email]
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{signed_in['overview']}{standard}")
        return page

    yield opened
    for context in contexts:
        context.close()


def box(page: Page) -> Any:
    return page.get_by_label(WHY)


def state(page: Page) -> Any:
    return page.locator("[data-draft-state]")


def said(page: Page) -> Any:
    """What is seen of it: `state` is what is read out."""
    return page.locator(".draft-said")


def test_draft_is_said_in_words_and_is_there_on_another_device(open_as: Opener) -> None:
    page = open_as()
    box(page).fill("Typed between two meetings")

    expect(state(page)).to_contain_text("Draft saved at", timeout=SOON)
    expect(state(page)).to_have_attribute("aria-live", "polite")
    phone = open_as(viewport={"width": 320, "height": 700})
    expect(box(phone)).to_have_value("Typed between two meetings")
    expect(phone.get_by_text("not saved yet")).to_be_visible()
    for width in (320, 1280):
        phone.set_viewport_size({"width": width, "height": 700})
        assert violations_of(phone) == []
    phone.get_by_role("link", name="Throw it away").click()
    assert violations_of(phone) == []
    phone.get_by_role("button", name="Throw it away").click()
    expect(box(phone)).to_have_value("")


def test_network_goes_and_comes_back(open_as: Opener) -> None:
    page = open_as(viewport={"width": 320, "height": 640})
    there = page.url
    button = page.get_by_role("button", name=NEXT)
    box(page).press_sequentially("Typed")
    height = page.evaluate("document.body.scrollHeight")
    page.context.set_offline(True)
    box(page).press_sequentially(" in a tunnel")

    expect(state(page)).to_contain_text("You are offline.", timeout=SOON)
    # Below the box in use, over nothing.
    typing, line = box(page).bounding_box(), said(page).bounding_box()
    assert line["y"] >= typing["y"] + typing["height"]
    button.click()
    expect(state(page)).to_contain_text("Press the button again")
    # Told where she is, once, and nothing moved for it.
    expect(said(page)).to_be_in_viewport(ratio=1)
    expect(said(page)).to_have_text(state(page).inner_text())
    assert page.evaluate("document.body.scrollHeight") == height
    expect(page).to_have_url(there)
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(box(page)).to_have_value("Typed in a tunnel")
    page.context.set_offline(False)

    back = re.compile("^You are online again. Draft saved at [0-9:]+[.]$")
    expect(state(page)).to_have_text(back, timeout=SOON)
    assert page.evaluate("document.body.scrollHeight") == height
    asked_again: list[str] = []

    def go_on(dialog: Dialog) -> None:
        asked_again.append(dialog.type)
        dialog.accept()

    page.on("dialog", go_on)
    # A phone shows only the nearest of the pages above this one.
    page.set_viewport_size({"width": 1280, "height": 640})
    page.get_by_role("link", name="Riverside").first.click()
    page.wait_for_url("**/o/*/")
    page.go_back()
    assert asked_again == []
    button.click()
    expect(page).not_to_have_url(there)
    page.goto(there)
    expect(box(page)).to_have_value("Typed in a tunnel")
    expect(page.get_by_text("not saved yet")).to_have_count(0)


def test_server_that_fails_is_tried_again(open_as: Opener) -> None:
    page = open_as()
    failures = []

    def fail_twice(route: Route) -> None:
        if route.request.method == "POST" and len(failures) < 2:
            failures.append(route)
            route.fulfill(status=503, body="")
        else:
            route.continue_()

    page.route(page.url, fail_twice)
    box(page).fill("Typed while the site was restarted")

    expect(state(page)).to_contain_text("Not saved yet: we try again.", timeout=SOON)
    expect(state(page)).to_contain_text("Draft saved at", timeout=2 * SOON)
    assert len(failures) == 2


def test_tab_is_killed_before_any_draft(open_as: Opener) -> None:
    page = open_as()
    box(page).fill("Typed, and the tab was closed")

    page.close(run_before_unload=True)

    again = open_as()
    expect(box(again)).to_have_value("Typed, and the tab was closed")


def test_tab_crashes_after_the_draft(open_as: Opener) -> None:
    page = open_as()
    box(page).fill("Typed, and the browser fell over")
    expect(state(page)).to_contain_text("Draft saved at", timeout=SOON)

    page.context.close()

    expect(box(open_as())).to_have_value("Typed, and the browser fell over")


def test_leaving_and_going_back(open_as: Opener) -> None:
    page = open_as()
    box(page).fill("Typed, and a link was followed")
    seen: list[str] = []
    page.on("request", lambda r: seen.append(f"asked {r.method}"))
    page.on("requestfinished", lambda r: seen.append(f"done {r.method}"))

    page.get_by_role("link", name="Riverside").first.click()
    page.wait_for_url("**/o/*/")
    # What comes next is asked for once the words are kept.
    assert seen.index("done POST") < seen.index("asked GET")
    page.go_back()
    box(page).fill("Typed, and another address was opened")
    page.goto(page.url.rpartition("/assessments/")[0] + "/")
    page.go_back()
    expect(box(page)).to_have_value("Typed, and another address was opened")
    box(page).fill("Typed, and a link was followed")

    expect(box(page)).to_have_value("Typed, and a link was followed")
    # Nor does going back end at what a browser cannot show again.
    there = page.url
    page.get_by_label("Yes, I have finished").check()
    page.get_by_role("button", name=NEXT).click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    page.get_by_label("2 Partly in place").check()
    page.get_by_role("button", name=NEXT).click()
    expect(page).not_to_have_url(there)
    page.go_back()
    expect(page).to_have_url(there)
    expect(box(page)).to_have_value("Typed, and a link was followed")
    expect(page.get_by_text("not saved yet")).to_have_count(0)


def test_words_that_come_after_the_next_page_are_given_back(open_as: Opener) -> None:
    page = open_as()
    held: list[Route] = []

    def hold(route: Route) -> None:
        is_draft = route.request.method == "POST" and not held
        held.append(route) if is_draft else route.continue_()

    page.context.route(page.url, hold)
    box(page).fill("Typed, and the page came before it")

    page.goto(page.url)

    expect(box(page)).to_have_value("")
    assert held
    held[0].continue_()
    expect(box(page)).to_have_value("Typed, and the page came before it")
    expect(page.get_by_text("not saved yet")).to_be_visible()


def test_session_ends_while_somebody_types(
    open_as: Opener,
    visitor: Callable[[], AbstractContextManager[Person]],
    signed_in: dict[str, Any],
) -> None:
    there = open_as().url
    with visitor() as person:
        person.sign_in(LEAD)
        page = person.page
        page.goto(there)
        box(page).fill("Typed, and the session was over")
        other = page.context.new_page()
        other.goto("/o/")
        other.get_by_role("button", name="Sign out").first.click()
        other.wait_for_load_state()

        expect(state(page)).to_contain_text("You are signed out.", timeout=SOON)
        expect(box(page)).to_have_value("Typed, and the session was over")
        page.get_by_role("button", name=NEXT).click()
        expect(page).to_have_url(re.compile("/sign-in/"))
        person.sign_in_here(LEAD)

        expect(page).to_have_url(there)
        expect(box(page)).to_have_value("Typed, and the session was over")


def test_double_click_saves_once(open_as: Opener) -> None:
    page = open_as()
    there = page.url
    box(page).fill("Typed, and pressed twice")

    page.get_by_role("button", name=NEXT).dblclick()

    expect(page).not_to_have_url(there)
    page.goto(there)
    expect(box(page)).to_have_value("Typed, and pressed twice")
    expect(page.locator("[name=version]")).to_have_value("1")
    page.go_back()
    page.go_back()
    expect(box(page)).to_have_value("Typed, and pressed twice")
    expect(page.get_by_text("not saved yet")).to_have_count(0)


@pytest.mark.parametrize("script", [True, pytest.param(False, marks=pytest.mark.clock)])
def test_two_people_write_the_same_standard(open_as: Opener, script: bool) -> None:
    mine, theirs = open_as(java_script_enabled=script), open_as(COLLEAGUE)
    box(theirs).fill("Written by Tom")
    expect(state(theirs)).to_contain_text("Draft saved at", timeout=SOON)
    mine.reload()
    expect(mine.get_by_text("is editing now.")).to_be_visible()
    box(mine).fill("Written by Asha")
    there = theirs.url
    theirs.get_by_role("button", name=NEXT).click()
    expect(theirs).not_to_have_url(there)
    if script:
        box(mine).press_sequentially(", and more")
        expect(state(mine)).to_contain_text("Your words are safe", timeout=SOON)

    mine.get_by_role("button", name=NEXT).click()

    expect(mine.get_by_role("heading", level=1)).to_contain_text("while you were")
    expect(mine.get_by_label("What stands now")).to_contain_text("Written by Tom")
    expect(box(mine)).to_have_value(re.compile("^Written by Asha"))
    mine.get_by_role("button", name="Put both together").click()
    expect(box(mine)).to_have_value(re.compile("^Written by Tom\n\nWritten by Asha"))
    mine.get_by_role("button", name="Save both together").click()
    expect(mine.get_by_role("heading", level=1)).not_to_contain_text("while you were")
    theirs.goto(there)
    expect(box(theirs)).to_have_value(re.compile("^Written by Tom\n\nWritten by Asha"))


def test_page_of_many_loses_nothing_either(
    open_as: Opener, signed_in: dict[str, Any]
) -> None:
    def opened(email: str = LEAD) -> tuple[Page, Any, Any]:
        page = open_as(email)
        page.goto(f"{signed_in['overview']}presence/one-page/")
        parts = [page.get_by_role("region", name=code) for code in ("PS1 ", "PS2 ")]
        return page, *(part.get_by_label(WHY) for part in parts)

    page, first, second = opened()
    first.fill("Typed first")
    second.fill("Typed second")
    expect(state(page)).to_contain_text("Draft saved at", timeout=SOON)
    page.context.close()
    page, first, second = opened()
    expect(first).to_have_value("Typed first")
    expect(second).to_have_value("Typed second")

    page.context.set_offline(True)
    second.fill("Typed in a tunnel")
    page.get_by_role("button", name="Save all my answers").click()
    expect(state(page)).to_contain_text("Press the button again")
    page.context.set_offline(False)
    expect(state(page)).to_contain_text("Draft saved at", timeout=SOON)

    other, theirs, _ = opened(COLLEAGUE)
    theirs.fill("Written by Tom")
    other.get_by_role("button", name="Save all my answers").click()
    expect(other).to_have_url(re.compile("/check/"))
    page.get_by_role("button", name="Save all my answers").dblclick()

    expect(page.get_by_text("Not saved: PS1")).to_be_visible()
    expect(page.get_by_text("Saved: PS2.")).to_be_visible()
    expect(first).to_have_value("Typed first")
    expect(second).to_have_value("Typed in a tunnel")
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        assert violations_of(page) == []
    page.get_by_role("button", name="Put both together for PS1").click()
    expect(first).to_have_value("Written by Tom\n\nTyped first")
    page.get_by_role("button", name="Save all my answers").click()
    expect(page).to_have_url(re.compile("/check/"))
    expect(page.get_by_text("Typed in a tunnel")).to_be_visible()
