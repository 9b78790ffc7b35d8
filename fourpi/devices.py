"""Where somebody is signed in, in words that she can recognise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from organisations.models import User


# The first that is found: most browsers also name those that they stem from.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "FxiOS": "Firefox",
    "Firefox": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "a Chromebook",
    "Mac OS": "a Mac",
    "Linux": "Linux",
}
NOTED = "device_noted"
NOTED_EVERY_SECONDS = 5 * 60


@dataclass(frozen=True)
class Device:
    """One session of somebody."""

    number: int
    name: str
    last_seen_at: datetime
    is_this_one: bool


def name_of(user_agent: str) -> str:
    """Say what browser on what system, as far as the browser tells."""
    browser = _first(BROWSERS, user_agent) or "A browser that we do not know"
    system = _first(SYSTEMS, user_agent)
    return f"{browser} on {system}" if system else browser


def devices_of(user: User, request: HttpRequest, now: datetime) -> list[Device]:
    """List where somebody is signed in, this device first, then the latest."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    sessions = UserSession.objects.filter(user=user, session_key__in=alive)
    here = request.session.session_key
    devices = [
        Device(
            number=session.pk,
            name=name_of(session.user_agent),
            last_seen_at=session.last_seen_at,
            is_this_one=session.session_key == here,
        )
        for session in sessions.order_by("-last_seen_at", "-pk")
    ]
    return sorted(devices, key=lambda device: not device.is_this_one)


def note_device(request: HttpRequest, now: datetime) -> None:
    """Note that a device is in use, every five minutes at most."""
    seconds = int(now.timestamp())
    # Signing in has noted it just now.
    if seconds - request.session.setdefault(NOTED, seconds) >= NOTED_EVERY_SECONDS:
        request.session[NOTED] = seconds
        UserSession.objects.create_from_request(request)


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((said for name, said in names.items() if name in user_agent), "")
