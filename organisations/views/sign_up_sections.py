"""What a sign-up says, section by section, and what is still missing or wrong in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from organisations import queries
from organisations.forms import PAGE_FORMS
from organisations.models import SignUp
from organisations.queries import PAGES


@dataclass(frozen=True)
class Row:
    key: str
    value: str
    is_multiline: bool
    href: str


@dataclass(frozen=True)
class Section:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Fault:
    message: str
    href: str


def sections_of(sign_up: SignUp, *, can_change: bool) -> tuple[Section, ...]:
    return tuple(
        Section(
            title,
            tuple(
                Row(
                    line.key,
                    line.value,
                    line.is_multiline,
                    href=_to_change(page) if can_change else "",
                )
                for line in queries.answer_lines(sign_up, page)
            ),
        )
        for page, title in PAGES.items()
    )


def faults_of(sign_up: SignUp) -> list[Fault]:
    checked = {page: form.of_saved(sign_up) for page, form in PAGE_FORMS.items()}
    return [
        Fault(str(message), _to_change(page))
        for page, form in checked.items()
        for name, messages_of_field in form.errors.items()
        for message in messages_of_field
    ]


def _to_change(page: str) -> str:
    return f"{reverse(f'sign_up_{page}')}?change=1"
