"""How an organisation stands on the register, as its own people read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from organisations.models import Membership, Milestone, Organisation
from organisations.rules import in_words, months_after


Stage = Organisation.Stage
PUBLIC_TEXTS = ("public_strengths", "public_gaps", "public_actions")
# The fields that leads and co-leads change themselves, in the order of the pages.
ENTRY = (
    *("nation", "area", "website", "serves", "scope", "scope_name", "domains"),
    *("sponsor_role", "co_lead", "co_lead_by", "payment", "why_not_paid", "own_words"),
)
# What has no meaning beside some answers, so that its absence says nothing.
ONLY_SOMETIMES = {"scope_name", "co_lead_by", "why_not_paid"}
LABELS = {
    "nation": "Nation",
    "area": "Area",
    "website": "Website",
    "serves": "Whom you serve",
    "scope": "Who signed up",
    "scope_name": "Name of the service or team",
    "domains": "Where people have a say",
    "sponsor_role": "Role of the senior sponsor",
    "co_lead": "Lived-experience co-lead",
    "co_lead_by": "Co-lead found by",
    "payment": "People who take part are paid",
    "why_not_paid": "Why not everybody is paid",
    "own_words": "Your promise in your own words",
    "public_strengths": "What goes well",
    "public_gaps": "What is missing",
    "public_actions": "What you will do",
}


@dataclass(frozen=True)
class EntryRow:
    key: str
    value: str
    is_multiline: bool = True
    href: str = ""


@dataclass(frozen=True)
class OurMilestone:
    public_id: UUID
    text: str
    due_on: date
    kept_on: date | None
    dropped_on: date | None
    why_dropped: str
    is_open: bool
    is_missed: bool
    when: str


@dataclass(frozen=True)
class Standing:
    """`when_due` says in words how far off the next date is."""

    is_registered: bool
    is_lapsed: bool
    stage: str
    stage_code: str
    since: date | None
    due_on: date | None
    when_due: str
    signed_up_on: date | None
    published_on: date | None
    assessed_by: str
    has_one_lead: bool
    milestones: tuple[OurMilestone, ...]
    due_milestones: tuple[OurMilestone, ...]
    version: int


def standing_of(organisation: Organisation, today: date) -> Standing:
    """Say how an organisation stands, in two queries.

    Shape: `due_milestones` are the open ones of the next month, and those missed.
    """
    milestones = _our_milestones(organisation, today)
    leads = Membership.objects.of(organisation).filter(role=Membership.Role.LEAD)
    soon = months_after(today, 1)
    return Standing(
        is_registered=bool(organisation.stage),
        is_lapsed=organisation.stage == Stage.LAPSED,
        stage=organisation.get_stage_display(),
        stage_code=organisation.stage,
        since=organisation.stage_since,
        due_on=organisation.due_on,
        when_due=in_words(organisation.due_on, today) if organisation.due_on else "",
        signed_up_on=organisation.signed_up_on,
        published_on=organisation.published_on,
        assessed_by=organisation.get_assessed_by_display(),
        has_one_lead=leads.count() == 1,
        milestones=milestones,
        due_milestones=tuple(m for m in milestones if m.is_open and m.due_on <= soon),
        version=organisation.version,
    )


def entry_names(organisation: Organisation) -> tuple[str, ...]:
    """Name the fields that may be changed: public texts once something is published."""
    return (*ENTRY, *PUBLIC_TEXTS) if organisation.published_on else ENTRY


def entry_rows(
    organisation: Organisation, names: Iterable[str] = ()
) -> tuple[EntryRow, ...]:
    """Say what stands in the entry, each thing as people read it."""
    return tuple(
        EntryRow(key=LABELS[name], value=_in_words(organisation, name))
        for name in names or entry_names(organisation)
        if names or getattr(organisation, name) or name not in ONLY_SOMETIMES
    )


def _in_words(organisation: Organisation, name: str) -> str:
    value = getattr(organisation, name)
    if name == "domains":
        labels = [str(d.label) for d in Organisation.Domain if d in value]
        return "\n".join(labels)
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    display = getattr(organisation, f"get_{name}_display", None)
    return str(display() if display else value or "")


def _our_milestones(
    organisation: Organisation, today: date
) -> tuple[OurMilestone, ...]:
    milestones = Milestone.objects.of(organisation).order_by("due_on", "pk")
    return tuple(
        OurMilestone(
            public_id=m.public_id,
            text=m.text,
            due_on=m.due_on,
            kept_on=m.kept_on,
            dropped_on=m.dropped_on,
            why_dropped=m.why_dropped,
            is_open=not m.kept_on and not m.dropped_on,
            is_missed=m.is_missed(today),
            when=in_words(m.due_on, today),
        )
        for m in milestones
    )
