"""How long somebody stays signed in: an hour without a move, and never past a day's work.

A sitting is one session of one person, from the sign-in to the sign-out.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase


BEGAN, SEEN, ENDED = "sitting_began", "sitting_seen", "sitting_ended"


class End(StrEnum):
    """Why a sitting ended by itself."""

    IDLE = "idle"
    LONG = "long"


def seconds_left(session: SessionBase, now: datetime) -> int:
    """Say how long the sitting lasts if nothing more is done.

    Unit: whole seconds, 0 once it is over.
    """
    seconds = now.timestamp()
    idle_end = session.get(SEEN, seconds) + settings.SESSION_IDLE_SECONDS
    return max(0, int(min(idle_end, _last_moment(session, now)) - seconds))


def can_go_on(session: SessionBase, now: datetime) -> bool:
    """Say whether a move now would give more time than the warning takes."""
    warning: int = settings.SESSION_WARNING_SECONDS
    return _last_moment(session, now) - now.timestamp() > warning


def why_over(session: SessionBase, now: datetime) -> End | None:
    """Say why the sitting is over, or None while it is not."""
    if now.timestamp() >= _last_moment(session, now):
        return End.LONG
    return None if seconds_left(session, now) else End.IDLE


def note_move(session: SessionBase, now: datetime) -> None:
    """Note that the person did something.

    Effects: the session is written at most sixty times in an idle period, once a
    minute with the hour that is usual, and not for every page.
    """
    seconds = int(now.timestamp())
    session.setdefault(BEGAN, seconds)
    if seconds - session.get(SEEN, 0) >= settings.SESSION_IDLE_SECONDS / 60:
        session[SEEN] = seconds


def _last_moment(session: SessionBase, now: datetime) -> float:
    began: float = session.get(BEGAN, now.timestamp())
    return began + settings.SESSION_COOKIE_AGE
