"""What the site's log would hold of the records a test caught."""

from __future__ import annotations

from collections.abc import Iterable
from logging import Formatter, LogRecord
from logging.config import DictConfigurator

from django.conf import settings


def log_lines(records: Iterable[LogRecord]) -> list[str]:
    """Write records as the site's handler does."""
    # A copy, because the configurator takes the class out of what it is given.
    lines = dict(settings.LOGGING["formatters"]["lines"])
    formatter: Formatter = DictConfigurator(settings.LOGGING).configure_formatter(lines)
    return [formatter.format(record) for record in records]
