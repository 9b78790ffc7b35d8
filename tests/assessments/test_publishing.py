"""Publishing an own view, and holding it back: nobody is passed over."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments import operations
from assessments.models import Hold, Publication, Response
from assessments.operations import answer, hold_back, lift_hold, publish_own_view
from assessments.rules import (
    HeldBack,
    NotPublishable,
    NotYours,
    OwnView,
    band_of,
)
from organisations.models import AuditEvent, Membership, Organisation, Outbox
from organisations.operations import AlreadyDone, Paused, pause_organisation
from organisations.rules import next_due
from tests.at_once import all_at_once
from tests.factories import (
    NOW,
    Role,
    content,
    make_assessment,
    make_cast,
    make_locked_assessment,
    make_member,
    signed_up,
)


pytestmark = pytest.mark.django_db

WHY = "Our panel starts in March."
LATER = NOW + timedelta(days=30)


@pytest.fixture
def locked(cast):
    """A locked assessment of a ward of Riverside, which has signed up."""
    sign_up(cast)
    return make_locked_assessment(cast.riverside, cast.lead, "A ward")


def sign_up(cast):
    Organisation.objects.filter(pk=cast.riverside.pk).update(**signed_up())
    cast.riverside.refresh_from_db()


def publish(assessment, by, at=NOW, **words):
    return publish_own_view(
        assessment=assessment,
        own_view=OwnView(why_not_asked=WHY, **words),
        by=by,
        at=at,
    )


def member(cast, person):
    return Membership.objects.select_related("organisation", "user").get(
        organisation=cast.riverside, user=getattr(cast, person)
    )


def hold(cast, assessment, person="co_lead"):
    return hold_back(
        assessment=assessment,
        membership=member(cast, person),
        reason="Nobody asked the panel.",
        at=NOW,
    )


# Publishing


@pytest.mark.parametrize("person", ["lead", "co_lead"])
def test_it_moves_the_stage_once_and_tells_both(cast, locked, person):
    publish(locked, getattr(cast, person), gaps="Carers.")

    riverside = Organisation.objects.get(pk=cast.riverside.pk)
    assert riverside.stage == Organisation.Stage.OWN_VIEW
    assert riverside.due_on == date(2028, 5, 23)
    assert (riverside.assessed_by, riverside.public_gaps) == ("1", "Carers.")
    assert WHY not in (riverside.public_strengths, riverside.public_actions)
    assert Outbox.objects.filter(template="published").count() == 2
    event = AuditEvent.objects.get(verb="own_view")
    assert event.details == {
        "before": "under_way",
        "assessment": str(locked.public_id),
    }


def test_the_same_is_not_published_twice_but_a_later_one_is(cast, locked):
    publish(locked, cast.lead)
    with pytest.raises(NotPublishable, match="published already"):
        publish(locked, cast.co_lead)

    later = make_locked_assessment(cast.riverside, cast.lead, "Another ward")
    publish(later, cast.lead, at=LATER)

    riverside = Organisation.objects.get(pk=cast.riverside.pk)
    assert (riverside.published_on, riverside.due_on) == (
        date(2026, 12, 23),
        date(2028, 6, 23),
    )
    assert AuditEvent.objects.filter(verb="own_view").count() == 2


def test_only_a_locked_one_of_who_has_signed_up(cast):
    with pytest.raises(NotPublishable, match="has not signed up"):
        publish(cast.assessment, cast.lead)

    sign_up(cast)
    with pytest.raises(NotPublishable, match="Lock our view first"):
        publish(cast.assessment, cast.lead)

    pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)
    with pytest.raises(Paused):
        publish(cast.assessment, cast.lead)
    assert not Publication.objects.exists()


def test_a_lapsed_organisation_comes_back_by_publishing(cast, locked):
    lapsed = signed_up(stage="lapsed", due_on=date(2026, 10, 1))
    Organisation.objects.filter(pk=cast.riverside.pk).update(**lapsed)

    publish(locked, cast.lead)

    assert Organisation.objects.get(pk=cast.riverside.pk).stage == "own_view"


def test_how_many_took_part_is_told_roughly(cast):
    sign_up(cast)
    assessment = make_assessment(cast.riverside, cast.lead, "A ward")
    responses = Response.objects.of(assessment).select_related(
        "assessment__organisation", "standard"
    )
    for number, response in enumerate(responses):
        people = [cast.lead, cast.co_lead, cast.contributor]
        person = people[number % 3]
        answer(response=response, content=content(), version=0, by=person, at=NOW)
    operations.lock(assessment=assessment, by=cast.lead, at=NOW)

    assert publish(assessment, cast.lead).assessed_by == "2-4"
    bands = [band_of(people) for people in (1, 2, 4, 5, 9, 10, 99)]
    assert bands == ["1", "2-4", "2-4", "5-9", "5-9", "10+", "10+"]


# Holding back


@pytest.mark.parametrize(
    ("holder", "other"), [("co_lead", "lead"), ("lead", "co_lead")]
)
def test_neither_passes_the_other_over(cast, locked, holder, other):
    held = hold(cast, locked, holder)

    for person in (holder, other):
        with pytest.raises(HeldBack, match="holds publishing back"):
            publish(locked, getattr(cast, person))
    with pytest.raises(NotYours, match="Only"):
        lift_hold(hold=held, membership=member(cast, other), at=NOW)
    lift_hold(hold=held, membership=member(cast, holder), at=NOW)
    publish(locked, getattr(cast, other))

    verbs = AuditEvent.objects.filter(subject_type="assessments.hold")
    assert list(verbs.order_by("pk").values_list("verb", flat=True)) == [
        "placed",
        "lifted",
    ]


def test_another_of_the_same_role_can_lift_it_once(cast, locked):
    held = hold(cast, locked)
    make_member(cast.riverside, Role.CO_LEAD, "Second Colead")
    second = Membership.objects.select_related("user", "organisation").get(
        user__name="Second Colead"
    )

    lift_hold(hold=held, membership=second, at=NOW)

    with pytest.raises(AlreadyDone):
        lift_hold(hold=held, membership=second, at=NOW)


def test_one_hold_at_a_time_and_none_after_publishing(cast, locked):
    held = hold(cast, locked)
    with pytest.raises(AlreadyDone, match="holds publishing back already"):
        hold(cast, locked, "lead")
    lift_hold(hold=held, membership=member(cast, "co_lead"), at=NOW)
    publish(locked, cast.lead)

    with pytest.raises(NotPublishable):
        hold(cast, locked)
    assert Outbox.objects.filter(template="held_back").count() == 2


@pytest.mark.parametrize(
    "fields",
    [{"reason": ""}, {"placed_as": "viewer"}, {"lifted_at": NOW}],
)
def test_the_database_refuses_half_a_hold(cast, locked, fields):
    whole = {
        "assessment": locked,
        "placed_by": cast.lead,
        "placed_as": "lead",
        "placed_at": NOW,
        "reason": "Not yet.",
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.create(**whole | fields)

    Hold.objects.create(**whole)
    with pytest.raises(IntegrityError):
        Hold.objects.create(**whole)


# The pages


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def address(name, assessment, *more):
    place = ["riverside", assessment.public_id, *more]
    return reverse(f"assessments:{name}", args=place)


TYPED = {
    "why_not_asked": WHY,
    "strengths": "",
    "gaps": "Carers.\n\nAnd <b>night</b> staff.",
    "actions": "",
}


def test_it_is_read_before_it_is_public(cast, locked):
    client = client_of(cast.lead)
    page = client.get(address("publish", locked)).content.decode()
    assert "one person" in page
    due = next_due(timezone.localdate())
    assert date_format(due, "j F Y") in page

    preview = client.post(address("publish", locked), TYPED).content.decode()
    assert "Publish this?" in preview
    assert "And &lt;b&gt;night&lt;/b&gt; staff." in preview
    assert not Publication.objects.exists()
    again = client.post(address("publish", locked), TYPED | {"change": "yes"})
    assert "Carers." in again.content.decode()

    done = client.post(address("publish", locked), TYPED | {"publish": "yes"})

    assert done.url == locked.get_absolute_url()
    assert Publication.objects.get().gaps == "Carers.\n\nAnd <b>night</b> staff."
    overview = client.get(done.url).content.decode()
    assert "Published on" in overview
    assert WHY in overview


def test_a_reason_is_needed(cast, locked):
    page = client_of(cast.lead).post(
        address("publish", locked), TYPED | {"why_not_asked": " ", "publish": "yes"}
    )

    text = page.content.decode()
    assert "<title>Error: " in text
    assert "Say why people who use the service were not asked yet." in text
    assert "Carers." in text


def test_words_are_kept_when_somebody_holds_it_back_meanwhile(cast, locked):
    hold(cast, locked)

    for step in ({}, {"publish": "yes"}):
        page = client_of(cast.lead).post(address("publish", locked), TYPED | step)
        text = page.content.decode()
        assert page.status_code == 200
        assert "Maureen Colead holds publishing back" in text
        assert "Carers." in text
    assert not Publication.objects.exists()


def test_holding_back_and_lifting_by_the_pages(cast, locked):
    co_lead, lead = client_of(cast.co_lead), client_of(cast.lead)
    assert "Say why" in co_lead.post(address("hold", locked)).content.decode()
    co_lead.post(address("hold", locked), {"reason": "Ask the panel."})
    held = Hold.objects.get()

    overview = lead.get(locked.get_absolute_url()).content.decode()
    assert "Ask the panel." in overview
    assert "Lift this" not in overview
    lead.post(address("lift", locked, held.public_id))
    assert Hold.objects.open().exists()
    assert "Lift this" in co_lead.get(locked.get_absolute_url()).content.decode()
    co_lead.post(address("lift", locked, held.public_id))

    assert not Hold.objects.open().exists()


def test_who_never_signed_up_sees_nothing_of_it(cast):
    page = client_of(cast.lead).get(cast.assessment.get_absolute_url())

    assert "4. Publish" not in page.content.decode()


# At the same moment


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_publishing_and_holding_back_at_once_is_one_of_the_two(edition):
    cast = make_cast()
    sign_up(cast)
    locked = make_locked_assessment(cast.riverside, cast.lead, "A ward")
    co_lead = member(cast, "co_lead")

    def try_to(act):
        def task():
            try:
                return bool(act())
            except (NotPublishable, AlreadyDone):
                return False

        return task

    def hold_it():
        return hold_back(assessment=locked, membership=co_lead, reason="No", at=NOW)

    tasks = [try_to(lambda: publish(locked, cast.lead)) for _ in range(4)]
    done = all_at_once([*tasks, try_to(hold_it)])

    assert sum(done) == 1
    assert Publication.objects.count() + Hold.objects.count() == 1
    assert Outbox.objects.count() == 2
