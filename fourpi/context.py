"""What every page's template may use."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from organisations.queries import shown_notices

from . import sittings


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "EMBEDDED": settings.EMBEDDED,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
        "sitting": _sitting(request),
        # Asked for by the template, so that a page without a frame asks nothing.
        "notices": lambda: shown_notices(timezone.now()),
    }


def _sitting(request: HttpRequest) -> dict[str, int] | None:
    """Say for the page's script how long is left, and when to warn."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return {
        "seconds_left": sittings.seconds_left(request.session, timezone.now()),
        "warning_seconds": settings.SESSION_WARNING_SECONDS,
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
        "hours": settings.SESSION_COOKIE_AGE // 3600,
    }
