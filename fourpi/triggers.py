"""What the database itself refuses, also to whoever by-passes our operations.

One list, for both databases. Every migrate makes them again: docs/decisions/0008.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from assessments.models import (
    Assessment,
    Evidence,
    Publication,
    Response,
    ResponseRevision,
    Unlocking,
)
from organisations.models import AuditEvent, Unit
from standards.models import Edition, Standard


PREFIX = "fourpi_"
LOCK = 4_114_001  # Any number that nothing else here locks.


@dataclass(frozen=True)
class Trigger:
    """Refuse a verb on a table, always or where a condition on OLD or NEW holds."""

    table: str
    verb: str
    sentence: str
    condition: str = "1 = 1"

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.table}_{self.verb.lower()}"


def _table(model: Any) -> str:
    table: str = model._meta.db_table
    return table


def _append_only(model: Any) -> tuple[Trigger, ...]:
    sentence = f"{_table(model)} is append-only"
    return tuple(
        Trigger(_table(model), verb, sentence) for verb in ("UPDATE", "DELETE")
    )


_RESPONSE = _table(Response)
_EVIDENCE = _table(Evidence)
_ASSESSMENT = _table(Assessment)
_PUBLICATION = _table(Publication)
_EDITION = _table(Edition)
_UNIT = _table(Unit)
_LOCKED = "a locked response does not change"
_PUBLISHED = "a published edition does not change"


def _versions() -> tuple[Trigger, ...]:
    """Guard what was saved; its author may throw away what never was."""
    update, delete = _append_only(ResponseRevision)
    saved = f"OLD.outcome = '{ResponseRevision.Outcome.SAVED}'"
    return update, replace(delete, condition=saved)


def _evidence(verb: str, *rows: str) -> Trigger:
    """Guard the evidence of a locked response, in the row as it was or will be."""
    responses = ", ".join(f"{row}.response_id" for row in rows)
    condition = (
        f"EXISTS (SELECT 1 FROM {_RESPONSE} WHERE is_locked AND id IN ({responses}))"
    )
    return Trigger(_EVIDENCE, verb, _LOCKED, condition)


def _response() -> Trigger:
    """Guard a locked response, but let its flag go, once its assessment is unlocked.

    Nothing else of it changes with the flag. The assessment comes first, and an
    unlocked one that is published stays as it is.
    """
    others = [f.column for f in Response._meta.concrete_fields if f.name != "is_locked"]
    # Comparing with NULL gives NULL, which refuses nothing.
    changed = " OR ".join(
        f"OLD.{each} <> NEW.{each} OR (OLD.{each} IS NULL) <> (NEW.{each} IS NULL)"
        for each in others
    )
    unlocked = (
        f"SELECT 1 FROM {_ASSESSMENT} WHERE id = OLD.assessment_id"
        f" AND status = '{Assessment.Status.ANSWERING}'"
    )
    published = f"SELECT 1 FROM {_PUBLICATION} WHERE assessment_id = OLD.assessment_id"
    return Trigger(
        _RESPONSE,
        "UPDATE",
        _LOCKED,
        f"OLD.is_locked AND (NEW.is_locked OR NOT EXISTS ({unlocked})"
        f" OR EXISTS ({published}) OR {changed})",
    )


def _unit(verb: str) -> Trigger:
    """Keep a tree of one organisation that is three steps deep at most, and no ring.

    A move that takes others deeper with it is refused by the operation alone.
    """
    return Trigger(
        _UNIT,
        verb,
        "a unit stands below another of its organisation, and never below itself",
        f"EXISTS (SELECT 1 FROM {_UNIT} above"
        f" LEFT JOIN {_UNIT} top ON top.id = above.parent_id"
        " WHERE above.id = NEW.parent_id AND (top.parent_id IS NOT NULL"
        " OR above.organisation_id <> NEW.organisation_id"
        " OR NEW.id IN (above.id, above.parent_id)))",
    )


TRIGGERS = (
    *_append_only(AuditEvent),
    *_versions(),
    *_append_only(Publication),
    *_append_only(Unlocking),
    _response(),
    Trigger(_RESPONSE, "DELETE", _LOCKED, "OLD.is_locked"),
    _evidence("INSERT", "NEW"),
    _evidence("UPDATE", "OLD", "NEW"),
    _evidence("DELETE", "OLD"),
    _unit("INSERT"),
    _unit("UPDATE"),
    Trigger(_EDITION, "UPDATE", _PUBLISHED, "OLD.status = 'published'"),
    Trigger(
        _table(Standard),
        "UPDATE",
        _PUBLISHED,
        f"EXISTS (SELECT 1 FROM {_EDITION} WHERE status = 'published'"
        " AND id IN (OLD.edition_id, NEW.edition_id))",
    ),
)


def create(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger whose table is there, anew where it is there already."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Two installations that start at once would trip over each other.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        tables = set(connection.introspection.table_names(cursor))
        for trigger in TRIGGERS:
            if trigger.table in tables:
                for statement in _statements(trigger, connection.vendor):
                    cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger of ours away."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for name, table in present(connection):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")


def present(connection: BaseDatabaseWrapper) -> set[tuple[str, str]]:
    """List the triggers of ours that the database has, each with its table."""
    query = {
        "postgresql": "SELECT tgname, relname FROM pg_trigger"
        " JOIN pg_class ON pg_class.oid = tgrelid WHERE tgenabled <> 'D'",
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {(n, t) for n, t in cursor.fetchall() if n.startswith(PREFIX)}


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """Name the declared triggers that the database has not."""
    found = {name for name, _ in present(connection)}
    return {trigger.name for trigger in TRIGGERS} - found


def before_migrate(*, using: str, **signal: Any) -> None:
    """Let SQLite rebuild its tables.

    It renames the new table into the old one's place, and refuses that while a
    trigger of another table speaks of the one that is gone for the moment.
    """
    if connections[using].vendor == "sqlite":
        drop(connections[using])


def after_migrate(*, using: str, **signal: Any) -> None:
    """Put the triggers back, also those that went with a rebuilt table."""
    create(connections[using])


def _statements(trigger: Trigger, vendor: str) -> tuple[str, str]:
    if vendor == "sqlite":
        return (
            f"DROP TRIGGER IF EXISTS {trigger.name}",
            (
                f"CREATE TRIGGER {trigger.name} BEFORE {trigger.verb} ON {trigger.table}"
                f" FOR EACH ROW WHEN {trigger.condition}"
                f" BEGIN SELECT RAISE(ABORT, '{trigger.sentence}'); END"
            ),
        )
    row = "OLD" if trigger.verb == "DELETE" else "NEW"
    return (
        # In the body, because PostgreSQL allows no subquery in WHEN.
        (
            f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger"
            f" LANGUAGE plpgsql AS $$ BEGIN IF {trigger.condition} THEN"
            f" RAISE EXCEPTION '{trigger.sentence}'"
            " USING ERRCODE = 'integrity_constraint_violation';"
            f" END IF; RETURN {row}; END $$"
        ),
        (
            f"CREATE OR REPLACE TRIGGER {trigger.name} BEFORE {trigger.verb}"
            f" ON {trigger.table} FOR EACH ROW EXECUTE FUNCTION {trigger.name}()"
        ),
    )
