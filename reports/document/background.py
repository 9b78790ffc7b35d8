"""How an assessment was done, and what changed since the last: frozen, and read back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from assessments.queries import Background, Change

from .text import Paragraph, paragraphs


@dataclass(frozen=True)
class RoleEntry:
    role: str
    answered: int
    rated: int


@dataclass(frozen=True)
class LockEntry:
    """A lock of our view that ended, and why."""

    locked_at: datetime
    unlocked_at: datetime
    unlocked_as: str
    reason: str

    @property
    def reason_paragraphs(self) -> tuple[Paragraph, ...]:
        return paragraphs(self.reason)


@dataclass(frozen=True)
class HoldEntry:
    placed_as: str
    placed_at: datetime
    reason: str

    @property
    def reason_paragraphs(self) -> tuple[Paragraph, ...]:
        return paragraphs(self.reason)


@dataclass(frozen=True)
class PublishedEntry:
    """What was said when it was published; why people were not asked stays inside."""

    published_at: datetime
    published_as: str
    assessed_by: str
    why_not_asked: str
    strengths: str
    gaps: str
    actions: str

    @property
    def texts(self) -> tuple[tuple[str, tuple[Paragraph, ...]], ...]:
        """Return what everybody can read, with a heading each, without what is empty."""
        said = (
            ("Strengths", self.strengths),
            ("Gaps", self.gaps),
            ("Actions", self.actions),
        )
        return tuple((heading, paragraphs(text)) for heading, text in said if text)

    @property
    def why_paragraphs(self) -> tuple[Paragraph, ...]:
        return paragraphs(self.why_not_asked)


@dataclass(frozen=True)
class ChangedStandard:
    code: str
    title: str
    before: str
    now: str
    change: str


@dataclass(frozen=True)
class ChangedPrinciple:
    name: str
    standards: tuple[ChangedStandard, ...]


@dataclass(frozen=True)
class ChangeEntry:
    """What changed since the last assessment of the same."""

    since: datetime
    edition_version: str
    people_before: int
    people_now: int
    principles: tuple[ChangedPrinciple, ...]

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """Count each kind of change, in the order in which they first come."""
        found: dict[str, int] = {}
        for principle in self.principles:
            for standard in principle.standards:
                found[standard.change] = found.get(standard.change, 0) + 1
        return tuple(found.items())


@dataclass(frozen=True)
class BackgroundEntry:
    """How an assessment was done."""

    started_as: str
    locked_as: str
    domains: tuple[str, ...]
    roles: tuple[RoleEntry, ...]
    rated: int
    ended_locks: tuple[LockEntry, ...]
    held_back: HoldEntry | None
    made_public: PublishedEntry | None
    change: ChangeEntry | None

    @property
    def answered(self) -> int:
        return sum(part.answered for part in self.roles)

    @property
    def rated_by(self) -> int:
        return sum(part.rated for part in self.roles)


def background_entry(background: Background) -> BackgroundEntry:
    """Take over what a report says of how an assessment was done."""
    hold, public = background.held_back, background.made_public
    return BackgroundEntry(
        started_as=background.started_as,
        locked_as=background.locked_as,
        domains=background.domains,
        roles=tuple(RoleEntry(r.role, r.answered, r.rated) for r in background.roles),
        rated=background.rated,
        ended_locks=tuple(
            LockEntry(x.locked_at, x.unlocked_at, x.unlocked_as, x.reason)
            for x in background.ended_locks
        ),
        held_back=None
        if hold is None
        else HoldEntry(hold.placed_as, hold.placed_at, hold.reason),
        made_public=None if public is None else PublishedEntry(**asdict(public)),
        change=None if background.change is None else _change(background.change),
    )


def _change(change: Change) -> ChangeEntry:
    return ChangeEntry(
        since=change.since,
        edition_version=change.edition_version,
        people_before=change.people_before,
        people_now=change.people_now,
        principles=tuple(
            ChangedPrinciple(
                principle.name,
                tuple(
                    ChangedStandard(s.code, s.title, s.before, s.now, s.change)
                    for s in principle.standards
                ),
            )
            for principle in change.principles
        ),
    )


def read_background(frozen: dict[str, Any] | None) -> BackgroundEntry | None:
    """Give the background of a frozen document its types back.

    Shape: None for a document that is older than it.
    """
    if frozen is None:
        return None
    hold, public, change = (
        frozen[name] for name in ("held_back", "made_public", "change")
    )
    return BackgroundEntry(
        **frozen
        | {
            "domains": tuple(frozen["domains"]),
            "roles": tuple(RoleEntry(**part) for part in frozen["roles"]),
            "ended_locks": tuple(
                LockEntry(**_with_moments(x, "locked_at", "unlocked_at"))
                for x in frozen["ended_locks"]
            ),
            "held_back": hold and HoldEntry(**_with_moments(hold, "placed_at")),
            "made_public": public
            and PublishedEntry(**_with_moments(public, "published_at")),
            "change": change and _read_change(change),
        }
    )


def _read_change(frozen: dict[str, Any]) -> ChangeEntry:
    principles = tuple(
        ChangedPrinciple(
            each["name"], tuple(ChangedStandard(**s) for s in each["standards"])
        )
        for each in frozen["principles"]
    )
    return ChangeEntry(**_with_moments(frozen, "since") | {"principles": principles})


def _with_moments(frozen: dict[str, Any], *names: str) -> dict[str, Any]:
    return frozen | {name: datetime.fromisoformat(frozen[name]) for name in names}
