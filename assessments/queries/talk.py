"""What colleagues say to each other about a standard, as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assessments.models import AnotherLook, Comment, Dissent, Response
from assessments.rules import LEADING
from organisations.access import Permission, Reader, can
from organisations.models import Membership, Organisation, User


GONE = "a former member"


@dataclass(frozen=True)
class Colleague:
    """Somebody who belongs here, and can be told of a comment."""

    person: User
    role: str

    @property
    def name(self) -> str:
        return str(self.person)


@dataclass(frozen=True)
class CommentLine:
    """One comment; without words where they were taken away."""

    public_id: UUID
    author: str
    is_mine: bool
    text: str
    written_at: datetime
    is_edited: bool
    told: tuple[str, ...]
    deleted_at: datetime | None
    deleted_by: str
    resolved_at: datetime | None
    resolved_by: str
    can_delete: bool

    @property
    def is_open(self) -> bool:
        return self.deleted_at is None and self.resolved_at is None


@dataclass(frozen=True)
class Look:
    """That somebody asked for another look."""

    public_id: UUID
    asked_by: str
    asked_at: datetime
    why: str


@dataclass(frozen=True)
class Talk:
    """All that is said about one standard, and to whom the reader can say more."""

    comments: tuple[CommentLine, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    look: Look | None = None

    @property
    def open(self) -> tuple[CommentLine, ...]:
        return tuple(comment for comment in self.comments if comment.is_open)

    @property
    def past(self) -> tuple[CommentLine, ...]:
        """Return what is dealt with, or deleted."""
        return tuple(comment for comment in self.comments if not comment.is_open)


def talk_about(response: Response, reader: Reader, person: User) -> Talk:
    """Read what is said about one standard, in two queries however much it is.

    Shape: the response comes `with_look`; oldest first; whoever left has no name
    here; the reader is no colleague of her own.
    """
    members = colleagues_of(reader.organisation)
    names = {each.person.pk: each.name for each in members}
    return Talk(
        comments=_lines(response, names, reader.membership),
        colleagues=tuple(each for each in members if each.person != person),
        look=_look(response, names),
    )


def colleagues_of(organisation: Organisation) -> tuple[Colleague, ...]:
    """List an organisation's people by name, in one query."""
    memberships = Membership.objects.of(organisation).select_related("user")
    return tuple(
        Colleague(member.user, member.get_role_display())
        for member in memberships.order_by("user__name", "pk")
    )


def has_left(comment: Comment) -> bool:
    """Say whether who wrote a comment belongs to its organisation no more."""
    organisation = comment.response.assessment.organisation
    members = Membership.objects.of(organisation)
    return not members.filter(user=comment.author_id).exists()


def _look(response: Any, names: dict[int, str]) -> Look | None:
    if response.look_key is None:
        return None
    return Look(
        public_id=response.look_key,
        asked_by=names.get(response.look_by, GONE),
        asked_at=response.look_at,
        why=response.look_why,
    )


def _lines(
    response: Response, names: dict[int, str], membership: Membership | None
) -> tuple[CommentLine, ...]:
    rows = Comment.objects.filter(response=response)
    told: dict[int, set[str]] = {}
    comments: dict[int, Comment] = {}
    # A row for each person who is told, or one where nobody is.
    named: Any = rows.annotate(told=F("mentions__person"))
    for row in named.order_by("written_at", "pk"):
        comments[row.pk] = row
        if row.told is not None:
            told.setdefault(row.pk, set()).add(names.get(row.told, GONE))
    return tuple(
        _line(comment, sorted(told.get(comment.pk, ())), names, membership)
        for comment in comments.values()
    )


def _line(
    comment: Comment,
    told: Sequence[str],
    names: dict[int, str],
    membership: Membership | None,
) -> CommentLine:
    is_mine = leads = False
    if membership is not None and can(membership, Permission.ANSWER):
        is_mine = comment.author_id == membership.user_id
        leads = membership.role in LEADING
    return CommentLine(
        public_id=comment.public_id,
        author=names.get(comment.author_id, GONE),
        is_mine=is_mine,
        text=comment.text,
        written_at=comment.written_at,
        is_edited=comment.edited_at is not None,
        told=tuple(told),
        deleted_at=comment.deleted_at,
        deleted_by=_name(comment.deleted_by_id, names),
        resolved_at=comment.resolved_at,
        resolved_by=_name(comment.resolved_by_id, names),
        can_delete=is_mine or (leads and comment.author_id not in names),
    )


def _name(key: int | None, names: dict[int, str]) -> str:
    return "" if key is None else names.get(key, GONE)


def with_talk(responses: QuerySet[Response]) -> QuerySet[Response]:
    """Add to each response how much of its talk is open, within the same query.

    Shape: `open_comments`; `look_why`, None where nobody asks for another look.
    """
    here = Comment.objects.open().filter(response=OuterRef("pk")).order_by()
    counted = here.values("response").annotate(n=Count("pk")).values("n")
    return responses.annotate(
        open_comments=Coalesce(Subquery(counted), 0),
        look_why=_of_look("why"),
    )


def with_dissent(responses: QuerySet[Response]) -> QuerySet[Response]:
    """Add to each response what some see differently, or None."""
    return responses.annotate(dissent=_dissent("text"))


def with_look(responses: QuerySet[Response]) -> QuerySet[Response]:
    """Add to each response who asks for another look, within the same query.

    Shape: `look_key` is None where nobody does.
    """
    return responses.annotate(
        look_key=_of_look("public_id"),
        look_by=_of_look("asked_by"),
        look_at=_of_look("asked_at"),
        look_why=_of_look("why"),
        dissent=_dissent("text"),
        dissent_key=_dissent("pk"),
    )


def _dissent(column: str) -> Subquery:
    """Find what some see differently: the last that was noted."""
    noted = Dissent.objects.filter(response=OuterRef("pk")).order_by("-pk")
    return Subquery(noted.values(column)[:1])


def _of_look(column: str) -> Subquery:
    looks = AnotherLook.objects.open().filter(response=OuterRef("pk"))
    return Subquery(looks.values(column)[:1])
