"""Mails that can be stopped, by a link that needs no sign-in, and started again."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from assessments.operations import hold_back, lift_hold, publish_own_view
from assessments.rules import OwnView
from organisations import emails
from organisations.chores import daily_run, deliver_waiting_mail
from organisations.models import (
    AuditEvent,
    MailPreference,
    Membership,
    Organisation,
    Outbox,
)
from organisations.operations import come_back, leave_register
from organisations.steps import post_mail, tell_leads
from tests.factories import NOW, make_locked_assessment, signed_up


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
    assert "3 of 4 kinds stopped" in words(client.get("/account/"))
    client.post("/account/mail/", {"kinds": MailPreference.Kind.values})

    assert not MailPreference.objects.exists()
    assert verbs() == ["mail_stopped"] * 3 + ["mail_resumed"] * 3


def test_kind_that_is_none_is_refused(cast, client):
    client.force_login(cast.lead)

    page = client.post("/account/mail/", {"kinds": ["security"]})

    assert page.status_code == 200
    assert not MailPreference.objects.exists()


# Each mail of a kind that can be stopped


def remind(cast):
    return daily_run(datetime(2027, 5, 23, 12, tzinfo=UTC))


def let_lapse(cast):
    return daily_run(datetime(2027, 8, 24, 12, tzinfo=UTC))


def bring_back(cast):
    Organisation.objects.filter(pk=cast.riverside.pk).update(
        **signed_up(date(2026, 1, 1), stage="lapsed")
    )
    cast.riverside.refresh_from_db()
    come_back(organisation=cast.riverside, by=cast.lead, at=NOW)


def leave(cast):
    leave_register(
        organisation=cast.riverside, before="signed_up", by=cast.lead, at=NOW
    )


def publish(cast):
    publish_own_view(
        assessment=make_locked_assessment(cast.riverside, cast.lead, "A ward"),
        own_view=OwnView(why_not_asked="Our panel starts in March."),
        by=cast.lead,
        at=NOW,
    )


def hold_and_let_go(cast):
    known = Membership.objects.select_related("organisation", "user")
    co_lead = known.get(organisation=cast.riverside, user=cast.co_lead)
    held = hold_back(
        assessment=make_locked_assessment(cast.riverside, cast.lead, "A ward"),
        membership=co_lead,
        reason="Nobody asked the panel.",
        at=NOW,
    )
    lift_hold(hold=held, membership=co_lead, at=NOW)


@pytest.mark.parametrize(
    ("happen", "kind", "templates"),
    [
        (remind, "reminders", {"reminder"}),
        (let_lapse, "news", {"lapsed"}),
        (bring_back, "news", {"come_back"}),
        (leave, "news", {"left_register"}),
        (publish, "news", {"published"}),
        (hold_and_let_go, "news", {"held_back", "hold_lifted"}),
    ],
)
def test_every_mail_of_a_kind_says_how_to_stop_it(cast, happen, kind, templates):
    Organisation.objects.filter(pk=cast.riverside.pk).update(**signed_up())
    cast.riverside.refresh_from_db()
    happen(cast)
    posted = list(Outbox.objects.filter(template__in=templates).order_by("pk"))

    assert len(posted) == 2 * len(templates)
    for each in posted:
        person = cast.lead if each.to == cast.lead.email else cast.co_lead
        message = emails.build(each)
        link = message.extra_headers["List-Unsubscribe"].strip("<>")
        token = link.rstrip("/").rsplit("/", 1)[1]
        assert link.startswith(f"{settings.PUBLIC_ADDRESS}/mail/stop/")
        assert emails.stopped_by(token) == (str(person.public_id), kind)
        assert message.extra_headers["List-Unsubscribe-Post"]
        assert link in message.body
        assert f'href="{link}"' in message.alternatives[0].content

        visitor().post(link.removeprefix(settings.PUBLIC_ADDRESS), {"do": "stop"})
        assert person.mail_preferences.filter(kind=kind).exists()


def test_every_mail_stands_in_the_frame_that_has_the_stop_link():
    folder = Path(settings.BASE_DIR) / "templates" / "emails"
    bodies = [
        path
        for path in folder.iterdir()
        if not path.name.endswith(".subject.txt") and not path.name.startswith("_")
    ]

    assert bodies
    for path in bodies:
        frame = f'{{% extends "emails/_frame{path.suffix}" %}}'
        assert path.read_text().startswith(frame), path.name
