"""Count tries, and stop after ten: of one thing, at one person, from one place.

Of one place, because whoever tries a stranger's password must not keep her out; and
more of one place together, because a whole hospital may share its address.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.http import HttpRequest


LIMITS = "10/15m/key,200/15m/ip"


def count_try(request: HttpRequest, action: str, who: str) -> Callable[[], None]:
    """Count one try, and return what takes it back when it was a good one.

    Raises: ImmediateHttpResponse with the page that asks to wait.
    """
    usage = ratelimit.consume(
        request,
        app="fourpi",
        action=action,
        config={action: LIMITS},
        key=at_one_place(request, who),
        limit_get=True,
    )
    if usage is None:
        raise ImmediateHttpResponse(ratelimit.respond_429(request))
    take_back: Callable[[], None] = usage.rollback
    return take_back


def at_one_place(request: HttpRequest, who: str) -> str:
    """Name a person as she is tried from one address of the network."""
    return f"{get_adapter().get_client_ip(request)} {who}"
