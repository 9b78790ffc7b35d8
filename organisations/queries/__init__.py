"""Reads over people and organisations, shaped for one page each."""

from .access import (
    AccessLine,
    AccessPage,
    access_page,
    is_asked_for_access,
    who_can_grant_access,
)
from .people import (
    InvitationLine,
    Member,
    OfferLine,
    PeoplePage,
    PersonLine,
    WorkspaceLine,
    could_lead,
    has_account,
    invitation_of,
    is_last_lead,
    members,
    people_of,
    people_page,
    who_can_invite,
    workspace_lines,
)
from .trail import (
    ACTIVITY,
    ActivityLine,
    activity_lines,
    events_of,
)


__all__ = [
    "AccessLine",
    "AccessPage",
    "access_page",
    "is_asked_for_access",
    "who_can_grant_access",
    "could_lead",
    "has_account",
    "invitation_of",
    "InvitationLine",
    "is_last_lead",
    "Member",
    "members",
    "OfferLine",
    "people_of",
    "people_page",
    "PeoplePage",
    "PersonLine",
    "who_can_invite",
    "workspace_lines",
    "WorkspaceLine",
    "ACTIVITY",
    "ActivityLine",
    "activity_lines",
    "events_of",
]
