"""Refuse the words that somebody who knows the person would guess first."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

from organisations.models import Organisation, User


SHORTEST = 4


class NoExpectedWords:
    """A validator for AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: Any = None) -> None:
        typed = _bare(password)
        if "4pi" in typed or any(name in typed for name in _names(user)):
            raise ValidationError(
                "Leave out “4Pi” and the name of your organisation: "
                "they are guessed first.",
                code="password_expected",
            )

    def get_help_text(self) -> str:
        return "Leave out “4Pi” and the name of your organisation."


def _names(user: Any) -> list[str]:
    """List the organisations of a member, or of whoever is about to join one."""
    if not isinstance(user, User):
        return []
    names = [user.joining.name] if isinstance(user.joining, Organisation) else []
    if user.pk:
        names += Organisation.objects.of_member(user).values_list("name", flat=True)
    return [bare for name in names if len(bare := _bare(name)) >= SHORTEST]


def _bare(words: str) -> str:
    return re.sub(r"[\W_]", "", words.casefold())
