"""What a worker is asked to do: one call."""

from celery import shared_task
from django.utils import timezone

from organisations.chores import run_the_day as run_it

from .chores import end_the_day


@shared_task
def run_the_day() -> None:
    run_it(timezone.now(), also=end_the_day)
