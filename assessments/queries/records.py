"""An assessment as its pages and the report read it: whole, and frozen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from assessments.models import Response
from assessments.scoring import (
    LeftOut,
    PrincipleScore,
    ScoredResponse,
    score_principle,
)
from standards.queries import LevelWords

from .owners import Owner, names_of
from .progress import Progress


@dataclass(frozen=True)
class LevelChoice:
    """A level of the scale; `sentence` is what it means for one standard."""

    value: int
    word: str
    sentence: str
    proof: str = ""


def level_choice(level: LevelWords) -> LevelChoice:
    return LevelChoice(level.value, level.word, level.text, level.proof)


@dataclass(frozen=True)
class EvidenceRecord:
    title: str
    link: str
    note: str
    dated_on: date | None
    type: str
    type_label: str
    is_public: bool
    cqc_category: str = ""


@dataclass(frozen=True)
class StandardRecord:
    """One standard and what the organisation says of it.

    `level_word` and `level_sentence` are empty unless there is a level.
    """

    code: str
    title: str
    statement: str
    position: int
    is_core: bool
    state: str
    state_label: str
    level: int | None
    level_word: str
    level_sentence: str
    not_applicable_because: str
    reason: str
    is_finished: bool
    is_later: bool
    version: int
    saved_at: datetime | None
    evidence: tuple[EvidenceRecord, ...]
    saved_by: str = ""
    open_comments: int = 0
    another_look: str = ""
    # What some see differently.
    dissent: str = ""
    owner: Owner | None = None
    # The key of who saved it last.
    author: int | None = None

    def is_of(self, person: int) -> bool:
        """Say whether it is this person's to answer."""
        return self.owner is not None and self.owner.person == person

    def is_answer_of(self, person: int) -> bool:
        """Say whose answer it is: with whom it is shared, or else who saved it last."""
        return self.is_of(person) if self.owner else self.author == person

    @property
    def is_answered(self) -> bool:
        return self.state == Response.State.ANSWERED

    @property
    def is_unanswered(self) -> bool:
        return self.state == Response.State.UNANSWERED

    @property
    def is_dont_know(self) -> bool:
        return self.state == Response.State.DONT_KNOW

    @property
    def is_not_applicable(self) -> bool:
        return self.state == Response.State.NOT_APPLICABLE

    @property
    def is_completed(self) -> bool:
        """Say whether it is finished, and nobody asks for another look at it."""
        return self.is_finished and not self.another_look

    @property
    def is_in_progress(self) -> bool:
        return not self.is_finished and self.version > 0


def progress_of(standards: Sequence[StandardRecord]) -> Progress:
    states = Counter(standard.state for standard in standards)
    return Progress(
        standards=len(standards),
        answered=states[Response.State.ANSWERED],
        dont_know=states[Response.State.DONT_KNOW],
        not_applicable=states[Response.State.NOT_APPLICABLE],
        for_later=sum(s.is_later and s.is_unanswered for s in standards),
    )


def first_to_answer(standards: Iterable[StandardRecord]) -> StandardRecord | None:
    """Find the next without an answer; what somebody put off comes last."""
    waiting = [standard for standard in standards if standard.is_unanswered]
    return next(iter(sorted(waiting, key=lambda each: each.is_later)), None)


@dataclass(frozen=True)
class LeftOutStandard:
    """A standard that is not asked, because none of its domains applies."""

    code: str
    title: str


@dataclass(frozen=True)
class PrincipleRecord:
    code: str
    slug: str
    name: str
    gloss: str
    question: str
    why: str
    position: int
    standards: tuple[StandardRecord, ...]

    @cached_property
    def score(self) -> PrincipleScore:
        return score_principle(
            [
                ScoredResponse(level=s.level, applies=not s.is_not_applicable)
                for s in self.standards
            ]
        )

    @property
    def owners(self) -> tuple[str, ...]:
        """Name who answers here, in the order of the standards."""
        return names_of(standard.owner for standard in self.standards)

    @property
    def progress(self) -> Progress:
        return progress_of(self.standards)

    @property
    def is_completed(self) -> bool:
        return all(s.is_completed for s in self.standards)

    @property
    def unfinished(self) -> tuple[StandardRecord, ...]:
        """Find what is for later, or of which nobody has said that it is finished."""
        return tuple(s for s in self.standards if not s.is_finished)

    @property
    def open_comments(self) -> int:
        return sum(s.open_comments for s in self.standards)

    @property
    def another_looks(self) -> int:
        return sum(bool(s.another_look) for s in self.standards)

    @property
    def is_begun(self) -> bool:
        return any(s.version for s in self.standards)

    @property
    def next_unanswered(self) -> StandardRecord | None:
        return first_to_answer(self.standards)


