"""Do the chores of the day by hand. The worker does them each day on its own."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from organisations.chores import daily_run


class Command(BaseCommand):
    help = (
        "Send the reminders that are due and let stages lapse. It is safe to run "
        "at any time, as often as you like, and also while the worker does."
    )

    def handle(self, **options: Any) -> None:
        result = daily_run(timezone.now())
        self.stdout.write(
            f"Organisations reminded: {result.reminded}, lapsed: {result.lapsed}"
        )
        if result.failed:
            raise CommandError(
                f"Organisations that failed: {result.failed}. See the log."
            )
