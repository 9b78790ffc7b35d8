"""An assessment as its own pages and the report read it: whole, or one standard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from assessments.models import Assessment, Evidence, Response, ResponseRevision
from assessments.rules import missing_proof
from assessments.scoring import (
    NOT_APPLICABLE_IN_A_PRINCIPLE,
    NOT_APPLICABLE_IN_ALL,
    LeftOut,
    PrincipleScore,
    ScoredResponse,
    score_principle,
)
from organisations.models import Organisation, User
from standards.models import Duty, Level, LevelSentence, Principle, Standard


LEFT_OUT = Response.State.NOT_APPLICABLE


@dataclass(frozen=True)
class LevelChoice:
    """A level of the scale; `sentence` is what it means for one standard."""

    value: int
    word: str
    sentence: str


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
    version: int
    saved_at: datetime | None
    saved_by: str
    evidence: tuple[EvidenceRecord, ...]

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
    def is_in_progress(self) -> bool:
        return not self.is_finished and self.version > 0


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
    def finished(self) -> int:
        return sum(s.is_finished for s in self.standards)

    @property
    def responded(self) -> int:
        """Count what holds a response of any kind, "don't know yet" included."""
        return sum(not s.is_unanswered for s in self.standards)

    @property
    def is_finished(self) -> bool:
        return self.finished == len(self.standards)

    @property
    def is_begun(self) -> bool:
        return any(s.version for s in self.standards)

    @property
    def is_answered(self) -> bool:
        return self.responded == len(self.standards)

    @property
    def next_unanswered(self) -> StandardRecord | None:
        return next((s for s in self.standards if s.is_unanswered), None)


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

    @property
    def standards(self) -> tuple[StandardRecord, ...]:
        return tuple(s for p in self.principles for s in p.standards)

    @property
    def responded(self) -> int:
        return sum(p.responded for p in self.principles)

    @property
    def unanswered(self) -> tuple[StandardRecord, ...]:
        return tuple(s for s in self.standards if s.is_unanswered)

    @property
    def dont_know(self) -> tuple[StandardRecord, ...]:
        return tuple(s for s in self.standards if s.is_dont_know)

    @property
    def left_out(self) -> LeftOut:
        return LeftOut(tuple(p.score.not_applicable for p in self.principles))

    @property
    def next_principle(self) -> PrincipleRecord | None:
        """Return the first principle that still has an unanswered standard."""
        return next((p for p in self.principles if not p.is_answered), None)


def assessment_record(assessment: Assessment) -> AssessmentRecord:
    """Read one assessment whole, in a number of queries that never grows."""
    edition = assessment.edition
    levels = list(edition.levels.order_by("value"))
    responses = _responses_with_everything(assessment)
    return AssessmentRecord(
        public_id=str(assessment.public_id),
        organisation_name=assessment.organisation.name,
        organisation_slug=assessment.organisation.slug,
        edition_title=edition.title,
        edition_version=edition.version,
        edition_review_note=edition.review_note,
        scope=str(assessment),
        status=assessment.status,
        status_label=assessment.get_status_display(),
        is_locked=assessment.is_locked(),
        started_at=assessment.started_at,
        started_by=str(assessment.started_by),
        locked_at=assessment.locked_at,
        locked_by=str(assessment.locked_by or ""),
        levels=tuple(
            LevelChoice(level.value, level.word, level.descriptor) for level in levels
        ),
        principles=_principles(responses, levels),
    )


def _responses_with_everything(assessment: Assessment) -> list[Response]:
    sentences = Prefetch(
        "standard__level_sentences", LevelSentence.objects.select_related("level")
    )
    return list(
        Response.objects.of(assessment)
        .select_related("standard__principle", "saved_by")
        .prefetch_related(sentences, _ordered_evidence())
        .order_by("standard__principle__position", "standard__position")
    )


def _ordered_evidence() -> Prefetch[str]:
    return Prefetch("evidence", Evidence.objects.order_by("position"))


def _principles(
    responses: Sequence[Response], levels: Sequence[Level]
) -> tuple[PrincipleRecord, ...]:
    grouped: dict[Principle, list[Response]] = {}
    for response in responses:
        grouped.setdefault(response.standard.principle, []).append(response)
    return tuple(
        _principle(principle, members, levels) for principle, members in grouped.items()
    )


def _principle(
    principle: Principle, responses: Sequence[Response], levels: Sequence[Level]
) -> PrincipleRecord:
    words = {level.value: level.word for level in levels}
    return PrincipleRecord(
        code=principle.code,
        slug=principle.slug,
        name=principle.name,
        gloss=principle.gloss,
        question=principle.question_organisation,
        why=principle.why,
        position=principle.position,
        standards=tuple(_standard(response, words) for response in responses),
    )


def _standard(response: Response, words: dict[int, str]) -> StandardRecord:
    standard = response.standard
    sentences = {s.level.value: s.text for s in standard.level_sentences.all()}
    level = response.level
    return StandardRecord(
        code=standard.code,
        title=standard.title,
        statement=standard.statement,
        position=standard.position,
        is_core=standard.is_core,
        state=response.state,
        state_label=response.get_state_display(),
        level=level,
        level_word=words[level] if level is not None else "",
        level_sentence=sentences[level] if level is not None else "",
        not_applicable_because=response.get_not_applicable_because_display(),
        reason=response.reason,
        is_finished=response.is_finished,
        version=response.version,
        saved_at=response.saved_at,
        saved_by=str(response.saved_by or ""),
        evidence=tuple(_evidence(item) for item in response.evidence.all()),
    )


def _evidence(item: Evidence) -> EvidenceRecord:
    return EvidenceRecord(
        title=item.title,
        link=item.link,
        note=item.note,
        dated_on=item.dated_on,
        type=item.type,
        type_label=item.get_type_display(),
        is_public=item.is_public,
        cqc_category=item.get_cqc_category_display(),
    )


@dataclass(frozen=True)
class RejectedText:
    """Text of one's own that came too late, kept so that it can be used again."""

    saved_at: datetime
    state_label: str
    level: int | None
    reason: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class QuestionPage:
    """One standard's page: the question, what is there, and where one is."""

    response: Response
    standard: Standard
    principle: Principle
    position: int
    of: int
    choices: tuple[LevelChoice, ...]
    indicators: tuple[str, ...]
    domains: tuple[str, ...]
    duties: tuple[Duty, ...]
    evidence: tuple[Evidence, ...]
    rejected: tuple[RejectedText, ...]
    # What does not apply, whatever this standard says; and if it does not either.
    left_out: LeftOut
    left_out_then: LeftOut

    @property
    def partial_warning(self) -> str:
        """Say what it would mean if this standard did not apply; empty for nothing."""
        if self.left_out.is_partial:
            return "So much does not apply that this is a partial assessment already."
        if not self.left_out_then.is_partial:
            return ""
        return (
            f"With this one, {self.left_out_then.total} standards do not apply. Then "
            "yours is called a partial assessment. You can still choose it."
        )

    @property
    def missing_proof(self) -> tuple[str, ...]:
        """Name what would still show the level that stands now."""
        kinds = {item.type for item in self.evidence}
        return missing_proof(self.response.level, kinds)

    @property
    def is_last(self) -> bool:
        return self.position == self.of

    @property
    def level(self) -> LevelChoice | None:
        """Return the level that stands now, with its sentence."""
        return next((c for c in self.choices if c.value == self.response.level), None)


