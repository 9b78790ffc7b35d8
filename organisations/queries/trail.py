"""The audit trail as its readers see it: in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from organisations.models import AuditEvent, Organisation, User


# What a lead reads for each event. {person} is whom it was about.
ACTIVITY = {
    "assessments.assessment started": "started an assessment",
    "assessments.assessment locked": "locked our view",
    "assessments.response answered": "answered a standard",
    "assessments.response finished": "marked a principle as complete",
    "reports.report requested": "asked for a report",
    "reports.report retried": "tried a report again",
    "reports.report published": "A report was made",
    "reports.report failed": "A report could not be made",
    "organisations.organisation added": "added the organisation",
    "organisations.organisation edited": "changed the organisation’s details",
    "organisations.organisation paused": "paused the organisation",
    "organisations.organisation resumed": "let the organisation go on after a pause",
    "organisations.organisation under_way": "put “Assessment under way” on the register",
    "organisations.organisation own_view": "put “Published: own view” on the register",
    "organisations.organisation lapsed": "The date went by, and the register says “Lapsed”",
    "organisations.organisation signed_up": "put “Signed up” on the register",
    "organisations.signup approved": "put the organisation on the register",
    "organisations.signup noted": "noted something about a sign-up",
    "organisations.signup asked": "asked something about a sign-up",
    "organisations.signup declined": "declined a sign-up",
    "organisations.membership added": "added a member",
    "organisations.membership edited": "changed a member",
    "organisations.membership role_changed": "changed the role of {person}",
    "organisations.membership removed": "removed {person}",
    "organisations.membership left": "left the organisation",
    "organisations.invitation invited": "invited somebody",
    "organisations.invitation resent": "sent an invitation again",
    "organisations.invitation cancelled": "cancelled an invitation",
    "organisations.invitation accepted": "joined by an invitation",
    "organisations.invitation asked_again": "Somebody asked for a new invitation",
    "organisations.leadoffer offered": "offered the lead to {person}",
    "organisations.leadoffer accepted": "accepted the lead",
    "organisations.leadoffer declined": "declined the lead",
    "organisations.leadoffer withdrew": "withdrew the offer of the lead to {person}",
}
STEWARD = "A steward"
GONE = "Somebody who left"
A_MEMBER = "a member"


@dataclass(frozen=True)
class ActivityLine:
    who: str
    what: str
    at: datetime


def events_of(organisation: Organisation) -> QuerySet[AuditEvent]:
    """Load an organisation's audit trail, newest first."""
    events = AuditEvent.objects.filter(organisation=organisation.slug)
    return events.order_by("-at", "-pk")


def activity_lines(
    organisation: Organisation, events: Sequence[AuditEvent]
) -> tuple[ActivityLine, ...]:
    """Say a page of the audit trail in words, in two queries.

    Shape: an empty `who` where no person did it.
    """
    names = _names(organisation, events)
    return tuple(
        ActivityLine(
            who=names.get(str(event.actor), GONE) if event.actor else "",
            what=_what(event, names),
            at=event.at,
        )
        for event in events
    )


def _what(event: AuditEvent, names: Mapping[str, str]) -> str:
    sentence = ACTIVITY.get(f"{event.subject_type} {event.verb}", event.verb)
    person = names.get(event.details.get("person", ""), A_MEMBER)
    return sentence.format(person=person)


def _names(organisation: Organisation, events: Sequence[AuditEvent]) -> dict[str, str]:
    """Name members and stewards by their opaque ids; who left has no name here."""
    asked = {str(event.actor) for event in events if event.actor}
    asked |= {event.details["person"] for event in events if "person" in event.details}
    people = User.objects.filter(public_id__in=asked)
    stewards = people.filter(is_staff=True).values_list("public_id", flat=True)
    inside = people.filter(is_staff=False, memberships__organisation=organisation)
    return {str(steward): STEWARD for steward in stewards} | {
        str(user.public_id): str(user) for user in inside
    }
