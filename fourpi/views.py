"""The home page, the pages about the site, and the error pages."""

import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessments.queries import lines_for_home, where_to_go_on
from organisations.access import (
    KEPT_FOR,
    NEVER_KEPT,
    Role,
    is_anothers,
    keep_typed,
    role_sentences,
)
from organisations.chores.outbox import KEPT_FOR as MAILS_KEPT_FOR
from organisations.models import User
from organisations.queries import count_registered
from reports.rules import ARCHIVE_KEPT_FOR, FAILED_KEPT_FOR, OLD_DRAFT_KEPT_FOR
from standards.models import Edition
from standards.queries import edition_summary

from . import sittings


# Not longer than a year ahead, says RFC 9116, section 2.5.5.
CONTACT_HOLDS_FOR = timedelta(days=180)
RETRY_SECONDS = 300


@dataclass(frozen=True)
class Cookie:
    name: str
    purpose: str
    ends: str


@dataclass(frozen=True)
class RoleLine:
    name: str
    sentences: tuple[str, ...]


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    try:
        edition = edition_summary()
    except Edition.DoesNotExist:
        edition = None
    person = request.user
    lines = lines_for_home(person) if isinstance(person, User) else ()
    context = {
        "edition": edition,
        "registered": count_registered(),
        "carry_on": where_to_go_on(lines),
        "lines": lines,
    }
    return render(request, "home.html", context)


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    roles = [
        RoleLine(name=str(role.label), sentences=role_sentences(role)) for role in Role
    ]
    return render(request, "help.html", {"roles": roles})


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    context = _how_long() | {
        "mails_days": MAILS_KEPT_FOR.days,
        "failed_days": FAILED_KEPT_FOR.days,
        "archive_days": ARCHIVE_KEPT_FOR.days,
        "draft_days": OLD_DRAFT_KEPT_FOR.days,
    }
    return render(request, "privacy.html", context)


@login_not_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    return render(request, "security.html", _how_long())


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say to programs where weak spots are to be told.

    Source: RFC 9116.
    """
    context = {
        "site": settings.PUBLIC_ADDRESS,
        "expires": timezone.now().replace(microsecond=0) + CONTACT_HOLDS_FOR,
    }
    return render(
        request, "security.txt", context, content_type="text/plain; charset=utf-8"
    )


def _how_long() -> dict[str, int]:
    """Say for the pages about the site how long things last, as the settings have it."""
    return {
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
        "kept_hours": int(KEPT_FOR.total_seconds()) // 3600,
    }


@login_not_required
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    weeks = settings.CSRF_COOKIE_AGE // (7 * 24 * 3600)
    last = _how_long()
    used = [
        Cookie(
            settings.SESSION_COOKIE_NAME,
            "Keeps you signed in, or your place while you sign up.",
            f"When you close your browser, after {last['idle_minutes']} minutes in which nothing happens, and after {last['session_hours']} hours at the latest.",
        ),
        Cookie(
            settings.CSRF_COOKIE_NAME,
            "Makes sure that a form you send comes from this site.",
            f"After {weeks} weeks.",
        ),
        Cookie(
            settings.MFA_TRUST_COOKIE_NAME,
            "Remembers that this device is yours, so that we need not send a code "
            "each time. You get it when you join, or when you ask us to remember.",
            f"After {settings.MFA_TRUST_COOKIE_AGE.days} days, or when you change "
            "your password.",
        ),
        Cookie(
            "messages",
            "Holds a short note, such as “Saved”, until the next page shows it.",
            "When the note is shown, or when you close your browser.",
        ),
    ]
    return render(request, "cookies.html", {"cookies": used})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _bare_page("413.html", status=413)
    return _bare_page("400.html", status=400)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    page = _bare_page("429.html", status=429)
    page["Retry-After"] = str(RETRY_SECONDS)
    return page


def unavailable(template: str = "503.html", **words: object) -> HttpResponse:
    page = _bare_page(
        template, status=503, contact_email=settings.CONTACT_EMAIL, **words
    )
    page["Retry-After"] = str(RETRY_SECONDS)
    add_never_cache_headers(page)
    return page


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest | None) -> HttpResponse:
    """Say that something failed, or that the database is away, and give words back."""
    words: list[str] = []
    # What failed may be what was sent.
    with suppress(Exception):
        words = _words_sent(request) if request else []
    if _is_away(sys.exception()):
        return unavailable("503_away.html", words=words)
    return _bare_page("500.html", status=500, words=words)


def _is_away(error: BaseException | None) -> bool:
    """Say whether the database, or the cache that processes share, gave no answer."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    # By name: an installation without CACHE_URL never loads it.
    return type(error).__module__ == "redis.exceptions"


def _bare_page(template: str, *, status: int, **words: object) -> HttpResponse:
    # Without the request: reading it, the session or the database may be what failed.
    page = render_to_string(template, {"no_navigation": True} | words)
    return HttpResponse(page, status=status)


# What a page sends with the words, and nobody typed.
NOT_WORDS = ("author", "writing", "follows", "kept_path", "versions", *NEVER_KEPT)


def anothers_form(request: HttpRequest) -> HttpResponse:
    """Refuse a form that was opened by somebody else, and keep its words for her.

    Shape: the page shows them once more to whoever sent them, so that they can be
    copied.
    """
    context = {"is_kept": keep_typed(request), "words": _words_sent(request)}
    return render(request, "403_anothers.html", context, status=403)


def _words_sent(request: HttpRequest) -> list[str]:
    """Find the words in a form that was sent."""
    return [
        value
        for name, values in request.POST.lists()
        for value in values
        if " " in value.strip()
        and not name.endswith(NOT_WORDS)
        and "password" not in name
    ]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if is_anothers(request):
        return anothers_form(request)
    context = {"is_kept": keep_typed(request)}
    return render(request, "403_csrf.html", context, status=403)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def session_ending(request: HttpRequest) -> JsonResponse:
    """Tell the page's script how long is left; a POST is a move, so that it is more."""
    now = timezone.now()
    is_in = request.user.is_authenticated
    left = sittings.seconds_left(request.session, now) if is_in else 0
    can_stay = is_in and sittings.can_go_on(request.session, now)
    return JsonResponse({"seconds_left": left, "can_stay": can_stay})


@login_not_required
@require_POST
def session_save(request: HttpRequest) -> HttpResponse:
    """Sign out, and keep what was typed for the same person's next sign-in."""
    there = request.POST.get("kept_path", "")
    if not url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        there = reverse(settings.LOGIN_REDIRECT_URL)
    logout(request)
    keep_typed(request, path=there)
    request.session[sittings.ENDED] = request.POST.get("why", "")
    return redirect_to_login(there)


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "robots.txt", content_type="text/plain")
