"""Assessments and reports in the states that the tests of reports need."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings

from assessments.models import Assessment, Response
from assessments.operations import answer, lock
from assessments.queries import (
    AssessmentRecord,
    Background,
    EvidenceRecord,
    LevelChoice,
    PrincipleRecord,
    RolePart,
    StandardRecord,
)
from assessments.rules import EvidenceContent
from organisations.models import User
from reports.models import Report
from reports.operations import request_report
from tests.factories import NOW, content


WORDS = ("Not started", "Early steps", "Partly in place", "In place", "Shared")


def make_standard(code: str = "PR1", **overrides: Any) -> StandardRecord:
    level = overrides.get("level", 2)
    standard = StandardRecord(
        code=code,
        title=f"Title of {code}",
        statement=f"We do {code}.",
        position=1,
        is_core=False,
        state="answered",
        state_label="Answered",
        level=level,
        level_word="" if level is None else WORDS[level],
        level_sentence="" if level is None else f"What {level} means for {code}.",
        not_applicable_because="",
        reason="",
        is_finished=True,
        is_later=False,
        version=1,
        saved_at=NOW,
        saved_by="Asha Lead",
        evidence=(),
    )
    return replace(standard, **overrides)


def dont_know(code: str) -> StandardRecord:
    return make_standard(code, state="dont_know", level=None)


def does_not_apply(code: str) -> StandardRecord:
    return make_standard(
        code,
        state="not_applicable",
        level=None,
        not_applicable_because="We have no staff",
        reason="Volunteers do it all.",
    )


def make_evidence(**overrides: Any) -> EvidenceRecord:
    fields: dict[str, Any] = {
        "title": "The charter",
        "link": "https://riverside.example/charter",
        "note": "Written together.",
        "dated_on": date(2026, 5, 3),
        "type": "document",
        "type_label": "A document",
        "is_public": False,
    }
    return EvidenceRecord(**fields | overrides)


def make_principle(
    *standards: StandardRecord, code: str = "PR", name: str = "Principles"
) -> PrincipleRecord:
    return PrincipleRecord(
        code=code,
        slug=name.lower(),
        name=name,
        gloss="How we treat one another",
        question="How do we treat people?",
        why="People can tell.",
        position=1,
        standards=standards,
    )


def make_record(*principles: PrincipleRecord, **overrides: Any) -> AssessmentRecord:
    record = AssessmentRecord(
        public_id="b8f6f0c2-0000-4000-8000-000000000000",
        organisation_name="Riverside",
        organisation_slug="riverside",
        edition_title="The edition",
        edition_version="2026.1",
        edition_review_note="Nobody has checked it yet.",
        scope="The whole organisation",
        status="locked",
        status_label="Our view is locked",
        is_locked=True,
        started_at=NOW,
        started_by="Asha Lead",
        locked_at=NOW,
        locked_by="Maureen Colead",
        levels=tuple(
            LevelChoice(value, word, f"{word}, in general.")
            for value, word in enumerate(WORDS)
        ),
        principles=principles or (make_principle(make_standard()),),
    )
    return replace(record, **overrides)


def make_background(**overrides: Any) -> Background:
    fields: dict[str, Any] = {
        "started_as": "Lead",
        "locked_as": "Lead",
        "domains": ("Own care",),
        "roles": (RolePart("Lead", 2, 0), RolePart("No longer a member", 1, 0)),
        "rated": 0,
        "ended_locks": (),
        "held_back": None,
        "made_public": None,
        "change": None,
    }
    return Background(**fields | overrides)


def answer_all(assessment: Assessment, by: User, **overrides: Any) -> None:
    """Answer every standard, at levels 0 to 4 in turn, with evidence."""
    evidence = (EvidenceContent(title="The charter", type="document"),)
    responses = Response.objects.of(assessment).select_related(
        "standard", "saved_by", "assessment__organisation"
    )
    for number, response in enumerate(responses.order_by("pk")):
        said = {"level": number % 5, "is_finished": True, "evidence": evidence}
        answer(
            response=response,
            content=content(**said | overrides),
            version=0,
            by=by,
            at=NOW,
        )


def lock_it(assessment: Assessment, by: User) -> None:
    lock(assessment=assessment, by=by, at=NOW)
    assessment.refresh_from_db()


def make_report(assessment: Assessment, by: User) -> Report:
    return request_report(assessment=assessment, by=by, at=NOW)


def make_poison(assessment: Assessment, by: User) -> Report:
    """Make a report that no worker can make: its document says nothing."""
    report = make_report(assessment, by)
    report.document = {}
    report.save(update_fields=["document"])
    return report


def pdf_of(report: Report) -> bytes:
    report.refresh_from_db()
    content: bytes = (settings.MEDIA_ROOT / report.file).read_bytes()
    return content
