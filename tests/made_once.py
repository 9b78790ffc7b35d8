"""Rows that all tests of a module share: for tables that are asked hundreds of times."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def made_once(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Take back at the end what is made within; each test takes back its own."""
    block = transaction.atomic()
    # Operations ask for a transaction of their own, but not in a test's.
    block._from_testcase = True
    with blocker.unblock(), block:
        yield
        transaction.set_rollback(True)
