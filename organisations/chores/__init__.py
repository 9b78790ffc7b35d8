"""What the worker does on its own."""

from .outbox import (
    BELL_SECONDS,
    Bell,
    deliver_waiting_mail,
    mail_bell,
    remove_old_mail,
)


__all__ = [
    "BELL_SECONDS",
    "Bell",
    "deliver_waiting_mail",
    "mail_bell",
    "remove_old_mail",
]
