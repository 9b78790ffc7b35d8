"""Refuse the words that somebody who knows the person would guess first."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError

from organisations.models import Organisation, User


SHORTEST = 4


class LongEnough(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"Use {self.min_length} characters or more."


class NotCommon(CommonPasswordValidator):
    def get_error_message(self) -> str:
        return "Many people use this password, so it is guessed first. Choose another."


class NotLikeYou(UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return "This is too much like your name or email address. Choose another."


class NoExpectedWords:
    """A validator for AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: Any = None) -> None:
        typed = _bare(password)
        names = _names(user)
        is_expected = any(_bare(name) in typed for name in names)
        if "4pi" in typed or is_expected or _is_of(names, typed):
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
    return [name for name in names if len(_bare(name)) >= SHORTEST]


def _is_of(names: list[str], typed: str) -> bool:
    """Say whether words of the names, again and again, are nearly all of it."""
    words = {_bare(word) for name in names for word in name.split()}
    left = typed
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= SHORTEST:
            left = left.replace(word, "")
    return left != typed and len(re.sub(r"\d", "", left)) < SHORTEST


def _bare(words: str) -> str:
    return re.sub(r"[\W_]", "", words.casefold())
