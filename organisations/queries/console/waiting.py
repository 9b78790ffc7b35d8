"""What waits for a steward: the first few of each, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, Window
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate

from organisations.models import Organisation

from .organisations import Needs, Sought, search_organisations
from .sign_ups import SignUpLine, Which, search_sign_ups, sign_up_lines


SHOWN = 10


@dataclass(frozen=True)
class Thing:
    """One thing that waits, with the page where it is dealt with."""

    name: str
    address: str
    what: str


@dataclass(frozen=True)
class Section:
    title: str
    things: tuple[Thing, ...]
    count: int
    all_of_them: str


def what_waits(now: datetime) -> tuple[Section, ...]:
    """List what waits for a steward, oldest first, in one query for each section.

    Shape: only sections with something in them, the first ten things of each.
    """
    today = localdate(now)
    sections = [
        _sign_ups("Sign-ups waiting", Which.READY, now),
        _sign_ups("Sign-ups not confirmed yet", Which.UNCONFIRMED, now),
        *(_organisations(needs, today) for needs in Needs),
    ]
    return tuple(section for section in sections if section.things)


def _sign_ups(title: str, which: Which, now: datetime) -> Section:
    first, count = _first_few(search_sign_ups(which=which))
    return Section(
        title=title,
        things=tuple(
            Thing(line.name, reverse("console:sign_up", args=[line.public_id]), words)
            for line in sign_up_lines(first, now)
            for words in [_sign_up_words(line)]
        ),
        count=count,
        all_of_them=_list("console:sign_ups", which=which),
    )


def _sign_up_words(line: SignUpLine) -> str:
    days = f"{line.days} {'day' if line.days == 1 else 'days'}"
    words = [f"waiting for {days}" if line.days else "since today"]
    if line.has_answer:
        words.append("our question is answered")
    if line.waits_for:
        words.append(f"needs {line.waits_for}")
    return ", ".join(words)


def _organisations(needs: Needs, today: date) -> Section:
    first, count = _first_few(search_organisations(Sought(needs=needs), today))
    return Section(
        title=_TITLES[needs],
        things=tuple(
            Thing(
                organisation.name,
                reverse("console:organisation", args=[organisation.slug]),
                _organisation_words(needs, organisation),
            )
            for organisation in first
        ),
        count=count,
        all_of_them=_list("console:organisations", needs=needs),
    )


_TITLES = {
    Needs.NO_LEAD: "Organisations without a lead",
    Needs.ONE_LEAD: "Organisations with one lead",
    Needs.LAPSED: "Organisations that lapsed",
    Needs.DUE: "Organisations due within a month",
    Needs.MISSED: "Organisations with a milestone missed",
}


def _organisation_words(needs: Needs, organisation: Organisation) -> str:
    if needs == Needs.DUE and organisation.due_on:
        return f"due {date_format(organisation.due_on, 'j F Y')}"
    if needs == Needs.LAPSED and organisation.stage_since:
        return f"since {date_format(organisation.stage_since, 'j F Y')}"
    return ""


def _first_few(found: QuerySet[Any]) -> tuple[list[Any], int]:
    """Load the first few and count all, in one query."""
    first = list(found.annotate(total=Window(Count("pk")))[:SHOWN])
    return first, first[0].total if first else 0


def _list(name: str, **filters: str) -> str:
    asked = urlencode({key: str(value) for key, value in filters.items() if value})
    return f"{reverse(name)}?{asked}" if asked else reverse(name)
