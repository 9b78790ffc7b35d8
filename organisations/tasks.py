"""What a worker is asked to do: one call."""

from celery import shared_task
from django.utils import timezone

from . import chores


@shared_task
def deliver_waiting_mail() -> None:
    chores.deliver_waiting_mail(timezone.now())
