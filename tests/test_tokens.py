"""A link in a mail is a key: it works once, for a time, and lies about nowhere.

One table of all kinds of link. Each has to answer the same questions.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.core.context import request_context
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from structlog.stdlib import ProcessorFormatter

from fourpi.accounts import AccountAdapter
from organisations import emails, operations
from organisations.chores import deliver_waiting_mail
from organisations.models import Invitation, Outbox, SignUp
from organisations.operations import invite, resend_invitation
from tests.factories import make_draft, make_sign_up


pytestmark = pytest.mark.django_db

NEW = "four words that nobody guesses"


@dataclass(frozen=True)
class Kind:
    """One kind of link: how it comes, what it opens, what using it does."""

    template: str
    send: Callable[[Any], None]
    use: Callable[[Client, str], Any]
    lasts: timedelta
    # What the page says when the link works, and when it does not.
    open: str
    shut: str
    # What it says once it was used, where the page stays for its owner to read.
    spent: str = ""
    # How a newer link makes an older one worthless, where it does.
    replace: Callable[[Any], None] | None = None


def send_invitation(cast: Any) -> None:
    invite(
        organisation=cast.riverside,
        email="new@people.example",
        role="viewer",
        by=cast.lead,
        at=timezone.now(),
    )


def resend(cast: Any) -> None:
    resend_invitation(
        invitation=Invitation.objects.get(), by=cast.lead, at=timezone.now()
    )


def join(client: Client, path: str) -> Any:
    return client.post(path, {"name": "Nia", "password": NEW})


def send_reset(cast: Any) -> None:
    cache.clear()
    Client().post("/forgot/", {"email": cast.viewer.email})


def choose(client: Client, path: str) -> Any:
    there = client.get(path)
    place = there.url if there.status_code == 302 else path
    return client.post(place, {"password1": NEW, "password2": NEW})


def send_confirmation(cast: Any) -> None:
    address = EmailAddress.objects.get(user=cast.viewer)
    EmailAddress.objects.filter(pk=address.pk).update(verified=False)
    request = RequestFactory().get("/")
    with request_context(request):
        AccountAdapter(request).send_confirmation_mail(
            request, EmailConfirmationHMAC(address), signup=False
        )


def confirm(client: Client, path: str) -> Any:
    return client.post(path)


def send_sign_up_link(cast: Any) -> None:
    sign_up = make_draft(at=timezone.now())
    operations.send_sign_up(sign_up=sign_up, at=timezone.now())


def send_sign_up_again(cast: Any) -> None:
    operations.resend_confirmation(
        sign_up=SignUp.objects.get(), email="ada@meadow.example", at=timezone.now()
    )


def ask_sponsor(cast: Any) -> None:
    make_sign_up(at=timezone.now())


def ask_sponsor_again(cast: Any) -> None:
    operations.ask_sponsor_again(
        sign_up=SignUp.objects.get(), email="other@meadow.example", at=timezone.now()
    )


def say_yes(client: Client, path: str) -> Any:
    return client.post(path, {"do": "confirm"})


KINDS = {
    "sign-up": Kind(
        template="sign_up_confirm",
        send=send_sign_up_link,
        use=say_yes,
        lasts=timedelta(days=30),
        open="Confirm my email address",
        shut="This link (does not work|is too old)",
        spent="Sign-up of",
        replace=send_sign_up_again,
    ),
    "sponsor": Kind(
        template="sponsor_asked",
        send=ask_sponsor,
        use=say_yes,
        lasts=timedelta(days=30),
        open="I confirm",
        shut="This link (does not work|is too old)",
        spent="You have confirmed",
        replace=ask_sponsor_again,
    ),
    "invitation": Kind(
        template="invitation",
        send=send_invitation,
        use=join,
        lasts=timedelta(days=14),
        open="Join Riverside",
        shut="This (link|invitation)",
        replace=resend,
    ),
    "password": Kind(
        template="new_password",
        send=send_reset,
        use=choose,
        lasts=timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        open="Save the new password",
        shut="This link does not work any more",
    ),
    "address": Kind(
        template="confirm_email",
        send=send_confirmation,
        use=confirm,
        lasts=timedelta(days=3),
        open="Is <strong>",
        shut="This link does not work",
    ),
}


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture
def path(cast: Any, kind: Kind) -> str:
    kind.send(cast)
    return newest(kind)


def newest(kind: Kind) -> str:
    row = Outbox.objects.filter(template=kind.template).latest("pk")
    return re.search(r"http://localhost:8000(/\S+)", str(emails.build(row).body))[1]


def key_of(path: str) -> str:
    """Take what is secret of the address: after the person, where she is named."""
    longest = max(path.split("/"), key=len)
    return longest.partition("-")[2] if path.startswith("/reset/") else longest


def shown(client: Client, path: str) -> str:
    return client.get(path, follow=True).content.decode()


def rows() -> dict[str, list[Any]]:
    """Read every row of every table but the sessions."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table != Session._meta.db_table:
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = sorted(map(str, cursor.fetchall()))
    return found


