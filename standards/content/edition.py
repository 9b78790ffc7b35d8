"""What an edition holds, in frozen dataclasses, and the numbers it must have."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256


FILES = ("edition", "levels", "domains", "principles", "standards", "duties")
# A pack with other numbers is another framework.
STANDARDS_OF = {"PR": 6, "PU": 5, "PS": 6, "PC": 7, "IM": 6}
CORE_STANDARDS = 12
INDICATORS = 90
LEVELS = ("0", "1", "2", "3", "4")
DOMAINS = ("OC", "CO", "SD", "GS")
OWN_CARE = "OC"
AUDIENCES = ("service_user", "carer", "staff", "own_care")
EDITION_STATUSES = ("draft", "published")
TO_BE_CHECKED = "to_be_checked"
DUTY_STATUSES = (
    "current",
    "being_replaced",
    "not_yet_in_force",
    "historic",
    TO_BE_CHECKED,
)
# These words are addresses under /standards/ already.
RESERVED_SLUGS = ("duties",)


@dataclass(frozen=True)
class LevelSource:
    value: int
    word: str
    descriptor: str
    rule_of_thumb: str
    proof: str


@dataclass(frozen=True)
class DomainSource:
    code: str
    name: str
    description: str
    benefits: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class PrincipleSource:
    code: str
    slug: str
    name: str
    gloss: str
    question_organisation: str
    question_people: str
    why: str


@dataclass(frozen=True)
class StandardSource:
    """One standard; `levels` and `questions` are keyed by level and audience."""

    code: str
    principle: str
    title: str
    statement: str
    why: str
    core: bool
    domains: tuple[str, ...]
    indicators: tuple[str, ...]
    levels: dict[str, str]
    level_three: str
    questions: dict[str, str]
    example_evidence: tuple[str, ...]
    duties: tuple[str, ...]
    not_applicable_rule: str


@dataclass(frozen=True)
class DutySource:
    code: str
    title: str
    family: str
    body: str
    jurisdiction: str
    applies_to: tuple[str, ...]
    summary: str
    status: str
    status_note: str
    address: str
    checked_on: date | None
    checked_by: str


@dataclass(frozen=True)
class EditionSource:
    """A whole edition, in the order of its files."""

    code: str
    title: str
    version: str
    jurisdiction: str
    language: str
    status: str
    published_on: date | None
    review_note: str
    levels: tuple[LevelSource, ...]
    domains: tuple[DomainSource, ...]
    principles: tuple[PrincipleSource, ...]
    standards: tuple[StandardSource, ...]
    duties: tuple[DutySource, ...]

    def fingerprint(self) -> str:
        """Return the SHA-256 of the content, whatever the layout of its files."""
        canonical = json.dumps(asdict(self), sort_keys=True, default=str)
        return sha256(canonical.encode()).hexdigest()
