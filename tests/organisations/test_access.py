"""The door to an organisation, and what each role may do behind it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from organisations.access import (
    READING,
    ROLE_PERMISSIONS,
    Permission,
    membership_or_404,
    role_sentences,
)
from organisations.models import Membership
from organisations.operations import pause_organisation
from tests.factories import NOW


pytestmark = pytest.mark.django_db


def test_every_role_has_its_permissions_and_every_permission_its_sentence():
    assert set(ROLE_PERMISSIONS) == set(Membership.Role)
    assert all(permission.sentence for permission in Permission)


def test_co_lead_may_do_what_a_lead_may():
    role = Membership.Role

    assert ROLE_PERMISSIONS[role.CO_LEAD] == ROLE_PERMISSIONS[role.LEAD]


def test_member_gets_the_membership(cast):
    membership = membership_or_404(cast.viewer, "riverside", needs=Permission.VIEW)

    assert membership.organisation == cast.riverside


@pytest.mark.parametrize("slug", ["riverside", "no-such-organisation"])
def test_stranger_finds_nothing(cast, slug):
    with pytest.raises(Http404):
        membership_or_404(cast.stranger, slug, needs=Permission.VIEW)


def test_too_junior_a_role_is_told_what_is_needed(cast):
    with pytest.raises(PermissionDenied, match="somebody who can lock our view"):
        membership_or_404(cast.contributor, "riverside", needs=Permission.LOCK)


@pytest.mark.parametrize("needs", sorted(set(Permission) - READING))
def test_nobody_changes_a_paused_organisation(cast, needs):
    pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)

    with pytest.raises(PermissionDenied, match="is paused"):
        membership_or_404(cast.lead, "riverside", needs=needs)


@pytest.mark.parametrize("needs", sorted(READING))
def test_lead_reads_a_paused_organisation(cast, needs):
    pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)

    assert membership_or_404(cast.lead, "riverside", needs=needs)


def test_role_in_sentences():
    assert role_sentences("viewer") == (
        "can see who belongs here and read reports",
        "can read our view",
    )
    assert "can invite and remove people" in role_sentences("co_lead")
    assert "can invite and remove people" not in role_sentences("contributor")
