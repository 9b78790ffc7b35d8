"""What is worth a look before our view is locked. Only what is missing stops it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.text import get_text_list

from assessments.models import Assessment
from assessments.rules import AN_EXAMPLE, HIGH, is_old, is_short, missing_proof
from assessments.scoring import NOT_APPLICABLE_IN_A_PRINCIPLE, NOT_APPLICABLE_IN_ALL

from .records import AssessmentRecord, PrincipleRecord, StandardRecord


EVIDENCE = "#evidence"
REASON = "#id_reason"
FINISHED = "#id_is_finished_0"
COMMENTS = "#comments"
MOST_OPEN = 6


@dataclass(frozen=True)
class QualityLine:
    """One standard that is worth a look; `quoted` is what somebody typed."""

    code: str
    title: str
    address: str
    said: str = ""
    quoted: str = ""


@dataclass(frozen=True)
class QualityGroup:
    """Standards that are worth a look for one reason."""

    heading: str
    explanation: str
    lines: tuple[QualityLine, ...]
    stops: bool = False

    @property
    def is_folded(self) -> bool:
        """Say whether it is too long to stand open, and nothing waits for it."""
        return len(self.lines) > MOST_OPEN and not self.stops


@dataclass(frozen=True)
class QualityPage:
    """Groups with something in them, what stops locking first."""

    groups: tuple[QualityGroup, ...]

    @property
    def lines(self) -> int:
        return sum(len(group.lines) for group in self.groups)

    @property
    def stops(self) -> bool:
        return any(group.stops for group in self.groups)


def quality_page(
    record: AssessmentRecord, assessment: Assessment, *, today: date
) -> QualityPage:
    """Find what is worth a look in an assessment that has been read, in no query."""
    found = _Finder(record, assessment, today)
    groups = (
        QualityGroup(
            "Not answered",
            "Our view can be locked once each of these has an answer. "
            "“Don’t know yet” is one.",
            tuple(found.unanswered()),
            stops=True,
        ),
        QualityGroup(
            "Not finished",
            "Nobody has said yet that these are finished.",
            tuple(found.unfinished()),
        ),
        QualityGroup(
            "Needs another look",
            "Somebody who leads asked for it. Say on its page once you have looked.",
            tuple(found.another_look()),
        ),
        QualityGroup(
            "Open comments",
            "Is there something to change first? Comments are closed while our view "
            "is locked.",
            tuple(found.open_comments()),
        ),
        QualityGroup(
            "Don’t know yet",
            "This is never counted as low. Can somebody find out?",
            tuple(found.dont_know()),
        ),
        QualityGroup(
            "A level with little to show",
            "You may well be there. Readers may ask what shows it.",
            tuple(found.without_proof()),
        ),
        QualityGroup(
            "Evidence that is old, or has no date",
            "Is there something from the last 24 months?",
            tuple(found.old_evidence()),
        ),
        QualityGroup(
            "Much that does not apply",
            "A whole assessment leaves out at most "
            f"{NOT_APPLICABLE_IN_A_PRINCIPLE} standards of a part, and "
            f"{NOT_APPLICABLE_IN_ALL} in all. Yours is called a partial assessment. "
            "Could some of these apply after all?",
            tuple(found.left_out_too_far()),
        ),
        QualityGroup(
            "A reason shorter than a sentence",
            "A sentence or two helps those who were not there.",
            tuple(found.short_reasons()),
        ),
    )
    return QualityPage(tuple(group for group in groups if group.lines))


def _put_off(standard: StandardRecord) -> str:
    """Say that it was put off; "for later" counts only what has no answer."""
    if not standard.is_later:
        return ""
    return "For later." if standard.is_unanswered else "Somebody will come back to it."


def _unproven(level: int | None, kinds: Collection[str]) -> tuple[str, ...]:
    """Name what would still show a level, also one that nobody is asked to prove.

    Source: the proof of each level in the edition: level 2 needs all that level 3
    needs of our own view.
    """
    if level == 1:
        return () if kinds else (AN_EXAMPLE,)
    return missing_proof(max(level, HIGH) if level else None, kinds)


@dataclass(frozen=True)
class _Finder:
    record: AssessmentRecord
    assessment: Assessment
    today: date

    def unanswered(self) -> Iterator[QualityLine]:
        for principle, standard in self._standards():
            if standard.is_unanswered:
                yield self._line(principle, standard, _put_off(standard))

    def another_look(self) -> Iterator[QualityLine]:
        for principle, standard in self._standards():
            if standard.another_look:
                yield self._line(principle, standard, quoted=standard.another_look)

    def unfinished(self) -> Iterator[QualityLine]:
        for principle, standard in self._standards():
            if not (standard.is_finished or standard.is_unanswered):
                put_off = _put_off(standard)
                yield self._line(principle, standard, put_off, FINISHED)

    def open_comments(self) -> Iterator[QualityLine]:
        for principle, standard in self._standards():
            if number := standard.open_comments:
                said = f"{number} open comment{'' if number == 1 else 's'}."
                yield self._line(principle, standard, said, COMMENTS)

    def dont_know(self) -> Iterator[QualityLine]:
        for principle, standard in self._standards():
            if standard.is_dont_know:
                yield self._line(principle, standard)

    def without_proof(self) -> Iterator[QualityLine]:
        for principle, standard in self._standards():
            missing = _unproven(standard.level, {e.type for e in standard.evidence})
            if missing:
                said = (
                    f"Level {standard.level}, {standard.level_word}. "
                    f"What would show it: {get_text_list(list(missing), 'and')}."
                )
                yield self._line(principle, standard, said, EVIDENCE)

    def old_evidence(self) -> Iterator[QualityLine]:
        for principle, standard in self._standards():
            for item in standard.evidence:
                if item.dated_on is None:
                    said = "It has no date."
                elif is_old(item.dated_on, on=self.today):
                    said = "It is older than 24 months."
                else:
                    continue
                yield self._line(principle, standard, said, EVIDENCE, item.title)

    def left_out_too_far(self) -> Iterator[QualityLine]:
        in_all = self.record.left_out.total > NOT_APPLICABLE_IN_ALL
        for principle, standard in self._standards():
            here = principle.score.not_applicable > NOT_APPLICABLE_IN_A_PRINCIPLE
            if standard.is_not_applicable and (here or in_all):
                said = f"{standard.not_applicable_because}."
                yield self._line(principle, standard, said)

    def short_reasons(self) -> Iterator[QualityLine]:
        for principle, standard in self._standards():
            needs_one = standard.is_answered or standard.is_not_applicable
            if needs_one and is_short(standard.reason):
                said = "That is all it says." if standard.reason else "It has none."
                yield self._line(principle, standard, said, REASON, standard.reason)

    def _standards(self) -> Iterator[tuple[PrincipleRecord, StandardRecord]]:
        for principle in self.record.principles:
            for standard in principle.standards:
                yield principle, standard

    def _line(
        self,
        principle: PrincipleRecord,
        standard: StandardRecord,
        said: str = "",
        part: str = "",
        quoted: str = "",
    ) -> QualityLine:
        page = self.assessment.question_address(principle.slug, standard.position)
        return QualityLine(standard.code, standard.title, page + part, said, quoted)
