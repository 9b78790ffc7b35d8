"""A full record as JSON: all that it says, in the order of its sections."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from .record import PrincipleEntry, ReportDocument


ABOUT = (
    "A full record of a self-assessment against the 4Pi National Involvement "
    "Standards, as it was frozen. Evidence that is not public is in it. Times are in "
    "UTC."
)


def record_json(document: ReportDocument, *, check_code: str = "") -> str:
    """Write a full record as JSON."""
    whole = {
        "about": ABOUT,
        **_facts(document),
        "check_code": check_code,
        "levels": [asdict(level) for level in document.levels],
        "change_since_last_time": _of_background(document, "change"),
        "principles": [_principle(principle) for principle in document.principles],
        "how_it_was_done": {
            name: _of_background(document, name)
            for name in (
                *("started_as", "locked_as", "roles", "rated", "domains"),
                *("ended_locks", "held_back", "made_public"),
            )
        },
        "left_out": _left_out(document),
        "edition_note": document.edition_note,
    }
    return json.dumps(whole, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)


def _facts(document: ReportDocument) -> dict[str, Any]:
    """Gather what stands on the cover, and the counts beside the five bars."""
    return {
        "organisation": document.organisation,
        "scope": document.scope,
        "is_draft": document.is_draft,
        "is_partial": document.is_partial,
        "people": document.people,
        "not_asked": document.not_asked,
        "period_from": document.period_from,
        "period_until": document.period_until,
        "answers_by": document.answer_by,
        "started_at": document.started_at,
        "locked_at": document.locked_at,
        "frozen_at": document.frozen_at,
        "edition": document.edition,
        "edition_version": document.edition_version,
        "standards_at_level_3_or_above": document.in_place,
        "standards_that_apply": document.applicable,
    }


def _principle(principle: PrincipleEntry) -> dict[str, Any]:
    # As people read it: what shows an answer comes after all that is said of it.
    whole = asdict(principle)
    for standard in whole["standards"]:
        standard["evidence"] = standard.pop("evidence")
    return whole


def _of_background(document: ReportDocument, name: str) -> Any:
    """Give one part of how it was done; older documents have none."""
    background = document.background
    return None if background is None else asdict(background)[name]


def _left_out(document: ReportDocument) -> dict[str, Any]:
    return {
        "not_asked": document.outside,
        "because_these_do_not_apply": document.other_domains,
        "does_not_apply": [
            {"code": s.code, "because": s.not_applicable_because}
            for s in document.not_applicable
        ],
        "not_in_this_report": document.not_in_it,
    }
