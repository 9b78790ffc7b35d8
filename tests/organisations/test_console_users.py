"""Accounts as stewards look after them, and what is only for superusers."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from organisations.models import AccessGrant, AuditEvent, IdentityCheck, Outbox
from organisations.operations import ask_for_access, grant_access
from organisations.operations.console import (
    make_steward,
    reset_second_step,
    suspend,
    unmake_steward,
)
from organisations.rules import (
    AlreadyDone,
    HasMemberships,
    NotOneself,
    OnlyASuperuser,
)
from tests.factories import NOW, make_user
from tests.factories import make_steward as a_steward


pytestmark = pytest.mark.django_db
PLACE = "/console/users/"
NOTE = "We rang the number on their website."


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def steward(cast):
    return client_of(cast.steward)


@pytest.fixture
def superuser(cast):
    return client_of(cast.superuser)


def text(page):
    return page.content.decode()


def place_of(person, deed=""):
    return f"{PLACE}{person.public_id}/{deed}"


def verbs():
    events = AuditEvent.objects.filter(subject_type="organisations.user")
    return list(events.order_by("pk").values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("ásha", True),
        ("LEAD asha", True),
        ("asha.lead@people", True),
        ("zzz", False),
        ("%", False),
    ],
)
def test_search_by_name_or_address(cast, steward, words, is_found):
    page = text(steward.get(PLACE, {"words": words}))

    assert ("Asha Lead" in page) is is_found
    assert ("Lead at Riverside" in page) is is_found


@pytest.mark.parametrize("count", [3, 60])
def test_constant_queries(cast, steward, count, django_assert_max_num_queries):
    for number in range(count):
        make_user(f"Person {number}")

    with django_assert_max_num_queries(9):
        page = text(steward.get(PLACE))

    assert page.count('data-column="Belongs to"') == min(25, count + 9)


def test_account_in_words(cast, steward):
    page = text(steward.get(place_of(cast.lead)))

    assert "Lead at" in page
    assert "Riverside" in page
    assert "Make them a steward" not in page


def test_signing_out_ends_the_sessions(cast, steward):
    lead = client_of(cast.lead)
    UserSession.objects.create(
        user=cast.lead, ip="127.0.0.1", session_key=lead.session.session_key
    )
    assert "On 1 device" in text(steward.get(place_of(cast.lead)))

    page = text(steward.post(place_of(cast.lead, "sign-out/"), follow=True))

    assert "signed out everywhere" in page
    assert lead.get("/o/riverside/").status_code == 302
    assert verbs() == ["signed_out"]


def test_second_step_is_reset_with_a_note_for_stewards(cast, steward):
    other = a_steward("Lost Phone")
    place = place_of(other, "second-step/")

    assert "Choose how you made sure." in text(steward.post(place, {"note": NOTE}))
    assert "Say what you checked." in text(steward.post(place, {"how": "call"}))
    steward.post(place, {"how": "call", "note": NOTE})

    assert not Authenticator.objects.filter(user=other).exists()
    assert IdentityCheck.objects.get().note == NOTE
    assert NOTE in text(steward.get(place_of(other)))
    assert Outbox.objects.get(template="second_step_reset").to == other.email
    event = AuditEvent.objects.get(verb="second_step_reset")
    assert event.details == {"person": str(other.public_id), "how": "call"}
    again = text(steward.post(place, {"how": "call", "note": NOTE}))
    assert "has no second step" in again
    assert NOTE in again


@pytest.mark.parametrize(
    ("who", "refusal"), [("steward", NotOneself), ("superuser", OnlyASuperuser)]
)
def test_not_ones_own_nor_a_superusers(cast, who, refusal):
    person = getattr(cast, who)

    with pytest.raises(refusal):
        reset_second_step(user=person, how="call", note=NOTE, by=cast.steward, at=NOW)

    assert Authenticator.objects.filter(user=person).exists()


def test_suspended_is_out_until_let_in(cast, steward):
    lead = client_of(cast.lead)

    steward.post(place_of(cast.lead, "suspend/"))
    assert lead.get("/o/riverside/").status_code == 302
    steward.post(place_of(cast.lead, "suspend/"))
    steward.post(place_of(cast.lead, "let-in/"))

    cast.lead.refresh_from_db()
    assert cast.lead.is_active
    assert verbs() == ["suspended", "let_in"]


def test_steward_does_not_suspend_another(cast):
    with pytest.raises(OnlyASuperuser):
        suspend(user=a_steward("Another"), by=cast.steward, at=NOW)


def test_only_a_superuser_makes_and_unmakes_stewards(cast, steward, superuser):
    steward.post(place_of(cast.removed, "make-steward/"))
    assert verbs() == []

    superuser.post(place_of(cast.removed, "make-steward/"))
    cast.removed.refresh_from_db()
    assert cast.removed.is_staff
    superuser.post(place_of(cast.removed, "unmake-steward/"))
    cast.removed.refresh_from_db()
    assert not cast.removed.is_staff
    assert verbs() == ["steward_made", "steward_unmade"]


def test_member_is_not_made_a_steward(cast):
    with pytest.raises(HasMemberships):
        make_steward(user=cast.lead, by=cast.superuser, at=NOW)


def test_superuser_is_not_unmade_here(cast):
    with pytest.raises(AlreadyDone):
        unmake_steward(
            user=cast.superuser,
            by=make_user("Sy Per", is_staff=True, is_superuser=True),
            at=NOW,
        )


def test_who_is_unmade_reads_no_more(cast, time_machine):
    time_machine.move_to(NOW, tick=False)
    grant = ask_for_access(
        organisation=cast.riverside, reason="Why", by=cast.steward, at=NOW
    )
    grant_access(grant=grant, by=cast.lead, at=NOW)
    unmake_steward(user=cast.steward, by=cast.superuser, at=NOW)

    assert not AccessGrant.objects.open(NOW).exists()
    page = client_of(cast.steward).get(cast.assessment.get_absolute_url())
    assert page.status_code == 404
