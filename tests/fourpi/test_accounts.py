"""What the sign-in pages post: the same row for a known and an unknown address."""

import pytest
from allauth.account.models import EmailConfirmationHMAC
from allauth.core import context
from django.core import mail
from django.core.cache import cache
from django.test import RequestFactory
from django.utils import timezone

from fourpi.accounts import MAILS, AccountAdapter
from organisations import emails
from organisations.chores import deliver_waiting_mail
from organisations.models import Outbox
from tests.factories import NOW, make_user


pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client):
    make_user("Asha")
    return client


@pytest.mark.parametrize("name", ["asha", "nobody"])
def test_an_address_gets_one_row_and_nothing_is_sent_while_we_wait(client, name):
    page = client.post("/forgot/", {"email": f"{name}@people.example"})

    assert (page.status_code, page.url) == (302, "/forgot/sent/")
    assert Outbox.objects.get().to == f"{name}@people.example"
    assert mail.outbox == []


def test_the_link_begins_with_our_own_address_whatever_the_request_said(
    client, settings
):
    settings.ALLOWED_HOSTS = ["*"]
    settings.PUBLIC_ADDRESS = "https://4pi.example"

    client.post(
        "/forgot/", {"email": "asha@people.example"}, headers={"host": "evil.example"}
    )

    row = Outbox.objects.get()
    deliver_waiting_mail(row.queued_at)
    [message] = mail.outbox
    assert "https://4pi.example/reset/" in message.body
    assert "evil" not in message.message().as_string()


def test_no_row_holds_the_link_nor_says_whether_there_is_one(client):
    rows = []
    for name in ("asha", "nobody"):
        cache.clear()
        client.post("/forgot/", {"email": f"{name}@people.example"})
        row = Outbox.objects.latest("pk")
        assert emails.unseal(row.secret) == {"email": row.to}
        rows.append((row.template, len(row.secret)))

    assert rows[0][0] == rows[1][0]
    deliver_waiting_mail(timezone.now())
    subjects = [message.subject for message in mail.outbox]
    assert len(set(subjects)) == 2
    assert "/reset/" in mail.outbox[0].body
    assert "/reset/" not in mail.outbox[1].body


@pytest.mark.parametrize("name", sorted(MAILS))
def test_each_mail_of_the_accounts_can_be_posted_and_made(name):
    user = make_user("Asha")
    request = RequestFactory().get("/")
    confirmation = EmailConfirmationHMAC(user.emailaddress_set.get())
    words = {
        "activate_url": f"http://testserver/confirm-email/{confirmation.key}/",
        "timestamp": NOW,
        "ip": "192.0.2.1",
        "user_agent": "Browser",
    }

    with context.request_context(request):
        AccountAdapter(request).send_mail(f"account/email/{name}", user.email, words)
    row = Outbox.objects.get()
    deliver_waiting_mail(row.queued_at)

    [message] = mail.outbox
    assert message.subject
    assert message.body.startswith("Hello,")


def test_subjects_say_nothing_of_why_somebody_may_be_here():
    for template in set(MAILS.values()):
        subject = emails.render_to_string(f"emails/{template}.subject.txt", {})
        assert not {"4pi", "mental", "service", "assessment"} & set(
            subject.lower().split()
        )
