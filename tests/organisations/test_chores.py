"""The mail gets there once, whatever the mail server does: on real sockets."""

import logging
from datetime import timedelta

import pytest
from django.core import mail

from organisations import emails
from organisations.chores import deliver_waiting_mail, outbox, remove_old_mail
from organisations.models import AuditEvent, Outbox
from organisations.steps import post_mail
from tests.factories import NOW
from tests.organisations.smtp import mail_server
from tests.servers import free_port


pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
Status = Outbox.Status


def post(to="ann@people.example", at=NOW):
    context = {"path": "/confirm-email/s3cret/"}
    return post_mail(template="confirm_email", to=to, context=context, at=at)


@pytest.fixture
def server(settings):
    with mail_server() as server:
        use(settings, server.port)
        yield server


def use(settings, port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_TIMEOUT = 0.5


def states():
    return list(Outbox.objects.order_by("pk").values_list("status", "attempts"))


# The mail itself


def test_it_is_sent_once_and_its_words_are_wiped(server):
    row = post()

    assert [deliver_waiting_mail(NOW), deliver_waiting_mail(NOW + MINUTE)] == [1, 0]

    row.refresh_from_db()
    assert (row.status, row.sent_at, row.secret) == (Status.SENT, NOW, "")
    assert server.message_ids() == [row.message_id]


def test_it_is_plain_text_and_html_and_says_why_it_came(settings):
    settings.PUBLIC_ADDRESS = "https://4pi.example"
    post()

    deliver_waiting_mail(NOW)

    [message] = mail.outbox
    [html] = message.alternatives
    link = "https://4pi.example/confirm-email/s3cret/"
    assert message.to == ["ann@people.example"]
    assert message.subject == "Confirm your email address"
    assert link in message.body
    assert f'href="{link}"' in html.content
    assert "Why you get this: " in message.body
    assert "Why you get this: " in html.content
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_html_escapes_what_plain_text_does_not(settings):
    context = {"path": "/", "ip": "", "user_agent": "<b>&", "timestamp": ""}
    post_mail(template="password_changed", to="a@b.example", context=context, at=NOW)

    deliver_waiting_mail(NOW)

    [message] = mail.outbox
    assert "With: <b>&" in message.body
    assert "With: &lt;b&gt;&amp;" in message.alternatives[0].content


def test_oldest_goes_first(server):
    late, early = post(at=NOW), post("bob@people.example", at=NOW - MINUTE)

    deliver_waiting_mail(NOW)

    assert server.message_ids() == [early.message_id, late.message_id]


def test_it_is_not_sent_while_another_worker_has_it(server):
    row = post()
    outbox._claim(NOW)
    still = NOW + outbox.LEASE

    assert deliver_waiting_mail(still) == 0
    assert deliver_waiting_mail(still + MINUTE) == 1

    row.refresh_from_db()
    assert row.attempts == 2
    assert server.message_ids() == [row.message_id]


def test_a_row_is_claimed_by_one_of_two(monkeypatch):
    """The second saw the row before the first took it."""
    row = post()
    seen = outbox._next(NOW)
    monkeypatch.setattr(outbox, "_next", lambda now, at_most: seen)

    assert outbox._claim(NOW) == row
    assert outbox._claim(NOW) is None


# A mail server that is unwell


def test_server_that_is_down_loses_nothing(settings):
    port = free_port()
    use(settings, port)
    rows = [post(), post("bob@people.example")]
    assert deliver_waiting_mail(NOW) == 0
    assert states() == [("queued", 1), ("queued", 0)]
    assert deliver_waiting_mail(NOW) == 0
    assert states() == [("queued", 1), ("queued", 0)]

    with mail_server(port) as server:
        assert deliver_waiting_mail(NOW + MINUTE) == 2

    assert sorted(server.message_ids()) == sorted(row.message_id for row in rows)


def test_pauses_grow_and_stop_growing(settings):
    use(settings, free_port())
    row = post()
    pauses = []
    now = NOW
    for _ in range(7):
        deliver_waiting_mail(now)
        row.refresh_from_db()
        pauses.append((row.due_at - now) / MINUTE)
        now = row.due_at

    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_one_mail_at_a_time_asks_a_server_that_is_away(server):
    for number in range(20):
        post(f"{number}@people.example")
    server.will("CONNECT", *["421 busy"] * 20)

    deliver_waiting_mail(NOW)

    assert server.connections == 1


def test_after_some_days_it_is_given_up_and_its_words_are_wiped(settings):
    use(settings, free_port())
    post()
    post("bob@people.example")
    deliver_waiting_mail(NOW)

    deliver_waiting_mail(NOW + outbox.GIVEN_UP_AFTER)
    assert [status for status, _ in states()] == ["queued", "queued"]
    deliver_waiting_mail(NOW + outbox.GIVEN_UP_AFTER + MINUTE * 40)

    ended = Outbox.objects.values_list("status", "failure", "secret")
    assert list(ended) == [("failed", "too_late", "")] * 2
    assert (
        list(AuditEvent.objects.values_list("verb", "subject_type"))
        == [("failed", "organisations.outbox")] * 2
    )


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_what_is_not_taken_now_goes_later_and_holds_nobody_up(server, command):
    post()
    post("bob@people.example")
    server.will(command, "451 later, please")

    assert deliver_waiting_mail(NOW) == 1
    assert states() == [("queued", 1), ("sent", 1)]
    assert deliver_waiting_mail(NOW + MINUTE) == 1

    assert len(set(server.message_ids())) == len(server.taken) == 2


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_what_is_never_taken_ends_at_once(server, command):
    post()
    server.will(command, "550 nobody here")

    deliver_waiting_mail(NOW)
    deliver_waiting_mail(NOW + MINUTE)

    assert Outbox.objects.get().failure == Outbox.Failure.REFUSED
    assert (server.connections, server.taken) == (1, [])


@pytest.mark.parametrize("command", ["CONNECT", "EHLO", "MAIL"])
@pytest.mark.parametrize("reply", [None, "421 closing", "554 not from you"])
def test_server_that_takes_nothing_from_us_is_asked_again(server, command, reply):
    post()
    # A client that is refused EHLO tries HELO.
    server.will(command, reply)
    server.will("HELO", reply)

    assert deliver_waiting_mail(NOW) == 0
    assert deliver_waiting_mail(NOW + MINUTE) == 1
    assert len(server.taken) == 1


@pytest.mark.slow
def test_slow_server_gets_it_once(server):
    post()
    server.will("DATA", 0.3)

    assert [deliver_waiting_mail(NOW), deliver_waiting_mail(NOW + MINUTE)] == [1, 0]
    assert len(server.taken) == 1


@pytest.mark.slow
def test_copy_after_a_yes_that_never_came_is_known_as_the_same(server):
    """Nobody can tell this server from one that lost the mail: RFC 5321, 4.5.5."""
    row = post()
    server.will("DATA", 1.0)

    assert [deliver_waiting_mail(NOW), deliver_waiting_mail(NOW + MINUTE)] == [0, 1]
    assert server.message_ids() == [row.message_id] * 2


# What is nobody's fault but ours


def test_mail_sealed_with_a_lost_key_is_given_up(server, settings):
    post()
    settings.SECRET_KEY = "another"
    post("bob@people.example")

    assert deliver_waiting_mail(NOW) == 1
    assert Outbox.objects.get(status="failed").failure == Outbox.Failure.UNREADABLE


def test_mail_that_cannot_be_made_holds_nobody_up(server):
    broken = post()
    Outbox.objects.filter(pk=broken.pk).update(template="gone")
    post("bob@people.example")

    assert deliver_waiting_mail(NOW) == 1
    assert states() == [("queued", 1), ("sent", 1)]


def test_no_word_of_a_mail_is_logged(server, settings, caplog):
    caplog.set_level(logging.DEBUG)
    row = post()
    link = emails.unseal(row.secret)["path"]
    for number, (command, reply) in enumerate(
        [("RCPT", "451 ann"), ("MAIL", "421 no"), ("DATA", "550 no")]
    ):
        server.will(command, reply)
        deliver_waiting_mail(NOW + number * 3 * MINUTE)

    assert len(caplog.records) >= 3
    assert str(row.public_id) in caplog.text
    for secret in (link, "s3cret", "ann@", row.secret):
        assert secret not in caplog.text


def test_whom_we_wrote_to_is_forgotten_after_a_while(server):
    post()
    deliver_waiting_mail(NOW)
    waiting = post("bob@people.example")

    remove_old_mail(NOW + outbox.KEPT_FOR)
    assert Outbox.objects.count() == 2
    remove_old_mail(NOW + outbox.KEPT_FOR + MINUTE)
    assert Outbox.objects.get() == waiting
