"""The audit trail as its readers see it: in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from organisations.models import (
    AccessGrant,
    AuditEvent,
    Membership,
    Organisation,
    User,
)


# What a lead reads for each event. {person} is whom it was about.
ACTIVITY = {
    "assessments.assessment started": "started an assessment",
    "assessments.assessment locked": "locked our view",
    "assessments.hold placed": "held back publishing",
    "assessments.hold lifted": "let publishing go on",
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
    "organisations.organisation left": "took the organisation off the register",
    "organisations.milestone added": "added a milestone",
    "organisations.milestone kept": "said that a milestone is kept",
    "organisations.milestone dropped": "dropped a milestone",
    "organisations.organisation signed_up": "put “Signed up” on the register",
    "organisations.organisation extended": "gave the organisation more time",
    "organisations.organisation merged": "merged the organisation into another",
    "organisations.organisation lead_replaced": "asked somebody to be the lead",
    "organisations.signinprovider sign_in_set": "set how the organisation signs in",
    "organisations.signinprovider linked": "signed in with the organisation’s own sign-in",
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
    "organisations.notice added": "put up a notice",
    "organisations.notice edited": "changed a notice",
    "organisations.notice ended": "took a notice down",
    "organisations.accessgrant asked": "asked to read our view",
    "organisations.accessgrant granted": "let {person} read our view for 72 hours",
    "organisations.accessgrant refused": "refused to let {person} read our view",
    "organisations.accessgrant ended": "ended the access of {person} to our view",
    "organisations.accessgrant looked": "looked at our view: {place}",
    "organisations.leadoffer offered": "offered the lead to {person}",
    "organisations.leadoffer accepted": "accepted the lead",
    "organisations.leadoffer declined": "declined the lead",
    "organisations.leadoffer withdrew": "withdrew the offer of the lead to {person}",
    # A sign-up belongs to no organisation yet: stewards alone read of it.
    "organisations.signup started": "Somebody started a sign-up",
    "organisations.signup saved": "Somebody saved a page of a sign-up",
    "organisations.signup link_sent": "A new link to a sign-up was sent",
    "organisations.signup sent": "A sign-up was sent",
    "organisations.signup resent": "The mail to confirm a sign-up was sent again",
    "organisations.signup confirmed": "The address of a sign-up was confirmed",
    "organisations.signup answered": "A steward's question was answered",
    "organisations.signup withdrawn": "A sign-up was withdrawn",
    "organisations.signup forgotten": "An old sign-up was deleted",
    "organisations.signup sponsor_asked": "A senior sponsor was asked again",
    "organisations.signup sponsor_confirmed": "A senior sponsor confirmed",
    "organisations.signup sponsor_declined": "A senior sponsor did not agree",
}
# What a steward who was let in looked at.
PLACES = {
    "workspace": "the list of assessments",
    "overview": "the start of an assessment",
    "principle": "the list of standards of “{principle}”",
    "check": "the answers of “{principle}”",
    "question": "the answer to {standard}",
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
    return sentence.format(person=person, place=_place(event.details))


def _place(details: Mapping[str, str]) -> str:
    return PLACES.get(details.get("page", ""), "a page").format(
        principle=details.get("principle", ""), standard=details.get("standard", "")
    )


def _names(organisation: Organisation, events: Sequence[AuditEvent]) -> dict[str, str]:
    """Name members by their opaque ids, and stewards who asked to look.

    Shape: other stewards are all called the same; who left has no name here.
    """
    asked = {str(event.actor) for event in events if event.actor}
    asked |= {event.details["person"] for event in events if "person" in event.details}
    here = Membership.objects.of(organisation).filter(user=OuterRef("pk"))
    grants = AccessGrant.objects.of(organisation).filter(asked_by=OuterRef("pk"))
    people = User.objects.filter(public_id__in=asked).annotate(
        is_member=Exists(here), has_asked=Exists(grants)
    )
    names = {str(user.public_id): _name(user) for user in people}
    return {identity: name for identity, name in names.items() if name}


def _name(user: Any) -> str:
    if user.has_asked:
        return f"{user}, a steward,"
    if user.is_staff:
        return STEWARD
    return str(user) if user.is_member else ""
