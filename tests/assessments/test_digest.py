"""The mail of what is new: once a day at most, to whom it is news, without the words."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client

from assessments.chores import end_the_day, send_digests
from assessments.models import Assessment, Assignment, Digest, UploadedSheet
from assessments.operations import (
    answer,
    ask_for_another_look,
    post_comment,
    resolve_comment,
)
from organisations import emails
from organisations.chores import run_the_day
from organisations.models import Membership, Organisation, Outbox
from organisations.operations import leave
from tests.at_once import all_at_once
from tests.factories import NOW, content, make_cast, the_response


pytestmark = pytest.mark.django_db

MORNING = NOW + timedelta(hours=18)


@dataclass
class Sent:
    to: str
    subject: str
    body: str


def sent():
    """Open the mails that were posted, in their order."""
    built = [emails.build(m) for m in Outbox.objects.filter(template="digest")]
    return [Sent(m.to[0], m.subject, m.body) for m in built]


def say(cast, text="Is it so at night?", tell=(), by=None, code="PR1", at=NOW):
    return post_comment(
        response=the_response(cast.assessment, code),
        text=text,
        tell=tell,
        by=by or cast.contributor,
        at=at,
    )


def save(cast, by, code="PR1"):
    response = the_response(cast.assessment, code)
    answer(response=response, content=content(), version=0, by=by, at=NOW)


def test_one_mail_says_what_is_new_and_not_what_was_written(cast, settings):
    save(cast, cast.lead)
    say(cast)
    say(cast, "And by day?", tell=[cast.lead, cast.viewer])
    say(cast, "Mine.", by=cast.lead)
    say(cast, "Elsewhere", tell=[cast.lead], by=cast.co_lead, code="PU1")
    ask_for_another_look(
        response=the_response(cast.assessment), why="Whom?", by=cast.co_lead, at=NOW
    )

    assert send_digests(MORNING)
    assert send_digests(MORNING + timedelta(hours=1))

    asha, leila = sorted(sent(), key=lambda mail: mail.to)
    assert (asha.to, leila.to) == (cast.lead.email, cast.viewer.email)
    assert asha.subject == "Something is new for you"
    address = cast.assessment.question_address("principles", 1)
    told = asha.body.split("The whole organisation")[1]
    first, second = told.split("PU1 ")
    assert "Riverside, The whole organisation" in asha.body
    assert first.count("http") == 1
    assert f"{settings.PUBLIC_ADDRESS}{address}\n" in first
    assert "Maureen Colead asks for another look at your answer." in first
    assert "Tom Contributor wrote a comment for you." in first
    assert first.count("Tom Contributor wrote a comment.") == 1
    assert "Maureen Colead wrote a comment for you." in second
    assert "Asha" not in asha.body
    assert "night" not in asha.body + leila.body
    assert "Whom?" not in asha.body
    assert "Get no more" in str(emails.build(Outbox.objects.first()).alternatives[0])
    assert "To get no more mails of this kind:" in leila.body
    assert Digest.objects.count() == 2


def test_each_thing_is_told_once(cast):
    say(cast, tell=[cast.lead])
    send_digests(MORNING)
    # While the mail is made: it is for the next one.
    say(cast, "Later", tell=[cast.lead], at=MORNING - timedelta(minutes=1))

    counts = []
    for days in (0, 1, 2, 3):
        send_digests(MORNING + timedelta(days=days))
        counts.append(len(sent()))

    assert counts == [1, 2, 2, 2]


def test_what_is_long_past_is_not_told(cast):
    say(cast, tell=[cast.lead])

    send_digests(MORNING + timedelta(days=7))

    assert sent() == []


def test_one_click_without_a_sign_in_stops_it(cast):
    say(cast, tell=[cast.lead])
    send_digests(MORNING)
    path = sent()[0].body.split("of this kind: ")[1].split()[0]

    Client().post(path[path.index("/mail/") :])
    say(cast, "Again", tell=[cast.lead], at=MORNING)
    send_digests(MORNING + timedelta(days=1))

    assert len(sent()) == 1


@pytest.mark.parametrize("why", ["resolved", "locked", "left", "paused", "inactive"])
def test_nobody_is_told_of_what_she_cannot_act_on(cast, why):
    comment = say(cast, tell=[cast.lead, cast.co_lead])
    match why:
        case "resolved":
            resolve_comment(comment=comment, by=cast.viewer, at=NOW)
        case "locked":
            Assessment.objects.filter(pk=cast.assessment.pk).update(
                status="locked", locked_at=NOW, locked_by=cast.lead
            )
        case "left":
            for member in Membership.objects.filter(user=cast.co_lead):
                leave(membership=member, at=NOW)
        case "paused":
            Organisation.objects.update(status="paused", paused_at=NOW)
        case "inactive":
            cast.co_lead.is_active = False
            cast.co_lead.save()

    send_digests(MORNING)

    asked_still = [cast.lead.email] if why in {"left", "inactive"} else []
    assert [mail.to for mail in sent()] == asked_still


def test_daily_run_sends_it_and_once(cast):
    say(cast, tell=[cast.lead])

    results = [run_the_day(MORNING, also=end_the_day) for _ in range(2)]

    assert results[0].is_whole
    assert results[1] is None
    assert len(sent()) == 1


def test_the_day_ends_with_forgetting_uploads_of_a_month_ago(cast):
    for days, person in ((29, cast.lead), (30, cast.contributor)):
        UploadedSheet.objects.create(
            assessment=cast.assessment,
            author=person,
            rows="",
            uploaded_at=MORNING - timedelta(days=days),
        )

    assert end_the_day(MORNING)

    assert [sheet.author for sheet in UploadedSheet.objects.all()] == [cast.lead]


def test_when_the_time_is_up_the_rest_waits(cast):
    say(cast, tell=[cast.lead])

    assert not send_digests(MORNING, until=0)
    assert sent() == []


def test_whose_a_standard_is_reads_of_it_and_not_who_saved_it(cast):
    save(cast, cast.lead)
    Assignment.objects.create(
        response=the_response(cast.assessment),
        membership=Membership.objects.get(user=cast.co_lead),
        assigned_at=NOW,
        assigned_by=cast.lead,
    )
    say(cast)
    ask_for_another_look(
        response=the_response(cast.assessment), why="Whom?", by=cast.lead, at=NOW
    )

    send_digests(MORNING)

    mail = sent()[0]
    assert mail.to == cast.co_lead.email
    assert "Tom Contributor wrote a comment." in mail.body
    assert "Asha Lead asks for another look at your answer." in mail.body
    assert len(sent()) == 1


@pytest.mark.django_db(transaction=True)
def test_it_goes_once_when_two_run_at_the_same_moment(edition):
    cast = make_cast()
    say(cast, tell=[cast.lead])

    all_at_once([lambda: send_digests(MORNING)] * 4)

    assert len(sent()) == Digest.objects.count() == 1
