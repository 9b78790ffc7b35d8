"""What may stand for a standard, and what would show it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.text import get_text_list

from assessments.models import Evidence, Response
from organisations.rules import months_after

from .contents import ResponseContent
from .refusals import NotAllowed


Kind = Evidence.Type
State = Response.State
# From here on a level asks for proof: docs/scoring.md.
HIGH = 3
OLD_AFTER_MONTHS = 24
SHORTEST_SENTENCE = 20


def check_can_answer(response: Response, content: ResponseContent) -> None:
    """Check that this content may stand for this standard.

    Whether our view is locked is checked by the UPDATE, so that the text of
    somebody who comes too late is kept.
    Raises: NotAllowed when the standard is left out, when a core standard is said not
    to apply, or any standard without a reason of the list and a sentence that
    explains it.
    """
    if response.is_outside:
        raise NotAllowed(
            "A lead has left this standard out of the assessment, so that its answer "
            "can't be changed."
        )
    if content.state != State.NOT_APPLICABLE:
        return
    if response.is_core:
        raise NotAllowed("This is a core standard. It always applies.")
    if not content.not_applicable_because or not content.reason.strip():
        raise NotAllowed("Choose why it does not apply, and say it in a sentence.")


# What people say, and the co-lead's agreement, come after our own view: nobody is asked
# to prove them here.
IN_USE = {Kind.NUMBER, Kind.ACCOUNT, Kind.SEEN, Kind.CHANGE, Kind.OUTSIDE_VIEW}
A_DOCUMENT = "a document that says how you work"
AN_EXAMPLE = "an example of it in use"
A_CHANGE = "a change that people can point to"


def missing_proof(level: int | None, kinds: Collection[str]) -> tuple[str, ...]:
    """Name what would still show a high level.

    Shape: `kinds` of the evidence there is; empty below level 3.
    Source: docs/scoring.md.
    """
    if level is None or level < HIGH:
        return ()
    needs = [
        (A_DOCUMENT, Kind.DOCUMENT in kinds),
        (AN_EXAMPLE, not IN_USE.isdisjoint(kinds)),
    ]
    if level > HIGH:
        needs.append((A_CHANGE, Kind.CHANGE in kinds))
    return tuple(need for need, is_there in needs if not is_there)


def advice_on_proof(code: str, content: ResponseContent) -> str:
    """Say to who saved a high level what would show it; empty where it is shown.

    Shape: `code` of the standard; sentences that follow a save, and stop nothing.
    """
    missing = missing_proof(content.level, {item.type for item in content.evidence})
    if not missing:
        return ""
    so_far, beside = " and no evidence yet", "This"
    if content.evidence:
        so_far, beside = "", "Beside the evidence you gave, this"
    return (
        f"{code} has level {content.level}{so_far}. You can leave it so. "
        f"Readers may ask what shows it. {beside} would count: "
        f"{get_text_list(list(missing), 'and')}."
    )


def is_old(dated_on: date | None, *, on: date) -> bool:
    """Say whether evidence is older than 24 months; without a date it is not."""
    return dated_on is not None and months_after(dated_on, OLD_AFTER_MONTHS) < on


def age_of(dated_on: date, *, on: date) -> str:
    """Say in words how old evidence is.

    Shape: whole months up to two years, then whole years.
    """
    months = (on.year - dated_on.year) * 12 + on.month - dated_on.month
    if months_after(dated_on, months) > on:
        months -= 1
    if months < 1:
        return "less than a month old"
    unit, number = ("month", months) if months < 24 else ("year", months // 12)
    return f"{number} {unit}{'' if number == 1 else 's'} old"


def is_short(reason: str) -> bool:
    """Say whether a reason is shorter than a sentence, or missing."""
    return len(reason.strip()) < SHORTEST_SENTENCE
