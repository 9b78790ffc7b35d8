"""The way through all standards that are asked, one after the other."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.models import Assessment, Response

from .question import QuestionPage


@dataclass(frozen=True)
class Steps:
    """Where a standard is among all that are asked; an address is empty at an end."""

    number: int
    of: int
    before: str
    after: str


def meeting_steps(assessment: Assessment, page: QuestionPage) -> Steps:
    """Find what comes before and after a standard, in one query.

    Shape: one that is left out stands before the first.
    """
    places = _places(assessment)
    here = (page.principle.slug, page.position)
    number = places.index(here) + 1 if here in places else 0
    return Steps(
        number=number,
        of=len(places),
        before=_address(assessment, places[number - 2 : number - 1]),
        after=_address(assessment, places[number : number + 1]),
    )


def first_step(assessment: Assessment) -> str:
    """Give the address where a meeting begins, or nothing where nothing is asked."""
    return _address(assessment, _places(assessment)[:1])


def _places(assessment: Assessment) -> list[tuple[str, int]]:
    asked = Response.objects.of(assessment).order_by(
        "standard__principle__position", "standard__position"
    )
    return list(asked.values_list("standard__principle__slug", "standard__position"))


def _address(assessment: Assessment, places: list[tuple[str, int]]) -> str:
    return assessment.meeting_address(*places[0]) if places else ""
