"""The row that waits, and what the database refuses of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.template import TemplateDoesNotExist

from fourpi.celery import app
from organisations import emails, sealing
from organisations.models import Outbox
from organisations.steps import post_mail
from tests.factories import NOW


pytestmark = pytest.mark.django_db

Status = Outbox.Status


@pytest.fixture
def mail():
    return post_mail(
        template="confirm_email",
        to="ann@example.com",
        context={"path": "/x/s3cret/"},
        at=NOW,
    )


def test_it_waits_with_its_words_sealed(mail):
    assert mail.status == Status.QUEUED
    assert "s3cret" not in mail.secret
    assert emails.unseal(mail.secret) == {"path": "/x/s3cret/"}
    assert mail.message_id == f"<{mail.public_id}@localhost>"


def test_it_is_gone_when_the_caller_fails():
    def fail():
        with transaction.atomic():
            post_mail(template="confirm_email", to="a@b.example", context={}, at=NOW)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fail()

    assert not Outbox.objects.exists()


def test_words_sealed_with_another_key_are_not_read(mail, settings):
    settings.SECRET_KEY = "another"
    with pytest.raises(sealing.Unreadable):
        emails.unseal(mail.secret)


def test_words_are_read_while_the_old_key_is_known(mail, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    assert emails.unseal(mail.secret) == {"path": "/x/s3cret/"}


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.SENDING},
        {"status": Status.SENDING, "owner": "me"},
        {"status": Status.SENDING, "lease_until": NOW},
        {"status": Status.SENT, "secret": ""},
        {"status": Status.SENT, "sent_at": NOW},
        {"status": Status.FAILED, "secret": ""},
        {"status": Status.FAILED, "failure": "refused"},
        {"secret": ""},
        {"sent_at": NOW},
        {"failure": "refused"},
        {"owner": "me"},
        {"lease_until": NOW},
    ],
)
def test_half_a_state_is_refused(mail, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Outbox.objects.filter(pk=mail.pk).update(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.SENDING, "owner": "me", "lease_until": NOW},
        {"status": Status.SENT, "secret": "", "sent_at": NOW},
        {"status": Status.FAILED, "secret": "", "failure": "refused"},
    ],
)
def test_a_whole_state_is_taken(mail, change):
    assert Outbox.objects.filter(pk=mail.pk).update(**change)


def test_it_is_due_until_somebody_has_it(mail):
    second = timedelta(seconds=1)
    assert not Outbox.objects.due(NOW - second).exists()
    assert Outbox.objects.due(NOW).get() == mail
    Outbox.objects.update(status=Status.SENDING, owner="me", lease_until=NOW)

    assert not Outbox.objects.due(NOW).exists()
    assert Outbox.objects.due(NOW + second).exists()


def test_a_mail_that_nobody_wrote_cannot_be_posted():
    with pytest.raises(TemplateDoesNotExist):
        post_mail(template="nothing", to="ann@example.com", context={}, at=NOW)


def test_the_bell_asks_for_a_task_that_there_is(
    settings, monkeypatch, django_capture_on_commit_callbacks
):
    """It goes by the name, which no import checks."""
    settings.HAS_BROKER = True
    asked = []
    monkeypatch.setattr(app, "send_task", lambda name, *_, **__: asked.append(name))

    with django_capture_on_commit_callbacks(execute=True):
        post_mail(template="confirm_email", to="a@b.example", context={}, at=NOW)

    app.loader.import_default_modules()
    assert asked == ["organisations.tasks.deliver_waiting_mail"]
    assert asked[0] in app.tasks
