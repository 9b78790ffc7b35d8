"""Reads an edition's source files, and refuses them unless they are whole.

Knows nothing of the database: frozen dataclasses out, or every fault at once.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


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


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: `code` is empty for a whole file."""

    file: str
    code: str
    field: str
    problem: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.code, self.field) if part)
        return f"{self.file}.json: {place}: {self.problem}".replace(": :", ":")


class FaultySource(Exception):
    """The source is not a whole edition; `faults` says each thing wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))


def read_edition(folder: Path) -> EditionSource:
    """Read and check the edition kept in a folder.

    Raises: FaultySource with every fault of every file.
    """
    files: dict[str, object] = {}
    faults = [
        Fault(path.stem, "", "", "is no file of an edition")
        for path in sorted(folder.glob("*.json"))
        if path.stem not in FILES
    ]
    for name in FILES:
        try:
            files[name] = _read_json(folder / f"{name}.json")
        except (OSError, ValueError) as reason:
            faults.append(Fault(name, "", "", f"cannot be read ({reason})"))
    if faults:
        raise FaultySource(faults)
    return parse_edition(files)


def parse_edition(files: Mapping[str, object]) -> EditionSource:
    """Check the parsed files of an edition and build it.

    Shape: `files` maps each name of FILES to what its JSON holds.
    Raises: FaultySource with every fault of every file.
    """
    source = _Source(files)
    source.check()
    if source.faults:
        raise FaultySource(source.faults)
    rows: dict[str, Any] = {name: tuple(source.rows(name)) for name in FILES[1:]}
    return EditionSource(**source.values("edition")[0], **rows)


def _read_json(path: Path) -> object:
    return json.loads(
        path.read_text(encoding="utf-8"), object_pairs_hook=_without_twins
    )


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse a key written twice: Python would keep the last in silence."""
    twins = [key for key, times in Counter(k for k, _ in pairs).items() if times > 1]
    if twins:
        raise ValueError(f"“{twins[0]}” is written twice in one place")
    return dict(pairs)


class _Wrong(Exception):
    """What is wrong with one value."""


Kind = Callable[[object], Any]


def _text(limit: int | None = None, *, may_be_empty: bool = False) -> Kind:
    def read(value: object) -> str:
        if not isinstance(value, str):
            raise _Wrong("must be text")
        if not value and not may_be_empty:
            raise _Wrong("must not be empty")
        if value != value.strip() or not value.isprintable():
            # NUL and lone surrogates would break the database, a line break the page.
            raise _Wrong("holds a character that cannot be printed, or outer spaces")
        if limit and len(value) > limit:
            raise _Wrong(f"must be at most {limit} characters")
        return value

    return read


def _matching(pattern: str, limit: int) -> Kind:
    text = _text(limit)

    def read(value: object) -> str:
        if not re.fullmatch(pattern, word := text(value)):
            raise _Wrong(f"must look like {pattern}")
        return str(word)

    return read


def _one_of(*choices: str) -> Kind:
    def read(value: object) -> str:
        if value not in choices or not isinstance(value, str):
            raise _Wrong(f"must be one of {', '.join(choices)}")
        return value

    return read


