"""The audit trail as its readers see it: in words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from organisations.models import (
    AccessGrant,
    AuditEvent,
    Membership,
    Organisation,
    SignUp,
    User,
)
from organisations.models.entry import matching


# What a lead reads for each event. {person} is whom it was about.
ACTIVITY = {
    "assessments.assessment started": "started an assessment",
    "assessments.assessment set_up": "changed the set-up of an assessment",
    "assessments.assessment shared": "shared the work of an assessment",
    "assessments.assessment locked": "locked our view",
    "assessments.assessment unlocked": "unlocked our view",
    "assessments.hold placed": "held back publishing",
    "assessments.hold lifted": "let publishing go on",
    "assessments.assessment answered": "answered a standard",
    "assessments.assessment restored": "restored an earlier answer to a standard",
    "assessments.assessment finished": "marked a principle as complete",
    "assessments.comment posted": "wrote a comment on a standard",
    "assessments.comment edited": "changed a comment on a standard",
    "assessments.comment deleted": "deleted a comment on a standard",
    "assessments.comment resolved": "said that a comment is dealt with",
    "assessments.comment reopened": "opened a comment again",
    "assessments.anotherlook asked": "asked for another look at an answer",
    "assessments.anotherlook looked": "looked at an answer again",
    "assessments.assessment asked_each": "asked people for their own level first",
    "assessments.ratinground rated": "recorded their own level of a standard",
    "assessments.ratinground shown": "let the own levels of a standard be shown",
    "assessments.dissent noted": "noted what some see differently",
    "reports.report requested": "asked for a report",
    "reports.report taken_out": "asked for an archive of all that the organisation owns",
    "reports.report retried": "tried a report again",
    "reports.report published": "A report was made",
    "reports.report failed": "A report could not be made",
    "reports.report removed": "An old report was deleted",
    "organisations.organisation added": "added the organisation",
    "organisations.organisation edited": "changed the organisation’s details",
    "organisations.organisation paused": "paused the organisation",
    "organisations.organisation resumed": "let the organisation go on after a pause",
    "organisations.organisation under_way": "put “Assessment under way” on the register",
    "organisations.organisation own_view": "put “Published: own view” on the register",
    "organisations.organisation lapsed": "The date went by, and the register says “Lapsed”",
    "organisations.organisation left": "took the organisation off the register",
    "organisations.unit added": "added a service or team",
    "organisations.unit changed": "renamed or moved a service or team",
    "organisations.unit closed": "closed a service or team",
    "organisations.unit reopened": "opened a service or team again",
    "organisations.milestone added": "added a milestone",
    "organisations.milestone kept": "said that a milestone is kept",
    "organisations.milestone dropped": "dropped a milestone",
    "organisations.organisation signed_up": "put “Signed up” on the register",
    "organisations.organisation extended": "gave the organisation more time",
    "organisations.organisation loaded": "The organisation was loaded from an archive",
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
    "organisations.outbox failed": "A mail could not be sent",
    "organisations.organisation returned": "The organisation came back to the register",
    "organisations.user added": "added an account",
    "organisations.user edited": "changed an account",
    "organisations.user name_changed": "changed their own name",
    "organisations.user email_changed": "changed their own email address",
    "organisations.user email_change_dropped": "kept their old email address",
    "organisations.user password_changed": "changed their own password",
    "organisations.user password_reset": "chose a new password by mail",
    "organisations.user password_set": "chose a password",
    "organisations.user app_added": "set up an app for codes",
    "organisations.user app_removed": "stopped using an app for codes",
    "organisations.user passkey_added": "added a passkey",
    "organisations.user passkey_removed": "removed a passkey",
    "organisations.user recovery_codes_made": "made new recovery codes",
    "organisations.user signed_out_elsewhere": "signed out on other devices",
    "organisations.user mail_stopped": "stopped a kind of mail",
    "organisations.user mail_resumed": "asked for a kind of mail again",
    "organisations.organisation joint_view": "put “Published: joint view” on the register",
    "organisations.user signed_out": "signed {person} out everywhere",
    "organisations.user second_step_reset": "took away the second step of {person}",
    "organisations.user suspended": "suspended the account of {person}",
    "organisations.user let_in": "let {person} sign in again",
    "organisations.user steward_made": "made {person} a steward",
    "organisations.user closed": "closed their own account",
    "organisations.user steward_unmade": "ended the stewardship of {person}",
}
# What a steward who was let in looked at.
PLACES = {
    "workspace": "the list of assessments",
    "overview": "the start of an assessment",
    "principle": "the list of standards of “{principle}”",
    "evidence": "the list of evidence",
    "quality": "what is worth a look before our view is locked",
    "check": "the answers of “{principle}”",
    "question": "the answer to {standard}",
    "history": "the history of the answer to {standard}",
}
# What an activity list can be narrowed to, by how the type of the subject begins.
KINDS = {
    "assessments": ("Assessments and answers", ("assessments.",)),
    "reports": ("Reports", ("reports.",)),
    "people": (
        "People and roles",
        (
            "organisations.membership",
            "organisations.invitation",
            "organisations.leadoffer",
        ),
    ),
    "access": ("What stewards ask and look at", ("organisations.accessgrant",)),
    "entry": (
        "The organisation and the register",
        (
            "organisations.organisation",
            "organisations.milestone",
            "organisations.signup",
            "organisations.unit",
        ),
    ),
}
STEWARDS = "stewards"
# A search that fits more organisations or people than this is too wide to follow.
FOUND_AT_MOST = 200
STEWARD = "A steward"
GONE = "Somebody who left"
A_MEMBER = "a member"


@dataclass(frozen=True)
class Named:
    """What an event was about, as another app calls it, and its page."""

    name: str
    address: str = ""


# Names by assessment and code, for as many as are asked of one organisation.
NameStandards = Callable[
    [Organisation, Collection[tuple[str, str]]], Mapping[tuple[str, str], Named]
]
# Who gave an own level is known, of which standard is theirs alone.
OF_A_STANDARD = {
    *("assessments.assessment", "assessments.comment"),
    *("assessments.anotherlook", "assessments.dissent"),
}


@dataclass(frozen=True)
class ActivityLine:
    who: str
    what: str
    at: datetime
    about: Named | None = None


@dataclass(frozen=True)
class SoughtEvents:
    """What a steward looks for in the trail; empty finds everything."""

    organisation: str = ""
    person: str = ""
    what: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class TrailLine:
    """One event in words, and in codes for a file."""

    at: datetime
    who: str
    what: str
    organisation: str
    slug: str
    verb: str
    subject_type: str
    subject: str


@dataclass(frozen=True)
class OwnLine:
    """One event that is somebody's own, as they may keep it."""

    at: datetime
    by_you: bool
    what: str
    organisation: str


