"""What the worker does on its own."""

from .daily import Result, daily_bell, daily_run, run_the_day
from .outbox import (
    BELL_SECONDS,
    Bell,
    deliver_waiting_mail,
    mail_bell,
    remove_old_mail,
)
from .sign_ups import forget_old_drafts, send_links


__all__ = [
    "BELL_SECONDS",
    "Bell",
    "Result",
    "daily_bell",
    "daily_run",
    "deliver_waiting_mail",
    "forget_old_drafts",
    "mail_bell",
    "remove_old_mail",
    "run_the_day",
    "send_links",
]
