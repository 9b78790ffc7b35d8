"""What a higher operation does within its own transaction.

Post a mail, ring a bell, move an organisation's stage: docs/stages.md.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from allauth.usersessions.models import UserSession
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.template.loader import get_template
from django.utils import timezone

from organisations import audit, emails
from organisations.models import Membership, Organisation, Outbox, Unit, User
from organisations.rules import AlreadyDone, first_due, next_due


logger = logging.getLogger(__name__)
Stage = Organisation.Stage

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


@transaction.atomic
def tell_leads(
    *,
    organisation: Organisation,
    template: str,
    context: dict[str, str],
    at: datetime,
    kind: str = "",
) -> int:
    """Post one mail to each lead and co-lead who has not stopped mails of the kind.

    Shape: how many were told; the template gets `organisation` and `path` too. A
    mail without a kind is one that nobody can stop.
    """
    people = (
        Membership.objects.of(organisation)
        .leading()
        .filter(user__is_active=True, user__is_staff=False)
        .exclude(user__mail_preferences__kind=kind)
        .select_related("user")
        .order_by("pk")
    )
    words = {"organisation": str(organisation), "path": organisation.get_absolute_url()}
    for member in people:
        stop = {"stop": emails.stop_path(member.user, kind)} if kind else {}
        post_mail(
            template=template,
            to=member.user.email,
            context=words | context | stop,
            at=at,
        )
    return len(people)


@transaction.atomic
def end_sessions(*, user: User) -> int:
    """Sign somebody out everywhere, and say of how many sessions."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def unit_named(*, organisation: Organisation, name: str, at: datetime) -> Unit:
    """Find an open service or team by its name, or add it on top of the tree.

    Shape: the caller writes the event.
    """
    open_ones = Unit.objects.of(organisation).open().filter(parent=None)
    found = open_ones.filter(name__iexact=name).first()
    return found or Unit.objects.create(
        organisation=organisation, name=name, added_at=at
    )


# Stages. Whichever way a stage moves, it is by `_move` below.


@transaction.atomic
def assessment_started(*, organisation: Organisation, by: User, at: datetime) -> None:
    """Let the register say that an assessment is under way, after a sign-up alone.

    What is published stays published, and who has lapsed stays so until they
    publish or come back: docs/stages.md.
    Effects: audit event "under_way", and a row of history, if the stage moves.
    """
    _move(organisation, Stage.SIGNED_UP, Stage.UNDER_WAY, by=by, at=at)


@transaction.atomic
def assessment_published(
    *,
    organisation: Organisation,
    by: User,
    at: datetime,
    assessed_by: str,
    words: dict[str, str],
    of: str,
) -> None:
    """Let the register say that the organisation has published its own view.

    Shape: `words` are the public texts by the names of their fields; `of` is the
    id of what is published, for the audit trail. The version moves on, because
    somebody may be changing the texts.
    Raises: AlreadyDone when it has no stage, or its stage moved meanwhile.
    Effects: the next date; audit event "own_view"; a row of history.
    """
    before = Organisation.objects.select_for_update().get(pk=organisation.pk).stage
    today = timezone.localdate(at)
    if not before or not _move(
        organisation,
        before,
        Stage.OWN_VIEW,
        by=by,
        at=at,
        fields={
            "published_on": today,
            "due_on": next_due(today),
            "assessed_by": assessed_by,
            "version": F("version") + 1,
            **words,
        },
        details={"assessment": of},
    ):
        raise AlreadyDone(f"{organisation} is not on the register.")


@transaction.atomic
def lapse(*, organisation: Organisation, at: datetime) -> bool:
    """Let an organisation lapse whose date has gone by, and say whether it did.

    Effects: audit event "lapsed" by nobody; a row of history.
    """
    today = timezone.localdate(at)
    before = organisation.stage
    if before not in Organisation.GOING_ON:
        return False
    late = {"due_on__lt": today, "status": Organisation.Status.ACTIVE}
    return _move(organisation, before, Stage.LAPSED, by=None, at=at, only=late)


@transaction.atomic
def come_back(*, organisation: Organisation, by: User, at: datetime) -> None:
    """Let a lapsed organisation begin anew, with the dates of a new sign-up.

    Raises: AlreadyDone when it has not lapsed, or not any more.
    Effects: audit event "signed_up", or "under_way" in the middle of an assessment;
    a row of history, where the lapse stays.
    """
    fields = {"due_on": first_due(timezone.localdate(at))}
    after = Stage.UNDER_WAY if _is_assessing(organisation) else Stage.SIGNED_UP
    if not _move(organisation, Stage.LAPSED, after, by=by, at=at, fields=fields):
        raise AlreadyDone(f"{organisation} has not lapsed. Nothing was changed.")


def _is_assessing(organisation: Organisation) -> bool:
    """Say whether an assessment was started that is not published."""
    # The app above has the tables; here it is only asked whether there is a row.
    return Organisation.objects.filter(
        pk=organisation.pk, assessments__isnull=False, assessments__publication=None
    ).exists()


@transaction.atomic
def leave_register(
    *, organisation: Organisation, before: str, by: User, at: datetime
) -> None:
    """Take an organisation off the register, from the stage that its page showed.

    Raises: AlreadyDone when its stage is another, or none.
    Effects: the register's own fields are empty again; audit event "left"; a row of
    history, where the stage before stays.
    """
    dates = ("signed_up_on", "stage_since", "due_on", "published_on")
    words = ("assessed_by", "public_strengths", "public_gaps", "public_actions")
    fields = dict.fromkeys(dates) | dict.fromkeys(words, "")
    moves = before in Stage.values
    if not moves or not _move(organisation, before, "", by=by, at=at, fields=fields):
        raise AlreadyDone(f"The stage of {organisation} is another by now.")


def _move(
    organisation: Organisation,
    before: str,
    after: str,
    *,
    by: User | None,
    at: datetime,
    only: Mapping[str, Any] | None = None,
    fields: Mapping[str, Any] | None = None,
    details: Mapping[str, str] | None = None,
) -> bool:
    """Move a stage in one UPDATE that names the stage before; say whether it moved."""
    moved = (
        Organisation.objects.filter(pk=organisation.pk, stage=before)
        .filter(**only or {})
        .update(
            **{"stage": after, "stage_since": timezone.localdate(at)}
            | dict(fields or {})
        )
    )
    if not moved:
        return False
    organisation.refresh_from_db()
    Organisation.history.bulk_history_create(
        [organisation], update=True, default_user=by, default_date=at
    )
    audit.record(
        by=by,
        verb=after or "left",
        subject=organisation,
        organisation=organisation,
        at=at,
        details={"before": before} | dict(details or {}),
    )
    return True
