"""People and tenancy: who there is, where they belong, and what was done."""

from .console import (
    AccessGrant,
    AccessGrantQuerySet,
    IdentityCheck,
    Notice,
    NoticeQuerySet,
)
from .entry import RegisterEntry, folded
from .joining import Invitation, InvitationQuerySet, LeadOffer, LeadOfferQuerySet
from .kept import KeptForm
from .mail import MailPreference, Outbox, OutboxQuerySet
from .people import (
    CLOSED,
    Membership,
    MembershipQuerySet,
    Organisation,
    OrganisationQuerySet,
    User,
    UserManager,
)
from .register import DailyRun, Milestone, MilestoneQuerySet, Reminder
from .sign_up import (
    NOTHING_CHOSEN,
    SignUp,
    SignUpMessage,
    SignUpQuerySet,
    SponsorAsking,
)
from .single_sign_on import SignInDomain, SignInIdentity, SignInProvider
from .trail import AuditEvent
from .units import Unit, UnitQuerySet


__all__ = [
    "CLOSED",
    "AccessGrant",
    "AccessGrantQuerySet",
    "AuditEvent",
    "IdentityCheck",
    "DailyRun",
    "Invitation",
    "InvitationQuerySet",
    "KeptForm",
    "LeadOffer",
    "LeadOfferQuerySet",
    "MailPreference",
    "Membership",
    "MembershipQuerySet",
    "Milestone",
    "MilestoneQuerySet",
    "NOTHING_CHOSEN",
    "Notice",
    "NoticeQuerySet",
    "Organisation",
    "OrganisationQuerySet",
    "Outbox",
    "OutboxQuerySet",
    "RegisterEntry",
    "Reminder",
    "SignInDomain",
    "SignInIdentity",
    "SignInProvider",
    "SignUp",
    "SignUpMessage",
    "SignUpQuerySet",
    "SponsorAsking",
    "Unit",
    "UnitQuerySet",
    "User",
    "UserManager",
    "folded",
]