def _list_of(kind: Kind) -> Kind:
    def read(value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise _Wrong("must be a list")
        values = tuple(kind(member) for member in value)
        if len(set(values)) < len(values):
            raise _Wrong("says the same thing twice")
        return values

    return read


def _some(kind: Kind) -> Kind:
    def read(value: object) -> tuple[str, ...]:
        values: tuple[str, ...] = _list_of(kind)(value)
        if not values:
            raise _Wrong("must not be an empty list")
        return values

    return read


def _texts_by(needed: Sequence[str], optional: Sequence[str] = ()) -> Kind:
    text = _text()

    def read(value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            raise _Wrong("must be an object")
        if missing := [key for key in needed if key not in value]:
            raise _Wrong(f"lacks {', '.join(missing)}")
        if unknown := [key for key in value if key not in (*needed, *optional)]:
            raise _Wrong(f"does not know {', '.join(unknown)}")
        return {key: text(words) for key, words in value.items()}

    return read


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("must be true or false")
    return value


def _level(value: object) -> int:
    # True is an int to Python, and equals 1.
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Wrong("must be a whole number")
    if str(value) not in LEVELS:
        raise _Wrong("must be 0, 1, 2, 3 or 4")
    return value


def _day(value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(_text()(value)))
    except ValueError:
        raise _Wrong("must be a date such as 2026-11-23, or null") from None


def _address(value: object) -> str:
    address = str(_text(500, may_be_empty=True)(value))
    if not address:
        return address
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise _Wrong("is no web address") from None
    if parts.scheme not in ("http", "https") or not re.fullmatch(
        r"([a-z0-9-]+\.)+[a-z]{2,}", host
    ):
        raise _Wrong("is no web address")
    return address


_SHAPES: dict[str, dict[str, Kind]] = {
    "edition": {
        "code": _matching(r"[a-z0-9-]+", 60),
        "title": _text(200),
        "version": _text(20),
        "jurisdiction": _text(60),
        "language": _matching(r"[a-z]{2}(-[A-Z]{2})?", 10),
        "status": _one_of(*EDITION_STATUSES),
        "published_on": _day,
        "review_note": _text(),
    },
    "levels": {
        "value": _level,
        "word": _text(40),
        "descriptor": _text(),
        "rule_of_thumb": _text(),
        "proof": _text(),
    },
    "domains": {
        "code": _one_of(*DOMAINS),
        "name": _text(60),
        "description": _text(),
        "benefits": _text(),
        "examples": _some(_text()),
    },
    "principles": {
        "code": _one_of(*STANDARDS_OF),
        "slug": _matching(r"[a-z-]+", 20),
        "name": _text(40),
        "gloss": _text(100),
        "question_organisation": _text(),
        "question_people": _text(),
        "why": _text(),
    },
    "standards": {
        "code": _matching(r"[A-Z]{2}[1-9]", 4),
        "principle": _text(2),
        "title": _text(100),
        "statement": _text(),
        "why": _text(),
        "core": _flag,
        "domains": _some(_text(2)),
        "indicators": _some(_text()),
        "levels": _texts_by(LEVELS),
        "level_three": _text(),
        "questions": _texts_by(AUDIENCES[:3], AUDIENCES[3:]),
        "example_evidence": _some(_text()),
        "duties": _list_of(_text(20)),
        "not_applicable_rule": _text(),
    },
    "duties": {
        "code": _matching(r"[A-Z0-9]+(-[A-Z0-9]+)*", 20),
        "title": _text(200),
        "family": _text(60),
        "body": _text(100),
        "jurisdiction": _text(60),
        "applies_to": _some(_text()),
        "summary": _text(),
        "status": _one_of(*DUTY_STATUSES),
        "status_note": _text(may_be_empty=True),
        "address": _address,
        "checked_on": _day,
        "checked_by": _text(100, may_be_empty=True),
    },
}
_ROWS: dict[str, type] = {
    "levels": LevelSource,
    "domains": DomainSource,
    "principles": PrincipleSource,
    "standards": StandardSource,
    "duties": DutySource,
}


class _Source:
    """The files of an edition while they are checked.

    First each row against its shape; then what only several rows can show. The
    second step passes over rows that the first refused, so that one slip gives
    one fault.
    """

    def __init__(self, files: Mapping[str, object]) -> None:
        self.faults: list[Fault] = []
        self._values: dict[str, list[dict[str, Any]]] = {}
        self._codes: dict[str, list[str]] = {}
        self._is_whole: dict[str, bool] = {}
        for name in FILES:
            self._read_file(name, files.get(name))

    def values(self, file: str) -> list[dict[str, Any]]:
        return self._values[file]

    def rows(self, file: str) -> Iterator[Any]:
        return (_ROWS[file](**values) for values in self._values[file])

    def check(self) -> None:
        self._check_edition()
        self._check_codes()
        self._check_principles()
        self._check_counts()
        for standard in self.rows("standards"):
            self._check_standard(standard)
        for duty in self.rows("duties"):
            self._check_duty(duty)

    def _blame(self, file: str, code: str, field: str, problem: str) -> None:
        self.faults.append(Fault(file, code, field, problem))

    def _read_file(self, file: str, content: object) -> None:
        before = len(self.faults)
        rows = [content] if file == "edition" else content
        if not isinstance(rows, list):
            self._blame(file, "", "", "must hold a list")
            rows = []
        self._codes[file] = [_code_of(row, place) for place, row in enumerate(rows, 1)]
        read = [
            self._read_row(file, *pair)
            for pair in zip(self._codes[file], rows, strict=True)
        ]
        self._values[file] = [values for values in read if values is not None]
        self._is_whole[file] = len(self.faults) == before

    def _read_row(self, file: str, code: str, row: object) -> dict[str, Any] | None:
        if not isinstance(row, dict):
            self._blame(file, code, "", "must be an object")
            return None
        before = len(self.faults)
        for field in row:
            if field not in _SHAPES[file]:
                self._blame(file, code, field, "is no field of this file")
        values = {
            field: self._read_field(file, code, field, row) for field in _SHAPES[file]
        }
        return values if len(self.faults) == before else None

    def _read_field(
        self, file: str, code: str, field: str, row: dict[str, object]
    ) -> Any:
        if field not in row:
            self._blame(file, code, field, "is missing")
            return None
        try:
            return _SHAPES[file][field](row[field])
        except _Wrong as wrong:
            self._blame(file, code, field, str(wrong))
            return None

    def _check_edition(self) -> None:
        for edition in self._values["edition"]:
            if edition["status"] == "published" and not edition["published_on"]:
                self._blame(
                    "edition",
                    edition["code"],
                    "published_on",
                    "a published edition needs its date",
                )

    def _check_codes(self) -> None:
        for file, codes in self._codes.items():
            field = "value" if file == "levels" else "code"
            for code, times in Counter(codes).items():
                if times > 1:
                    self._blame(file, code, field, f"is there {times} times")

    def _check_principles(self) -> None:
        slugs = Counter(principle.slug for principle in self.rows("principles"))
        for principle in self.rows("principles"):
            if slugs[principle.slug] > 1 or principle.slug in RESERVED_SLUGS:
                self._blame("principles", principle.code, "slug", "is taken")

    def _check_counts(self) -> None:
        for file, expected in (
            ("levels", LEVELS),
            ("domains", DOMAINS),
            ("principles", tuple(STANDARDS_OF)),
        ):
            if self._is_whole[file]:
                self._check_order(file, expected)
        if self._is_whole["standards"]:
            self._check_standard_counts(list(self.rows("standards")))

    def _check_order(self, file: str, expected: tuple[str, ...]) -> None:
        found = tuple(dict.fromkeys(self._codes[file]))
        if found != expected:
            self._blame(
                file,
                "",
                "value" if file == "levels" else "code",
                f"must be {', '.join(expected)} in this order, not {', '.join(found)}",
            )

    def _check_standard_counts(self, standards: list[StandardSource]) -> None:
        by_principle = Counter(standard.principle for standard in standards)
        for principle, expected in STANDARDS_OF.items():
            if (found := by_principle[principle]) != expected:
                problem = f"has {found} standards, not {expected}"
                self._blame("standards", principle, "principle", problem)
        core = sum(standard.core for standard in standards)
        if core != CORE_STANDARDS:
            problem = f"{core} standards are core, not {CORE_STANDARDS}"
            self._blame("standards", "", "core", problem)
        indicators = sum(len(standard.indicators) for standard in standards)
        if indicators != INDICATORS:
            problem = f"there are {indicators} indicators, not {INDICATORS}"
            self._blame("standards", "", "indicators", problem)

    def _check_standard(self, standard: StandardSource) -> None:
        code = standard.code
        for field, file in (("domains", "domains"), ("duties", "duties")):
            for named in getattr(standard, field):
                if named not in self._codes[file]:
                    problem = f"{named} is not in {file}.json"
                    self._blame("standards", code, field, problem)
        if not code.startswith(standard.principle):
            problem = f"{standard.principle} is not the principle of this code"
            self._blame("standards", code, "principle", problem)
        asks = "own_care" in standard.questions
        if asks and OWN_CARE not in standard.domains:
            problem = "asks about own care, which is none of its domains"
            self._blame("standards", code, "questions", problem)
        if not asks and OWN_CARE in standard.domains:
            problem = "lacks own_care, and own care is one of its domains"
            self._blame("standards", code, "questions", problem)

    def _check_duty(self, duty: DutySource) -> None:
        if duty.checked_on and not duty.checked_by:
            problem = "needs the name of the person who checked"
            self._blame("duties", duty.code, "checked_by", problem)
        if duty.checked_by and not duty.checked_on:
            problem = "needs the day on which the person checked"
            self._blame("duties", duty.code, "checked_on", problem)
        if not duty.address and duty.status != TO_BE_CHECKED:
            problem = f"must be {TO_BE_CHECKED}, because there is no address"
            self._blame("duties", duty.code, "status", problem)


def _code_of(row: object, place: int) -> str:
    """Name a row by its code or level, else by its place in the file."""
    named = row.get("code", row.get("value")) if isinstance(row, dict) else None
    is_name = isinstance(named, (str, int)) and not isinstance(named, bool)
    return str(named) if is_name and named != "" else f"number {place}"
