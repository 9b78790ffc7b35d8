"""Read an assessment whole, for its own pages and the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch

from assessments.models import Assessment, Evidence, Response
from organisations.content import in_own_words
from organisations.models import Organisation
from standards.models import Principle
from standards.queries import EditionWords, StandardWords

from .owners import WITH_OWNER, owner_of
from .records import (
    AssessmentRecord,
    EvidenceRecord,
    LeftOutStandard,
    PrincipleRecord,
    StandardRecord,
    level_choice,
)
from .talk import with_dissent, with_talk
from .words import standing_alone, words_for


def assessment_record(
    assessment: Assessment, *, with_work: bool = True
) -> AssessmentRecord:
    """Read one assessment whole, in a number of queries that never grows.

    Shape: without the work, nothing of whose a standard is, who started, saved and
    locked, and what is talked of: a report says none of it, and who asks for one
    waits less.
    """
    edition = assessment.edition
    words, people = words_for(assessment), assessment.organisation.people_called
    everything = _responses(assessment, with_work=with_work)
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
        started_by=str(assessment.started_by) if with_work else "",
        locked_at=assessment.locked_at,
        locked_by=str(assessment.locked_by or "") if with_work else "",
        levels=tuple(level_choice(level) for level in words.levels),
        principles=_principles(responses, words, people),
        people=people,
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


def _responses(assessment: Assessment, *, with_work: bool) -> list[Any]:
    found = with_dissent(Response.objects.also_outside(assessment))
    if with_work:
        found = with_talk(found).select_related("saved_by", WITH_OWNER)
    return list(
        found.select_related("standard__principle")
        .prefetch_related(Prefetch("evidence", Evidence.objects.order_by("position")))
        .order_by("standard__principle__position", "standard__position")
    )


def _principles(
    responses: Sequence[Response], words: EditionWords, people: str
) -> tuple[PrincipleRecord, ...]:
    grouped: dict[Principle, list[Response]] = {}
    for response in responses:
        grouped.setdefault(response.standard.principle, []).append(response)
    return tuple(
        _principle(principle, members, words, people)
        for principle, members in grouped.items()
    )


def _principle(
    principle: Principle,
    responses: Sequence[Response],
    words: EditionWords,
    people: str,
) -> PrincipleRecord:
    return PrincipleRecord(
        code=principle.code,
        slug=principle.slug,
        name=principle.name,
        gloss=in_own_words(principle.gloss, people),
        question=in_own_words(principle.question_organisation, people),
        why=in_own_words(principle.why, people),
        position=principle.position,
        standards=tuple(
            _standard(response, words.standards[response.standard.code])
            for response in responses
        ),
    )


def _standard(response: Any, words: StandardWords) -> StandardRecord:
    standard = response.standard
    levels = {level.value: level for level in words.levels}
    level = None if response.level is None else levels[response.level]
    return StandardRecord(
        code=standard.code,
        title=words.title,
        statement=words.statement,
        position=standard.position,
        is_core=standard.is_core,
        state=response.state,
        state_label=response.get_state_display(),
        level=response.level,
        level_word=level.word if level else "",
        level_sentence=standing_alone(level, levels) if level else "",
        not_applicable_because=response.get_not_applicable_because_display(),
        reason=response.reason,
        is_finished=response.is_finished,
        is_later=response.is_later,
        version=response.version,
        saved_at=response.saved_at,
        evidence=tuple(_evidence(item) for item in response.evidence.all()),
        dissent=response.dissent or "",
        **_work_on(response),
    )


def _work_on(response: Any) -> dict[str, Any]:
    """Give who is at it and what is talked of, where that was read with it."""
    if not hasattr(response, "open_comments"):
        return {}
    return {
        "saved_by": str(response.saved_by or ""),
        "author": response.saved_by_id,
        "owner": owner_of(response),
        "open_comments": response.open_comments,
        "another_look": response.look_why or "",
    }


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