def events_of(
    organisation: Organisation, *, person: str = "", kind: str = ""
) -> QuerySet[AuditEvent]:
    """Load an organisation's audit trail, newest first.

    Shape: `person` is a public id, or STEWARDS; `kind` is one of KINDS.
    """
    events = AuditEvent.objects.filter(organisation=organisation.slug)
    if person == STEWARDS:
        stewards = User.objects.filter(is_staff=True)
        events = events.filter(actor__in=stewards.values("public_id"))
    elif person:
        events = events.filter(actor=person)
    if kind:
        begins = (Q(subject_type__startswith=start) for start in KINDS[kind][1])
        events = events.filter(reduce(or_, begins))
    return events.order_by("-at", "-pk")


def search_events(sought: SoughtEvents) -> QuerySet[AuditEvent]:
    """Find events of the whole site, newest first.

    Shape: a person is found as who did it and as whom it was about; days count from
    midnight to midnight here.
    """
    events = AuditEvent.objects.order_by("-at", "-pk")
    if sought.organisation:
        events = events.filter(organisation__in=_slugs(sought.organisation))
    if sought.person:
        people = [str(user.public_id) for user in people_called(sought.person)]
        events = events.filter(Q(actor__in=people) | Q(details__person__in=people))
    if sought.what:
        subject_type, _, verb = sought.what.partition(" ")
        events = events.filter(subject_type=subject_type, verb=verb)
    if sought.subject:
        events = events.filter(subject=sought.subject)
    if sought.since:
        events = events.filter(at__gte=_midnight(sought.since))
    if sought.until:
        events = events.filter(at__lt=_midnight(sought.until + timedelta(days=1)))
    return events


