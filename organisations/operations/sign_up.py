"""Sign up: from the first page to the confirmed address. No account is needed.

What a steward decides is in another module, and what the sponsor says too.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from organisations.emails import FIND_SIGN_UPS
from organisations.models import NOTHING_CHOSEN, SignUp, SignUpMessage, folded
from organisations.rules import (
    check_is_whole,
    check_sponsor_is_another,
    needs_sponsor,
)
from organisations.steps import post_mail
from organisations.steps import sign_up as sign_up_steps
from organisations.steps.sign_up import (
    State,
    move,
    new_key,
    new_sponsor_key,
    post_to_applicant,
    post_to_sponsor,
    record,
)


# Crockford's base 32: no letter that is read as a number, and no U.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS_OF_A_REFERENCE = 7
TRIES = 5
NOT_ENDED = (State.DRAFT, State.SENT, State.WAITING, State.QUESTION)


def start_sign_up(
    *, columns: Mapping[str, Any], half_typed: Mapping[str, Any], at: datetime
) -> SignUp:
    """Begin a sign-up with what the first page holds.

    Effects: audit event "started".
    """
    with transaction.atomic(durable=True):
        sign_up = _create(columns, half_typed, at)
        record("started", sign_up, at=at)
    return sign_up


def save_sign_up(
    *,
    sign_up: SignUp,
    page: str,
    columns: Mapping[str, Any],
    half_typed: Mapping[str, Any],
    at: datetime,
) -> None:
    """Keep what one page of a draft holds, also what is not whole yet.

    Shape: `half_typed` is all that the draft holds half typed, not this page's alone.
    Raises: AlreadyDone when it was sent or saved by another page meanwhile.
    Effects: audit event "saved".
    """
    with transaction.atomic(durable=True):
        folds = _folds(sign_up, columns)
        kept = {**columns, **folds, "half_typed": dict(half_typed)}
        move(sign_up, out_of=[State.DRAFT], at=at, **kept)
        record("saved", sign_up, at=at, details={"page": page})


def send_link(*, sign_up: SignUp, at: datetime, email: str = "") -> None:
    """Mail the applicant a new link to their sign-up; the one before is dead.

    Shape: `email` only for a draft, whose address may still change.
    Raises: AlreadyDone.
    Effects: a mail; audit event "link_sent".
    """
    with transaction.atomic(durable=True):
        sign_up_steps.send_link(sign_up, at=at, email=email)


def find_sign_ups(*, email: str, at: datetime) -> None:
    """Ask the worker for a new link to each sign-up of an address, if it has any.

    Effects: a mail that says there is none, or those with the links in its place. It
    is the worker who finds that out, because the time of the page would tell.
    """
    words = {"email": email, "find": reverse("sign_up_find")}
    post_mail(template=FIND_SIGN_UPS, to=email, context=words, at=at)


def send_sign_up(*, sign_up: SignUp, at: datetime) -> None:
    """Send a sign-up, and ask by mail whether the address is the applicant's.

    Raises: NotWhole, SameAddress, AlreadyDone.
    Effects: a mail; audit event "sent".
    """
    token, key = new_key(at)
    with transaction.atomic(durable=True):
        check_is_whole(sign_up)
        columns = {"state": State.SENT, "sent_at": at, "half_typed": {}, **key}
        if not needs_sponsor(sign_up):
            columns |= {"sponsor_role": "", "sponsor_email": ""}
        move(sign_up, out_of=[State.DRAFT], at=at, **columns)
        post_to_applicant("sign_up_confirm", sign_up, token, at=at)
        record("sent", sign_up, at=at)


def resend_confirmation(*, sign_up: SignUp, email: str, at: datetime) -> None:
    """Ask once more, at another address too, whether it is the applicant's.

    Raises: SameAddress, AlreadyDone.
    Effects: a mail; audit event "resent".
    """
    token, key = new_key(at)
    with transaction.atomic(durable=True):
        if needs_sponsor(sign_up):
            check_sponsor_is_another(email, sign_up.sponsor_email)
        move(sign_up, out_of=[State.SENT], at=at, applicant_email=email, **key)
        post_to_applicant("sign_up_confirm", sign_up, token, at=at)
        record("resent", sign_up, at=at)


def confirm_sign_up(*, sign_up: SignUp, at: datetime) -> None:
    """Take the applicant's word that the mailbox is theirs: they have our link.

    Raises: AlreadyDone.
    Effects: a receipt, and a mail that asks the sponsor; audit event "confirmed".
    """
    columns: dict[str, Any] = {"state": State.WAITING, "email_confirmed_at": at}
    token = ""
    if needs_sponsor(sign_up):
        token, key = new_sponsor_key(at)
        columns |= key
    with transaction.atomic(durable=True):
        move(sign_up, out_of=[State.SENT], at=at, **columns)
        # Without a new link: the one that was just used still works.
        post_to_applicant("sign_up_received", sign_up, "", at=at)
        if token:
            post_to_sponsor("sponsor_asked", sign_up, token, at=at)
        record("confirmed", sign_up, at=at)


def answer_question(*, sign_up: SignUp, text: str, at: datetime) -> None:
    """Answer what the steward asked; the sign-up waits for the steward again.

    Raises: AlreadyDone.
    Effects: audit event "answered".
    """
    with transaction.atomic(durable=True):
        move(sign_up, out_of=[State.QUESTION], at=at, state=State.WAITING)
        SignUpMessage.objects.create(
            sign_up=sign_up, kind=SignUpMessage.Kind.ANSWER, at=at, text=text
        )
        record("answered", sign_up, at=at)


def withdraw_sign_up(*, sign_up: SignUp, at: datetime) -> None:
    """Take a sign-up back. The sponsor's link opens nothing any more.

    Raises: AlreadyDone.
    Effects: audit event "withdrawn".
    """
    with transaction.atomic(durable=True):
        before = sign_up.state
        columns = {"sponsor_token_hash": "", "sponsor_token_expires_at": None}
        move(sign_up, out_of=NOT_ENDED, at=at, state=State.WITHDRAWN, **columns)
        record("withdrawn", sign_up, at=at, details={"before": before})


def _create(
    columns: Mapping[str, Any], half_typed: Mapping[str, Any], at: datetime
) -> SignUp:
    start = {**NOTHING_CHOSEN, "half_typed": dict(half_typed)}
    for _ in range(TRIES):
        reference = _reference()
        try:
            with transaction.atomic():
                return SignUp.objects.create(
                    reference=reference,
                    started_at=at,
                    changed_at=at,
                    **{**start, **columns},
                )
        except IntegrityError:
            if not SignUp.objects.filter(reference=reference).exists():
                raise
    raise RuntimeError("No reference was free.")


def _reference() -> str:
    letters = (secrets.choice(LETTERS) for _ in range(LETTERS_OF_A_REFERENCE))
    return f"4PI-{''.join(letters)}"


def _folds(sign_up: SignUp, columns: Mapping[str, Any]) -> dict[str, str]:
    """Fold the words to search in, which only a save would do by itself."""
    words = (columns.get(name, getattr(sign_up, name)) for name in ("name", "area"))
    return {"search_text": folded(" ".join(words))}
