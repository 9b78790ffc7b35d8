"""Two people do something with an organisation's people at the same moment."""

import pytest

from organisations.models import Invitation, Membership, Organisation
from organisations.operations import (
    LastLead,
    ask_for_access,
    grant_access,
    invite,
    leave,
    refuse_access,
)
from organisations.operations.console.decisions import approve, decline
from organisations.rules import AlreadyDone, Changed, Refusal
from tests.at_once import all_at_once
from tests.factories import (
    NOW,
    make_cast,
    make_member,
    make_steward,
    make_waiting_sign_up,
)


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def together(edition):
    return make_cast()


def attempt(operation, **arguments):
    """Say what came of it: None, or the refusal."""

    def task():
        try:
            operation(**arguments, at=NOW)
        except Refusal as refusal:
            return type(refusal)
        return None

    return task


def test_last_two_leads_leave_and_one_stays(together):
    make_member(together.riverside, "lead", "Second Lead")
    leads = Membership.objects.of(together.riverside).filter(role="lead")
    both = list(leads.select_related("organisation", "user"))

    came = all_at_once([attempt(leave, membership=lead) for lead in both])

    assert sorted(came, key=str) == sorted([None, LastLead], key=str)
    assert leads.count() == 1


def test_yes_and_no_to_a_steward_at_once(together):
    grant = ask_for_access(
        organisation=together.riverside, reason="Why", by=together.steward, at=NOW
    )

    came = all_at_once(
        [
            attempt(grant_access, grant=grant, by=together.lead),
            attempt(refuse_access, grant=grant, by=together.co_lead),
        ]
    )

    assert sorted(came, key=str) == sorted([None, AlreadyDone], key=str)


def test_two_stewards_decide_about_a_sign_up_at_once(together):
    sign_up = make_waiting_sign_up()
    other = make_steward("Second Steward")
    words = {"sign_up": sign_up, "version": sign_up.version, "words": "Dear Ada,"}

    came = all_at_once(
        [
            attempt(approve, **words, by=together.steward),
            attempt(approve, **words, by=other),
            attempt(decline, **words, reason="Why", by=other),
        ]
    )

    assert came.count(None) == 1
    assert {why for why in came if why} <= {Changed, AlreadyDone}
    sign_up.refresh_from_db()
    is_approved = sign_up.state == sign_up.State.APPROVED
    assert (came[2] is None) is not is_approved
    assert Organisation.objects.filter(name=sign_up.name).count() == is_approved


def test_two_leads_invite_the_same_person_at_once(together):
    who = {"organisation": together.riverside, "email": "new@people.example"}

    came = all_at_once(
        [
            attempt(invite, **who, role="viewer", by=together.lead),
            attempt(invite, **who, role="contributor", by=together.co_lead),
        ]
    )

    assert came.count(None) == 1
    assert Invitation.objects.open().filter(email=who["email"]).count() == 1