def people_called(words: str) -> list[User]:
    """Find people by words of their names and addresses, in any order."""
    found = User.objects.filter(matching(words)).order_by("pk")
    return list(found[:FOUND_AT_MOST])


def trail_lines(events: Sequence[AuditEvent]) -> tuple[TrailLine, ...]:
    """Say events in words for stewards, in three queries.

    Shape: a sign-up that is no organisation yet goes by the name it gives itself.
    """
    slugs = {event.organisation for event in events if event.organisation}
    organisations = dict(
        Organisation.objects.filter(slug__in=slugs).values_list("slug", "name")
    )
    sign_ups = _sign_ups_in(events)
    people = User.objects.filter(public_id__in=_people_in(events))
    names = {str(user.public_id): str(user) for user in people}
    return tuple(
        TrailLine(
            at=event.at,
            who=names.get(str(event.actor), GONE) if event.actor else "",
            what=_what(event, names),
            organisation=organisations.get(event.organisation, event.organisation)
            or sign_ups.get(event.subject, ""),
            slug=event.organisation if event.organisation in organisations else "",
            verb=event.verb,
            subject_type=event.subject_type,
            subject=event.subject,
        )
        for event in events
    )


def own_lines(user: User) -> tuple[OwnLine, ...]:
    """Say in words what somebody did and what was done about them, in one query.

    Shape: oldest first. Other people have no name here.
    """
    person = str(user.public_id)
    about = Q(details__person=person) | Q(
        subject_type=user._meta.label_lower, subject=person
    )
    events = AuditEvent.objects.filter(Q(actor=user.public_id) | about)
    return tuple(
        OwnLine(
            at=event.at,
            by_you=event.actor == user.public_id,
            what=_what(event, {person: str(user)}),
            organisation=event.organisation,
        )
        for event in events.order_by("at", "pk")
    )


def _slugs(words: str) -> list[str]:
    found = Organisation.objects.filter(matching(words) | Q(slug=words)).order_by("pk")
    return list(found.values_list("slug", flat=True)[:FOUND_AT_MOST])


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _sign_ups_in(events: Sequence[AuditEvent]) -> dict[str, str]:
    """Name the sign-ups that events are about."""
    keys = [e.subject for e in events if e.subject_type == SignUp._meta.label_lower]
    found = SignUp.objects.filter(public_id__in=keys)
    return {str(key): name for key, name in found.values_list("public_id", "name")}


def _people_in(events: Sequence[AuditEvent]) -> set[str]:
    """List the opaque ids of who did it and of whom it was about."""
    asked = {str(event.actor) for event in events if event.actor}
    return asked | {e.details["person"] for e in events if "person" in e.details}


def activity_lines(
    organisation: Organisation,
    events: Sequence[AuditEvent],
    *,
    name_standards: NameStandards | None = None,
) -> tuple[ActivityLine, ...]:
    """Say a page of the audit trail in words, in two queries and those of the naming.

    Shape: an empty `who` where no person did it; a standard that cannot be named any
    more goes by its code.
    """
    names = _names(organisation, events)
    wanted = {key for key in map(_standard_of, events) if key}
    named = name_standards(organisation, wanted) if name_standards else {}
    return tuple(
        ActivityLine(
            who=names.get(str(event.actor), GONE) if event.actor else "",
            what=_what(event, names),
            at=event.at,
            about=_about(_standard_of(event), named),
        )
        for event in events
    )


def _standard_of(event: AuditEvent) -> tuple[str, str] | None:
    """Find the assessment and the code of the standard that an event was about."""
    code = event.details.get("standard", "")
    if not code or event.subject_type not in OF_A_STANDARD:
        return None
    return str(event.details.get("assessment", event.subject)), str(code)


def _about(
    standard: tuple[str, str] | None, named: Mapping[tuple[str, str], Named]
) -> Named | None:
    return named.get(standard, Named(standard[1])) if standard else None


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

    Shape: other stewards are all called the same; who left keeps the name that all
    here knew, until they close their account.
    """
    here = Membership.history.filter(organisation=organisation, user=OuterRef("pk"))
    grants = AccessGrant.objects.of(organisation).filter(asked_by=OuterRef("pk"))
    people = User.objects.filter(public_id__in=_people_in(events)).annotate(
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
