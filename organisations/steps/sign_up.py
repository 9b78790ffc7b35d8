"""What is done to a sign-up: move the row that was read, make a new key, mail it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.timezone import localtime

from organisations import audit
from organisations.models import SignUp, SponsorAsking, User
from organisations.rules import AlreadyDone
from organisations.steps import post_mail

from .keys import hash_of, new_token


State = SignUp.State
LASTS = timedelta(days=30)
CHANGED = "This sign-up has changed meanwhile. Here is how it stands now."


def move(
    sign_up: SignUp, *, out_of: Sequence[str], at: datetime, **columns: Any
) -> None:
    """Change a sign-up, only while it is in the state and version that we read.

    Raises: AlreadyDone.
    """
    moved = SignUp.objects.filter(
        pk=sign_up.pk, version=sign_up.version, state__in=out_of
    ).update(version=F("version") + 1, changed_at=at, **columns)
    if not moved:
        raise AlreadyDone(CHANGED)
    sign_up.refresh_from_db()


def new_key(at: datetime) -> tuple[str, dict[str, Any]]:
    """Make a key for the applicant, and the columns that replace the one before."""
    token = new_token()
    return token, {"token_hash": hash_of(token), "token_expires_at": at + LASTS}


def new_sponsor_key(at: datetime) -> tuple[str, dict[str, Any]]:
    """Make a key for the sponsor, and the columns that replace the one before."""
    token = new_token()
    columns = {
        "sponsor_token_hash": hash_of(token),
        "sponsor_token_expires_at": at + LASTS,
    }
    return token, columns


def send_link(sign_up: SignUp, *, at: datetime, email: str = "") -> None:
    """Mail the applicant a new link; the one before is dead.

    Shape: `email` only for a draft, whose address may still change.
    Raises: AlreadyDone.
    Effects: a mail; audit event "link_sent".
    """
    token, key = new_key(at)
    states = [State.DRAFT] if email else list(State)
    columns = {"applicant_email": email, **key} if email else key
    changed_at = at if sign_up.state == State.DRAFT else sign_up.changed_at
    move(sign_up, out_of=states, at=changed_at, **columns)
    post_to_applicant("sign_up_return", sign_up, token, at=at)
    record("link_sent", sign_up, at=at)


def post_to_applicant(
    template: str, sign_up: SignUp, token: str, *, at: datetime, **words: str
) -> None:
    """Post a mail with the link to the applicant's page.

    Shape: what the applicant typed is not among the words: until the mailbox has
    answered, anybody could have typed it, to have us mail it to anybody.
    """
    link = {"path": reverse("sign_up_link", args=[token])} if token else {}
    post_mail(
        template=template,
        to=sign_up.applicant_email,
        context={
            "reference": sign_up.reference,
            "expires": in_words(sign_up.token_expires_at),
            "find": reverse("sign_up_find"),
        }
        | link
        | words,
        at=at,
    )


def post_to_sponsor(
    template: str, sign_up: SignUp, token: str, *, at: datetime
) -> None:
    """Post the mail that asks the senior sponsor to confirm, and keep that we asked."""
    SponsorAsking.objects.create(
        sign_up=sign_up, email=sign_up.sponsor_email, asked_at=at
    )
    post_mail(
        template=template,
        to=sign_up.sponsor_email,
        context={
            "organisation": sign_up.name,
            "applicant": sign_up.applicant_name,
            "applicant_role": sign_up.applicant_role,
            "expires": in_words(sign_up.sponsor_token_expires_at),
            "path": reverse("sponsor", args=[token]),
        },
        at=at,
    )


def record(
    verb: str,
    sign_up: SignUp,
    *,
    at: datetime,
    by: User | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    audit.record(by=by, verb=verb, subject=sign_up, at=at, details=details)


def in_words(moment: datetime | None) -> str:
    return f"{localtime(moment):%-d %B %Y}" if moment else ""
