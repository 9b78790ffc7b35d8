"""The code that is mailed to whoever signs in on a device that we do not know."""

import zlib
from base64 import urlsafe_b64decode
from contextlib import suppress
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone

from organisations.chores import deliver_waiting_mail
from organisations.models import Outbox
from tests.factories import PASSWORD, make_steward, make_user
from tests.signing_in import CODE_PAGE, mailed_code, sign_in


pytestmark = pytest.mark.django_db

ELSEWHERE = "192.0.2.7"


@pytest.fixture
def asha():
    return make_user("Asha")


def begin(client, user, password=PASSWORD):
    return client.post("/sign-in/", {"login": user.email, "password": password})


def enter(client, code, **also):
    return client.post(CODE_PAGE, {"code": code} | also)


def opened(payload):
    """Undo what the signer did, as anybody can who has the table."""
    raw = urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    with suppress(zlib.error):
        raw = zlib.decompress(raw)
    return raw.decode()


def is_signed_in(client):
    return "_auth_user_id" in client.session


def words(page):
    return page.content.decode()


def codes_sent():
    return Outbox.objects.filter(template="sign_in_code").count()


def test_password_alone_signs_nobody_in_on_a_new_device(client, asha):
    page = begin(client, asha)

    assert page.url == CODE_PAGE
    assert asha.email in words(client.get(CODE_PAGE))
    assert not is_signed_in(client)
    assert client.get("/o/").url == "/sign-in/?next=/o/"


def test_code_is_in_the_mail_and_nowhere_else(client, asha):
    begin(client, asha)
    code = mailed_code(asha)
    assert len(code) == 6
    assert code.isdigit()
    assert code not in words(client.get(CODE_PAGE))
    assert code not in str(Outbox.objects.values().get())
    held = Session.objects.get()
    assert code in str(held.get_decoded())
    payload = held.session_data.strip(".").split(":")[0]
    for readable in (held.session_data, opened(payload)):
        assert code not in readable
        assert asha.email not in readable

    deliver_waiting_mail(timezone.now())

    [message] = mail.outbox
    assert code in message.body
    assert code not in message.subject


@pytest.mark.parametrize(
    "typed", ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}"]
)
def test_code_as_it_may_be_pasted_signs_in_and_goes_on(client, asha, typed):
    client.post(
        "/sign-in/?next=/account/two-steps/",
        {"login": asha.email, "password": PASSWORD, "next": "/account/two-steps/"},
    )

    page = enter(client, typed.format(mailed_code(asha)))

    assert page.url == "/account/two-steps/"
    assert is_signed_in(client)


def test_the_field_can_be_filled_in_by_the_phone(client, asha):
    begin(client, asha)

    page = words(client.get(CODE_PAGE))

    assert page.count('autocomplete="one-time-code"') == 1
    assert 'inputmode="numeric"' in page
    assert "/mailbox/" in page


def test_code_works_once(client, asha):
    begin(client, asha)
    code = mailed_code(asha)
    enter(client, code)
    assert is_signed_in(client)

    elsewhere = Client()
    begin(elsewhere, asha)
    page = enter(elsewhere, code)

    assert "The code is not right." in words(page)
    assert not is_signed_in(elsewhere)


def test_code_is_for_the_browser_that_asked(client, asha):
    begin(client, asha)

    page = enter(Client(), mailed_code(asha))

    assert page.url == "/sign-in/"


