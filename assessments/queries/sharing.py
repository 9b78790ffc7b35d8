"""Who does what in an assessment: for who shares the work, and for who does it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from assessments.models import Assessment, Response
from organisations.access import Permission
from organisations.models import Membership
from organisations.queries import who_can

from .owners import WITH_OWNER, Owner, owner_of


@dataclass(frozen=True)
class SharedStandard:
    code: str
    title: str
    owner: Owner | None


@dataclass(frozen=True)
class SharedPrinciple:
    slug: str
    name: str
    gloss: str
    standards: tuple[SharedStandard, ...]


@dataclass(frozen=True)
class SharingPage:
    """The standards that are asked, by principle, and who could answer them."""

    people: tuple[Membership, ...]
    principles: tuple[SharedPrinciple, ...]

    def of(self, slug: str) -> SharingPage | None:
        """Keep one principle; None when there is no such one."""
        kept = tuple(p for p in self.principles if p.slug == slug)
        return SharingPage(self.people, kept) if kept else None


def sharing_page(assessment: Assessment) -> SharingPage:
    """Read whose each standard is, in two queries."""
    responses = (
        Response.objects.of(assessment)
        .select_related("standard__principle", WITH_OWNER)
        .order_by("standard__principle__position", "standard__position")
    )
    by_principle = groupby(responses, key=attrgetter("standard.principle"))
    return SharingPage(
        people=tuple(who_can(assessment.organisation, Permission.ANSWER)),
        principles=tuple(
            SharedPrinciple(
                slug=principle.slug,
                name=principle.name,
                gloss=principle.gloss,
                standards=tuple(_standard(response) for response in members),
            )
            for principle, members in by_principle
        ),
    )


def _standard(response: Response) -> SharedStandard:
    standard = response.standard
    return SharedStandard(standard.code, standard.title, owner_of(response))
