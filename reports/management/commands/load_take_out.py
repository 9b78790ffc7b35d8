"""Load the archive of one organisation into an installation that is empty."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError
from django.core.management.color import no_style
from django.db import IntegrityError, connection, transaction
from django.db.models import Field, ForeignKey, Model
from django.utils import timezone

from organisations import audit
from organisations.models import Invitation, Organisation, User
from organisations.steps.keys import hash_of, new_token
from reports.document.take_out import (
    NO_ADDRESS,
    TABLES,
    Archive,
    NotReadable,
    Row,
    Rows,
)
from reports.document.take_out.rows import PEOPLE
from reports.models import Report
from standards.models import Edition, Standard


class Command(BaseCommand):
    help = (
        "Load the archive of one organisation into an installation without people and "
        "organisations. Everybody chooses a new password by mail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path)

    def handle(self, *, archive: Path, **options: Any) -> None:
        if Organisation.objects.exists() or User.objects.exists():
            raise CommandError("This installation is not empty. Nothing was loaded.")
        try:
            opened = Archive(archive)
            opened.check()
            files = _keep_files(opened)
            _load(opened.rows)
        except NotReadable as reason:
            raise CommandError(f"{reason} Nothing was loaded.") from reason
        except (KeyError, TypeError, ValueError, ValidationError) as error:
            said = "Its rows are not such as this installation keeps"
            raise CommandError(f"{said}: {error}. Nothing was loaded.") from error
        except IntegrityError as error:
            said = "Its rows do not fit together"
            raise CommandError(f"{said}: {error}. Nothing was loaded.") from error
        rows = sum(opened.manifest["rows"].values())
        self.stdout.write(
            f"{opened.manifest['organisation']}: {rows} rows and {files} files. "
            "Its people can ask for a new password now."
        )


class _Keys:
    """The keys that the standard has here, by its codes."""

    def __init__(self) -> None:
        self.editions = dict(Edition.objects.values_list("code", "pk"))
        standards = Standard.objects.values_list("pk", "edition__code", "code")
        self.standards = {(edition, code): key for key, edition, code in standards}

    def of(self, field: ForeignKey[Any, Any], value: Any) -> Any:
        try:
            if field.related_model is Edition:
                return self.editions[value]
            if field.related_model is Standard:
                return self.standards[tuple(value)]
        except KeyError:
            raise NotReadable(
                "It is of an edition of the standards that is not here. "
                "Run manage.py load_standards first."
            ) from None
        return field.target_field.to_python(value)


def _keep_files(archive: Archive) -> int:
    """Put the files of the reports into the store, each as its row says.

    Shape: how many. When the rows are refused after that, they go with the strays.
    """
    said = {
        row["file"]: row["sha256"] for row in archive.rows[Report._meta.label_lower]
    }
    shelf = storages["reports"]
    files = list(archive.files())
    for name in files:
        if archive.sha256(name) != said.get(name):
            raise NotReadable(f"{name} is not the file of a report.")
        with archive.open(name) as file:
            if shelf.save(name, File(file)) != name:
                raise NotReadable(f"{name} is in the store already.")
    return len(files)


@transaction.atomic(durable=True)
def _load(rows: Rows) -> None:
    """Write the rows under the keys that they had.

    Effects: audit event "loaded", in the trail of the site.
    """
    if set(rows) != {User._meta.label_lower, *(table.name for table in TABLES)}:
        raise NotReadable("Its tables are not those that this product has.")
    keys = _Keys()
    people = _made(User, _fields(User, PEOPLE), rows[User._meta.label_lower], keys)
    for person in people:
        person.password = make_password(None)
    User.objects.bulk_create(people)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=each, email=each.email, verified=True, primary=True)
        for each in people
        if not each.email.endswith(f"@{NO_ADDRESS}")
    )
    for table in TABLES:
        made = _made(table.model, table.fields, rows[table.name], keys)
        if table.model is Invitation:
            for invitation in made:
                invitation.token_hash = hash_of(new_token())
        table.model._default_manager.bulk_create(made)
    connection.check_constraints()
    organisation = Organisation.objects.get()
    audit.record(by=None, verb="loaded", subject=organisation, at=timezone.now())
    _count_on([User, *(table.model for table in TABLES)])


def _fields(model: type[Model], names: tuple[str, ...]) -> list[Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if field.name in names]


def _made(
    model: type[Model], fields: list[Field[Any, Any]], rows: list[Row], keys: _Keys
) -> list[Any]:
    """Make the objects of rows, of the fields that an archive has and no others."""
    names = {field.name for field in fields}
    for row in rows:
        if set(row) != names:
            raise NotReadable(f"A row of {model._meta.label_lower} is another here.")
    return [
        model(**{each.attname: _value(each, row[each.name], keys) for each in fields})
        for row in rows
    ]


def _value(field: Field[Any, Any], value: Any, keys: _Keys) -> Any:
    """Read a value back, as strictly as a form would.

    Raises: ValidationError.
    """
    if value is None:
        return None
    if isinstance(field, ForeignKey):
        return keys.of(field, value)
    read = field.to_python(value)
    field.run_validators(read)
    if field.choices and read != "" and read not in dict(field.flatchoices):
        raise ValidationError(f"{field.name} cannot be {read}")
    return read


def _count_on(models: list[type[Model]]) -> None:
    """Let the database give the next keys after those that were loaded."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
