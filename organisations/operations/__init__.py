"""What people do with organisations: each operation one transaction, audited."""

from organisations.rules import (
    AlreadyDone,
    AlreadyInvited,
    AlreadyMember,
    HasAccount,
    LastLead,
    LeadByOfferOnly,
    NotALead,
    NotOpen,
    Paused,
    Refusal,
    StewardCannotJoin,
    TooManyInvitations,
    WrongPerson,
)

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
    "AlreadyDone",
    "AlreadyInvited",
    "AlreadyMember",
    "HasAccount",
    "LastLead",
    "LeadByOfferOnly",
    "NotALead",
    "NotOpen",
    "Paused",
    "Refusal",
    "StewardCannotJoin",
    "TooManyInvitations",
    "WrongPerson",
    "accept_invitation",
    "accept_lead",
    "ask_for_new_invitation",
    "cancel_invitation",
    "change_role",
    "decline_lead",
    "hash_of",
    "invite",
    "join_with_new_account",
    "leave",
    "offer_lead",
    "pause_organisation",
    "remove_member",
    "resend_invitation",
    "resume_organisation",
    "withdraw_lead",
]