def test_code_ends_after_a_quarter_of_an_hour(client, asha, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    begin(client, asha)
    time_machine.move_to(start + timedelta(minutes=15, seconds=1), tick=False)

    page = enter(client, mailed_code(asha))

    assert page.url == "/sign-in/"
    assert not is_signed_in(client)


def test_new_code_can_be_sent_three_times_and_ends_the_old_one(client, asha):
    begin(client, asha)
    first = mailed_code(asha)

    for _ in range(5):
        client.post(CODE_PAGE, {"action": "resend"})

    assert codes_sent() == 4
    assert "Send a new code" not in words(client.get(CODE_PAGE))
    if first != mailed_code(asha):
        assert "The code is not right." in words(enter(client, first))
    enter(client, mailed_code(asha))
    assert is_signed_in(client)


def test_start_again_forgets_who_it_was(client, asha):
    begin(client, asha)

    page = client.post("/sign-out/", {"next": "/sign-in/"})

    assert page.url == "/sign-in/"
    assert "Email address" in words(client.get("/sign-in/"))


def test_known_device_is_not_asked_for_thirty_days(client, asha, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    sign_in(client, asha, remember=True)
    cookie = client.cookies["device"]
    assert cookie["max-age"] == 30 * 24 * 3600
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    client.post("/sign-out/")

    time_machine.move_to(start + timedelta(days=29), tick=False)
    begin(client, asha)
    assert is_signed_in(client)
    client.post("/sign-out/")

    time_machine.move_to(start + timedelta(days=31), tick=False)
    assert begin(client, asha).url == CODE_PAGE


def test_device_that_others_use_is_asked_each_time(client, asha):
    sign_in(client, asha)
    assert "device" not in client.cookies
    client.post("/sign-out/")

    assert begin(client, asha).url == CODE_PAGE


def test_device_is_known_for_its_person_alone(client, asha):
    sign_in(client, asha, remember=True)
    client.post("/sign-out/")

    assert begin(client, make_user("Tom")).url == CODE_PAGE


def test_new_password_makes_every_device_new(client, asha):
    sign_in(client, asha, remember=True)
    client.post("/sign-out/")
    asha.set_password("another long enough one")
    asha.save()

    assert begin(client, asha, "another long enough one").url == CODE_PAGE


def test_forged_device_is_not_known(client, asha):
    sign_in(client, asha, remember=True)
    client.post("/sign-out/")
    client.cookies["device"] = client.cookies["device"].value[:-3] + "abc"

    assert begin(client, asha).url == CODE_PAGE


def test_known_device_never_stands_for_a_second_step(client):
    steward = make_steward("Jo")
    assert begin(client, steward).url == "/sign-in/second-step/"
    assert codes_sent() == 0

    asha = make_user("Asha")
    other = Client()
    sign_in(other, asha, remember=True)
    other.post("/sign-out/")
    TOTP.activate(asha, "JBSWY3DPEHPK3PXP")
    assert begin(other, asha).url == "/sign-in/second-step/"


# Trying


def test_ten_wrong_passwords_and_the_place_must_wait_but_no_other(client, asha):
    wrong = [begin(client, asha, "wrong").status_code for _ in range(10)]

    page = begin(client, asha)

    assert wrong == [200] * 10
    assert page.status_code == 429
    assert "Please wait a few minutes" in words(page)
    assert int(page["Retry-After"]) > 0
    elsewhere = Client(REMOTE_ADDR=ELSEWHERE)
    sign_in(elsewhere, asha)
    assert is_signed_in(elsewhere)


def test_colleagues_behind_the_same_address_still_get_in(client, asha):
    for _ in range(11):
        begin(client, asha, "wrong")

    sign_in(client, make_user("Tom"))

    assert is_signed_in(client)


def test_one_place_that_tries_everybody_must_wait_too(client):
    statuses = [
        client.post(
            "/sign-in/", {"login": f"p{number}@people.example", "password": "wrong"}
        ).status_code
        for number in range(35)
    ]

    # allauth's own limit for all sign-ins from one place is 30 a minute.
    assert statuses[:30] == [200] * 30
    assert set(statuses[30:]) == {429}


def test_right_passwords_are_not_counted(client, asha):
    for _ in range(12):
        sign_in(client, asha)
        client.post("/sign-out/")

    sign_in(client, asha)
    assert is_signed_in(client)


def test_ten_wrong_codes_and_the_place_must_wait_but_no_other(client, asha):
    begin(client, asha)
    wrong = []
    for _ in range(10):
        if client.get(CODE_PAGE).status_code == 302:
            begin(client, asha)
        wrong.append(enter(client, "no").status_code)
    if client.get(CODE_PAGE).status_code == 302:
        begin(client, asha)

    page = enter(client, mailed_code(asha))

    # Every fifth ends the code, and another must be asked for.
    assert wrong == [200, 200, 200, 200, 302] * 2
    assert page.status_code == 429
    elsewhere = Client(REMOTE_ADDR=ELSEWHERE)
    sign_in(elsewhere, asha)
    assert is_signed_in(elsewhere)


def test_asking_for_a_new_password_has_an_end_for_each_address(client, asha):
    asked = [
        Client(REMOTE_ADDR=f"192.0.2.{number}")
        .post("/forgot/", {"email": asha.email})
        .status_code
        for number in range(8)
    ]

    assert asked == [302] * 5 + [429] * 3
    assert Outbox.objects.count() == 5


def test_asking_for_a_new_invitation_has_an_end(client):
    asked = [client.post("/invite/no-such-token/ask/").status_code for _ in range(11)]

    assert asked == [200] * 10 + [429]


@pytest.mark.parametrize(("proxies", "is_told_apart"), [(0, False), (1, True)])
def test_address_a_visitor_claims_counts_only_behind_a_proxy(
    client, asha, settings, proxies, is_told_apart
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    claimed = {"X-Forwarded-For": "203.0.113.9"}
    form = {"login": asha.email, "password": "wrong"}
    for _ in range(10):
        client.post("/sign-in/", form, headers=claimed)

    page = client.post("/sign-in/", form, headers={"X-Forwarded-For": "203.0.113.10"})

    assert (page.status_code == 200) is is_told_apart