@dataclass(frozen=True)
class OwnPart:
    """What is one person's in an assessment: how much, how far, by when at first."""

    progress: Progress
    due_on: date | None
    another_looks: int = 0
    for_later: int = 0
    unfinished: int = 0

    @property
    def standards(self) -> int:
        return self.progress.standards

    @property
    def still_open(self) -> str:
        """Say what is still to do, though each has a response; empty for nothing."""
        needs = "needs" if self.another_looks == 1 else "need"
        parts = {
            f"{needs} another look": self.another_looks,
            "not known yet": self.progress.dont_know,
            "for later": self.for_later,
            "not marked as finished": self.unfinished,
        }
        return "; ".join(
            f"{number} {words}" for words, number in parts.items() if number
        )


@dataclass(frozen=True)
class NextStep:
    """The standard that somebody answers next.

    Shape: `is_begun` says that she has answered and goes on with what is hers, or that
    nothing is.
    """

    principle: PrincipleRecord
    standard: StandardRecord
    is_begun: bool


@dataclass(frozen=True)
class AssessmentRecord:
    """A whole assessment: everything the overview and the report show."""

    public_id: str
    organisation_name: str
    organisation_slug: str
    edition_title: str
    edition_version: str
    edition_review_note: str
    scope: str
    status: str
    status_label: str
    is_locked: bool
    started_at: datetime
    started_by: str
    locked_at: datetime | None
    locked_by: str
    levels: tuple[LevelChoice, ...]
    principles: tuple[PrincipleRecord, ...]
    period_from: date | None = None
    period_until: date | None = None
    answer_by: date | None = None
    # What the organisation calls the people it serves, where it has said so.
    people: str = ""
    other_domains: tuple[str, ...] = ()
    outside: tuple[LeftOutStandard, ...] = ()

    @property
    def standards(self) -> tuple[StandardRecord, ...]:
        return tuple(s for p in self.principles for s in p.standards)

    @property
    def progress(self) -> Progress:
        return progress_of(self.standards)

    @property
    def unanswered(self) -> tuple[StandardRecord, ...]:
        return tuple(s for s in self.standards if s.is_unanswered)

    @property
    def dont_know(self) -> tuple[StandardRecord, ...]:
        return tuple(s for s in self.standards if s.is_dont_know)

    @property
    def left_out(self) -> LeftOut:
        return LeftOut(tuple(p.score.not_applicable for p in self.principles))

    def parts_of(
        self, person: int
    ) -> tuple[tuple[PrincipleRecord, tuple[StandardRecord, ...]], ...]:
        """Find the standards that are one person's, by principle."""
        parts = (
            (principle, tuple(s for s in principle.standards if s.is_of(person)))
            for principle in self.principles
        )
        return tuple((principle, own) for principle, own in parts if own)

    def looks_of(
        self, person: int
    ) -> tuple[tuple[PrincipleRecord, StandardRecord], ...]:
        """Find one person's answers that need another look, with their principles."""
        return tuple(
            (principle, standard)
            for principle in self.principles
            for standard in principle.standards
            if standard.another_look and standard.is_answer_of(person)
        )

    def own_part(self, person: int) -> OwnPart:
        own = [s for s in self.standards if s.is_of(person)]
        waiting = (s.owner.due_on for s in own if s.owner and s.is_unanswered)
        return OwnPart(
            progress=progress_of(own),
            due_on=min((day for day in waiting if day), default=None),
            another_looks=sum(bool(s.another_look) for s in own),
            for_later=sum(s.is_later for s in own),
            unfinished=sum(s.is_in_progress and not s.is_later for s in own),
        )

    def next_for(self, person: int) -> NextStep | None:
        """Find where one person goes on: with her own, with nobody's, with anybody's."""
        waiting = [
            (principle, standard)
            for principle in self.principles
            for standard in principle.standards
            if standard.is_unanswered
        ]
        # What somebody put off comes after the rest.
        waiting.sort(key=lambda each: each[1].is_later)
        own = (each for each in waiting if each[1].is_of(person))
        free = (each for each in waiting if each[1].owner is None)
        found = next(own, next(free, next(iter(waiting), None)))
        if found is None:
            return None
        principle, standard = found
        has_own = any(each.is_of(person) for each in self.standards)
        is_begun = any(each.author == person for each in self.standards)
        goes_on = is_begun and (standard.is_of(person) or not has_own)
        return NextStep(principle, standard, is_begun=goes_on)
