"""The page that stands in for a mailbox on one machine, and nowhere else."""

import importlib
from uuid import uuid4

import pytest
from django.conf import settings as site_settings
from django.urls import clear_url_caches, reverse

from fourpi import urls
from organisations.chores import deliver_waiting_mail
from organisations.steps import post_mail
from tests.factories import NOW


pytestmark = pytest.mark.django_db

PATH = "/confirm-email/s3cret/"


@pytest.fixture(autouse=True)
def _file_backend(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"


def deliver(*people):
    rows = [
        post_mail(template="confirm_email", to=to, context={"path": PATH}, at=NOW)
        for to in people
    ]
    deliver_waiting_mail(NOW)
    return rows


def test_empty_before_the_first_mail(client):
    page = client.get("/mailbox/")

    assert "No mail has been sent yet" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"


def test_mails_are_listed_newest_first_also_from_one_file(client):
    """Django's backend appends to a file when it makes the same name twice."""
    deliver("ann@people.example", "bob@people.example")

    text = client.get("/mailbox/").content.decode()

    assert 0 < text.index("bob@people.example") < text.index("ann@people.example")


def test_several_mails_in_one_file_are_several(client, settings):
    deliver("ann@people.example", "bob@people.example")
    files = sorted(settings.EMAIL_FILE_PATH.iterdir())
    together = b"".join(file.read_bytes() for file in files)
    for file in files:
        file.unlink()
    (settings.EMAIL_FILE_PATH / "one.log").write_bytes(together)

    assert len(client.get("/mailbox/").context["mails"]) == 2


def test_a_mail_is_shown_with_a_link_below_the_readers_own_address(client):
    [row] = deliver("ann@people.example")

    page = client.get(reverse("mailbox_mail", args=[row.public_id]))

    text = page.content.decode()
    assert f'href="{PATH}">{site_settings.PUBLIC_ADDRESS}{PATH}</a>' in text
    assert page["X-Robots-Tag"] == "noindex"
    assert "no-store" in page["Cache-Control"]


def test_words_of_a_mail_are_escaped(client):
    context = {"path": "/", "user_agent": "<b>x</b>", "ip": "", "timestamp": ""}
    row = post_mail(
        template="password_changed", to="a@b.example", context=context, at=NOW
    )
    deliver_waiting_mail(NOW)

    page = client.get(reverse("mailbox_mail", args=[row.public_id]))

    assert "With: &lt;b&gt;x&lt;/b&gt;" in page.content.decode()


def test_mail_that_is_not_there_is_not_found(client):
    deliver("ann@people.example")

    assert client.get(reverse("mailbox_mail", args=[uuid4()])).status_code == 404


def test_every_page_links_to_it(client):
    assert 'href="/mailbox/"' in client.get("/help/").content.decode()


@pytest.fixture
def _production(settings):
    settings.EMBEDDED = False
    importlib.reload(urls)
    clear_url_caches()
    yield
    settings.EMBEDDED = True
    importlib.reload(urls)
    clear_url_caches()


@pytest.mark.usefixtures("_production")
def test_nothing_of_it_is_there_in_production(client):
    [row] = deliver("ann@people.example")

    assert client.get("/mailbox/").status_code == 404
    assert client.get(f"/mailbox/{row.public_id}/").status_code == 404
    assert "mailbox" not in client.get("/help/").content.decode()
