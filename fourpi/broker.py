"""Whether the broker keeps what it is given."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from redis import Redis
from redis.exceptions import RedisError


KEEPS = "noeviction"
SECONDS = 5


def check_keeps_all(address: str) -> None:
    """Refuse a Redis that throws away what waits when its memory is full.

    Shape: one that cannot be asked is let through; the worker waits for it.
    Raises: ImproperlyConfigured.
    """
    if not address.startswith(("redis://", "rediss://")):
        return
    policy = _policy_of(address)
    if policy not in {KEEPS, None}:
        raise ImproperlyConfigured(
            f"The Redis of BROKER_URL may throw away jobs that wait. Set its "
            f"maxmemory-policy to {KEEPS}; it is {policy}."
        )


def _policy_of(address: str) -> str | None:
    broker = Redis.from_url(
        address, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
    )
    try:
        policy = broker.info("memory").get("maxmemory_policy")
    except RedisError:
        return None
    finally:
        broker.close()
    return None if policy is None else str(policy)
