"""Two people do something with an organisation's people at the same moment."""

import pytest

from organisations.models import Membership
from organisations.operations import (
    LastLead,
    ask_for_access,
    grant_access,
    leave,
    refuse_access,
)
from organisations.rules import AlreadyDone
from tests.assessments.test_concurrency import all_at_once
from tests.factories import NOW, make_cast, make_member


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def together(edition):
    return make_cast()


def attempt(operation, **arguments):
    """Say what came of it: None, or the refusal."""

    def task():
        try:
            operation(**arguments, at=NOW)
        except (LastLead, AlreadyDone) as refusal:
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
