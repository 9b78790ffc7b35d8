"""The pages for when something is wrong: plain, and never in need of what broke."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.look.markup import parse


pytestmark = pytest.mark.usefixtures("gallery_urls")

PAGES = {
    "/suspect/": (400, "We could not read that"),
    "/refused/": (403, "You can\N{RIGHT SINGLE QUOTATION MARK}t do that here"),
    "/nothing-here/": (404, "We can\N{RIGHT SINGLE QUOTATION MARK}t find that page"),
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
    assert any(link.attributes["href"] == "/help/" for link in main.every("a"))
    assert str(status) not in main.text()
    assert "not for people" not in page.content.decode()


def test_refusal_gives_its_reason_as_plain_words() -> None:
    page = Client().get("/refused/").content.decode()

    assert "You need somebody who &lt;b&gt;can lock&lt;/b&gt;." in page


def test_form_from_elsewhere_gets_a_page_that_says_what_to_do() -> None:
    page = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "a"})

    assert page.status_code == 403
    assert "Your words should still be there" in page.content.decode()


@pytest.mark.parametrize("template", ["400.html", "500.html"])
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
