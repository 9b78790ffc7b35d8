"""The pages for when something is wrong: plain, and never in need of what broke."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.template.loader import render_to_string
from django.test import Client
from redis.exceptions import TimeoutError as CacheIsSilent

from tests.look.markup import parse


pytestmark = pytest.mark.usefixtures("gallery_urls")

PAGES = {
    "/suspect/": (400, "We could not read that"),
    "/refused/": (403, "You can\N{RIGHT SINGLE QUOTATION MARK}t do that here"),
    "/nothing-here/": (404, "We can\N{RIGHT SINGLE QUOTATION MARK}t find that page"),
    "/hurry/": (429, "Please wait a few minutes"),
    "/crash/": (500, "Something went wrong"),
}


# None of these may use a database: pytest-django refuses it to a test that did not ask.
@pytest.mark.parametrize("path", PAGES)
def test_error_page_says_what_happened_and_where_help_is(path: str) -> None:
    status, heading = PAGES[path]

    page = Client(raise_request_exception=False).get(path)

    assert page.status_code == status
    tree = parse(page.content.decode())
    assert tree.first("h1").text() == heading
    assert tree.first("title").text().endswith(" - 4Pi")
    main = tree.first("main")
    assert any(link.attributes["href"] == "/help/#contact" for link in main.every("a"))
    assert str(status) not in main.text()
    assert "not for people" not in page.content.decode()


WHAT_I_TYPED = "go back in your browser: your words should still be there"


@pytest.mark.parametrize("path", sorted(set(PAGES) - {"/nothing-here/"}))
def test_error_page_says_what_became_of_what_i_typed(path: str) -> None:
    main = main_of(Client(raise_request_exception=False).post(path))

    assert WHAT_I_TYPED in main[0].lower() + main[1:].replace("Go back", "go back")


def main_of(page: Any) -> str:
    return parse(page.content.decode()).first("main").text()


def test_too_large_a_form_is_told_so() -> None:
    words = "a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)

    page = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": words})

    assert page.status_code == 413
    assert "That was too much at once" in main_of(page)
    assert "Nothing was saved" in main_of(page)


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/nothing-here/", "/admin/"])
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_site_that_is_worked_on_says_so_and_touches_nothing(
    settings: Any, path: str, method: str
) -> None:
    settings.MAINTENANCE = True
    settings.CONTACT_EMAIL = "help@4pi.example"

    page = getattr(Client(), method)(path)

    assert page.status_code == 503
    assert page["Retry-After"] == "300"
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies
    if method != "head":
        assert "We will be back soon" in main_of(page)
        assert "What you saved before is kept" in main_of(page)
        assert "mailto:help@4pi.example" in page.content.decode()


def test_who_is_asked_to_wait_is_told_for_how_long() -> None:
    assert Client().get("/hurry/")["Retry-After"] == "300"


def test_refusal_gives_its_reason_as_plain_words() -> None:
    page = Client().get("/refused/").content.decode()

    assert "You need somebody who &lt;b&gt;can lock&lt;/b&gt;." in page


def test_form_from_elsewhere_gets_a_page_that_says_what_to_do() -> None:
    page = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "a"})

    assert page.status_code == 403
    assert "Your words should still be there" in page.content.decode()


@pytest.mark.parametrize(
    "template",
    ["400.html", "413.html", "429.html", "500.html", "503.html", "503_away.html"],
)
def test_bare_pages_need_no_request_and_no_context(template: str) -> None:
    html = render_to_string(template, {"no_navigation": True})

    assert "<nav" not in html
    assert "site-footer" in html


def test_server_error_does_not_ask_who_is_there(monkeypatch: Any) -> None:
    def broken(request: Any) -> Any:
        raise RuntimeError("the session store is gone")

    monkeypatch.setattr("django.contrib.auth.middleware.get_user", broken)

    page = Client(raise_request_exception=False).get("/sign-in/")

    assert page.status_code == 500
    assert "Something went wrong" in page.content.decode()


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, CacheIsSilent])
def test_words_come_back_while_the_database_is_away(
    monkeypatch: Any, error: type[Exception]
) -> None:
    def away(request: Any) -> Any:
        raise error("database or disk is full")

    monkeypatch.setattr("django.contrib.auth.middleware.get_user", away)
    sent = {"reason": "Most <teams> do.", "password": "a long secret", "level": "3"}

    page = Client(raise_request_exception=False).post("/sign-in/", sent)

    said = page.content.decode()
    assert (page.status_code, page["Retry-After"]) == (503, "300")
    assert "We could not save that" in said
    assert "readonly>Most &lt;teams&gt; do.</textarea>" in said
    assert "a long secret" not in said
