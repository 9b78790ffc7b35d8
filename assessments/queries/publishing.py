"""What is to be known before an assessment is published, and what would be public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from assessments.models import Assessment, Hold, Publication, ResponseRevision
from assessments.rules import (
    NotAllowed,
    band_of,
    check_can_lift,
    check_can_publish,
)
from organisations.models import Membership, Organisation
from organisations.rules import next_due


Scope = Organisation.Scope


@dataclass(frozen=True)
class HoldLine:
    """Who holds publishing back, and whether the reader can let it go."""

    public_id: UUID
    placed_by: str
    placed_as: str
    placed_at: datetime
    reason: str
    can_lift: bool


@dataclass(frozen=True)
class PublishingPage:
    """`refusal` is a sentence, and empty when it can be published now."""

    is_registered: bool
    is_published: bool
    published_at: datetime | None
    published_by: str
    why_not_asked: str
    hold: HoldLine | None
    refusal: str
    today: date
    next_due: date
    signed_up_with: str
    is_other_scope: bool


def publishing_page(
    assessment: Assessment, membership: Membership, now: datetime
) -> PublishingPage:
    """Gather what the pages say about publishing, in one query at most.

    Shape: the assessment comes with its publication.
    """
    organisation = assessment.organisation
    publication: Publication | None = getattr(assessment, "publication", None)
    hold = None if publication else open_hold(assessment)
    today = timezone.localdate(now)
    return PublishingPage(
        is_registered=bool(organisation.stage),
        is_published=publication is not None,
        published_at=publication.published_at if publication else None,
        published_by=str(publication.published_by) if publication else "",
        why_not_asked=publication.why_not_asked if publication else "",
        hold=_hold_line(hold, membership) if hold else None,
        refusal=_refusal(assessment, hold, is_published=publication is not None),
        today=today,
        next_due=next_due(today),
        signed_up_with=_scope_of(organisation),
        is_other_scope=_is_whole(assessment) != (organisation.scope == Scope.WHOLE),
    )


def open_hold(assessment: Assessment) -> Hold | None:
    return assessment.holds.open().select_related("placed_by").first()


def assessed_by(assessment: Assessment) -> str:
    """Say roughly how many people took part; nothing where nobody did."""
    people = people_who_took_part(assessment)
    return str(Organisation.Band(band_of(people)).label) if people else ""


def people_who_took_part(assessment: Assessment) -> int:
    """Count whose answers stood at some time."""
    saved = ResponseRevision.objects.filter(
        response__assessment=assessment, outcome=ResponseRevision.Outcome.SAVED
    )
    return saved.values("saved_by").distinct().count()


def _hold_line(hold: Hold, membership: Membership) -> HoldLine:
    try:
        check_can_lift(hold, membership)
    except NotAllowed:
        can_lift = False
    else:
        can_lift = True
    return HoldLine(
        public_id=hold.public_id,
        placed_by=str(hold.placed_by),
        placed_as=hold.get_placed_as_display().lower(),
        placed_at=hold.placed_at,
        reason=hold.reason,
        can_lift=can_lift,
    )


def _refusal(assessment: Assessment, hold: Hold | None, *, is_published: bool) -> str:
    try:
        check_can_publish(assessment, hold=hold, is_published=is_published)
    except NotAllowed as reason:
        return str(reason)
    return ""


def _scope_of(organisation: Organisation) -> str:
    return organisation.scope_name or organisation.get_scope_display()


def _is_whole(assessment: Assessment) -> bool:
    return assessment.scope == Assessment.Scope.ORGANISATION
