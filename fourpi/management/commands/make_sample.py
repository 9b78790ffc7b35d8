"""Make the sample organisations and accounts of the embedded installation."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.models import Assessment
from fourpi.samples.accounts import ACCOUNTS, PASSWORD, SampleAccount
from fourpi.samples.making import answer_everything, make_sample
from fourpi.samples.many import MOST, make_many
from organisations.models import Membership


class Command(BaseCommand):
    help = "Make the sample organisations and accounts, unless they are there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--answers",
            action="store_true",
            help="answer what nobody has answered yet in the open assessments",
        )
        parser.add_argument(
            "--organisations",
            type=int,
            default=0,
            metavar="N",
            help=f"also make N more organisations with people, at most {MOST:,}",
        )

    def handle(self, *, answers: bool, organisations: int, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "The sample accounts have a known password, so they are made only "
                "with EMBEDDED=1."
            )
        if not 0 <= organisations <= MOST:
            raise CommandError(f"Ask for 0 to {MOST:,} organisations.")
        make_sample()
        if answers:
            _answer_open_assessments()
        if organisations:
            made = make_many(organisations, today=timezone.localdate())
            self.stdout.write(f"{made:,} organisations made, each with its people.")
        self.stdout.write("Sample accounts, all with the password " + PASSWORD)
        for account in ACCOUNTS:
            self.stdout.write(
                f"  {account.email:<32}{_label(account):<26}{account.organisation}"
            )
        self.stdout.write(
            "The steward is asked to set up a second step at her first sign-in: "
            "an app for codes or a passkey."
        )


def _label(account: SampleAccount) -> str:
    return Membership.Role(account.role).label if account.organisation else "Steward"


def _answer_open_assessments() -> None:
    open_ones = Assessment.objects.filter(status=Assessment.Status.ANSWERING)
    for assessment in open_ones.select_related("started_by"):
        answer_everything(assessment, by=assessment.started_by, at=timezone.now())
