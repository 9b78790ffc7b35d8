"""What the console's lists have in common."""

from __future__ import annotations

from django.http import HttpRequest


LINES_ON_A_PAGE = 25


def asked_for(request: HttpRequest) -> str:
    """Give the words of a search as the links to its other pages repeat them."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()
