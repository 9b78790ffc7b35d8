"""Make a mail of an outbox row: its words, sealed until it goes, and its form."""

from __future__ import annotations

import json
from email.utils import parseaddr

from allauth.account.forms import default_token_generator
from allauth.account.utils import filter_users_by_email, user_pk_to_url_str
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from . import sealing
from .models import Outbox, User


PURPOSE = "outbox"
STOP = "organisations.emails.stop"
NEW_PASSWORD = "new_password"
UNKNOWN_ACCOUNT = "unknown_account"
FIND_SIGN_UPS = "find_sign_ups"


def seal(context: dict[str, str]) -> str:
    """Encrypt what a template is to say of one person."""
    return sealing.seal(json.dumps(context), purpose=PURPOSE)


def unseal(secret: str) -> dict[str, str]:
    """Decrypt what was sealed.

    Raises: Unreadable.
    """
    words: dict[str, str] = json.loads(sealing.unseal(secret, purpose=PURPOSE))
    return words


def stop_path(user: User, kind: str) -> str:
    """Make the address that stops one kind of mail to one person, without a sign-in."""
    token = signing.dumps([str(user.public_id), kind], salt=STOP)
    return reverse("mail_stop", args=[token])


def stopped_by(token: str) -> tuple[str, str] | None:
    """Read whose mails of which kind a link stops; None when we did not make it."""
    try:
        person, kind = signing.loads(token, salt=STOP)
    except signing.BadSignature:
        return None
    return person, kind


def build(mail: Outbox) -> EmailMultiAlternatives:
    """Make the message, plain text and HTML, as `templates/emails/` says it.

    Shape: the same Message-ID each time, so that a second copy is known as one.
    Raises: Unreadable.
    """
    words = {"site": settings.PUBLIC_ADDRESS, "contact": settings.CONTACT_EMAIL}
    words |= unseal(mail.secret)
    name = f"emails/{mail.template}"
    if mail.template == NEW_PASSWORD:
        words["path"] = _path_to_new_password(mail.to)
        name = name if words["path"] else f"emails/{UNKNOWN_ACCOUNT}"
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string(f"{name}.subject.txt", words).split()),
        body=render_to_string(f"{name}.txt", words).strip() + "\n",
        to=[mail.to],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    if stop := words.get("stop"):
        # RFC 8058: the button of a mailbox that stops such mails with one click.
        message.extra_headers["List-Unsubscribe"] = f"<{words['site']}{stop}>"
        message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.attach_alternative(render_to_string(f"{name}.html", words), "text/html")
    return message


def _path_to_new_password(email: str) -> str:
    """Make the link by which somebody chooses a new password, if she has an account.

    Shape: empty without an account. It is the worker who finds that out, because
    the time of the page would tell.
    """
    people = filter_users_by_email(email, is_active=True, prefer_verified=True)
    if not people:
        return ""
    key = default_token_generator.make_token(people[0])
    place = [user_pk_to_url_str(people[0]), key]
    return reverse("account_reset_password_from_key", args=place)


def message_id(public_id: object) -> str:
    """Name a mail for its whole life.

    Source: RFC 5322, section 3.6.4.
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{public_id}@{domain or 'localhost'}>"
