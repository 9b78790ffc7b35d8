"""The database refuses what must not change, on both kinds of database."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import (
    emit_post_migrate_signal,
    emit_pre_migrate_signal,
)
from django.db import IntegrityError, connection, transaction

from assessments.models import (
    Assessment,
    Evidence,
    Publication,
    Response,
    ResponseRevision,
    Unlocking,
)
from assessments.operations import answer
from assessments.rules import EvidenceContent
from fourpi import triggers
from organisations.models import AuditEvent, Organisation, Unit
from standards.models import Edition, Standard
from tests.factories import NOW, content, make_locked_assessment, the_response


pytestmark = pytest.mark.django_db


@pytest.fixture
def answers(cast):
    """Two responses with evidence, of which PR1 is locked, and a publication."""
    evidence = (EvidenceContent(title="Charter", type="document"),)
    for code in ("PR1", "PR2"):
        answer(
            response=the_response(cast.assessment, code),
            content=content(evidence=evidence),
            version=0,
            by=cast.lead,
            at=NOW,
        )
    rows = Response.objects.of(cast.assessment)
    assert rows.filter(standard__code="PR1").update(is_locked=True)
    Publication.objects.create(
        assessment=cast.assessment,
        published_at=NOW,
        published_by=cast.lead,
        why_not_asked="Our panel starts in March.",
        assessed_by="1",
    )
    Unlocking.objects.create(
        assessment=cast.assessment,
        locked_at=NOW,
        locked_by=cast.lead,
        unlocked_at=NOW,
        unlocked_by=cast.lead,
        reason="Two answers were wrong.",
    )
    units = {"organisation": cast.riverside, "added_at": NOW}
    adults = Unit.objects.create(name="Adults", **units)
    Unit.objects.create(name="East", parent=adults, **units)
    return rows


def evidence_of(code):
    return Evidence.objects.filter(response__standard__code=code)


def add_evidence(code):
    response = Response.objects.get(
        standard__code=code, pk__in=evidence_of(code).values("response")
    )
    Evidence.objects.create(response=response, position=2, title="Log", type="number")


def move_evidence(source, target):
    response = evidence_of(target).get().response
    evidence_of(source).update(response=response, position=3)


def draft(**fields):
    return Edition.objects.create(
        code="draft",
        title="Draft",
        version="0",
        jurisdiction="x",
        language="en",
        status="draft",
        review_note="x",
        fingerprint="x",
    )


# Each change by the trigger that refuses it; every declared one is among them.
REFUSED = {
    "fourpi_organisations_auditevent_update": lambda: AuditEvent.objects.update(
        verb="forged"
    ),
    "fourpi_organisations_auditevent_delete": lambda: raw_delete(AuditEvent),
    "fourpi_assessments_responserevision_update": lambda: (
        ResponseRevision.objects.update(reason="forged")
    ),
    "fourpi_assessments_responserevision_delete": lambda: raw_delete(ResponseRevision),
    "fourpi_assessments_publication_update": lambda: Publication.objects.update(
        gaps="forged"
    ),
    "fourpi_assessments_publication_delete": lambda: raw_delete(Publication),
    "fourpi_assessments_unlocking_update": lambda: Unlocking.objects.update(
        reason="forged"
    ),
    "fourpi_assessments_unlocking_delete": lambda: raw_delete(Unlocking),
    "fourpi_assessments_response_update": lambda: Response.objects.filter(
        standard__code="PR1"
    ).update(reason="forged"),
    "fourpi_assessments_response_delete": lambda: raw_delete(Response),
    "fourpi_assessments_evidence_insert": lambda: add_evidence("PR1"),
    "fourpi_assessments_evidence_update": lambda: evidence_of("PR1").update(title="x"),
    "fourpi_assessments_evidence_delete": lambda: evidence_of("PR1").delete(),
    "fourpi_organisations_unit_insert": lambda: Unit.objects.create(
        organisation=Organisation.objects.get(slug="harbour"),
        parent=Unit.objects.get(name="Adults"),
        name="North",
        added_at=NOW,
    ),
    "fourpi_organisations_unit_update": lambda: Unit.objects.filter(
        name="Adults"
    ).update(parent=Unit.objects.get(name="East")),
    "fourpi_standards_edition_update": lambda: Edition.objects.update(title="forged"),
    "fourpi_standards_standard_update": lambda: Standard.objects.update(title="forged"),
}


def raw_delete(model):
    """Delete past Django, which would ask for what belongs to the rows first."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")


def refuses(change):
    try:
        with transaction.atomic():
            change()
    except IntegrityError as refusal:
        return any(
            sentence in str(refusal)
            for sentence in ("append-only", "does not change", "never below itself")
        )
    return False


def test_every_declared_trigger_is_there():
    assert triggers.missing(connection) == set()
    assert {trigger.name for trigger in triggers.TRIGGERS} == set(REFUSED)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_it_bites(answers, name):
    assert refuses(REFUSED[name])


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_dropped_one_is_noticed(answers, name):
    table = next(t.table for t in triggers.TRIGGERS if t.name == name)
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")

    assert triggers.missing(connection) == {name}
    with transaction.atomic():
        assert not refuses(REFUSED[name])
        # What it let through may have left rows without their parents.
        transaction.set_rollback(True)


