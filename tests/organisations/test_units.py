"""The tree of services and teams: what can stand where, and what is assessed."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Assessment
from assessments.operations import ClosedUnit, start_assessment
from organisations.models import AuditEvent, Unit
from organisations.operations import (
    AlreadyDone,
    add_unit,
    change_unit,
    close_unit,
    reopen_unit,
)
from organisations.queries import tree_of
from organisations.rules import NotInTree, Paused
from tests.factories import NOW


pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(cast, client):
    client.force_login(cast.lead)
    return client


def add(cast, name, parent=None, organisation=None):
    return add_unit(
        organisation=organisation or cast.riverside,
        name=name,
        parent=parent,
        by=cast.lead,
        at=NOW,
    )


def change(cast, unit, name=None, parent=None, version=None):
    change_unit(
        unit=unit,
        name=name or unit.name,
        parent=parent,
        version=unit.version if version is None else version,
        by=cast.lead,
        at=NOW,
    )


def close(cast, unit):
    close_unit(unit=unit, version=unit.version, by=cast.lead, at=NOW)


def paths(cast):
    return [line.path for line in tree_of(cast.riverside).open]


def test_the_tree_is_in_order_and_three_steps_deep(cast):
    wards = add(cast, "Wards")
    adults = add(cast, "adults")
    east = add(cast, "East", wards)
    team = add(cast, "Ähre team", east)
    add(cast, "East", adults)

    assert paths(cast) == [
        "adults",
        "adults / East",
        "Wards",
        "Wards / East",
        "Wards / East / Ähre team",
    ]
    for refused in (
        lambda: add(cast, "Deeper", team),
        lambda: change(cast, wards, parent=adults),  # It would take the team deeper.
        lambda: change(cast, wards, parent=wards),
        lambda: change(cast, wards, parent=team),
        lambda: add(cast, "EAST", adults),
        lambda: add(cast, "wards"),
        lambda: change(cast, east, name="Adults"),
        lambda: close(cast, east),
    ):
        with pytest.raises(NotInTree):
            refused()
    change(cast, team, parent=adults, name="A team")
    assert paths(cast)[:2] == ["adults", "adults / A team"]
    verbs = AuditEvent.objects.filter(subject_type="organisations.unit")
    assert list(verbs.values_list("verb", flat=True)) == [*["added"] * 5, "changed"]


@pytest.mark.parametrize(
    "forged",
    [
        lambda a, b, other: Unit.objects.filter(pk=a.pk).update(parent=a),
        lambda a, b, other: Unit.objects.filter(pk=a.pk).update(parent=b),
        lambda a, b, other: Unit.objects.filter(pk=b.pk).update(parent=other),
        lambda a, b, other: Unit.objects.filter(pk=b.pk).update(name=""),
        lambda a, b, other: Unit.objects.create(
            organisation=a.organisation, parent=a, name="EAST", added_at=NOW
        ),
        lambda a, b, other: Unit.objects.create(
            organisation=a.organisation, name="WARDS", added_at=NOW
        ),
    ],
    ids=["itself", "ring", "another's", "no name", "same below", "same on top"],
)
def test_the_database_itself_keeps_the_tree(cast, forged):
    wards = add(cast, "Wards")
    east = add(cast, "East", wards)
    other = add(cast, "Elsewhere", organisation=cast.harbour)

    with pytest.raises(IntegrityError), transaction.atomic():
        forged(wards, east, other)


def test_closed_ones_are_not_offered_and_can_come_back(cast):
    wards = add(cast, "Wards")
    shown = wards.version
    close(cast, wards)
    assert paths(cast) == []
    with pytest.raises(NotInTree, match="closed"):
        add(cast, "East", wards)
    with pytest.raises(AlreadyDone):
        change(cast, wards, name="Other", version=shown)
    again = add(cast, "Wards")
    with pytest.raises(NotInTree, match="of this name"):
        reopen_unit(unit=wards, version=wards.version, by=cast.lead, at=NOW)
    close(cast, again)
    reopen_unit(unit=wards, version=wards.version, by=cast.lead, at=NOW)
    assert paths(cast) == ["Wards"]
    cast.riverside.status, cast.riverside.paused_at = "paused", NOW
    cast.riverside.save()
    with pytest.raises(Paused):
        add(cast, "Late")


def test_pages_add_change_and_close(cast, lead):
    address = reverse("units", args=["riverside"])

    assert "None yet" in lead.get(address).content.decode()
    lead.post(address, {"name": "Wards"})
    wards = Unit.objects.get()
    lead.post(address, {"name": "East", "parent": str(wards.public_id)})
    taken = lead.post(address, {"name": "wards"}).content.decode()
    assert "of this name here already" in taken
    assert "Give the service" in lead.post(address, {"name": " "}).content.decode()
    east = Unit.objects.get(name="East")
    change_page = reverse("unit_change", args=["riverside", east.public_id])
    shown = lead.get(change_page).context["form"]
    # Neither itself nor what belongs to it is offered.
    assert [value for value, _ in shown.fields["parent"].choices] == [
        "",
        str(wards.public_id),
    ]
    stale = {"name": "West", "version": "7", "parent": ""}
    assert "changed this first" in lead.post(change_page, stale).content.decode()
    lead.post(change_page, stale | {"version": "0"})
    assert paths(cast) == ["Wards", "West"]
    lead.post(reverse("unit_close", args=["riverside", wards.public_id]))
    page = lead.get(address).content.decode()
    assert "Open again" in page
    lead.post(reverse("unit_reopen", args=["riverside", wards.public_id]))
    assert paths(cast) == ["Wards", "West"]


# Assessing one


def test_a_service_is_chosen_or_typed_and_keeps_its_name(cast, lead):
    east = add(cast, "East", add(cast, "Wards"))
    address = reverse("assessments:start", args=["riverside"])
    fields = {"scope": "service", "domains": ["SD"]}

    both = fields | {"unit": str(east.public_id), "scope_name": "West"}
    assert "not both" in lead.post(address, both).content.decode()
    nothing = lead.post(address, fields | {"unit": "nonsense"}).content.decode()
    assert "Choose from the list." in nothing
    lead.post(address, fields | {"unit": str(east.public_id)})
    lead.post(address, fields | {"scope_name": "Night team"})
    lead.post(address, {"scope": "project", "scope_name": "Hub", "domains": ["SD"]})

    chosen = Assessment.objects.get(unit=east)
    assert str(chosen) == "Wards / East"
    assert paths(cast) == ["Night team", "Wards", "Wards / East"]
    project = Assessment.objects.get(scope="project")
    assert (project.unit, project.scope_name) == (None, "Hub")
    twice = lead.post(address, fields | {"unit": str(east.public_id)}).content.decode()
    assert "Carry on with that one." in twice
    east.refresh_from_db()
    change(cast, east, name="Far east")
    chosen.refresh_from_db()
    assert str(chosen) == "Wards / East"
    close(cast, east)
    with pytest.raises(ClosedUnit):
        start_assessment(
            organisation=cast.riverside,
            by=cast.lead,
            at=NOW,
            scope="service",
            unit=east,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=project.pk).update(unit=east)
