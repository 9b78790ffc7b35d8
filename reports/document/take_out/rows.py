"""Which rows an organisation owns, and what of them is not for an archive.

Whatever table has a way to an organisation stands in `TABLES` or in `NOT_TAKEN`: a
test asks for each. A reference to the standard is by its codes, so that the rows fit
another installation that has the same edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, ForeignKey, Model, Q, QuerySet

from assessments.models import (
    AnotherLook,
    Assessment,
    Assignment,
    Comment,
    Dissent,
    Evidence,
    Hold,
    Mention,
    Publication,
    Response,
    ResponseRevision,
    Unlocking,
)
from organisations.models import (
    AccessGrant,
    AuditEvent,
    Invitation,
    LeadOffer,
    Membership,
    Milestone,
    Organisation,
    Reminder,
    SignUp,
    SignUpMessage,
    SponsorAsking,
    Unit,
    User,
)
from reports.models import Report
from standards.models import Edition, Standard


Row = dict[str, Any]
Rows = dict[str, list[Row]]
# How a person is known who is no member: no address of theirs is the organisation's.
NO_ADDRESS = "left.invalid"
STEWARD = "A steward"
PEOPLE = ("id", "public_id", "email", "name", "is_active", "date_joined")
KEYS = ("token_hash", "token_expires_at")
SPONSORS_KEYS = tuple(f"sponsor_{name}" for name in KEYS)


@dataclass(frozen=True)
class Table:
    """A table, the way from it to the organisation, and what of it stays here."""

    model: type[Model]
    way: str
    left_out: tuple[str, ...] = ()
    only: Q = Q()

    @property
    def name(self) -> str:
        return str(self.model._meta.label_lower)

    @property
    def fields(self) -> list[Field[Any, Any]]:
        concrete = self.model._meta.concrete_fields
        return [field for field in concrete if field.name not in self.left_out]


# In an order in which another database takes them: the evidence of a locked answer
# before the answer, because a trigger refuses it afterwards.
TABLES = (
    Table(Organisation, "pk", ("merged_into", "search_text")),
    Table(Membership, "organisation"),
    Table(Organisation.history.model, "id", ("merged_into", "search_text")),
    Table(Membership.history.model, "organisation"),
    Table(Unit, "organisation"),
    Table(Milestone, "organisation"),
    Table(Reminder, "organisation"),
    Table(
        SignUp,
        "organisation",
        (*KEYS, *SPONSORS_KEYS, "half_typed", "search_text"),
    ),
    Table(SponsorAsking, "sign_up__organisation"),
    Table(SignUpMessage, "sign_up__organisation", only=~Q(kind="note")),
    Table(Invitation, "organisation", ("token_hash",)),
    Table(LeadOffer, "organisation"),
    Table(AccessGrant, "organisation"),
    Table(Assessment, "organisation"),
    Table(Evidence, "response__assessment__organisation"),
    Table(Response, "assessment__organisation"),
    Table(
        ResponseRevision,
        "response__assessment__organisation",
        # What came too late is there for its author alone.
        only=Q(outcome="saved"),
    ),
    Table(Publication, "assessment__organisation"),
    Table(Hold, "assessment__organisation"),
    Table(Unlocking, "assessment__organisation"),
    Table(Comment, "response__assessment__organisation"),
    Table(Mention, "comment__response__assessment__organisation"),
    Table(AnotherLook, "response__assessment__organisation"),
    Table(Assignment, "response__assessment__organisation"),
    Table(Dissent, "response__assessment__organisation"),
    Table(
        Report,
        "organisation",
        ("owner", "lease_until", "failure"),
        Q(status="ready") & ~Q(kind=Report.Kind.TAKE_OUT),
    ),
    Table(AuditEvent, "organisation"),
)
# Of one person, or of who runs the site, each with the reason that the archive gives.
NOT_TAKEN = {
    "assessments.draft": "what somebody typed and did not save is theirs",
    "assessments.uploadedsheet": "what somebody uploaded and did not save is theirs",
    "assessments.ratinground": "each person's own level is theirs",
    "assessments.rating": "each person's own level is theirs, in the file about them",
    "organisations.signinprovider": "the keys of its own sign-in are secret",
    "organisations.signindomain": "the keys of its own sign-in are secret",
    "organisations.signinidentity": "how a person signs in is theirs",
}


def gather(organisation: Organisation) -> Rows:
    """Read every row that an organisation owns.

    Shape: by the table's name, each row by its fields' names and in the order of its
    key; the people first. Dates and ids as JSON has them; one query for each table.
    """
    codes = _Codes()
    rows = {table.name: _rows_of(table, organisation, codes) for table in TABLES}
    return {User._meta.label_lower: _people(organisation, rows)} | rows


def named_people(table: Table) -> Iterator[str]:
    """Name the columns of a table that refer to people."""
    for field in table.fields:
        if isinstance(field, ForeignKey) and field.related_model is User:
            yield field.name


class _Codes:
    """The codes by which the standard is known anywhere."""

    def __init__(self) -> None:
        self.editions = dict(Edition.objects.values_list("pk", "code"))
        standards = Standard.objects.values_list("pk", "edition__code", "code")
        self.standards = {key: [edition, code] for key, edition, code in standards}

    def of(self, field: Field[Any, Any], value: Any) -> Any:
        if value is None or not isinstance(field, ForeignKey):
            return value
        if field.related_model is Edition:
            return self.editions[value]
        if field.related_model is Standard:
            return self.standards[value]
        return value


def _rows_of(table: Table, organisation: Organisation, codes: _Codes) -> list[Row]:
    is_trail = table.model is AuditEvent
    owner = organisation.slug if is_trail else organisation.pk
    found: QuerySet[Any] = table.model._default_manager.filter(**{table.way: owner})
    fields = table.fields
    columns = (
        found.filter(table.only)
        .order_by("pk")
        .values_list(*(field.attname for field in fields))
    )
    return [
        {f.name: plain(codes.of(f, v)) for f, v in zip(fields, row, strict=True)}
        for row in columns
    ]


def plain(value: Any) -> Any:
    """Write a value as JSON has it, with every microsecond."""
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _people(organisation: Organisation, rows: Rows) -> list[Row]:
    """Name everybody whom a row names: of members the address too."""
    members = {row["user"] for row in rows[Membership._meta.label_lower]}
    keys = members | set(_keys(rows))
    people = User.objects.filter(pk__in=keys).order_by("pk")
    return [_person(user, user.pk in members) for user in people]


def _keys(rows: Rows) -> Iterable[int]:
    for table in TABLES:
        columns = list(named_people(table))
        for row in rows[table.name]:
            yield from (row[name] for name in columns if row[name] is not None)


def _person(user: User, is_member: bool) -> Row:
    email = user.email if is_member else f"{user.public_id}@{NO_ADDRESS}"
    return {
        "id": user.pk,
        "public_id": str(user.public_id),
        "email": email,
        "name": STEWARD if user.is_staff else user.name,
        "is_active": is_member and user.is_active,
        "date_joined": plain(user.date_joined),
    }
