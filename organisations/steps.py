"""What a higher operation does within its own transaction: post a mail, ring a bell."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.template.loader import get_template

from . import emails
from .models import Outbox


logger = logging.getLogger(__name__)

# A person waits for the page, and the doorbell rings for what the bell missed.
BELL_SECONDS = 1


@transaction.atomic
def post_mail(
    *, template: str, to: str, context: dict[str, str], at: datetime
) -> Outbox:
    """Put one mail into the outbox, to go when the caller's transaction commits.

    Shape: `template` names three files of `templates/emails/`; they get `site`,
    the address of this site, and what `context` holds.
    Raises: TemplateDoesNotExist, now and not in the worker.
    Effects: the bell rings after the commit.
    """
    get_template(f"emails/{template}.subject.txt")
    public_id = uuid.uuid4()
    mail = Outbox.objects.create(
        public_id=public_id,
        template=template,
        to=to,
        secret=emails.seal(context),
        message_id=emails.message_id(public_id),
        queued_at=at,
        due_at=at,
    )
    ring_after_commit("organisations.tasks.deliver_waiting_mail")
    return mail


def ring_after_commit(task: str, arguments: Sequence[object] = ()) -> None:
    """Tell a worker that a row waits, once the transaction has committed.

    Shape: the task by its name, because tasks know steps and not the other way.
    """
    transaction.on_commit(partial(_ring, task, arguments), robust=True)


def _ring(task: str, arguments: Sequence[object]) -> None:
    """Tell a worker, where there is a broker; never keep a person waiting for it."""
    if not settings.HAS_BROKER:
        return
    try:
        hurried = current_app.connection_for_write(transport_options=_in_a_hurry())
        with hurried as broker, current_app.amqp.Producer(broker) as producer:
            current_app.send_task(task, arguments, producer=producer, retry=False)
    except Exception as error:
        # The row is the job: the worker's doorbell finds it without the bell.
        logger.warning("The bell did not ring for %s: %s", task, error)


def _in_a_hurry() -> dict[str, object]:
    return {
        **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        "socket_timeout": BELL_SECONDS,
        "socket_connect_timeout": BELL_SECONDS,
        "max_retries": 1,
        "interval_start": 0,
        "connect_retries_timeout": BELL_SECONDS,
    }
