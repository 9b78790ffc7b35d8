"""The pages about the site say what its settings say."""

import os
import re
import subprocess
import sys
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


def test_help_says_how_to_reach_those_who_run_the_site(client, settings):
    settings.CONTACT_EMAIL = "o'hara@help.example"

    words = client.get("/help/").content.decode()

    heading, told = words.split('id="contact"')[1].split("</p>")[0].split("</h2>")
    assert "reach the people who run this site" in heading
    assert 'href="mailto:o&#x27;hara@help.example"' in told


REACHING = re.compile(
    r"\b(tell|ask|write to|reach) us\b|\bask(?: a| the)? steward|"
    r"(ask|write to|tell) the (people who|body that) run",
    re.IGNORECASE,
)
# Where the form of the page is what we ask, and where the whole page says how.
NO_LINK = (
    *("Tell us your email address.", "Tell us your work email address."),
    *("how to tell us when something is wrong", "Tell us what you were doing"),
    "Tell us too what would make",
)


def test_whoever_is_told_to_reach_us_is_told_how(settings):
    templates = settings.BASE_DIR / "templates"
    sentences = [
        (file.name, line)
        for file in sorted([*templates.rglob("*.html"), *templates.rglob("*.txt")])
        for line in file.read_text().splitlines()
        if REACHING.search(line) and not any(words in line for words in NO_LINK)
    ]

    assert len(sentences) > 20
    assert [each for each in sentences if "contact" not in each[1].lower()] == []


def test_a_real_site_does_not_start_without_an_address_to_reach_us():
    wanted = {"SECRET_KEY": "x" * 60, "DATABASE_URL": "postgres://nobody@localhost/no"}
    command = [sys.executable, "-c", "import fourpi.settings"]
    kept = {n: v for n, v in os.environ.items() if n != "CONTACT_EMAIL"}

    ended = subprocess.run(
        command, env=kept | wanted | {"EMBEDDED": "0"}, capture_output=True, text=True
    )

    assert "Set CONTACT_EMAIL (the address at which people reach you)" in ended.stderr


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
    # No cookie finds it: it is kept for the person, not for her browser.
    assert path == "/cookies/" or f"{KEPT_FOR.days * 24} hours" in words
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
