"""Read an assessment whole, for its own pages and the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch

from assessments.models import Assessment, Evidence, Response
from organisations.models import Organisation
from standards.models import Level, LevelSentence, Principle

from .owners import WITH_OWNER, owner_of
from .records import (
    AssessmentRecord,
    EvidenceRecord,
    LeftOutStandard,
    LevelChoice,
    PrincipleRecord,
    StandardRecord,
)
from .talk import with_talk


def assessment_record(assessment: Assessment) -> AssessmentRecord:
    """Read one assessment whole, in a number of queries that never grows."""
    edition = assessment.edition
    levels = list(edition.levels.order_by("value"))
    everything = _responses_with_everything(assessment)
    responses = [response for response in everything if not response.is_outside]
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
        period_from=assessment.period_from,
        period_until=assessment.period_until,
        answer_by=assessment.answer_by,
        other_domains=_others(assessment.domains),
        outside=tuple(
            LeftOutStandard(response.standard.code, response.standard.title)
            for response in everything
            if response.is_outside
        ),
    )


def _others(domains: Sequence[str]) -> tuple[str, ...]:
    """Name the domains that do not apply."""
    named = Organisation.Domain.choices
    return tuple(str(label) for code, label in named if code not in domains)


def _responses_with_everything(assessment: Assessment) -> list[Any]:
    sentences = Prefetch(
        "standard__level_sentences", LevelSentence.objects.select_related("level")
    )
    return list(
        with_talk(Response.objects.also_outside(assessment))
        .select_related("standard__principle", "saved_by", WITH_OWNER)
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


def _standard(response: Any, words: dict[int, str]) -> StandardRecord:
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
        open_comments=response.open_comments,
        another_look=response.look_why or "",
        owner=owner_of(response),
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
