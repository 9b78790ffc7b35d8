"""Mails that can be stopped, by a link that needs no sign-in, and started again."""

import pytest
from django.core import mail
from django.test import Client

from organisations import emails
from organisations.chores import deliver_waiting_mail
from organisations.models import AuditEvent, MailPreference, Outbox
from organisations.steps import post_mail, tell_leads
from tests.factories import NOW


pytestmark = pytest.mark.django_db


@pytest.fixture
def path(cast):
    return emails.stop_path(cast.lead, "reminders")


def visitor():
    return Client(enforce_csrf_checks=True)


def words(page):
    return page.content.decode()


def verbs():
    known = AuditEvent.objects.filter(verb__startswith="mail_").order_by("pk")
    return list(known.values_list("verb", flat=True))


def test_looking_at_the_link_stops_nothing(path):
    for _ in range(20):
        assert "Stop these mails?" in words(visitor().get(path))
        assert visitor().head(path).status_code == 200

    assert not MailPreference.objects.exists()


def test_link_stops_one_kind_once_and_undoes_it(cast, path):
    page = visitor().post(path, {"do": "stop"})
    visitor().post(path, {"do": "stop"})

    assert "These mails are stopped" in words(page)
    stopped = MailPreference.objects.get()
    assert (stopped.user, stopped.kind) == (cast.lead, "reminders")
    assert "Stop these mails?" in words(visitor().post(path, {"do": "resume"}))
    assert not MailPreference.objects.exists()
    assert verbs() == ["mail_stopped", "mail_resumed"]


def test_button_of_a_mailbox_stops_them_with_one_click(path):
    page = visitor().post(path, {"List-Unsubscribe": "One-Click"})

    assert page.status_code == 200
    assert MailPreference.objects.count() == 1


@pytest.mark.parametrize("change", ["x", "", ":", "ä"])
def test_link_that_is_altered_stops_nothing(path, change):
    altered = path[:-2] + change + "/"

    page = visitor().post(altered)

    assert page.status_code == 404
    assert not MailPreference.objects.exists()


def test_mail_that_can_be_stopped_says_how_and_one_that_cannot_does_not(cast):
    template = "lead_offered"
    given = {"giver": "Asha", "hands_over": ""}
    tell_leads(
        organisation=cast.riverside,
        template=template,
        context=given,
        at=NOW,
        kind="reminders",
    )
    context = given | {"organisation": "Riverside", "path": "/o/riverside/"}
    post_mail(template=template, to="x@people.example", context=context, at=NOW)
    deliver_waiting_mail(NOW)

    [essential] = [each for each in mail.outbox if each.to == ["x@people.example"]]
    [to_lead] = [each for each in mail.outbox if each.to == [cast.lead.email]]
    link = to_lead.extra_headers["List-Unsubscribe"].strip("<>")
    assert "/mail/stop/" in link
    assert (
        to_lead.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    )
    assert link in to_lead.body
    assert "/mail/stop/" not in essential.body
    assert "List-Unsubscribe" not in essential.extra_headers


def test_what_is_stopped_is_not_posted(cast, path):
    visitor().post(path)

    told = tell_leads(
        organisation=cast.riverside,
        template="lead_offered",
        context={},
        at=NOW,
        kind="reminders",
    )

    assert told == 1
    assert not Outbox.objects.filter(to=cast.lead.email, queued_at=NOW).exists()


def test_mails_are_chosen_on_ones_own_page(cast, client):
    client.force_login(cast.lead)

    client.post("/account/mail/", {"kinds": ["digest"]})
    assert "2 of 3 kinds stopped" in words(client.get("/account/"))
    client.post("/account/mail/", {"kinds": ["digest", "news", "reminders"]})

    assert not MailPreference.objects.exists()
    assert verbs() == ["mail_stopped", "mail_stopped", "mail_resumed", "mail_resumed"]


def test_kind_that_is_none_is_refused(cast, client):
    client.force_login(cast.lead)

    page = client.post("/account/mail/", {"kinds": ["security"]})

    assert page.status_code == 200
    assert not MailPreference.objects.exists()
