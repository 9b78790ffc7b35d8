"""What the console's pages have in common."""

from __future__ import annotations

from django.http import Http404

from organisations.models import Organisation
from organisations.queries import console as queries


def organisation_or_404(slug: str) -> Organisation:
    """Load an organisation for a steward, whatever its status.

    Raises: Http404.
    """
    found = queries.organisation_of(slug)
    if found is None:
        raise Http404
    return found
