"""What a worker is asked to do: one id in, one call."""

from celery import shared_task
from django.utils import timezone

from . import rendering


@shared_task
def render_report(report_id: int) -> None:
    rendering.render(report_id, now=timezone.now())
