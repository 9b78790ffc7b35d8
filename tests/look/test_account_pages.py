"""Signing in, and the ways back in, in our words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from organisations.chores import deliver_waiting_mail
from tests.factories import make_user
from tests.look.markup import Element, parse
from tests.signing_in import sign_in


pytestmark = pytest.mark.django_db


def _tree(page: Any) -> Element:
    return parse(page.content.decode())


def _words(page: Any) -> str:
    return _tree(page).first("main").text()


def test_sign_in_asks_for_two_things_that_a_password_manager_knows(
    client: Client,
) -> None:
    tree = _tree(client.get("/sign-in/"))

    fields = {
        e.attributes["name"]: e.attributes
        for e in tree.first("main").every("input")
        if e.attributes["type"] != "hidden"
    }
    assert fields["login"]["autocomplete"] == "email"
    assert fields["password"]["autocomplete"] == "current-password"
    assert set(fields) == {"login", "password"}
    assert not any("placeholder" in field for field in fields.values())
    in_the_page = [a.attributes["href"] for a in tree.first("main").every("a")]
    assert "/account/new/" not in in_the_page


@pytest.mark.parametrize("address", ["asha@people.example", "nobody@people.example"])
def test_every_wrong_sign_in_gets_the_same_words(client: Client, address: str) -> None:
    make_user("Asha")

    page = client.post("/sign-in/", {"login": address, "password": "not this one"})

    assert page.status_code == 200
    tree = _tree(page)
    assert tree.first("title").text() == "Error: Sign in - 4Pi"
    assert tree.first("ul", "govuk-error-summary__list").text() == (
        "The email address or the password is not right."
    )


def test_empty_sign_in_names_each_field(client: Client) -> None:
    summary = _tree(client.post("/sign-in/", {})).first("ul", "govuk-list")

    links = {a.text(): a.attributes["href"] for a in summary.every("a")}
    assert links == {
        "Enter your email address.": "#id_login",
        "Enter your password.": "#id_password",
    }


def test_signing_out_is_asked_for_and_then_said(client: Client) -> None:
    client.force_login(make_user("Asha"))

    assert "Do you want to sign out?" in _words(client.get("/sign-out/"))
    page = client.post("/sign-out/")

    assert page.status_code == 302
    assert not client.session.get("_auth_user_id")


def test_navigation_signs_out_by_a_form_and_leads_stewards_to_the_console(
    client: Client,
) -> None:
    client.force_login(make_user("Asha"))
    nav = _tree(client.get("/sign-out/")).first("nav", "site-nav")
    assert (
        nav.text()
        == "Menu Your organisations Standards Signed-up organisations Your account Help"
        " Sign out"
    )
    assert nav.first("form").attributes["method"] == "post"

    client.force_login(make_user("Stella", is_staff=True))
    nav = _tree(client.get("/sign-out/")).first("nav", "site-nav")
    assert nav.text() == (
        "Menu Console Standards Signed-up organisations Your account Help Sign out"
    )


@pytest.mark.parametrize("address", ["asha@people.example", "nobody@people.example"])
def test_forgotten_password_says_the_same_to_everybody(
    client: Client, address: str
) -> None:
    make_user("Asha")

    page = client.post("/forgot/", {"email": address}, follow=True)

    assert "We have sent you an email" in _words(page)
    deliver_waiting_mail(timezone.now())
    assert [message.to for message in mail.outbox] == [[address]]
    message = mail.outbox[0]
    assert "[" not in message.subject
    assert message.body.startswith("Hello,")
    assert "sign up" not in message.body.lower()
    assert ("/reset/" in message.body) == (address == "asha@people.example")


def _open_reset_link(client: Client) -> Any:
    client.post("/forgot/", {"email": "asha@people.example"})
    deliver_waiting_mail(timezone.now())
    link = re.search(r"https?://[^/]+(/reset/\S+)", mail.outbox[-1].body)
    assert link is not None
    return link[1], client.get(link[1], follow=True)


def test_reset_link_sets_a_password_once(client: Client) -> None:
    make_user("Asha")
    link, page = _open_reset_link(client)
    form = page.redirect_chain[-1][0]
    assert "12 characters or more" in _words(page)

    words = {"password1": "river stone lantern", "password2": "river stone lantern"}
    done = client.post(form, words, follow=True)

    assert "Your password is changed" in _words(done)
    assert client.login(email="asha@people.example", password=words["password1"])
    assert "does not work any more" in _words(Client().get(link))


def test_reset_refuses_a_short_password_in_plain_words(client: Client) -> None:
    make_user("Asha")
    _, page = _open_reset_link(client)

    words = {"password1": "short", "password2": "shorter"}
    again = client.post(page.redirect_chain[-1][0], words)

    assert again.status_code == 200
    assert "There is a problem" in _words(again)
    assert 'value="short"' not in again.content.decode()


def test_reset_link_that_is_wrong_offers_a_new_one(client: Client) -> None:
    page = client.get("/reset/1-abc/")

    assert "works once" in _words(page)
    assert "/forgot/" in [a.attributes["href"] for a in _tree(page).every("a")]


def test_unconfirmed_address_is_confirmed_by_the_code_that_is_sent_to_it(
    client: Client,
) -> None:
    user = make_user("Asha")
    user.emailaddress_set.update(verified=False)

    sign_in(client, user)

    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.emailaddress_set.get().verified


def test_confirmation_link_that_is_wrong_says_what_to_do(client: Client) -> None:
    assert "works once" in _words(client.get("/confirm-email/wrong/"))


def test_closed_account_and_closed_sign_up_explain_themselves(client: Client) -> None:
    assert "Your account is closed" in _words(client.get("/account/closed/"))
    assert "Accounts come by invitation" in _words(client.get("/account/new/"))


def test_password_is_asked_again_before_an_account_changes(client: Client) -> None:
    user = make_user("Asha")
    sign_in(client, user)

    page = client.post("/reauthenticate/", {"password": "not this one"})

    assert "That is not your password." in _words(page)
