"""The look in a real browser: axe, narrow screens, focus, and life without scripts.

No server runs: the browser's requests are answered by Django's test client, with the
site's own headers, so that the content security policy holds here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.journeys.looking import violations_of


pytestmark = [
    pytest.mark.slow,
    pytest.mark.journey,
    pytest.mark.usefixtures("gallery_urls", "stylesheet"),
]

SITE = "http://testserver"
WIDTHS = [320, 1280]
# Those that no address of the site has; the others are opened on a running one.
PAGES = ["/components/", "/nothing-here/", "/refused/", "/suspect/", "/crash/"]
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


def _answer(client: Client) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        request = route.request
        address = request.url.removeprefix(SITE)
        assert address != request.url, f"{request.url} is another host"
        if address.startswith("/static/"):
            file = Path(str(finders.find(address.removeprefix("/static/"))))
            kind = TYPES[file.suffix]
            route.fulfill(body=file.read_bytes(), content_type=kind)
            return
        page = client.generic(
            request.method,
            address,
            request.post_data_buffer or b"",
            content_type=request.headers.get("content-type", "text/plain"),
        )
        route.fulfill(
            status=page.status_code, body=page.content, headers=dict(page.headers)
        )

    return answer


def _page(context: BrowserContext, width: int = 1280) -> Page:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.route("**/*", _answer(Client(raise_request_exception=False)))
    page.on("console", lambda said: _refused.append(said.text))
    return page


_refused: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_is_blocked() -> Iterator[None]:
    """Fail when the policy of the site stopped something of the page."""
    _refused.clear()
    yield
    assert [said for said in _refused if "Content Security Policy" in said] == []


def _send_faults(page: Page) -> None:
    page.goto(f"{SITE}/components/")
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").fill("2")
    page.get_by_label("Year").fill("2026")
    page.get_by_label("Why this level?").fill("x" * 230)
    page.get_by_role("button", name="Save and go on").click()


def _violations(page: Page) -> list[Any]:
    return [
        (fault["id"], [node["html"] for node in fault["nodes"]])
        for fault in violations_of(page)
    ]


def _is_reflowed(page: Page, width: int) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_a_violation_or_scrolls_sideways(
    context: BrowserContext, width: int
) -> None:
    page = _page(context, width)
    found = {}
    for path in PAGES:
        page.goto(SITE + path)
        found[path] = _violations(page), _is_reflowed(page, width)

    assert found == dict.fromkeys(PAGES, ([], True))


@pytest.mark.parametrize("width", WIDTHS)
def test_form_with_faults_has_no_violation(context: BrowserContext, width: int) -> None:
    page = _page(context, width)
    _send_faults(page)

    assert page.title().startswith("Error: ")
    assert _violations(page) == []
    assert _is_reflowed(page, width)


def test_axe_bites(context: BrowserContext) -> None:
    page = _page(context)
    page.goto(f"{SITE}/sign-in/")
    page.evaluate("document.querySelector('label').remove()")

    assert "label" in [name for name, _ in _violations(page)]


def test_summary_has_focus_and_each_link_lands_on_its_control(
    context: BrowserContext,
) -> None:
    page = _page(context)
    _send_faults(page)
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()

    for link in summary.get_by_role("link").all():
        target = str(link.get_attribute("href"))
        link.click()
        expect(page.locator(target)).to_be_focused()
        expect(page.locator(target)).to_be_in_viewport()


def test_typed_words_come_back(context: BrowserContext) -> None:
    page = _page(context)
    _send_faults(page)

    expect(page.get_by_label("Day")).to_have_value("31")
    expect(page.get_by_label("Why this level?")).to_have_value("x" * 230)


def test_count_speaks_when_three_quarters_are_used(context: BrowserContext) -> None:
    page = _page(context)
    page.goto(f"{SITE}/components/")
    count = page.locator("#id_reason_info")
    reason = page.get_by_label("Why this level?")

    reason.fill("x" * 149)
    expect(count).to_have_text("You can write up to 200 characters")
    reason.fill("x" * 199)
    expect(count).to_have_text("You have 1 character left")
    reason.fill("\N{PARTY POPPER}" * 203)
    expect(count).to_have_text("You have 3 characters too many")


def test_password_can_be_seen_and_is_hidden_when_sent(context: BrowserContext) -> None:
    page = _page(context)
    page.goto(f"{SITE}/sign-in/")
    password = page.locator("#id_password")
    password.fill("river stone lantern")

    page.get_by_role("button", name="Show: Password").click()
    expect(password).to_have_attribute("type", "text")
    assert _violations(page) == []
    page.get_by_role("button", name="Hide: Password").click()
    expect(password).to_have_attribute("type", "password")


def test_form_works_without_scripts(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = _page(context)
    _send_faults(page)

    expect(page.locator(".govuk-error-summary")).to_be_visible()
    page.get_by_role("link", name="Choose a level").click()
    assert page.url.endswith("#id_level_0")
    context.close()


# WCAG 2.2, 1.4.12: what people may set, and nothing may be lost.
SPACING = """*{line-height:1.5!important;letter-spacing:.12em!important;
word-spacing:.16em!important} p{margin-bottom:2em!important}"""


@pytest.mark.parametrize("path", ["/components/", "/sign-in/"])
def test_page_bears_wider_text(browser: Browser, path: str) -> None:
    context = browser.new_context(bypass_csp=True)
    page = _page(context, 320)
    page.goto(SITE + path)
    page.add_style_tag(content=SPACING)

    assert _is_reflowed(page, 320)
    cut = page.evaluate(
        """[...document.querySelectorAll('main *')].filter(e =>
            getComputedStyle(e).overflow === 'hidden'
            && !e.closest('.govuk-visually-hidden, thead, progress')
            && e.scrollHeight > e.clientHeight + 1).map(e => e.outerHTML)"""
    )
    assert cut == []
    context.close()


def test_what_people_press_is_large_enough(context: BrowserContext) -> None:
    page = _page(context, 320)
    page.goto(f"{SITE}/components/")

    page.get_by_text("Menu", exact=True).click()
    small = page.evaluate(
        """[...document.querySelectorAll(
            'button, .govuk-button, select, input:not([type=hidden]), textarea,'
            + ' .site-nav__link, .site-menu__summary, .site-footer__link, .site-header__name,'
            + ' summary, .link-alone, .govuk-button-group .govuk-link')]
            .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
            .map(e => e.outerHTML)"""
    )

    assert small == []


def test_focus_is_seen_everywhere(context: BrowserContext) -> None:
    """Each stop of the Tab key is in view, on top, and drawn unlike its neighbours."""
    page = _page(context, 320)
    page.goto(f"{SITE}/components/")
    stops = 0
    while stops < 60:
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
                const e = document.activeElement
                if (e === document.body) return null
                const box = e.getBoundingClientRect()
                const style = getComputedStyle(e)
                const label = e.labels && e.labels[0]
                const ring = label && getComputedStyle(label, '::before')
                const seen = s => s && (s.boxShadow !== 'none'
                    || (s.outlineStyle !== 'none' && s.outlineColor !== 'rgba(0, 0, 0, 0)'))
                return {html: e.outerHTML.slice(0, 120),
                    inView: box.top >= 0 && box.bottom <= innerHeight,
                    isSeen: Boolean(seen(style) || seen(ring))}
            }"""
        )
        if found is None:
            break
        stops += 1
        assert found["inView"], found["html"]
        assert found["isSeen"], found["html"]

    assert stops > 25
