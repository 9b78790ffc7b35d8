"""Every piece of evidence of an assessment, in the order of its standards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from assessments.models import Assessment, Evidence
from assessments.rules import is_old


@dataclass(frozen=True)
class SoughtEvidence:
    """What is looked for; empty finds everything."""

    type: str = ""
    only_old: bool = False
    only_private: bool = False

    @property
    def is_narrowed(self) -> bool:
        return self != SoughtEvidence()


@dataclass(frozen=True)
class EvidenceLine:
    """One piece of evidence; `question` is the address where it is changed."""

    principle: str
    code: str
    standard: str
    question: str
    title: str
    link: str
    note: str
    type: str
    cqc_category: str
    dated_on: date | None
    is_old: bool
    is_public: bool


@dataclass(frozen=True)
class EvidenceGroup:
    principle: str
    lines: tuple[EvidenceLine, ...]


def evidence_lines(
    assessment: Assessment, sought: SoughtEvidence, *, today: date
) -> tuple[EvidenceLine, ...]:
    """List evidence in the order of the standards, in one query.

    Shape: the assessment comes with its organisation.
    """
    found = Evidence.objects.filter(
        response__assessment=assessment, response__is_outside=False
    )
    if sought.type:
        found = found.filter(type=sought.type)
    if sought.only_private:
        found = found.filter(is_public=False)
    rows = found.select_related("response__standard__principle").order_by(
        "response__standard__principle__position",
        "response__standard__position",
        "position",
    )
    lines = (_line(item, assessment, today) for item in rows)
    # The same rule as everywhere, and never more than ninety pieces to ask it of.
    return tuple(line for line in lines if line.is_old or not sought.only_old)


def evidence_groups(lines: Sequence[EvidenceLine]) -> tuple[EvidenceGroup, ...]:
    """Put lines that are in order under their principles."""
    grouped = groupby(lines, key=lambda line: line.principle)
    return tuple(EvidenceGroup(name, tuple(members)) for name, members in grouped)


def _line(item: Evidence, assessment: Assessment, today: date) -> EvidenceLine:
    standard = item.response.standard
    page = assessment.question_address(standard.principle.slug, standard.position)
    return EvidenceLine(
        principle=standard.principle.name,
        code=standard.code,
        standard=standard.title,
        question=f"{page}#evidence",
        title=item.title,
        link=item.link,
        note=item.note,
        type=item.get_type_display(),
        cqc_category=item.get_cqc_category_display(),
        dated_on=item.dated_on,
        is_old=is_old(item.dated_on, on=today),
        is_public=item.is_public,
    )
