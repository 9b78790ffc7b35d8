"""Accounts as stewards look after them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet

from organisations.access import has_second_step
from organisations.models import IdentityCheck, Membership, User
from organisations.models.entry import matching


@dataclass(frozen=True)
class UserLine:
    public_id: UUID
    name: str
    email: str
    belongs_to: tuple[str, ...]
    is_active: bool
    is_steward: bool


@dataclass(frozen=True)
class Belongs:
    organisation: str
    slug: str
    role: str


@dataclass(frozen=True)
class UserPage:
    user: User
    belongs_to: tuple[Belongs, ...]
    has_second_step: bool
    has_any_step: bool
    sessions: int
    last_sign_in: datetime | None
    checks: tuple[IdentityCheck, ...]


def search_users(words: str) -> QuerySet[User]:
    """Find people by words of their names and addresses, in any order, by name."""
    return User.objects.filter(matching(words)).order_by("name", "pk")


def user_lines(users: Iterable[User]) -> tuple[UserLine, ...]:
    """Shape a page of people, with one query for where they belong."""
    people = list(users)
    belongs: dict[int, list[str]] = {}
    memberships = Membership.objects.filter(user__in=people)
    for membership in memberships.select_related("organisation").order_by("pk"):
        words = f"{membership.get_role_display()} at {membership.organisation}"
        belongs.setdefault(membership.user_id, []).append(words)
    return tuple(
        UserLine(
            public_id=user.public_id,
            name=str(user),
            email=user.email,
            belongs_to=tuple(belongs.get(user.pk, ())),
            is_active=user.is_active,
            is_steward=user.is_staff,
        )
        for user in people
    )


def user_page(user: User) -> UserPage:
    """Gather what a steward may know of an account."""
    memberships = Membership.objects.filter(user=user).select_related("organisation")
    checks = IdentityCheck.objects.filter(user=user).select_related("checked_by")
    return UserPage(
        user=user,
        belongs_to=tuple(
            Belongs(str(m.organisation), m.organisation.slug, m.get_role_display())
            for m in memberships.order_by("pk")
        ),
        has_second_step=has_second_step(user),
        has_any_step=Authenticator.objects.filter(user=user).exists(),
        sessions=UserSession.objects.filter(user=user).count(),
        last_sign_in=user.last_login,
        checks=tuple(checks.order_by("-checked_at", "-pk")),
    )
