"""What is new for somebody since she was last told by mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet

from assessments.models import (
    AnotherLook,
    Assessment,
    Comment,
    Digest,
    Mention,
    Response,
)
from organisations.models import MailPreference, Membership, Organisation, User


# Whoever gets no mail for a while is not told of all of it at once.
LONGEST = timedelta(days=7)
# What is being written in this moment is for tomorrow: it may not be there yet.
SETTLED = timedelta(minutes=5)


@dataclass(frozen=True)
class Window:
    """The time that a mail tells of."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class News:
    """What is new about one standard, each thing in a sentence, and where it is."""

    organisation: str
    assessment: str
    standard: str
    address: str
    said: tuple[str, ...]


def people_with_news(now: datetime) -> list[int]:
    """Find who may have something new to read, in four queries."""
    window = Window(now - LONGEST, now - SETTLED)
    found: set[int] = {
        *_mentions(window).values_list("person", flat=True),
        *_owners(_comments(window)),
        *_owners(_looks(window)),
    }
    stopped = MailPreference.objects.filter(kind=MailPreference.Kind.DIGEST)
    people = User.objects.filter(pk__in=found, is_active=True, is_staff=False)
    return list(
        people.exclude(pk__in=stopped.values("user"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _owners(rows: QuerySet[Any]) -> set[int]:
    """Find whose answers these may be about."""
    owner, last = "response__assignment__membership__user", "response__saved_by"
    pairs = rows.values_list(owner, last)
    return {person for pair in pairs for person in pair if person}


def window_of(person: User, now: datetime) -> Window:
    """Say of which time the next mail tells."""
    told = Digest.objects.filter(person=person).aggregate(last=Max("told_until"))
    earliest = now - LONGEST
    return Window(max(told["last"] or earliest, earliest), now - SETTLED)


def news_for(person: User, window: Window) -> tuple[News, ...]:
    """Gather what is new for somebody, in a constant number of queries.

    Shape: by assessment and standard; only of where she belongs now, and of what can
    still be answered. What she did herself is no news.
    """
    found: dict[int, tuple[Response, list[str]]] = {}
    for response, said in _all_of(person, window):
        lines = found.setdefault(response.pk, (response, []))[1]
        if said not in lines:
            lines.append(said)
    return tuple(_news(response, said) for response, said in found.values())


def _all_of(person: User, window: Window) -> Iterable[tuple[Response, str]]:
    here = Membership.objects.filter(user=person).values("organisation")
    order = ("response__assessment", "response__standard", "pk")
    about = ("response__assessment__organisation", "response__standard__principle")
    of_hers = Q(response__assessment__organisation__in=here) & is_answer_of(person.pk)
    looks = _looks(window).filter(of_hers).exclude(asked_by=person)
    for look in looks.select_related("asked_by", *about).order_by(*order):
        yield look.response, f"{look.asked_by} asks for another look at your answer."
    mentions = _mentions(window).filter(
        person=person, comment__response__assessment__organisation__in=here
    )
    told = set()
    for mention in mentions.select_related(
        "comment__author", *(f"comment__{each}" for each in about)
    ).order_by(*(f"comment__{each}" for each in order[:2]), "pk"):
        comment = mention.comment
        told.add(comment.pk)
        yield comment.response, f"{comment.author} wrote a comment for you."
    comments = _comments(window).filter(of_hers).exclude(author=person)
    for comment in comments.select_related("author", *about).order_by(*order):
        if comment.pk not in told:
            yield comment.response, f"{comment.author} wrote a comment."


def is_answer_of(person: int) -> Q:
    """Say whose an answer is: with whom it is shared, or else who saved it last."""
    is_shared = Q(response__assignment__isnull=False)
    is_with_her = Q(response__assignment__membership__user=person)
    return is_with_her | (~is_shared & Q(response__saved_by=person))


def _news(response: Response, said: Iterable[str]) -> News:
    assessment, standard = response.assessment, response.standard
    address = assessment.question_address(standard.principle.slug, standard.position)
    return News(
        organisation=str(assessment.organisation),
        assessment=str(assessment),
        standard=f"{standard.code} {standard.title}",
        address=address,
        said=tuple(said),
    )


def _goes_on(path: str) -> Q:
    return Q(
        **{
            f"{path}assessment__status": Assessment.Status.ANSWERING,
            f"{path}assessment__organisation__status": Organisation.Status.ACTIVE,
        }
    )


def _mentions(window: Window) -> QuerySet[Mention]:
    return Mention.objects.filter(
        _goes_on("comment__response__"),
        told_at__gt=window.since,
        told_at__lte=window.until,
        comment__deleted_at=None,
        comment__resolved_at=None,
    )


def _comments(window: Window) -> QuerySet[Comment]:
    return Comment.objects.open().filter(
        _goes_on("response__"),
        written_at__gt=window.since,
        written_at__lte=window.until,
    )


def _looks(window: Window) -> QuerySet[AnotherLook]:
    return AnotherLook.objects.open().filter(
        _goes_on("response__"),
        asked_at__gt=window.since,
        asked_at__lte=window.until,
    )
