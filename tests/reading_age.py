"""Refuse words that are too hard on a page that anybody can reach: `make check`.

The pages come from the addresses of the site, so that a new one is read without
being named here. One that needs something in its address gets an example below.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import django

import tests.environment


# Before anything reads the settings.
assert tests.environment
os.environ["DATABASE_URL"] = "sqlite://:memory:"
os.environ["DJANGO_SETTINGS_MODULE"] = "fourpi.settings"
django.setup()
logging.disable()
warnings.simplefilter("ignore")

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from fourpi.samples.making import make_sample
from fourpi.samples.many import make_many
from organisations.emails import stop_path
from organisations.models import Invitation, MailPreference, Organisation, SignUp, User
from organisations.operations import hash_of, invite
from standards.models import Duty, Principle
from tests.factories import NOW, make_draft, make_sign_up
from tests.reading import public_names, too_hard


TOKEN = "an-open-invitation"

# The keys of sign-ups, and what is so of each.
SIGN_UPS = {
    "draft": {"state": "draft"},
    "sent": {"state": "sent"},
    "waiting": {},
    "question": {"state": "question"},
    "withdrawn": {"state": "withdrawn"},
    "confirmed": {"sponsor_confirmed_at": NOW},
    "declined": {"sponsor_declined_at": NOW},
    "too-old": {"token_expires_at": NOW, "sponsor_token_expires_at": NOW},
}

EXEMPT = {
    "admin:": "Django's own words, for stewards and superusers",
    "mailbox": "the mails of one machine, for who tries the product out",
    "gallery": "samples for developers",
}
# Shown, led on, only by POST, and a link that does not work or no more.
NORMAL = {200, 302, 404, 405, 410}
ERRORS = ["400", "403", "403_csrf", "404", "413", "429", "500", "503"]
# Shown on the way only: after a form, or to who comes back from elsewhere.
ON_THE_WAY = [
    "account/organisation_go",
    "account/organisation_refused",
    "reports/check_found",
]


def examples() -> dict[str, list[list[Any]]]:
    """Say what to put into the addresses that need something."""
    return {
        "register_organisation": [[each.slug] for each in Organisation.objects.all()],
        "register_badge": [["riverside-support"]],
        "register_badge_page": [["riverside-support"]],
        "standards:principle": [[each.slug] for each in Principle.objects.all()],
        "standards:duty": [[each.code] for each in Duty.objects.all()],
        "account_reset_password_from_key": [["1", "not-a-key"]],
        "account_confirm_email": [["not-a-key"]],
        "invitation": [["no-such-token"], [TOKEN], ["cancelled"], ["too-old"]],
        "invitation_ask": [[TOKEN]],
        "sign_up_known": [[Organisation.objects.registered()[0].slug]],
        "sign_up_link": [["no-such-token"], *([key] for key in SIGN_UPS)],
        "sign_up_withdraw": [["waiting"]],
        "sponsor": [["no-such-token"], *([key] for key in SIGN_UPS)],
        "organisation_back": [[uuid4()]],
        "mail_stop": [["not-a-token"], [stop_token()]],
    }


def stop_token() -> str:
    somebody = User.objects.exclude(is_staff=True)[0]
    return stop_path(somebody, MailPreference.Kind.REMINDERS).split("/")[-2]


def make_rows() -> None:
    """Fill an empty database, without the migrations that tests try."""
    # Whitenoise would look at every collected file first.
    settings.STATIC_ROOT = settings.DATA_DIR / "no-static-files"
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("load_standards", verbosity=0)
    make_sample()
    # Enough that every stage is among them.
    make_many(20, today=timezone.localdate())
    _make_invitation(TOKEN)
    now = timezone.now()
    lead = User.objects.filter(memberships__role="lead").first()
    _make_invitation("cancelled", cancelled_at=now, cancelled_by=lead)
    past = {"sent_at": now - timedelta(days=20), "expires_at": now - timedelta(days=6)}
    _make_invitation("too-old", **past)
    make_sign_ups()


def make_sign_ups() -> None:
    for key, columns in SIGN_UPS.items():
        # With easy words where they are the applicant's: ours are measured.
        typed = {"applicant_role": "Lead", "sponsor_role": "Chair", "domains": ["OC"]}
        sign_up = make_sign_up(at=timezone.now(), **typed)
        hashes = dict.fromkeys(("token_hash", "sponsor_token_hash"), hash_of(key))
        SignUp.objects.filter(pk=sign_up.pk).update(**hashes | columns)


def hold_a_draft(visitor: Client) -> None:
    """Let the visitor open the pages of a sign-up that she has begun."""
    visitor.get(reverse("sign_up_organisation"))
    session = visitor.session
    session["sign_up"] = str(make_draft(at=timezone.now()).public_id)
    session.save()
    visitor.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


def _make_invitation(token: str, **fields: Any) -> None:
    organisation = Organisation.objects.order_by("pk")[0]
    made = invite(
        organisation=organisation,
        email=f"{token}@people.example",
        role="viewer",
        by=User.objects.filter(memberships__organisation=organisation)[0],
        at=timezone.now(),
    )
    rows = Invitation.objects.filter(pk=made.pk)
    rows.update(token_hash=hash_of(token), **fields)


def is_exempt(name: str) -> bool:
    return any(name.startswith(start) for start in EXEMPT)


def pages() -> Iterator[tuple[str, str]]:
    """Open every public page, and give its address and what it says."""
    known, visitor = examples(), Client()
    hold_a_draft(visitor)
    for name in sorted(set(public_names(get_resolver().url_patterns))):
        for place in known.get(name, [[]]):
            if not is_exempt(name):
                yield from _page(visitor, name, place)
    for name in ERRORS + ON_THE_WAY:
        yield f"{name}.html", render_to_string(f"{name}.html", {})


def _page(visitor: Client, name: str, place: list[Any]) -> Iterator[tuple[str, str]]:
    try:
        address = reverse(name, args=place)
    except NoReverseMatch:
        raise SystemExit(f"Give {name} an example in {__file__}") from None
    page = visitor.get(address)
    if page.status_code not in NORMAL:
        raise SystemExit(f"{address} answered {page.status_code}")
    if page.get("Content-Type", "").startswith("text/html"):
        yield address, page.content.decode()


def main() -> int:
    with override_settings(CONTACT_EMAIL="help@4pi.example", ALLOWED_HOSTS=["*"]):
        make_rows()
        faults = too_hard(pages())
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
