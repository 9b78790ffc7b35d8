"""The site's addresses, the gallery, and pages that go wrong on purpose."""

from typing import NoReturn

from allauth.core.ratelimit import respond_429
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from fourpi import urls
from fourpi.gallery import gallery


handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler429 = urls.handler429
handler500 = urls.handler500


@login_not_required
def refuse(request: HttpRequest) -> NoReturn:
    raise PermissionDenied("You need somebody who <b>can lock</b>.")


@login_not_required
def suspect(request: HttpRequest) -> NoReturn:
    raise SuspiciousOperation("not for people's eyes")


@login_not_required
def crash(request: HttpRequest) -> NoReturn:
    raise RuntimeError("not for people's eyes")


@login_not_required
def hurry(request: HttpRequest) -> HttpResponse:
    return respond_429(request)


urlpatterns = [
    path("components/", gallery),
    path("hurry/", hurry),
    path("refused/", refuse),
    path("suspect/", suspect),
    path("crash/", crash),
    *urls.urlpatterns,
]
