"""Signing in in two steps: setting it up, using it, and who may not go without."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from fourpi.middleware import SETTING_UP
from organisations import emails
from organisations.chores import deliver_waiting_mail
from organisations.models import AuditEvent, Outbox, User
from tests.factories import APP_SECRET, PASSWORD, make_steward, make_user
from tests.second_step import code_of
from tests.signing_in import sign_in


pytestmark = pytest.mark.django_db


SECOND = "/sign-in/second-step/"


def begin(client, user, password=PASSWORD):
    return client.post("/sign-in/", {"login": user.email, "password": password})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def words(page):
    return page.content.decode()


@pytest.fixture
def newcomer(client):
    """A steward who has just given her password for the first time."""
    user = make_user("Jo", is_staff=True)
    sign_in(client, user)
    return user


@pytest.fixture
def steward():
    return make_steward("Jo")


def secret_on(page):
    return re.search(r'secret-key">(\w+)<', words(page))[1]


def set_up_app(client):
    secret = secret_on(client.get("/account/two-steps/app/"))
    page = client.post("/account/two-steps/app/", {"code": code_of(secret)})
    return secret, page


# Setting it up


def test_steward_is_sent_to_set_it_up_and_reaches_nothing_else(client, newcomer):
    page = client.get("/o/", follow=True)

    assert page.redirect_chain == [("/account/two-steps/", 302)]
    assert "You are a steward, so you must set this up" in words(page)
    for address in ("/admin/", "/admin/organisations/user/"):
        assert client.get(address).url == "/account/two-steps/"
        assert client.post(address).url == "/account/two-steps/"
    assert client.get("/help/").status_code == 200


def test_what_is_open_before_it_is_named_address_by_address():
    known = set(get_resolver().reverse_dict)
    assert known >= SETTING_UP
    assert "account_logout" in SETTING_UP


def test_app_is_set_up_with_a_picture_a_key_and_a_code(client, newcomer):
    form = client.get("/account/two-steps/app/")
    assert 'src="data:image/svg+xml;base64,' in words(form)
    assert not re.search(r"<script(?! src=)", words(form))

    _, page = set_up_app(client)

    assert page.url == "/account/two-steps/recovery-codes/"
    codes = re.findall(r"<li>(\d{8})</li>", words(client.get(page.url)))
    assert len(set(codes)) == 10
    assert client.get("/console/").status_code == 200


def test_wrong_first_code_keeps_the_key(client, newcomer):
    secret = secret_on(client.get("/account/two-steps/app/"))

    again = client.post("/account/two-steps/app/", {"code": "000000"})

    assert "The code is not right." in words(again)
    assert secret_on(again) == secret
    assert not Authenticator.objects.exists()


def test_first_second_step_ends_the_sessions_that_began_without_one(client, newcomer):
    elsewhere = Client()
    sign_in(elsewhere, newcomer)
    assert elsewhere.get("/account/two-steps/").status_code == 200

    set_up_app(client)

    assert elsewhere.get("/account/two-steps/").status_code == 302
    assert not is_signed_in(elsewhere)
    assert is_signed_in(client)


@pytest.mark.parametrize("also", ["", "recovery_codes"])
def test_nothing_that_gives_a_code_is_readable_in_the_database(client, newcomer, also):
    secret, _ = set_up_app(client)

    rows = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in rows
    assert Authenticator.objects.count() == 2
    for row in Authenticator.objects.all():
        for code in (row.data.get("secret"), row.data.get("seed")):
            assert code is None or code.startswith("gAAAA")


def test_each_change_is_told_by_mail_and_in_the_trail(
    client, newcomer, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/two-steps/recovery-codes/new/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/two-steps/app/remove/")

    verbs = ["app_added", "recovery_codes_made", "app_removed"]
    events = AuditEvent.objects.filter(subject=newcomer.public_id).order_by("pk")
    assert list(events.values_list("verb", flat=True)) == verbs
    assert set(events.values_list("actor", flat=True)) == {newcomer.public_id}
    mails = Outbox.objects.filter(template="account_changed").order_by("pk")
    assert [emails.unseal(mail.secret)["change"][:6] for mail in mails] == [
        "An app",
        "You ha",
        "The ap",
    ]
    # Without a second step a steward is where she began.
    assert client.get("/admin/").url == "/account/two-steps/"


def test_steward_whose_password_is_old_gives_it_again_before_she_changes_this(client):
    client.force_login(make_steward("Jo"))

    page = client.get("/account/two-steps/recovery-codes/new/")

    assert page.url.startswith("/reauthenticate/?next=")
    done = client.post(page.url, {"password": PASSWORD})
    assert done.url == "/account/two-steps/recovery-codes/new/"


# Using it


def test_password_alone_signs_nobody_in_who_has_a_second_step(client, steward):
    page = begin(client, steward)

    assert page.url == "/sign-in/second-step/"
    assert not is_signed_in(client)
    assert client.get("/admin/").url.startswith("/admin/login/")


def test_code_of_the_app_signs_in_once(client, steward):
    code = code_of(APP_SECRET)
    begin(client, steward)
    client.post("/sign-in/second-step/", {"code": f"{code[:3]} {code[3:]}"})
    assert is_signed_in(client)

    elsewhere = Client()
    begin(elsewhere, steward)
    page = elsewhere.post("/sign-in/second-step/", {"code": code})

    assert "The code is not right." in words(page)
    assert not is_signed_in(elsewhere)


def test_recovery_code_signs_in_once(client, newcomer):
    set_up_app(client)
    page = client.get("/account/two-steps/recovery-codes/download/")
    code = re.search(r"^\d{8}$", words(page), re.MULTILINE)[0]
    assert "attachment" in page["Content-Disposition"]

    for place, works in ((Client(), True), (Client(), False)):
        begin(place, newcomer)
        place.post("/sign-in/second-step/", {"code": code})
        assert is_signed_in(place) is works


def test_new_password_by_mail_does_not_pass_the_second_step(client, steward):
    client.post("/forgot/", {"email": steward.email})
    deliver_waiting_mail(timezone.now())
    form = client.get(re.search(r"/reset/\S+", mail.outbox[-1].body)[0]).url
    secret = "a newly chosen long one"
    client.post(form, {"password1": secret, "password2": secret})
    assert not is_signed_in(client)

    page = begin(client, steward, secret)

    assert page.url == "/sign-in/second-step/"
    assert not is_signed_in(client)


def test_ten_wrong_codes_and_then_a_pause_that_ends(client, steward):
    begin(client, steward)
    tries = [client.post(SECOND, {"code": "000000"}).status_code for _ in range(10)]

    page = client.post(SECOND, {"code": code_of(APP_SECRET)})

    assert tries == [200] * 10
    assert page.status_code == 429
    assert "Please wait a few minutes" in words(page)
    assert not is_signed_in(client)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    begin(elsewhere, steward)
    elsewhere.post(SECOND, {"code": code_of(APP_SECRET)})
    assert is_signed_in(elsewhere)


def test_djangos_own_sign_in_is_closed(client, steward):
    page = client.post(
        "/admin/login/", {"username": steward.email, "password": PASSWORD}
    )

    assert page.url == "/sign-in/?next=/admin/"
    assert not is_signed_in(client)


def test_member_of_no_importance_may_go_without(client):
    user = make_user("Asha")
    client.force_login(user)
    assert client.get("/o/").status_code == 200

    User.objects.filter(pk=user.pk).update(is_superuser=True)
    assert client.get("/o/").url == "/account/two-steps/"

    TOTP.activate(user, APP_SECRET)
    assert client.get("/o/").status_code == 200


# Passkeys: tests/journeys/test_second_step.py makes and uses one.


def test_passkey_that_is_none_changes_nothing(client, newcomer):
    for credential in ("", "null", "[]", "{}", '{"id": 1}', "not json", '"x"'):
        page = client.post(
            "/account/passkeys/add/", {"name": "Key", "credential": credential}
        )
        assert page.status_code == 200, credential
        assert "There is a problem" in words(page)
    assert not Authenticator.objects.exists()


def test_answer_of_no_passkey_signs_nobody_in(client, steward):
    begin(client, steward)

    for credential in ("", "null", "[]", "{}", '{"id": 1}', '"x"'):
        page = client.post("/sign-in/second-step/", {"credential": credential})
        assert page.status_code == 200, credential
    assert not is_signed_in(client)


def test_somebody_elses_passkey_is_not_there(client, newcomer):
    other = Authenticator.objects.create(
        user=make_user("Ann"), type="webauthn", data={"name": "Key", "credential": {}}
    )
    set_up_app(client)

    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.get(reverse(name, args=[other.pk])).status_code == 404


def test_app_whose_key_the_site_has_lost_gives_no_right_code(client, steward, settings):
    settings.SECRET_KEY = "another key of the site altogether"
    begin(client, steward)

    page = client.post("/sign-in/second-step/", {"code": code_of(APP_SECRET)})

    assert "The code is not right." in words(page)


def test_app_works_on_while_the_site_changes_its_key(client, steward, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the site altogether"
    begin(client, steward)

    client.post("/sign-in/second-step/", {"code": code_of(APP_SECRET)})

    assert is_signed_in(client)
