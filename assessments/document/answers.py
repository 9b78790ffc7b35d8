"""Our answers as data: a table, and the whole as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from assessments.queries import AssessmentRecord, StandardRecord
from organisations.document import csv_text


PIECES = 3
COLUMNS = (
    *("Principle", "Standard", "Title", "What it says", "Core", "Answer", "Level"),
    *("Word", "Why it does not apply", "Reason", "What some see differently"),
    *("Finished", "For later", "Version", "Last saved"),
    *(
        f"Evidence {number}: {part}"
        for number in range(1, PIECES + 1)
        for part in ("title", "kind", "link", "date", "note", "CQC category", "who")
    ),
)
STANDARD = (
    *("code", "title", "statement", "is_core", "state", "level", "level_word"),
    *("not_applicable_because", "reason", "dissent", "is_finished", "is_later"),
    *("version", "saved_at"),
)
ABOUT = (
    "Our answers to the 4Pi National Involvement Standards, as they were when this was "
    "made. Evidence that is not public is in it. Times are in UTC."
)


def answers_csv(record: AssessmentRecord) -> str:
    """Write an assessment as CSV that a spreadsheet opens safely: a row a standard."""
    return csv_text(COLUMNS, answer_rows(record))


def answer_rows(record: AssessmentRecord) -> Iterator[tuple[object, ...]]:
    """Lay out what an assessment says as rows of `COLUMNS`."""
    for principle in record.principles:
        for standard in principle.standards:
            yield (
                *(principle.name, standard.code, standard.title, standard.statement),
                "Yes" if standard.is_core else "No",
                *(standard.state_label, standard.level, standard.level_word),
                *(standard.not_applicable_because, standard.reason, standard.dissent),
                "Yes" if standard.is_finished else "No",
                "Yes" if standard.is_later else "No",
                standard.version,
                standard.saved_at and standard.saved_at.isoformat(timespec="seconds"),
                *_pieces(standard),
            )


def _pieces(standard: StandardRecord) -> Iterator[object]:
    for item in standard.evidence:
        yield from (item.title, item.type_label, item.link, item.dated_on, item.note)
        yield item.cqc_category
        yield "Public" if item.is_public else "Private"


def answers_json(record: AssessmentRecord) -> str:
    """Write an assessment as JSON: what is there, in the order of the standards."""
    whole = {
        "about": ABOUT,
        "organisation": record.organisation_name,
        "assessment": record.public_id,
        "scope": record.scope,
        "edition": record.edition_title,
        "edition_version": record.edition_version,
        "status": record.status,
        "started_at": record.started_at,
        "locked_at": record.locked_at,
        "period_from": record.period_from,
        "period_until": record.period_until,
        "principles": [
            {
                "code": principle.code,
                "name": principle.name,
                "standards": [_standard(each) for each in principle.standards],
            }
            for principle in record.principles
        ],
    }
    return json.dumps(whole, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)


def _standard(standard: StandardRecord) -> dict[str, Any]:
    return {name: getattr(standard, name) for name in STANDARD} | {
        "evidence": [asdict(item) for item in standard.evidence]
    }