def question_page(
    assessment: Assessment, principle_slug: str, position: int, *, reader: User
) -> QuestionPage:
    """Read one standard's question page, in a number of queries that never grows.

    Raises: Response.DoesNotExist when the edition has no such standard.
    """
    response = (
        Response.objects.of(assessment)
        .select_related("standard__principle", "saved_by", "assessment__organisation")
        .prefetch_related("evidence")
        .annotate(of=_standards_in_principle())
        .get(standard__principle__slug=principle_slug, standard__position=position)
    )
    standard = response.standard
    beside = _left_out_by_principle(assessment, but=response)
    sentences = standard.level_sentences.select_related("level").order_by(
        "level__value"
    )
    return QuestionPage(
        response=response,
        standard=standard,
        principle=standard.principle,
        position=position,
        of=response.of,  # type: ignore[attr-defined]  # annotated above
        choices=tuple(
            LevelChoice(s.level.value, s.level.word, s.text) for s in sentences
        ),
        indicators=tuple(
            standard.indicators.order_by("position").values_list("text", flat=True)
        ),
        domains=tuple(
            standard.domains.order_by("position").values_list("name", flat=True)
        ),
        duties=tuple(standard.duties.order_by("position")),
        evidence=tuple(sorted(response.evidence.all(), key=attrgetter("position"))),
        rejected=_rejected_texts(response, reader),
        left_out=LeftOut(tuple(beside.values())),
        left_out_then=LeftOut(
            tuple((beside + Counter([standard.principle_id])).values())
        ),
    )


