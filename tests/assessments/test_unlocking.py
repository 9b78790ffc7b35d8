"""Unlocking our view: for a reason, told to all who lead, and never once published."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, Publication, Response, Unlocking
from assessments.operations import answer, lock, publish_own_view, unlock
from assessments.rules import (
    AlreadyLocked,
    NotAllowed,
    NotUnlockable,
    OwnView,
    could_read_people,
)
from organisations.models import AuditEvent, Organisation, Outbox
from organisations.operations import Paused, pause_organisation
from tests.at_once import all_at_once
from tests.factories import (
    NOW,
    content,
    make_assessment,
    make_cast,
    make_locked_assessment,
    signed_up,
    the_response,
)


pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)
WHY = "Two answers were of another ward."


@pytest.fixture
def locked(cast):
    return make_locked(cast)


def make_locked(cast):
    Organisation.objects.filter(pk=cast.riverside.pk).update(**signed_up())
    cast.riverside.refresh_from_db()
    return make_locked_assessment(cast.riverside, cast.lead, "A ward")


def let_go(assessment, by, at=LATER, **overrides):
    asked = {"reason": WHY, "locked_at": NOW} | overrides
    return unlock(assessment=assessment, by=by, at=at, **asked)


def publish(assessment, by):
    return publish_own_view(
        assessment=assessment, own_view=OwnView(why_not_asked="x"), by=by, at=LATER
    )


def say(assessment, by, version=1, **said):
    answer(
        response=the_response(assessment),
        content=content(**said),
        version=version,
        by=by,
        at=LATER,
    )


@pytest.mark.parametrize("person", ["lead", "co_lead"])
def test_it_can_be_answered_again_and_the_lock_is_remembered(cast, locked, person):
    by = getattr(cast, person)

    let_go(locked, by)

    assert (locked.status, locked.locked_at) == ("answering", None)
    assert not Response.objects.of(locked).filter(is_locked=True).exists()
    say(locked, cast.contributor, reason="Written again")
    assert the_response(locked).reason == "Written again"
    unlocking = Unlocking.objects.get()
    assert (unlocking.locked_by, unlocking.locked_at) == (cast.lead, NOW)
    assert (unlocking.unlocked_by, unlocking.unlocked_at) == (by, LATER)
    assert unlocking.reason == WHY
    event = AuditEvent.objects.get(verb="unlocked")
    assert (event.actor, event.details) == (by.public_id, {"before": "locked"})
    assert AuditEvent.objects.filter(verb="locked").count() == 1


def test_the_answers_stay_as_they_were(cast, locked):
    before = list(Response.objects.of(locked).order_by("pk").values())

    let_go(locked, cast.lead)

    after = list(Response.objects.of(locked).order_by("pk").values())
    assert after == [row | {"is_locked": False} for row in before]


def test_it_can_be_locked_and_unlocked_again(cast, locked):
    let_go(locked, cast.lead)
    lock(assessment=locked, by=cast.co_lead, at=LATER)
    with pytest.raises(AlreadyLocked):
        say(locked, cast.lead, reason="Too late")
    with pytest.raises(NotUnlockable, match="locked again meanwhile"):
        let_go(locked, cast.lead)

    let_go(locked, cast.lead, locked_at=LATER)

    locks = Unlocking.objects.order_by("pk")
    assert [each.locked_by for each in locks] == [cast.lead, cast.co_lead]


def test_leads_and_co_leads_are_told_without_the_reason(cast, locked):
    let_go(locked, cast.lead)

    told = Outbox.objects.filter(template="unlocked")
    assert {each.to for each in told} == {cast.lead.email, cast.co_lead.email}
    from organisations import emails

    message = emails.build(told.first())
    assert message.subject == "Asha Lead unlocked our view"
    assert WHY not in message.body + message.alternatives[0].content
    assert locked.get_absolute_url() in message.body
    assert not mail.outbox


def test_a_published_one_stays_locked(cast, locked):
    publish(locked, cast.lead)

    with pytest.raises(NotUnlockable, match="is published"):
        let_go(locked, cast.lead)

    assert Assessment.objects.get(pk=locked.pk).status == "locked"
    assert not Unlocking.objects.exists()


def test_what_is_not_locked_is_not_unlocked(cast, locked):
    with pytest.raises(NotUnlockable, match="is not locked"):
        let_go(cast.assessment, cast.lead)
    let_go(locked, cast.lead)
    with pytest.raises(NotUnlockable, match="is not locked"):
        let_go(locked, cast.lead)

    assert Unlocking.objects.count() == 1


def test_nothing_is_unlocked_while_a_newer_one_is_under_way(cast, locked):
    make_assessment(cast.riverside, cast.lead, "A ward")

    with pytest.raises(NotUnlockable, match="newer assessment"):
        let_go(locked, cast.lead)

    assert Assessment.objects.get(pk=locked.pk).status == "locked"
    assert not Unlocking.objects.exists()
    assert not Outbox.objects.filter(template="unlocked").exists()


def test_nothing_is_unlocked_while_the_organisation_is_paused(cast, locked):
    pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)

    with pytest.raises(Paused):
        let_go(locked, cast.lead)


def test_nobody_reads_people_before_our_view_is_locked():
    """When `voices` holds what people say, a release has to count in the rule."""
    statuses = Assessment.Status.values
    assert not any(could_read_people(Assessment(status=each)) for each in statuses)
    assert could_read_people(Assessment(status="agreeing"))
    assert not list(apps.get_app_config("voices").get_models())


def test_the_database_refuses_an_unlocking_without_a_reason(cast, locked):
    with pytest.raises(IntegrityError):
        let_go(locked, cast.lead, reason="")


# The pages


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def address(assessment):
    return reverse("assessments:unlock", args=["riverside", assessment.public_id])


def typed(**overrides):
    return {"locked_at": NOW.isoformat(), "reason": WHY} | overrides


def test_page_says_what_it_means_and_unlocks(cast, locked):
    client = client_of(cast.co_lead)
    overview = client.get(locked.get_absolute_url()).content.decode()
    assert address(locked) in overview
    text = client.get(address(locked)).content.decode()
    assert "locked on 23 November 2026 by <bdi>Asha Lead</bdi>" in text
    assert f'value="{NOW.isoformat()}"' in text

    page = client.post(address(locked), typed(), follow=True)

    said = page.content.decode()
    assert page.redirect_chain == [(locked.get_absolute_url(), 302)]
    assert "Our view is unlocked." in said
    assert WHY in said
    assert address(locked) not in said
    assert "is not locked" in client.get(address(locked)).content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reason": " "}, "Say why you unlock our view."),
        ({"reason": "x" * 1_001}, "1,000 characters"),
        ({"locked_at": ""}, "locked again meanwhile"),
        ({"locked_at": "yesterday"}, "locked again meanwhile"),
        ({"locked_at": "2026-11-23T12:00:00"}, "locked again meanwhile"),
        ({"locked_at": LATER.isoformat()}, "locked again meanwhile"),
    ],
)
def test_what_was_typed_comes_back_with_the_reason(cast, locked, change, sentence):
    page = client_of(cast.lead).post(address(locked), typed(**change))

    text = page.content.decode()
    assert page.status_code == 200
    assert "<title>Error: " in text
    assert sentence in text
    assert typed(**change)["reason"].strip() in text
    assert Assessment.objects.get(pk=locked.pk).status == "locked"


def test_who_was_refused_reads_how_it_is_now_and_goes_on(cast, locked):
    let_go(locked, cast.lead)
    lock(assessment=locked, by=cast.co_lead, at=LATER)
    client = client_of(cast.lead)

    page = client.post(address(locked), typed())

    text = page.content.decode()
    assert "by <bdi>Maureen Colead</bdi>" in text
    assert f'value="{LATER.isoformat()}"' in text
    client.post(address(locked), typed(locked_at=LATER.isoformat()))
    assert Unlocking.objects.count() == 2


def test_a_published_one_says_why_it_stays(cast, locked):
    publish(locked, cast.lead)
    client = client_of(cast.lead)

    text = client.get(address(locked)).content.decode()

    assert "This assessment is published" in text
    assert "<textarea" not in text
    assert address(locked) not in client.get(locked.get_absolute_url()).content.decode()
    assert client.post(address(locked), typed()).status_code == 200
    assert not Unlocking.objects.exists()


def test_the_reason_is_for_members_only(cast, locked):
    let_go(locked, cast.lead)

    assert WHY in client_of(cast.viewer).get(locked.get_absolute_url()).content.decode()
    for person in (cast.stranger, cast.steward):
        assert client_of(person).get(locked.get_absolute_url()).status_code == 404


# At the same moment


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_unlocking_and_publishing_at_once_is_one_of_the_two(edition):
    cast = make_cast()
    locked = make_locked(cast)

    def try_to(act):
        def task():
            try:
                return bool(act())
            except NotAllowed:
                return False

        return task

    tasks = [
        *[try_to(lambda: let_go(locked, cast.lead)) for _ in range(3)],
        *[try_to(lambda: publish(locked, cast.co_lead)) for _ in range(3)],
    ]
    done = all_at_once(tasks)

    assert sum(done) == 1
    assert Unlocking.objects.count() + Publication.objects.count() == 1
    is_open = Assessment.objects.get(pk=locked.pk).status == "answering"
    assert is_open == Unlocking.objects.exists()
    still = Response.objects.of(locked).filter(is_locked=True).count()
    assert still == (0 if is_open else 30)
