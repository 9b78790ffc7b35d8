"""Make the sample organisations and accounts of the embedded installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fourpi.samples import ACCOUNTS, PASSWORD, make_sample


class Command(BaseCommand):
    help = "Make the sample organisations and accounts, unless they are there."

    def handle(self, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "The sample accounts have a known password, so they are made only "
                "with EMBEDDED=1."
            )
        make_sample()
        self.stdout.write("Sample accounts, all with the password " + PASSWORD)
        for account in ACCOUNTS:
            self.stdout.write(
                f"  {account.email:<32}{account.label:<26}{account.organisation}"
            )
