"""What people do with organisations: each operation one transaction, audited."""

from organisations.rules import (
    AccessEnded,
    AlreadyDone,
    AlreadyInvited,
    AlreadyMember,
    HasAccount,
    LastLead,
    LeadByOfferOnly,
    Merged,
    NobodyCanGrant,
    NotALead,
    NotASteward,
    NotOpen,
    Paused,
    Refusal,
    StewardCannotJoin,
    TooManyInvitations,
    WrongPerson,
)

from .access import ask_for_access, end_access, grant_access, look, refuse_access
from .invitations import (
    accept_invitation,
    ask_for_new_invitation,
    cancel_invitation,
    hash_of,
    invite,
    join_with_new_account,
    resend_invitation,
)
from .lead import accept_lead, decline_lead, offer_lead, withdraw_lead
from .members import change_role, leave, remove_member
from .pausing import pause_organisation, resume_organisation


__all__ = [
    "AccessEnded",
    "AlreadyDone",
    "AlreadyInvited",
    "AlreadyMember",
    "HasAccount",
    "LastLead",
    "LeadByOfferOnly",
    "Merged",
    "NobodyCanGrant",
    "NotALead",
    "NotASteward",
    "NotOpen",
    "Paused",
    "Refusal",
    "StewardCannotJoin",
    "TooManyInvitations",
    "WrongPerson",
    "accept_invitation",
    "accept_lead",
    "ask_for_access",
    "ask_for_new_invitation",
    "cancel_invitation",
    "change_role",
    "decline_lead",
    "end_access",
    "grant_access",
    "hash_of",
    "invite",
    "join_with_new_account",
    "leave",
    "look",
    "offer_lead",
    "pause_organisation",
    "refuse_access",
    "remove_member",
    "resend_invitation",
    "resume_organisation",
    "withdraw_lead",
]
