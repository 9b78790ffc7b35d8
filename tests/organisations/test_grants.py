"""A steward asks to read an own view, is let in, looks, and is out again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from organisations import operations
from organisations.models import AccessGrant, AuditEvent, Membership, Outbox
from organisations.operations import (
    ask_for_access,
    end_access,
    grant_access,
    look,
    pause_organisation,
    refuse_access,
)
from organisations.queries import ACTIVITY
from tests.factories import NOW, make_member, make_organisation, make_steward, make_user


pytestmark = pytest.mark.django_db
LASTS = timedelta(hours=72)
REASON = "They asked us why their bars look odd."


@pytest.fixture
def now(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def grant(cast, now):
    return ask_for_access(
        organisation=cast.riverside, reason=REASON, by=cast.steward, at=NOW
    )


@pytest.fixture
def granted(cast, grant):
    grant_access(grant=grant, by=cast.lead, at=NOW)
    return grant


@pytest.fixture
def steward(cast):
    client = Client()
    client.force_login(cast.steward)
    return client


@pytest.fixture
def lead(cast):
    client = Client()
    client.force_login(cast.lead)
    return client


def text(page):
    return page.content.decode()


def verbs():
    events = AuditEvent.objects.filter(subject_type="organisations.accessgrant")
    return list(events.order_by("pk").values_list("verb", flat=True))


# Asking and answering


def test_asking_tells_leads_and_co_leads_and_nobody_else(cast, grant, words):
    mails = Outbox.objects.filter(template="access_asked")

    assert {mail.to for mail in mails} == {cast.lead.email, cast.co_lead.email}
    assert words("access_asked")["reason"] == REASON
    assert words("access_asked")["steward"] == "Jo Steward"
    assert verbs() == ["asked"]
    assert REASON not in str(AuditEvent.objects.latest("pk").details)


def test_nobody_but_a_steward_asks(cast):
    with pytest.raises(operations.NotASteward):
        ask_for_access(organisation=cast.riverside, reason=REASON, by=cast.lead, at=NOW)


def test_asking_twice_is_asking_once(cast, grant):
    with pytest.raises(operations.AlreadyDone, match="asked already"):
        ask_for_access(
            organisation=cast.riverside, reason=REASON, by=cast.steward, at=NOW
        )

    assert verbs() == ["asked"]


def test_who_may_read_does_not_ask_and_who_might_not_any_more_does(cast, granted):
    again = {"organisation": cast.riverside, "reason": REASON, "by": cast.steward}

    with pytest.raises(operations.AlreadyDone, match="may read"):
        ask_for_access(**again, at=NOW + LASTS - timedelta(microseconds=1))

    assert ask_for_access(**again, at=NOW + LASTS)


def test_nobody_there_could_grant_it(cast):
    empty = make_organisation("empty")
    make_member(empty, "viewer", "Only Viewer")

    with pytest.raises(operations.NobodyCanGrant):
        ask_for_access(organisation=empty, reason=REASON, by=cast.steward, at=NOW)


def test_merged_organisation_is_not_asked(cast):
    cast.harbour.status = "merged"
    cast.harbour.merged_into = cast.riverside
    cast.harbour.paused_at = NOW
    cast.harbour.save()

    with pytest.raises(operations.Merged):
        ask_for_access(
            organisation=cast.harbour, reason=REASON, by=cast.steward, at=NOW
        )


def test_two_answers_at_once_first_counts(cast, grant):
    as_co_lead_sees_it = AccessGrant.objects.get(pk=grant.pk)
    refuse_access(grant=grant, by=cast.lead, at=NOW)

    with pytest.raises(operations.AlreadyDone):
        grant_access(grant=as_co_lead_sees_it, by=cast.co_lead, at=NOW)

    grant.refresh_from_db()
    assert (grant.state, grant.decided_by) == ("refused", cast.lead)
    assert verbs() == ["asked", "refused"]


@pytest.mark.parametrize(
    ("template", "answer"),
    [("access_granted", grant_access), ("access_refused", refuse_access)],
)
def test_steward_hears_the_answer(cast, grant, words, template, answer):
    answer(grant=grant, by=cast.co_lead, at=NOW)

    assert words(template, cast.steward.email)["organisation"] == "Riverside"


def test_nobody_grants_it_to_who_is_a_steward_no_more(cast, grant):
    cast.steward.is_staff = False
    cast.steward.save()

    with pytest.raises(operations.AlreadyDone):
        grant_access(grant=grant, by=cast.lead, at=NOW)


def test_database_lets_nobody_grant_it_to_themselves(grant, cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessGrant.objects.filter(pk=grant.pk).update(
            state="granted", decided_by=cast.steward, decided_at=NOW, ends_at=NOW
        )


# Reading


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_leaves_one_event_and_a_banner(cast, granted, steward, method):
    address = cast.assessment.question_address("process", 3)

    page = getattr(steward, method)(address)

    assert page.status_code == 200
    assert verbs() == ["asked", "granted", "looked"]
    event = AuditEvent.objects.latest("pk")
    assert event.actor == cast.steward.public_id
    assert event.details["standard"] == "PC3"
    if method == "get":
        assert "as a steward until 26 November 2026, 12:00" in text(page)
        assert "<form" not in text(page).partition("<main")[2].partition("</main>")[0]


def test_member_reading_leaves_nothing(cast, lead, granted):
    lead.get(cast.assessment.get_absolute_url())

    assert "looked" not in verbs()


def test_page_that_is_not_there_is_not_looked_at(cast, granted, steward):
    page = steward.get(cast.assessment.question_address("process", 300))

    assert page.status_code == 404
    assert "looked" not in verbs()


def test_it_ends_on_the_microsecond(cast, granted, steward, now):
    address = cast.assessment.get_absolute_url()

    for moment, status in ((LASTS - timedelta(microseconds=1), 200), (LASTS, 404)):
        now.move_to(NOW + moment, tick=False)
        steward.force_login(cast.steward)  # Her session ended long before.
        assert steward.get(address).status_code == status


def test_lead_ends_it_early(cast, granted, steward):
    end_access(grant=granted, by=cast.co_lead, at=NOW + timedelta(hours=1))

    assert steward.get(cast.assessment.get_absolute_url()).status_code == 404
    granted.refresh_from_db()
    assert (granted.state, granted.decided_by) == ("ended", cast.lead)
    with pytest.raises(operations.AlreadyDone):
        end_access(grant=granted, by=cast.lead, at=NOW + timedelta(hours=1))
    with pytest.raises(operations.AccessEnded):
        look(grant=granted, place={"page": "overview"}, at=NOW + timedelta(hours=1))


def test_who_is_a_steward_no_more_is_out(cast, granted, steward):
    cast.steward.is_staff = False
    cast.steward.save()

    assert steward.get(cast.assessment.get_absolute_url()).status_code == 404


def test_paused_organisation_still_says_who_may_look(cast, grant, steward, lead):
    pause_organisation(organisation=cast.riverside, by=cast.superuser, at=NOW)

    lead.post(f"/o/riverside/access/{grant.public_id}/grant/")
    assert steward.get(cast.assessment.get_absolute_url()).status_code == 200
    lead.post(f"/o/riverside/access/{grant.public_id}/end/")
    assert steward.get(cast.assessment.get_absolute_url()).status_code == 404


def test_merged_organisation_is_closed(cast, granted, steward):
    cast.riverside.status = "merged"
    cast.riverside.merged_into = cast.harbour
    cast.riverside.paused_at = NOW
    cast.riverside.save()

    assert steward.get(cast.assessment.get_absolute_url()).status_code == 404


def test_it_is_for_one_steward_and_one_organisation(cast, granted, steward):
    other = Client()
    other.force_login(make_steward("Other Steward"))

    assert other.get(cast.assessment.get_absolute_url()).status_code == 404
    address = cast.others_assessment.get_absolute_url()
    assert steward.get(address).status_code == 404
    borrowed = address.replace("/harbour/", "/riverside/")
    assert steward.get(borrowed).status_code == 404


@pytest.mark.parametrize(
    "place",
    [
        "people/",
        "people/invite/",
        "activity/",
        "reports/",
        "access/",
        "assessments/new/",
    ],
)
def test_it_opens_nothing_but_our_view(granted, steward, place):
    assert steward.get(f"/o/riverside/{place}").status_code == 404


def test_it_lets_nobody_write(cast, granted, steward):
    page = steward.post(
        cast.assessment.question_address("process", 3), {"version": "0", "choice": "4"}
    )

    assert page.status_code == 404


def test_workspace_is_the_way_in_and_names_nobody(granted, steward):
    page = text(steward.get("/o/riverside/"))

    assert "The whole organisation" in page
    assert "Tom Contributor" not in page


# The page of the leads


def test_lead_sees_it_and_says_yes_and_ends_it(cast, grant, lead, steward):
    assert "A steward asks to read our view" in text(lead.get("/o/riverside/"))
    page = text(lead.get("/o/riverside/access/"))
    assert REASON in page
    assert "Jo Steward" in page

    place = f"/o/riverside/access/{grant.public_id}"
    assert "for 72 hours" in text(lead.post(f"{place}/grant/", follow=True))
    assert "can read our view now" in text(lead.get("/o/riverside/access/"))
    assert steward.get("/o/riverside/").status_code == 200
    assert "It is over" in text(lead.post(f"{place}/end/", follow=True))
    assert "Granted, and ended early" in text(lead.get("/o/riverside/access/"))
    assert steward.get("/o/riverside/").status_code == 404


def test_lead_reads_in_words_who_looked_at_what(cast, granted, steward, lead):
    steward.get(cast.assessment.question_address("process", 3))
    steward.get(cast.assessment.check_address("process"))

    page = text(lead.get("/o/riverside/activity/"))

    assert (
        "Jo Steward, a steward,</bdi></strong> looked at our view: the answer to PC3"
        in page
    )
    assert "the answers of “process”" in page
    assert "let Jo Steward, a steward, read our view for 72 hours" in page


def test_one_query_however_many_asked(cast, lead, django_assert_max_num_queries):
    for number in range(20):
        steward = make_user(f"Steward {number}", is_staff=True)
        ask_for_access(organisation=cast.riverside, reason=REASON, by=steward, at=NOW)

    with django_assert_max_num_queries(6):
        lead.get("/o/riverside/access/")


def test_every_event_of_a_grant_has_its_words():
    said = {"asked", "granted", "refused", "ended", "looked"}

    assert {f"organisations.accessgrant {verb}" for verb in said} <= set(ACTIVITY)


def test_steward_who_joins_nothing_has_no_membership(cast, granted):
    assert not Membership.objects.filter(user=cast.steward).exists()
