"""What the public register shows: a commitment and its dates, never an assessment.

Nothing here could be made into a league table, and no member is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from organisations.models import Milestone, Organisation, OrganisationQuerySet
from organisations.models.entry import CoLead, Domain, Payment, Scope


NEWS = 50
Stage = Organisation.Stage
# What neither a feed nor a picture may hold: XML 1.0, section 2.2.
UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What each stage means, in the order of its path.
MEANINGS: dict[str, str] = {
    Stage.SIGNED_UP: "It has made the commitment. It has not started to look at itself.",
    Stage.UNDER_WAY: "It is looking at its own work.",
    Stage.OWN_VIEW: "It has put out what its own team found.",
    Stage.JOINT_VIEW: (
        "It has put out what it found together with people with lived experience, "
        "and one of them signed it."
    ),
    Stage.LAPSED: "Its date went by, and nothing new was put out. It can come back.",
}


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for; empty wants everything."""

    words: str = ""
    kind: str = ""
    nation: str = ""
    stage: str = ""


@dataclass(frozen=True)
class StageMeaning:
    name: str
    meaning: str


@dataclass(frozen=True)
class RegisterLine:
    slug: str
    name: str
    address: str
    kind: str
    nation: str
    area: str
    scope: str
    stage: str
    stage_since: date
    signed_up_on: date
    due_on: date
    published_on: date | None
    assessed_by: str
    website: str
    is_lapsed: bool
    is_paused: bool

    @property
    def place(self) -> str:
        return f"{self.area}, {self.nation}" if self.area else self.nation


@dataclass(frozen=True)
class MilestoneLine:
    text: str
    due_on: date
    kept_on: date | None
    dropped_on: date | None
    why_dropped: str
    is_missed: bool


@dataclass(frozen=True)
class RegisterPage:
    """One organisation as everybody may see it."""

    line: RegisterLine
    paused_on: date | None
    meaning: str
    own_words: str
    serves: str
    domains: tuple[str, ...]
    sponsor_role: str
    has_co_lead: bool
    co_lead_by: date | None
    is_payment_known: bool
    is_paid: bool
    why_not_paid: str
    is_joint: bool
    strengths: str
    gaps: str
    actions: str
    milestones: tuple[MilestoneLine, ...]

    @property
    def name(self) -> str:
        return self.line.name


def stage_meanings() -> tuple[StageMeaning, ...]:
    """Say what each stage means, in the order of the path."""
    return tuple(StageMeaning(str(stage.label), MEANINGS[stage]) for stage in Stage)


def on_register(wanted: Wanted) -> OrganisationQuerySet:
    """Find what a reader looks for on the register, by name."""
    exact = {
        field: value
        for field in ("kind", "nation", "stage")
        if (value := getattr(wanted, field))
    }
    return (
        Organisation.objects.registered()
        .filter(**exact)
        .matching(wanted.words)
        .by_name()
        .only(*LINE_FIELDS)
    )


def register_lines(organisations: Iterable[Organisation]) -> tuple[RegisterLine, ...]:
    """Shape organisations for the list and its file, in one query."""
    return tuple(register_line(organisation) for organisation in organisations)


def stage_news() -> tuple[RegisterLine, ...]:
    """List who signed up or moved on last, newest first, in one query."""
    newest = Organisation.objects.registered().order_by("-stage_since", "-pk")
    return register_lines(newest.only(*LINE_FIELDS)[:NEWS])


def count_registered() -> int:
    return Organisation.objects.registered().count()


def register_entry(slug: str) -> Organisation | None:
    """Load who stands on the register, or stood there until it was merged."""
    return (
        Organisation.objects.exclude(stage="")
        .select_related("merged_into")
        .filter(slug=slug)
        .first()
    )


def register_page(organisation: Organisation, today: date) -> RegisterPage:
    """Gather what everybody may read of one organisation."""
    milestones = Milestone.objects.of(organisation).order_by("due_on", "pk")
    paused_at = organisation.paused_at
    return RegisterPage(
        line=register_line(organisation),
        paused_on=timezone.localdate(paused_at) if paused_at else None,
        meaning=MEANINGS[organisation.stage],
        own_words=organisation.own_words,
        serves=organisation.serves,
        domains=tuple(str(d.label) for d in Domain if d in organisation.domains),
        sponsor_role=organisation.sponsor_role,
        has_co_lead=organisation.co_lead == CoLead.NAMED,
        co_lead_by=organisation.co_lead_by,
        is_payment_known=bool(organisation.payment),
        is_paid=organisation.payment == Payment.YES,
        why_not_paid=organisation.why_not_paid,
        is_joint=organisation.stage == Stage.JOINT_VIEW,
        strengths=organisation.public_strengths,
        gaps=organisation.public_gaps,
        actions=organisation.public_actions,
        milestones=tuple(_milestone_line(m, today) for m in milestones),
    )


LINE_FIELDS = (
    *("slug", "name", "kind", "nation", "area", "scope", "scope_name", "website"),
    *("status", "stage", "stage_since", "signed_up_on", "due_on", "published_on"),
    "assessed_by",
)


def register_line(organisation: Organisation) -> RegisterLine:
    """Shape one organisation that has signed up."""
    assert organisation.stage_since
    assert organisation.signed_up_on
    assert organisation.due_on
    is_whole = organisation.scope == Scope.WHOLE
    return RegisterLine(
        slug=organisation.slug,
        name=_printable(organisation.name),
        address=reverse("register_organisation", args=[organisation.slug]),
        kind=organisation.get_kind_display(),
        nation=organisation.get_nation_display(),
        area=_printable(organisation.area),
        scope=organisation.get_scope_display() if is_whole else organisation.scope_name,
        stage=organisation.get_stage_display(),
        stage_since=organisation.stage_since,
        signed_up_on=organisation.signed_up_on,
        due_on=organisation.due_on,
        published_on=organisation.published_on,
        assessed_by=organisation.get_assessed_by_display(),
        website=_safe_link(organisation.website),
        is_lapsed=organisation.stage == Stage.LAPSED,
        is_paused=organisation.is_paused(),
    )


def _printable(text: str) -> str:
    return UNPRINTABLE.sub(" ", text)


def _safe_link(address: str) -> str:
    return address if address.lower().startswith(("https://", "http://")) else ""


def _milestone_line(milestone: Milestone, today: date) -> MilestoneLine:
    return MilestoneLine(
        text=milestone.text,
        due_on=milestone.due_on,
        kept_on=milestone.kept_on,
        dropped_on=milestone.dropped_on,
        why_dropped=milestone.why_dropped,
        is_missed=milestone.is_missed(today),
    )
