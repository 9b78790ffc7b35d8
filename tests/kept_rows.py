"""Rows that are made once for all tests, and put back under the same keys for each."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.db.models.sql import InsertQuery


@dataclass(frozen=True)
class KeptRows:
    """What was made, and the statements that make its rows again."""

    made: bytes
    statements: tuple[tuple[str, Any], ...]

    def put_back(self) -> Any:
        with connection.cursor() as cursor:
            for statement, values in self.statements:
                cursor.execute(statement, values)
        return pickle.loads(self.made)


def keep(make: Callable[[], Any]) -> KeptRows:
    """Make rows, and note the statements that make them without asking anything.

    Keys are given, not counted, so the tables must be as they were before.
    """
    models = apps.get_models(include_auto_created=True)
    tables = [model for model in models if model._meta.managed]
    before = {model: set(_rows(model).values_list("pk", flat=True)) for model in tables}
    made = make()
    statements = [
        _insert(model, rows)
        for model in tables
        if (rows := list(_rows(model).exclude(pk__in=before[model])))
    ]
    return KeptRows(pickle.dumps(made), tuple(statements))


def _rows(model: type[Model]) -> Any:
    return model._base_manager.all()


def _insert(model: type[Model], rows: list[Model]) -> tuple[str, Any]:
    query = InsertQuery(model)
    # Raw, so that a date of its making stays what it was.
    query.insert_values(model._meta.concrete_fields, rows, raw=True)
    ((statement, values),) = query.get_compiler(connection=connection).as_sql()
    return statement, values