def sessions() -> str:
    return str([session.get_decoded() for session in Session.objects.all()])


def assert_dead(kind: Kind, path: str, says: str = "") -> None:
    before = rows()
    client = Client()
    assert re.search(says or kind.shut, shown(client, path))
    kind.use(client, path)
    assert rows() == before


def test_link_works(kind: Kind, path: str) -> None:
    client = Client()
    assert kind.open in shown(client, path)
    before = rows()

    kind.use(client, path)

    assert rows() != before


def test_used_link_is_dead(kind: Kind, path: str) -> None:
    kind.use(Client(), path)

    assert_dead(kind, path, says=kind.spent)


@pytest.mark.parametrize("change", ["letter", "shorter", "longer"])
def test_altered_link_is_dead(kind: Kind, path: str, change: str) -> None:
    key = key_of(path)
    altered = {
        "letter": key[:-3] + ("x" if key[-3] != "x" else "y") + key[-2:],
        "shorter": key[:-1],
        "longer": key + "a",
    }[change]

    assert_dead(kind, path.replace(key, altered))


def test_link_that_is_too_old_is_dead(kind: Kind, cast: Any, time_machine: Any) -> None:
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    kind.send(cast)
    path = newest(kind)

    time_machine.move_to(now + kind.lasts - timedelta(minutes=1), tick=False)
    assert kind.open in shown(Client(), path)
    time_machine.move_to(now + kind.lasts + timedelta(minutes=1), tick=False)
    assert_dead(kind, path)


def test_older_link_is_dead_once_a_newer_one_is_there_or_was_used(
    kind: Kind, cast: Any, path: str
) -> None:
    if kind.replace:
        kind.replace(cast)
    else:
        kind.send(cast)
        kind.use(Client(), newest(kind))

    assert_dead(kind, path)


@pytest.mark.parametrize("method", ["get", "head"])
def test_scanner_that_opens_it_twenty_times_changes_nothing(
    kind: Kind, path: str, method: str
) -> None:
    before = rows()
    for number in range(20):
        scanner = Client(headers={"user-agent": f"Scanner {number}"})
        page = getattr(scanner, method)(path, follow=True)
        assert page.status_code == 200

    assert rows() == before
    assert kind.open in shown(Client(), path)


def test_of_two_browsers_the_second_is_told_that_it_was_used(
    kind: Kind, path: str
) -> None:
    first, second = Client(), Client()
    assert kind.open in shown(first, path)
    assert kind.open in shown(second, path)

    kind.use(first, path)
    before = rows()
    page = kind.use(second, path)

    assert rows() == before
    assert page.status_code < 500
    assert re.search(kind.spent or kind.shut, shown(second, path))


def test_key_lies_in_no_table(kind: Kind, path: str) -> None:
    key = key_of(path)
    assert len(key) > 20
    client = Client()
    shown(client, path)
    opened = f"{rows()} {sessions()}"
    kind.use(client, path)
    used = f"{rows()} {sessions()}"
    deliver_waiting_mail(timezone.now())

    assert key not in opened
    assert key not in used
    assert key not in f"{rows()} {sessions()}"


@pytest.fixture
def log() -> Any:
    """Write the log as the site writes it, down to its smallest words."""
    lines = settings.LOGGING["formatters"]["lines"]
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(ProcessorFormatter(processors=lines["processors"]))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(before)
    root.removeHandler(handler)


def test_key_is_in_no_line_of_the_log(log: io.StringIO, kind: Kind, path: str) -> None:
    client = Client()
    shown(client, path)
    client.head(path)
    client.put(path)
    client.get(f"{path}more/")
    client.get(f"/sign-in/?next={path}")
    Client(enforce_csrf_checks=True).post(path)
    kind.use(client, path)
    shown(client, path)

    assert "/sign-in/" in log.getvalue()
    assert key_of(path) not in log.getvalue()


def test_page_tells_no_other_page_its_address(kind: Kind, path: str) -> None:
    for page in (Client().get(path), Client().get(path, follow=True)):
        assert page["Referrer-Policy"] == "strict-origin"
        assert "http" not in re.sub(
            r"https://www\.nsun\.org\.uk/", "", page.content.decode()
        )


def places(patterns: list[Any]) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from places(pattern.url_patterns)
        elif re.search(r"[:<](token|key)>", str(pattern.pattern)):
            yield str(pattern.pattern), pattern.name


def test_each_address_with_a_key_is_in_the_table() -> None:
    """And those beside a page of the table, which the same key opens.

    The link that stops mails is none of them: it works again and again.
    """
    beside = {"invitation_ask", "sign_up_withdraw", "mail_stop"}
    tried = {"invitation", "account_reset_password_from_key", "account_confirm_email"}

    found = {name for _, name in places(get_resolver().url_patterns)}

    assert found - beside == tried | {"sign_up_link", "sponsor"}
    assert len(tried) + 2 == len(KINDS)
