"""What changed since the last assessment of the same: like with like, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from assessments.models import Assessment, Response
from standards.queries import StandardWords, words_of

from .last_time import earlier_than
from .publishing import people_who_took_part
from .words import words_for


State = Response.State
HIGHER, LOWER, SAME = "Higher", "Lower", "The same"


@dataclass(frozen=True)
class StandardChange:
    """A standard then and now, in words; `change` says why where nothing compares."""

    code: str
    title: str
    before: str
    now: str
    change: str


@dataclass(frozen=True)
class PrincipleChange:
    name: str
    standards: tuple[StandardChange, ...]


@dataclass(frozen=True)
class Change:
    """What changed since our view of the same was locked the time before."""

    since: datetime
    edition_version: str
    people_before: int
    people_now: int
    principles: tuple[PrincipleChange, ...]


def change_since(assessment: Assessment) -> Change | None:
    """Compare an assessment with the last that was locked of the same before it.

    Shape: None where there is none; a standard that is not asked now is left out.
    """
    before = earlier_than(assessment).first()
    if before is None:
        return None
    before.organisation = assessment.organisation
    assert before.locked_at
    then = {r.standard.code: r for r in _responses(before)}
    compare = _Comparing(assessment, before, then)
    by_principle = groupby(_responses(assessment), lambda r: r.standard.principle)
    return Change(
        since=before.locked_at,
        edition_version=before.edition.version,
        people_before=people_who_took_part(before),
        people_now=people_who_took_part(assessment),
        principles=tuple(
            PrincipleChange(principle.name, tuple(map(compare.standard, responses)))
            for principle, responses in by_principle
        ),
    )


def _responses(assessment: Assessment) -> list[Response]:
    found = Response.objects.of(assessment).select_related("standard__principle")
    order = ("standard__principle__position", "standard__position")
    return list(found.order_by(*order))


@dataclass(frozen=True)
class _Comparing:
    assessment: Assessment
    before: Assessment
    then: Mapping[str, Response]

    def standard(self, response: Response) -> StandardChange:
        code = response.standard.code
        then = self.then.get(code)
        return StandardChange(
            code=code,
            title=words_for(self.assessment).standards[code].title,
            before=_said(self.before, then) if then else "Not asked",
            now=_said(self.assessment, response),
            change=self._change(then, response) if then else "Not asked last time",
        )

    def _change(self, then: Response, now: Response) -> str:
        if not self._asks_the_same(now.standard.code):
            return "Not compared: the standard says something else now"
        if then.level is not None and now.level is not None:
            return _direction(then.level, now.level)
        if then.state == now.state:
            return SAME
        return _of_states(then, now)

    def _asks_the_same(self, code: str) -> bool:
        # As the editions say it: what an organisation calls people changes nothing.
        before = words_of(self.before.edition).standards[code]
        return _asked(before) == _asked(
            words_of(self.assessment.edition).standards[code]
        )


def _asked(words: StandardWords) -> tuple[object, ...]:
    return words.title, words.statement, [(x.value, x.text) for x in words.levels]


def _direction(then: int, now: int) -> str:
    if then == now:
        return SAME
    return HIGHER if now > then else LOWER


def _of_states(then: Response, now: Response) -> str:
    """Say what changed where at least one of the two has no level."""
    if now.state == State.NOT_APPLICABLE:
        return "Does not apply any more"
    if then.state == State.NOT_APPLICABLE:
        return "Applies now"
    if now.state == State.DONT_KNOW:
        return "Not known any more"
    return "Known now" if now.state == State.ANSWERED else "Not answered yet"


def _said(assessment: Assessment, response: Response) -> str:
    """Say the level with its word, or the state."""
    if response.level is None:
        return str(response.get_state_display())
    words = words_for(assessment).standards[response.standard.code].levels
    word = next(step.word for step in words if step.value == response.level)
    return f"{response.level} {word}"