# What unlocks a response: its flag alone, after its assessment.


@pytest.fixture
def locked(cast):
    return make_locked_assessment(cast.riverside, cast.lead, "A ward")


def open_assessment(assessment):
    Assessment.objects.filter(pk=assessment.pk).update(
        status="answering", locked_at=None, locked_by=None
    )


def let_go(assessment, **more):
    Response.objects.of(assessment).update(is_locked=False, **more)


def test_a_response_is_let_go_once_its_assessment_is_unlocked(locked):
    open_assessment(locked)
    let_go(locked)

    assert not Response.objects.of(locked).filter(is_locked=True).exists()
    Response.objects.of(locked).update(reason="Written again.")


def test_a_response_of_a_locked_assessment_is_not_let_go(locked):
    assert refuses(lambda: let_go(locked))


@pytest.mark.parametrize(
    "more",
    [
        {"reason": "forged"},
        {"state": "answered", "level": 3},
        {"version": 9},
        {"saved_at": NOW + timedelta(days=1)},
        {"is_finished": True},
    ],
)
def test_nothing_else_of_a_response_changes_with_its_flag(locked, more):
    open_assessment(locked)

    assert refuses(lambda: let_go(locked, **more))


def test_a_published_response_is_never_let_go(cast, locked):
    Publication.objects.create(
        assessment=locked,
        published_at=NOW,
        published_by=cast.lead,
        why_not_asked="Our panel starts in March.",
        assessed_by="1",
    )
    open_assessment(locked)

    assert refuses(lambda: let_go(locked))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="It is of postgresql")
def test_a_disabled_one_is_noticed():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE standards_edition DISABLE TRIGGER USER")

    assert triggers.missing(connection) == {"fourpi_standards_edition_update"}


@pytest.mark.parametrize(
    ("source", "target", "is_refused"),
    [("PR1", "PR2", True), ("PR2", "PR1", True), ("PR2", "PR2", False)],
)
def test_evidence_neither_leaves_nor_enters_a_locked_response(
    answers, source, target, is_refused
):
    assert refuses(lambda: move_evidence(source, target)) == is_refused


def test_a_locked_response_is_not_unlocked(answers):
    assert refuses(lambda: answers.filter(is_locked=True).update(is_locked=False))


def test_what_is_not_locked_changes(answers):
    open_rows = answers.filter(is_locked=False)

    assert open_rows.update(reason="Better.") == 29
    assert evidence_of("PR2").update(title="Better") == 1
    add_evidence("PR2")
    assert evidence_of("PR2").delete()[0] == 2


def test_a_draft_edition_changes_until_it_is_published(edition):
    other = draft()
    rows = Edition.objects.filter(pk=other.pk)

    assert rows.update(title="Better") == 1
    assert rows.update(status="published", published_on=NOW.date()) == 1
    assert refuses(lambda: rows.update(status="draft"))


def test_a_standard_does_not_enter_a_published_edition(edition):
    other = draft()
    standard = Standard.objects.filter(edition=edition).first()
    theirs = Standard.objects.create(
        edition=other,
        principle=standard.principle,
        code="X1",
        title="x",
        statement="x",
        why="x",
        is_core=False,
        level_three="x",
        not_applicable_rule="x",
        example_evidence=[],
        position=90,
    )
    rows = Standard.objects.filter(pk=theirs.pk)

    assert rows.update(title="y") == 1
    assert refuses(lambda: rows.update(edition=edition))


# They are there after every migrate


@pytest.mark.slow
def test_migrate_makes_them_again():
    triggers.drop(connection)
    assert len(triggers.missing(connection)) == len(triggers.TRIGGERS)

    call_command("migrate", verbosity=0)

    assert triggers.missing(connection) == set()


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="It is of sqlite")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Response, Evidence, Edition, AuditEvent])
def test_a_table_that_sqlite_rebuilds_has_them_after_migrate(model):
    """What migrate does, with a migration that rebuilds the table in the middle."""
    told = {"verbosity": 0, "interactive": False, "db": connection.alias}
    emit_pre_migrate_signal(**told, apps=apps, plan=[])
    with connection.schema_editor() as editor:
        editor._remake_table(model)
    assert triggers.missing(connection)
    emit_post_migrate_signal(**told, apps=apps, plan=[])

    assert triggers.missing(connection) == set()


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="It is of sqlite")
@pytest.mark.django_db(transaction=True)
def test_a_rebuild_loses_them_without_a_word():
    """Why they are made again: were this to fail, decision 0008 would be moot."""
    with connection.schema_editor() as editor:
        editor._remake_table(AuditEvent)

    assert triggers.missing(connection) == {
        "fourpi_organisations_auditevent_delete",
        "fourpi_organisations_auditevent_update",
    }