def left_out_of(assessment: Assessment) -> LeftOut:
    """Count what does not apply, in one query."""
    return LeftOut(tuple(_left_out_by_principle(assessment).values()))


def _left_out_by_principle(
    assessment: Assessment, *, but: Response | None = None
) -> Counter[int]:
    found = Response.objects.of(assessment).filter(state=LEFT_OUT)
    others = found.exclude(pk=but.pk) if but else found
    return Counter(others.values_list("standard__principle", flat=True))


def _standards_in_principle() -> Subquery:
    same = Standard.objects.filter(principle=OuterRef("standard__principle"))
    return Subquery(
        same.order_by().values("principle").annotate(n=Count("pk")).values("n")
    )


def _rejected_texts(response: Response, reader: User) -> tuple[RejectedText, ...]:
    """Find the reader's texts that came too late, since they last saved."""
    mine = response.revisions.filter(saved_by=reader)
    saved = mine.filter(outcome=ResponseRevision.Outcome.SAVED)
    last = saved.order_by("-pk").values("pk")[:1]
    rejected = mine.filter(
        outcome=ResponseRevision.Outcome.REJECTED,
        pk__gt=Coalesce(Subquery(last), 0),
    )
    return tuple(_rejected(revision) for revision in rejected.order_by("-pk"))


def _rejected(revision: ResponseRevision) -> RejectedText:
    return RejectedText(
        saved_at=revision.saved_at,
        state_label=revision.get_state_display(),
        level=revision.level,
        reason=revision.reason,
        evidence=tuple(
            " · ".join(filter(None, [e["title"], e["link"], e["note"]]))
            for e in revision.evidence
        ),
    )


@dataclass(frozen=True)
class AssessmentLine:
    """One assessment in a list."""

    title: str
    address: str
    is_locked: bool
    started_at: datetime
    locked_at: datetime | None
    responded: int
    standards: int
    is_partial: bool


def assessment_lines(organisation: Organisation) -> tuple[AssessmentLine, ...]:
    """List an organisation's assessments, newest first, in one query."""
    rows = (
        Assessment.objects.of(organisation)
        .annotate(
            standards=Count("responses"),
            responded=Count(
                "responses", filter=~Q(responses__state=Response.State.UNANSWERED)
            ),
            left_out=Count("responses", filter=Q(responses__state=LEFT_OUT)),
            leaves_out_too_much_of_one=Exists(_principles_left_out_too_far()),
        )
        .order_by("-started_at", "-pk")
    )
    return tuple(_line(row, organisation) for row in rows)


def _principles_left_out_too_far() -> Any:
    """Find principles of which more does not apply than a whole assessment has."""
    left_out = Response.objects.filter(assessment=OuterRef("pk"), state=LEFT_OUT)
    by_principle = left_out.order_by().values("standard__principle")
    counted = by_principle.annotate(left_out=Count("pk"))
    return counted.filter(left_out__gt=NOT_APPLICABLE_IN_A_PRINCIPLE)


def _line(row: Any, organisation: Organisation) -> AssessmentLine:
    # Set from what is at hand, so that the address costs no query.
    row.organisation = organisation
    return AssessmentLine(
        title=str(row),
        address=row.get_absolute_url(),
        is_locked=row.is_locked(),
        started_at=row.started_at,
        locked_at=row.locked_at,
        responded=row.responded,
        standards=row.standards,
        is_partial=row.leaves_out_too_much_of_one
        or row.left_out > NOT_APPLICABLE_IN_ALL,
    )
