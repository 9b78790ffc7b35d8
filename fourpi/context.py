"""What every page's template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "EMBEDDED": settings.EMBEDDED,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
    }
