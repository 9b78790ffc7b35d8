"""Words for the PDF engine."""

import re
import unicodedata

from django import template


register = template.Library()

# How a role that nobody has any more is told: assessments/queries/background.py.
NOBODYS = "No longer a member"
LONG = 40
_LONG_RUN = re.compile(rf"\S{{{LONG}}}(?=(\S))")
_JOINED = {"Mn", "Mc", "Me", "Cf"}


@register.filter
def breakable(text: str) -> str:
    """Let a very long word be broken here and there.

    Without this the engine looks for a place at every letter, which takes minutes
    for a word as long as a field may be. A mark is never parted from its letter.
    """
    return _LONG_RUN.sub(_with_break, text)


def _with_break(run: re.Match[str]) -> str:
    is_joined = unicodedata.category(run[1]) in _JOINED
    return run[0] if is_joined else f"{run[0]}\u200b"


@register.filter
def somebody(role: str) -> str:
    """Say in a sentence that a person did something, by role."""
    if role == NOBODYS:
        return "somebody who is no longer a member"
    return f"a {role[:1].lower()}{role[1:]}"
