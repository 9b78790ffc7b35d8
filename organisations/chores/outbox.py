"""Ring for waiting rows, and deliver the mail."""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

from django.db import transaction

from organisations import emails, sealing
from organisations.audit import record
from organisations.models import Outbox, OutboxQuerySet

from .sign_ups import send_links


logger = logging.getLogger(__name__)

Waiting = Callable[[datetime], list[tuple[int, int]]]
Status = Outbox.Status
Failure = Outbox.Failure

# Longer than a worker may work at all (settings.py), so that nobody who is still
# sending loses the row to another.
LEASE = timedelta(seconds=150)
# One look at the outbox; what is left then waits for the next.
WORKING_SECONDS = 45
# One message at a time is on its way for the mail that is to go next.
BELL_SECONDS = 30
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=30)
# A mail server that is away for a weekend loses nobody's mail.
GIVEN_UP_AFTER = timedelta(days=4)
KEPT_FOR = timedelta(days=30)
PERMANENT = 500  # RFC 5321, section 4.2.1: 5yz is final, 4yz may be tried again.


class Bell:
    """Rings for rows that wait, once for each attempt and lease.

    A waiting row keeps one message on its way, however long the pool is busy: it
    rings again only when a lease's time has gone by and nobody has taken it.
    """

    def __init__(
        self, waiting: Waiting, ring: Callable[[int], object], *, again_after: float
    ) -> None:
        self._waiting = waiting
        self._ring = ring
        self._again_after = again_after
        self._rung: dict[tuple[int, int], float] = {}

    def ring_for_waiting(self, now: datetime) -> int:
        """Ring for each waiting row that was not rung for lately."""
        waiting = self._waiting(now)
        self._rung = {each: self._rung[each] for each in waiting if each in self._rung}
        due = [each for each in waiting if self._is_due(each)]
        for each in due:
            self._ring(each[0])
            self._rung[each] = time.monotonic()
        return len(due)

    def _is_due(self, each: tuple[int, int]) -> bool:
        rung = self._rung.get(each)
        return rung is None or time.monotonic() - rung > self._again_after


def mail_bell(ring: Callable[[int], object]) -> Bell:
    """Make the bell that rings once for all the mail that is due."""
    return Bell(_next, ring, again_after=BELL_SECONDS)


def deliver_waiting_mail(now: datetime) -> int:
    """Send the mails that are due, the least tried and oldest first.

    Shape: how many were sent. A row is sent by one worker at a time. When one dies
    between the server's yes and ours, the mail goes again under the same
    Message-ID, which is how a mailbox knows it as the same.
    Effects: stops at a mail server that is away, and lets all the rest wait.
    """
    until = time.monotonic() + WORKING_SECONDS
    sent = 0
    while time.monotonic() < until and (mail := _claim(now)):
        try:
            _send(mail, now)
        except sealing.Unreadable:
            _fail(_mine(mail), Failure.UNREADABLE, at=now)
        except (SMTPRecipientsRefused, SMTPDataError) as error:
            _put_off_refused(mail, error, at=now)
        except OSError as error:
            # What smtplib raises is one too: the server is away or unwell.
            _put_off(mail, error, at=now)
            _put_off_others(mail, at=now)
            break
        except Exception as error:
            _put_off(mail, error, at=now)
        else:
            _finish(_mine(mail), status=Status.SENT, sent_at=now)
            sent += 1
    return sent


def _send(mail: Outbox, now: datetime) -> None:
    """Send a mail, or post those that were asked for in its place."""
    if mail.template == emails.FIND_SIGN_UPS and send_links(email=mail.to, at=now):
        return
    emails.build(mail).send()


def remove_old_mail(now: datetime) -> None:
    """Forget whom we wrote to, a while after the mail has gone."""
    ended = Outbox.objects.filter(status__in=[Status.SENT, Status.FAILED])
    ended.filter(queued_at__lt=now - KEPT_FOR).delete()


def _next(now: datetime, *, at_most: int = 1) -> list[tuple[int, int]]:
    """List the mails that are to go next.

    Shape: pairs of a mail's key and how often it was tried. The least tried come
    first, so that one on which a server hangs up holds nobody else's back.
    """
    due = Outbox.objects.due(now).order_by("attempts", "queued_at", "pk")
    return list(due.values_list("pk", "attempts")[:at_most])


def _claim(now: datetime) -> Outbox | None:
    """Take a mail that is due. The attempt and its pause count from here."""
    due = Outbox.objects.due(now)
    for pk, attempts in _next(now, at_most=20):
        taken = due.filter(pk=pk, attempts=attempts).update(
            status=Status.SENDING,
            owner=f"{os.uname().nodename[:30]}:{os.getpid()}:{uuid.uuid4().hex[:12]}",
            lease_until=now + LEASE,
            attempts=attempts + 1,
            due_at=now + min(FIRST_PAUSE * 2 ** min(attempts, 10), LONGEST_PAUSE),
        )
        if taken:
            return Outbox.objects.get(pk=pk)
    return None


def _put_off_refused(
    mail: Outbox, error: SMTPRecipientsRefused | SMTPDataError, *, at: datetime
) -> None:
    """Try again what the server did not take this time; give up what it never will."""
    if isinstance(error, SMTPDataError):
        code = error.smtp_code
    else:
        code = max(answer[0] for answer in error.recipients.values())
    if code >= PERMANENT:
        logger.warning("Mail %s was refused with %s", mail.public_id, code)
        _fail(_mine(mail), Failure.REFUSED, at=at)
    else:
        _put_off(mail, error, at=at)


def _put_off(mail: Outbox, error: Exception, *, at: datetime) -> None:
    # The kind alone: an error's text may quote what the mail says.
    logger.warning("Mail %s must wait: %s", mail.public_id, type(error).__name__)
    if mail.queued_at < at - GIVEN_UP_AFTER:
        _fail(_mine(mail), Failure.TOO_LATE, at=at)
    else:
        _finish(_mine(mail), status=Status.QUEUED)


def _put_off_others(mail: Outbox, *, at: datetime) -> None:
    """Let every mail wait that this server would have got now.

    Without it each of a hundred mails would hold a worker until its own timeout.
    """
    due = Outbox.objects.due(at)
    _fail(due.filter(queued_at__lt=at - GIVEN_UP_AFTER), Failure.TOO_LATE, at=at)
    due.update(due_at=mail.due_at)


def _mine(mail: Outbox) -> OutboxQuerySet:
    return Outbox.objects.filter(
        pk=mail.pk, owner=mail.owner, status=Outbox.Status.SENDING
    )


def _finish(mails: OutboxQuerySet, *, status: str, **fields: Any) -> None:
    if status != Status.QUEUED:
        fields["secret"] = ""
    mails.update(status=status, owner="", lease_until=None, **fields)


@transaction.atomic(durable=True)
def _fail(mails: OutboxQuerySet, failure: str, *, at: datetime) -> None:
    for mail in list(mails.select_for_update().order_by("pk")):
        _finish(Outbox.objects.filter(pk=mail.pk), status="failed", failure=failure)
        details = {"template": mail.template, "failure": str(failure)}
        record(by=None, verb="failed", subject=mail, at=at, details=details)
