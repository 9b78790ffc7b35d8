"""People and tenancy: who there is, where they belong, and what was done."""

from .joining import Invitation, InvitationQuerySet, LeadOffer, LeadOfferQuerySet
from .mail import Outbox, OutboxQuerySet
from .people import (
    Membership,
    MembershipQuerySet,
    Organisation,
    OrganisationQuerySet,
    User,
    UserManager,
)
from .trail import AuditEvent


__all__ = [
    "AuditEvent",
    "Invitation",
    "InvitationQuerySet",
    "LeadOffer",
    "LeadOfferQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Organisation",
    "OrganisationQuerySet",
    "Outbox",
    "OutboxQuerySet",
    "User",
    "UserManager",
]
