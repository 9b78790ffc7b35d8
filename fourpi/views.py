"""The home page, the pages about the site, and the error pages."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from organisations.access import Role, keep_typed, role_sentences
from standards.models import Edition
from standards.queries import edition_summary


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
    return render(request, "home.html", {"edition": edition})


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
    return render(request, "privacy.html")


@login_not_required
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    hours = settings.SESSION_COOKIE_AGE // 3600
    weeks = settings.CSRF_COOKIE_AGE // (7 * 24 * 3600)
    used = [
        Cookie(
            settings.SESSION_COOKIE_NAME,
            "Keeps you signed in.",
            f"When you close your browser, and after {hours} hours at the latest.",
        ),
        Cookie(
            settings.CSRF_COOKIE_NAME,
            "Makes sure that a form you send comes from this site.",
            f"After {weeks} weeks.",
        ),
        Cookie(
            "messages",
            "Holds a short note, such as “Saved”, until the next page shows it.",
            "When the note is shown, or when you close your browser.",
        ),
    ]
    return render(request, "cookies.html", {"cookies": used})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _bare_page("400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _bare_page("500.html", status=500)


def _bare_page(template: str, *, status: int) -> HttpResponse:
    # Without the request: reading it, the session or the database may be what failed.
    page = render_to_string(template, {"no_navigation": True})
    return HttpResponse(page, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    context = {"is_kept": keep_typed(request)}
    return render(request, "403_csrf.html", context, status=403)


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "robots.txt", content_type="text/plain")
