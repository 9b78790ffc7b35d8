"""Do the chores of the day by hand. The worker does them each day on its own."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.chores import end_the_day
from organisations.chores import daily_run


class Command(BaseCommand):
    help = (
        "Send the reminders that are due, let stages lapse, forget old sign-ups "
        "and uploads, and tell people what is new for them. "
        "It is safe at any time, as often as you like, also while the worker does it."
    )

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        result = daily_run(now)
        end_the_day(now)
        self.stdout.write(
            f"Organisations reminded: {result.reminded}, lapsed: {result.lapsed}. "
            f"Old sign-ups forgotten: {result.forgotten}"
        )
        if result.failed:
            raise CommandError(f"What failed: {result.failed}. See the log.")
