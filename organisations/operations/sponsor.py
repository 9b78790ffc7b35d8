"""What the senior sponsor of a sign-up says, and asking them again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from organisations.models import SignUp, User
from organisations.rules import (
    AlreadyDone,
    check_can_ask_sponsor,
    check_sponsor_is_another,
    needs_sponsor,
)
from organisations.steps.sign_up import (
    CHANGED,
    State,
    move,
    new_sponsor_key,
    post_to_applicant,
    post_to_sponsor,
    record,
)


# Once the applicant's address is confirmed, and until a steward has decided.
ASKED = (State.WAITING, State.QUESTION)
A_DAY = timedelta(days=1)


def sponsor_confirms(*, sign_up: SignUp, at: datetime) -> None:
    """Take the sponsor's yes.

    Raises: AlreadyDone when they have answered, or the sign-up has ended.
    Effects: audit event "sponsor_confirmed".
    """
    with transaction.atomic(durable=True):
        _say(sign_up, at=at, column="sponsor_confirmed_at", verb="sponsor_confirmed")


def sponsor_declines(*, sign_up: SignUp, at: datetime, why: str = "") -> None:
    """Take the sponsor's no. The applicant reads it and can ask somebody else.

    Raises: AlreadyDone when they have answered, or the sign-up has ended.
    Effects: a mail to the applicant; audit event "sponsor_declined".
    """
    with transaction.atomic(durable=True):
        _say(sign_up, at=at, column="sponsor_declined_at", verb="sponsor_declined")
        asked = sign_up.sponsors_asked.order_by("asked_at", "pk").last()
        if asked:
            asked.declined_at, asked.why = at, why
            asked.save(update_fields=["declined_at", "why"])
        # Without a new link: whoever reads this page has one in an earlier mail.
        post_to_applicant("sponsor_declined", sign_up, "", at=at)


def ask_sponsor_again(
    *, sign_up: SignUp, email: str, at: datetime, by: User | None = None
) -> None:
    """Ask the sponsor again, or somebody else; the link before is dead.

    Shape: a no is forgotten, because it was another link's; a yes stays. `by` is
    the steward, or nobody for the applicant, who has no account.
    Raises: SameAddress, AskedTooOften, AlreadyDone.
    Effects: a mail; audit event "sponsor_asked".
    """
    token, key = new_sponsor_key(at)
    with transaction.atomic(durable=True):
        if sign_up.sponsor_confirmed_at or not needs_sponsor(sign_up):
            raise AlreadyDone(CHANGED)
        check_sponsor_is_another(sign_up.applicant_email, email)
        is_the_same = email == sign_up.sponsor_email
        columns = {"sponsor_email": email, "sponsor_declined_at": None, **key}
        # Before the count, so that of two at once only one counts and goes on.
        move(sign_up, out_of=ASKED, at=at, **columns)
        lately = sign_up.sponsors_asked.filter(asked_at__gt=at - A_DAY)
        check_can_ask_sponsor(email, set(lately.values_list("email", flat=True)))
        template = "sponsor_reminded" if is_the_same else "sponsor_asked"
        post_to_sponsor(template, sign_up, token, at=at)
        record("sponsor_asked", sign_up, at=at, by=by)


def _say(sign_up: SignUp, *, at: datetime, column: str, verb: str) -> None:
    if sign_up.sponsor_confirmed_at or sign_up.sponsor_declined_at:
        raise AlreadyDone("You have answered already.")
    move(sign_up, out_of=ASKED, at=at, **{column: at})
    record(verb, sign_up, at=at)
