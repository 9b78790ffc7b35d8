"""What a steward does with a sign-up: note, ask, approve, decline."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.timezone import localdate

from organisations import audit
from organisations.models import (
    Invitation,
    Membership,
    Milestone,
    Organisation,
    RegisterEntry,
    SignUp,
    SignUpMessage,
    User,
    folded,
)
from organisations.operations.invitations import create as create_invitation
from organisations.rules import (
    Changed,
    NameTaken,
    check_can_approve,
    check_can_decide,
    first_due,
)
from organisations.steps import post_mail
from organisations.steps.keys import new_token
from organisations.steps.sign_up import in_words, new_key


State = SignUp.State
SLUG_LENGTH = 60
ENTRY_FIELDS = tuple(field.name for field in RegisterEntry._meta.local_fields)


def add_note(*, sign_up: SignUp, text: str, by: User, at: datetime) -> None:
    """Keep a note that only stewards see.

    Effects: audit event "noted", without the words.
    """
    with transaction.atomic(durable=True):
        _say(sign_up, SignUpMessage.Kind.NOTE, text, by=by, at=at)
        audit.record(by=by, verb="noted", subject=sign_up, at=at)


def ask(
    *, sign_up: SignUp, version: int, words: str, question: str, by: User, at: datetime
) -> None:
    """Ask the applicant a question by mail, with a new link to answer it.

    Raises: NotConfirmed, AlreadyDone, Changed.
    Effects: the question is kept; a mail to the applicant; audit event "asked".
    """
    token, key = new_key(at)
    with transaction.atomic(durable=True):
        held = _hold(sign_up, version)
        check_can_decide(held)
        _move(held, State.QUESTION, at, **key)
        _say(held, SignUpMessage.Kind.QUESTION, question, by=by, at=at)
        _post(
            "sign_up_asked",
            held,
            at,
            words=words,
            question=question,
            path=reverse("sign_up_link", args=[token]),
            expires=in_words(held.token_expires_at),
        )
        audit.record(by=by, verb="asked", subject=held, at=at)


def decline(
    *, sign_up: SignUp, version: int, words: str, reason: str, by: User, at: datetime
) -> None:
    """Say no to a sign-up, and why.

    Raises: NotConfirmed, AlreadyDone, Changed.
    Effects: a mail with the reason to the applicant; audit event "declined".
    """
    with transaction.atomic(durable=True):
        held = _hold(sign_up, version)
        check_can_decide(held)
        _move(held, State.DECLINED, at, decided_at=at, decided_by=by, reason=reason)
        path = reverse("sign_up")
        _post("sign_up_declined", held, at, words=words, reason=reason, path=path)
        audit.record(by=by, verb="declined", subject=held, at=at)


def approve(
    *, sign_up: SignUp, version: int, words: str, by: User, at: datetime
) -> Organisation:
    """Put an organisation on the register, and invite the applicant as its lead.

    Raises: NotConfirmed, AlreadyDone, Changed, NameTaken.
    Effects: an organisation with its milestones and dates; a mail with the
    invitation to the applicant; audit event "approved".
    """
    token = new_token()
    with transaction.atomic(durable=True):
        held = _hold(sign_up, version)
        check_can_approve(held)
        organisation = _found(held, by=by, at=at)
        _move(
            held,
            State.APPROVED,
            at,
            decided_at=at,
            decided_by=by,
            organisation=organisation,
        )
        _promise(held, organisation)
        invitation = create_invitation(
            organisation,
            held.applicant_email,
            Membership.Role.LEAD,
            token,
            by=by,
            at=at,
        )
        _post_invitation(held, invitation, token, words, at)
        audit.record(
            by=by,
            verb="approved",
            subject=held,
            organisation=organisation,
            at=at,
            details={"invitation": str(invitation.public_id)},
        )
    return organisation


def unused_slug(name: str) -> str:
    """Make an address of a name that no organisation has."""
    start = slugify(folded(name))[: SLUG_LENGTH - 5].strip("-") or "organisation"
    taken = set(
        Organisation.objects.filter(slug__startswith=start).values_list(
            "slug", flat=True
        )
    )
    tries = (start, *(f"{start}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in tries if slug not in taken)


def found(organisation: Organisation, *, by: User, at: datetime) -> Organisation:
    """Keep a new organisation with its dates, inside the caller's transaction.

    Raises: NameTaken.
    """
    today = localdate(at)
    organisation.slug = unused_slug(organisation.name)
    organisation.stage = Organisation.Stage.SIGNED_UP
    organisation.signed_up_on = organisation.stage_since = today
    organisation.due_on = first_due(today)
    organisation._history_user = by  # type: ignore[attr-defined]
    organisation._history_date = at  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError:
        raise NameTaken(
            f"An organisation with the name {organisation.name} is already here."
        ) from None
    return organisation


def _found(sign_up: SignUp, *, by: User, at: datetime) -> Organisation:
    entry = {name: getattr(sign_up, name) for name in ENTRY_FIELDS}
    return found(Organisation(**entry), by=by, at=at)


def _promise(sign_up: SignUp, organisation: Organisation) -> None:
    Milestone.objects.bulk_create(
        Milestone(
            organisation=organisation, text=text, due_on=date.fromisoformat(due_on)
        )
        for text, due_on in sign_up.milestones
    )


def _hold(sign_up: SignUp, version: int) -> SignUp:
    """Hold a sign-up still while it is what the page showed.

    Raises: Changed.
    """
    held = (
        SignUp.objects.select_for_update()
        .filter(pk=sign_up.pk, version=version)
        .first()
    )
    if held is None:
        raise Changed(
            "This sign-up has changed since you opened it. Look at it again, then decide."
        )
    return held


def _move(sign_up: SignUp, state: str, at: datetime, **fields: Any) -> None:
    version = sign_up.version
    changed = fields | {"state": state, "changed_at": at, "version": version + 1}
    if not SignUp.objects.filter(pk=sign_up.pk, version=version).update(**changed):
        raise Changed("This sign-up has changed meanwhile.")
    sign_up.refresh_from_db()


def _say(sign_up: SignUp, kind: str, text: str, *, by: User, at: datetime) -> None:
    SignUpMessage.objects.create(sign_up=sign_up, kind=kind, text=text, by=by, at=at)


def _post(template: str, sign_up: SignUp, at: datetime, **words: str) -> None:
    post_mail(
        template=template,
        to=sign_up.applicant_email,
        context={"organisation": sign_up.name, "reference": sign_up.reference} | words,
        at=at,
    )


def _post_invitation(
    sign_up: SignUp, invitation: Invitation, token: str, words: str, at: datetime
) -> None:
    _post(
        "sign_up_approved",
        sign_up,
        at,
        words=words,
        expires=in_words(invitation.expires_at),
        path=reverse("invitation", args=[token]),
    )
