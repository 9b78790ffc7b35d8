"""Reads the files of an edition and collects every fault in them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .edition import (
    CORE_STANDARDS,
    DOMAINS,
    FILES,
    INDICATORS,
    LEVELS,
    OWN_CARE,
    RESERVED_SLUGS,
    STANDARDS_OF,
    TO_BE_CHECKED,
    DomainSource,
    DutySource,
    EditionSource,
    LevelSource,
    PrincipleSource,
    StandardSource,
)
from .shapes import SHAPES, Wrong


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: `code` is empty for a whole file."""

    file: str
    code: str
    field: str
    problem: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.code, self.field) if part)
        return ": ".join(
            part for part in (f"{self.file}.json", place, self.problem) if part
        )


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
        self._check_families()

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
            if field not in SHAPES[file]:
                self._blame(file, code, field, "is no field of this file")
        values = {
            field: self._read_field(file, code, field, row) for field in SHAPES[file]
        }
        return values if len(self.faults) == before else None

    def _read_field(
        self, file: str, code: str, field: str, row: dict[str, object]
    ) -> Any:
        if field not in row:
            self._blame(file, code, field, "is missing")
            return None
        try:
            return SHAPES[file][field](row[field])
        except Wrong as wrong:
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
        for duty in standard.duties:
            if duty not in self._codes["duties"]:
                problem = f"{duty} is not in duties.json"
                self._blame("standards", code, "duties", problem)
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

    def _check_families(self) -> None:
        """Keep each family in one piece, so that its heading stands once."""
        seen: list[str] = []
        for duty in self.rows("duties"):
            if duty.family in seen[:-1]:
                problem = f"“{duty.family}” must stand in one piece"
                self._blame("duties", duty.code, "family", problem)
            elif duty.family not in seen:
                seen.append(duty.family)


def _code_of(row: object, place: int) -> str:
    """Name a row by its code or level, else by its place in the file."""
    named = row.get("code", row.get("value")) if isinstance(row, dict) else None
    if isinstance(named, (str, int)) and not isinstance(named, bool):
        name = str(named)
        if name and name.isprintable():
            return name
    return f"number {place}"
