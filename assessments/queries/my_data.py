"""What somebody wrote in assessments, for a file that she can keep."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from assessments.models import (
    AnotherLook,
    Assignment,
    Comment,
    Dissent,
    Evidence,
    Hold,
    Mention,
    Publication,
    Rating,
    Response,
    ResponseRevision,
    Unlocking,
)
from organisations.models import User

from .drafts import my_drafts
from .sheet import my_sheets


ANSWER = (
    *("state", "level", "not_applicable_because", "reason"),
    *("is_finished", "is_later"),
)


def my_writing(user: User) -> dict[str, list[dict[str, Any]]]:
    """Gather what somebody was the last to save, and all that she ever saved.

    Shape: lists of what JSON can hold; fourteen queries.
    """
    place = _place("response__assessment__")
    standard = {"standard_code": F("response__standard__code")}
    return {
        "answers that you saved last": _rows(
            Response.objects.filter(saved_by=user),
            *(*ANSWER, "version", "saved_at"),
            standard_code=F("standard__code"),
            **_place("assessment__"),
        ),
        "evidence with these answers": _rows(
            Evidence.objects.filter(response__saved_by=user),
            *("position", "title", "link", "note", "dated_on", "type"),
            *("cqc_category", "is_public"),
            **standard,
            **place,
        ),
        "all that you saved or tried to save": _rows(
            ResponseRevision.objects.filter(saved_by=user),
            *(*ANSWER, "evidence", "version", "outcome", "saved_at"),
            **standard,
            **place,
        ),
        "typed by you and not saved": my_drafts(user),
        "comments that you wrote": _rows(
            Comment.objects.filter(author=user),
            *("text", "written_at", "edited_at", "deleted_at"),
            **standard,
            **place,
        ),
        "comments that are for you": _rows(
            Mention.objects.filter(person=user),
            "told_at",
            standard_code=F("comment__response__standard__code"),
            **_place("comment__response__assessment__"),
        ),
        "another look that you asked for": _rows(
            AnotherLook.objects.filter(asked_by=user),
            *("why", "asked_at", "looked_at"),
            **standard,
            **place,
        ),
        "yours to answer": _rows(
            Assignment.objects.filter(membership__user=user),
            *("due_on", "assigned_at"),
            **standard,
            **place,
        ),
        "your own levels": _rows(
            Rating.objects.filter(person=user),
            *("level", "rated_at"),
            asked_at=F("round__asked_at"),
            standard_code=F("round__response__standard__code"),
            **_place("round__response__assessment__"),
        ),
        "what some see differently, noted by you": _rows(
            Dissent.objects.filter(noted_by=user),
            *("text", "version", "noted_at"),
            **standard,
            **place,
        ),
        "uploaded by you and not saved": my_sheets(user),
        "published by you": _rows(
            Publication.objects.filter(published_by=user),
            *("published_at", "why_not_asked", "strengths", "gaps", "actions"),
            **_place("assessment__"),
        ),
        "held back by you": _rows(
            Hold.objects.filter(placed_by=user),
            *("placed_at", "placed_as", "reason", "lifted_at"),
            **_place("assessment__"),
        ),
        "unlocked by you": _rows(
            Unlocking.objects.filter(unlocked_by=user),
            *("locked_at", "unlocked_at", "reason"),
            **_place("assessment__"),
        ),
    }


def _place(path: str) -> dict[str, F]:
    return {
        "organisation_name": F(f"{path}organisation__name"),
        "about": F(f"{path}scope_name"),
    }


def _rows(found: Any, *columns: str, **named: F) -> list[dict[str, Any]]:
    return list(found.order_by("pk").values(*columns, **named))
