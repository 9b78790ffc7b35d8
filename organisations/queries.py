"""Reads over people and organisations, shaped for one page each."""

from __future__ import annotations

from dataclasses import dataclass

from .models import Membership, Organisation, User


@dataclass(frozen=True)
class WorkspaceLine:
    name: str
    address: str
    role: str
    is_paused: bool


@dataclass(frozen=True)
class Member:
    name: str
    role: str


def workspace_lines(user: User) -> tuple[WorkspaceLine, ...]:
    """List the organisations that somebody belongs to, by name, in one query."""
    memberships = Membership.objects.filter(user=user).select_related("organisation")
    return tuple(
        WorkspaceLine(
            name=m.organisation.name,
            address=m.organisation.get_absolute_url(),
            role=m.get_role_display(),
            is_paused=m.organisation.is_paused(),
        )
        for m in memberships.order_by("organisation__name", "pk")
    )


def members(organisation: Organisation) -> tuple[Member, ...]:
    """List an organisation's people with their roles in words, in one query."""
    memberships = Membership.objects.of(organisation).select_related("user")
    return tuple(
        Member(name=str(m.user), role=m.get_role_display())
        for m in memberships.order_by("user__name", "pk")
    )
