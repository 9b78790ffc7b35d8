"""Pausing an organisation, and letting it go on."""

import pytest

from organisations.models import AuditEvent, Organisation
from organisations.operations import (
    AlreadyDone,
    pause_organisation,
    resume_organisation,
)
from tests.factories import NOW


pytestmark = pytest.mark.django_db


def test_pause_is_kept_in_history_and_audit(cast):
    pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)

    paused = Organisation.objects.get(slug="riverside")
    assert (paused.is_paused(), paused.paused_at) == (True, NOW)
    assert paused.history.latest().history_user == cast.steward
    event = AuditEvent.objects.get(verb="paused")
    assert (event.actor, event.organisation) == (cast.steward.public_id, "riverside")


def test_pause_twice_says_so(cast):
    pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)

    with pytest.raises(AlreadyDone):
        pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)

    assert AuditEvent.objects.filter(verb="paused").count() == 1


def test_resume_undoes_a_pause(cast):
    pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)

    resume_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)

    assert not Organisation.objects.get(slug="riverside").is_paused()
