"""Which organisations a new one may be the same as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from organisations.models import Organisation, SignUp, folded


# What half of all names share, so that it says nothing of which is meant.
COMMON_WORDS = frozenset(
    (
        *("the", "a", "an", "and", "of", "for", "in", "on", "at", "to", "by"),
        *("uk", "nhs", "hsc", "foundation", "trust", "ltd", "limited", "plc", "llp"),
        *("cic", "cio", "inc", "charity", "charitable", "company", "group"),
        *("association", "organisation"),
    )
)
# Of each word the beginning, so that a slip near its end is found too.
BEGINNING = 4
WORDS_LOOKED_FOR = 8
TOO_SHORT = 2
ALIKE = 0.82
SHOWN = 5
WAITING = (SignUp.State.WAITING, SignUp.State.QUESTION)


@dataclass(frozen=True)
class Duplicate:
    """One that is registered already: nothing here that the register does not say."""

    name: str
    area: str
    slug: str


@dataclass(frozen=True)
class SignUpDuplicate:
    """Another sign-up, for stewards alone."""

    name: str
    area: str
    reference: str
    public_id: UUID


def possible_duplicates(
    *, name: str, ods_code: str = "", charity_number: str = ""
) -> tuple[Duplicate, ...]:
    """List the registered organisations that may be the same, the likeliest first.

    Shape: five at most; one query.
    """
    asked = _Asked(name, ods_code, charity_number)
    found = asked.best(Organisation.objects.registered(), "slug")
    return tuple(Duplicate(row["name"], row["area"], row["slug"]) for row in found)


def sign_up_duplicates(sign_up: SignUp) -> tuple[SignUpDuplicate, ...]:
    """List the other sign-ups that wait and may be the same. For stewards alone.

    Shape: five at most; one query.
    """
    asked = _Asked(sign_up.name, sign_up.ods_code, sign_up.charity_number)
    waiting = SignUp.objects.filter(state__in=WAITING).exclude(pk=sign_up.pk)
    found = asked.best(waiting, "reference", "public_id")
    return tuple(
        SignUpDuplicate(row["name"], row["area"], row["reference"], row["public_id"])
        for row in found
    )


class _Asked:
    """The name and numbers that others are held against."""

    def __init__(self, name: str, ods_code: str, charity_number: str) -> None:
        self.words = telling_words(name)
        self.matcher = SequenceMatcher(autojunk=False, b=" ".join(self.words))
        self.numbers = {"ods_code": ods_code, "charity_number": charity_number}

    def best(self, rows: QuerySet[Any], *columns: str) -> list[dict[str, Any]]:
        """Load the few likeliest, in one query."""
        candidates = rows.filter(self._could_be()).order_by("name", "pk")
        read = candidates.values("name", "area", *self.numbers, *columns)
        scored = [(self._likeness(row), row) for row in read]
        scored.sort(key=lambda each: -each[0])
        return [row for likeness, row in scored if likeness >= ALIKE][:SHOWN]

    def _could_be(self) -> Q:
        long = [word for word in self.words if len(word) > TOO_SHORT]
        could_be = Q(pk__in=[])
        for word in (long or self.words)[:WORDS_LOOKED_FOR]:
            could_be |= Q(search_text__contains=word[:BEGINNING])
        for column, number in self.numbers.items():
            if number:
                could_be |= Q(**{f"{column}__iexact": number})
        return could_be

    def _likeness(self, row: dict[str, Any]) -> float:
        """Unit: 0.0 to 1.0, and 2.0 for the same number."""
        for column, number in self.numbers.items():
            if number and row[column].upper() == number.upper():
                return 2.0
        words = telling_words(row["name"])
        fewer, more = sorted((set(self.words), set(words)), key=len)
        if len(fewer) > 1 and fewer <= more:
            return 1.0
        self.matcher.set_seq1(" ".join(words))
        # The first is quick, and never less than the second.
        at_most = self.matcher.quick_ratio()
        return self.matcher.ratio() if at_most >= ALIKE else at_most


def telling_words(name: str) -> Sequence[str]:
    """Split a name into the words that tell it from others; all, if none does."""
    words = folded(name).split()
    return [word for word in words if word not in COMMON_WORDS] or words
