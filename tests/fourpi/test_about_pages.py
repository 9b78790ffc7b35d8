"""The pages about the site say what its settings say."""

import re
from datetime import datetime, timedelta
from http.cookies import SimpleCookie

import pytest
from django.utils import timezone

from organisations.access import KEPT_FOR
from organisations.chores.outbox import KEPT_FOR as MAILS_KEPT_FOR
from tests.factories import PASSWORD, make_user


SECURITY_TXT = "/.well-known/security.txt"


def fields(page):
    lines = page.content.decode().strip().splitlines()
    return dict(line.split(": ", 1) for line in lines)


def test_security_txt_says_where_to_write(client, settings):
    settings.CONTACT_EMAIL = "o'hara+4pi@help.example"
    settings.PUBLIC_ADDRESS = "https://4pi.example"

    page = client.get(SECURITY_TXT)

    assert page["Content-Type"] == "text/plain; charset=utf-8"
    said = fields(page)
    assert said["Contact"] == "mailto:o'hara+4pi@help.example"
    assert said["Canonical"] == "https://4pi.example/.well-known/security.txt"
    assert client.get(said["Policy"].removeprefix("https://4pi.example")).status_code
    ahead = datetime.fromisoformat(said["Expires"]) - timezone.now()
    assert timedelta(days=30) < ahead < timedelta(days=365)


def test_security_txt_is_not_there_without_somebody_to_write_to(client, settings):
    settings.CONTACT_EMAIL = ""

    assert client.get(SECURITY_TXT).status_code == 404
    words = client.get("/security/").content.decode()
    assert "mailto:" not in words
    assert SECURITY_TXT not in words


def test_security_page_leads_to_the_file(client, settings):
    settings.CONTACT_EMAIL = "help@4pi.example"

    words = client.get("/security/").content.decode()

    assert "mailto:help@4pi.example" in words
    assert f'href="{SECURITY_TXT}"' in words


@pytest.mark.parametrize("path", ["/privacy/", "/cookies/", "/security/"])
def test_how_long_things_last_follows_the_settings(client, settings, path):
    settings.SESSION_IDLE_SECONDS = 17 * 60
    settings.SESSION_COOKIE_AGE = 5 * 3600

    words = client.get(path).content.decode()

    assert "17 minutes" in words
    assert f"{KEPT_FOR.days * 24} hours" in words
    assert "5 hours" in words or path == "/security/"


def test_privacy_says_how_long_mails_are_listed(client):
    assert f"{MAILS_KEPT_FOR.days} days" in client.get("/privacy/").content.decode()


@pytest.mark.django_db
def test_every_cookie_is_on_the_page_about_them(client):
    make_user("Asha")
    given = SimpleCookie()
    for path in ("/", "/sign-in/", "/forgot/", "/o/"):
        given.update(client.get(path).cookies)
    form = {"login": "asha@people.example", "password": PASSWORD}
    given.update(client.post("/sign-in/", form).cookies)
    given.update(client.get("/o/").cookies)

    listed = set(
        re.findall(
            r'<th scope="row"[^>]*>([^<]+)', client.get("/cookies/").content.decode()
        )
    )

    assert {"session", "csrf"} <= set(given) <= listed
