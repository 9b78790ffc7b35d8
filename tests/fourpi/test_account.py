"""Your account: the name, the address, the password, and where you are signed in."""

import re
from contextlib import nullcontext
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from fourpi.devices import name_of
from fourpi.passwords import NoExpectedWords
from organisations.chores import deliver_waiting_mail
from organisations.models import AuditEvent, Organisation, Outbox, User
from organisations.operations import invite
from tests.factories import PASSWORD, make_steward, make_user
from tests.signing_in import sign_in


pytestmark = pytest.mark.django_db

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/605"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537 Edg/130.0"
NEW = "asha.new@people.example"
WORDS = "river stone lantern"


@pytest.fixture
def asha():
    return make_user("Asha")


@pytest.fixture
def lead(asha, client):
    sign_in(client, asha)
    return client


def words(page):
    return re.sub(r"\s+", " ", page.content.decode())


def verbs(user):
    events = AuditEvent.objects.filter(subject=user.public_id).order_by("pk")
    return list(events.values_list("verb", flat=True))


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_account_page_leads_to_each_part(lead):
    page = words(lead.get("/account/"))

    for address in ("name", "email", "password", "two-steps", "devices"):
        assert f'href="/account/{address}/"' in page
    assert "1 device" in page


# Name


def test_name_is_changed_and_the_trail_has_no_name(lead, asha):
    page = lead.post("/account/name/", {"name": "Asha Rao"}, follow=True)

    assert "Your name is changed." in words(page)
    assert "Asha Rao" in words(page)
    assert verbs(asha) == ["name_changed"]
    asha.refresh_from_db()
    assert "asha rao" in asha.search_text
    assert "Rao" not in str(AuditEvent.objects.values().get())


def test_empty_name_is_refused_and_nothing_changes(lead, asha):
    page = lead.post("/account/name/", {"name": " "})

    assert "Enter your name" in words(page)
    assert verbs(asha) == []


# Password


def change_password(client, **overrides):
    form = {"oldpassword": PASSWORD, "password1": WORDS, "password2": WORDS}
    return client.post("/account/password/", form | overrides)


def test_password_is_changed_and_every_other_session_ends(lead, asha):
    elsewhere = Client()
    sign_in(elsewhere, asha)

    change_password(lead)

    assert lead.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert UserSession.objects.filter(user=asha).count() == 1
    assert verbs(asha) == ["password_changed"]
    assert Outbox.objects.filter(template="password_changed").count() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"oldpassword": "wrong"}, "There is a problem"),
        ({"password2": "another"}, "The two new passwords are not the same."),
        ({"password1": "short", "password2": "short"}, "12 characters or more."),
        ({"password1": "passwordpassword", "password2": "passwordpassword"}, None),
        ({"password1": "our 4 Pi is best", "password2": "our 4 Pi is best"}, "guessed"),
    ],
)
def test_password_that_will_not_do_changes_nothing(lead, asha, given, said):
    page = change_password(lead, **given)

    if said is not None:
        assert page.status_code == 200
        assert said in words(page)
        assert verbs(asha) == []


@pytest.mark.parametrize(
    "typed", ["riverside rules", "RIVER SIDE rules ok", "r.iverside 12"]
)
def test_name_of_ones_organisation_is_no_password(cast, client, typed):
    client.force_login(cast.lead)

    page = change_password(client, password1=typed, password2=typed)

    assert "they are guessed first" in words(page)
    assert verbs(cast.lead) == []


@pytest.mark.parametrize(
    ("typed", "is_refused"),
    [
        ("zenithzenith", True),
        ("Zenith 2026 zenith!", True),
        ("peers.peers.peers", True),
        ("my zenithpeers", True),
        ("correct zenith horse", False),
        ("a battery of horses", False),
    ],
)
def test_words_of_the_name_again_and_again_are_no_password(typed, is_refused):
    user = User()
    user.joining = Organisation(name="Zenith Peers")

    refused = pytest.raises(ValidationError, match="guessed first")
    with refused if is_refused else nullcontext():
        NoExpectedWords().validate(typed, user)


def test_name_of_the_organisation_is_no_password_for_who_joins_it(cast, client):
    now = timezone.now()
    invite(
        organisation=cast.riverside,
        email="new@people.example",
        role="viewer",
        by=cast.lead,
        at=now,
    )
    deliver_waiting_mail(now)
    link = re.search(r"/invite/[\w-]+/", mail.outbox[-1].body)[0]

    page = client.post(link, {"name": "Nia", "password": "riverside for ever"})
    assert "they are guessed first" in words(page)

    client.post(link, {"name": "Nia", "password": WORDS})
    assert is_signed_in(client)
    # The link has shown whose mailbox it is: this device is known from now on.
    assert client.cookies["device"].value
    client.post("/sign-out/")
    again = client.post("/sign-in/", {"login": "new@people.example", "password": WORDS})
    assert is_signed_in(client), again.url


def test_password_chosen_anew_ends_every_session(client, asha):
    elsewhere = Client()
    sign_in(elsewhere, asha)
    client.post("/forgot/", {"email": asha.email})
    deliver_waiting_mail(timezone.now())
    link = re.search(r"/reset/\S+", mail.outbox[-1].body)[0]

    client.post(client.get(link).url, {"password1": WORDS, "password2": WORDS})

    assert elsewhere.get("/account/").status_code == 302
    assert not UserSession.objects.exists()
    used = words(client.get(link, follow=True))
    assert "has not changed" not in used
    assert "It was used already, or it is too old." in used
    assert "Have you just chosen a new password with it?" in used


# Address


def ask_for_address(client, email=NEW):
    return client.post("/account/email/", {"email": email, "action_add": "1"})


def confirm(client):
    deliver_waiting_mail(timezone.now())
    message = next(each for each in mail.outbox if "/confirm-email/" in each.body)
    client.post(re.search(r"/confirm-email/\S+", message.body)[0])
    return message


@pytest.mark.parametrize("make", [make_user, make_steward])
def test_address_changes_when_the_new_one_is_confirmed(client, make):
    user = make("Asha")
    old = user.email
    client.force_login(user)
    page = ask_for_address(client)
    assert page.url.startswith("/reauthenticate/?next=")
    client.post(page.url, {"password": PASSWORD})
    user.refresh_from_db()
    assert user.email == old
    assert NEW in words(client.get("/account/email/"))

    message = confirm(client)

    assert message.to == [NEW]
    user.refresh_from_db()
    assert user.email == NEW
    assert [a.email for a in user.emailaddress_set.all()] == [NEW]
    told = Outbox.objects.filter(template="account_changed")
    assert set(told.values_list("to", flat=True)) == {old, NEW}
    assert verbs(user) == ["email_changed"]


def test_address_can_stay_as_it_was(lead, asha):
    ask_for_address(lead)

    lead.post("/account/email/", {"email": NEW, "action_remove": "1"})

    assert "The new address is dropped." in words(lead.get("/account/email/"))
    assert NEW not in words(lead.get("/account/email/"))
    assert [a.email for a in asha.emailaddress_set.all()] == [asha.email]


def test_link_is_sent_again_and_what_came_of_it_is_said(lead, settings):
    def again(email):
        sent = {"email": email, "action_send": "1"}
        return words(lead.post("/account/email/", sent, follow=True))

    ask_for_address(lead)
    assert "We have just sent a link to" in again(NEW)
    assert "3 minutes after the last time" in again(NEW)
    cache.clear()
    assert f"We are sending the link to {NEW} again." in again(NEW)
    assert "sending the link" not in again("nobody@people.example")
    assert Outbox.objects.filter(template="confirm_email", to=NEW).count() == 2


def test_address_of_somebody_else_is_answered_the_same_and_not_taken(lead, asha):
    other = make_user("Tom")

    known = ask_for_address(lead, other.email)
    unknown = ask_for_address(lead)

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    other.refresh_from_db()
    assert other.emailaddress_set.get().email == other.email


# Devices


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        (PHONE, "Safari on an iPhone"),
        (LAPTOP, "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Firefox/132.0", "Firefox on Linux"),
        ("", "A browser that we do not know"),
        ("<script>", "A browser that we do not know"),
    ],
)
def test_device_is_named_in_words(user_agent, said):
    assert name_of(user_agent) == said


@pytest.fixture
def three(asha):
    """Somebody on three devices; the first is the one she looks from."""
    clients = [Client(headers={"user-agent": each}) for each in (LAPTOP, PHONE, "x")]
    for each in clients:
        sign_in(each, asha)
    return clients


def test_devices_are_listed_with_this_one_first(three):
    page = words(three[0].get("/account/devices/"))

    places = [page.index(each) for each in ("Edge on Windows (this one)", "Safari on")]
    assert places == sorted(places)
    assert page.count('class="link-button"') == 2


def test_one_device_is_signed_out_and_the_others_stay(three, asha):
    number = UserSession.objects.get(user=asha, user_agent=PHONE).pk

    page = three[0].post("/account/devices/", {"device": str(number)}, follow=True)

    assert "Signed out there." in words(page)
    assert not is_signed_in(three[1])
    assert three[2].get("/account/").status_code == 200
    assert verbs(asha) == ["signed_out_elsewhere"]


def test_all_other_devices_are_signed_out_at_once(three, asha):
    three[0].post("/account/devices/", {"device": "others"})

    assert [each.get("/account/").status_code for each in three] == [200, 302, 302]
    assert verbs(asha) == ["signed_out_elsewhere"]


@pytest.mark.parametrize("chosen", ["", "0", "-1", "x", "9" * 30])
def test_device_that_is_not_ones_own_is_passed_over(three, asha, chosen):
    tom = Client()
    sign_in(tom, make_user("Tom"))
    theirs = UserSession.objects.get(user__name="Tom").pk

    for each in (chosen, str(theirs)):
        three[0].post("/account/devices/", {"device": each})

    assert tom.get("/account/").status_code == 200
    assert [each.get("/account/").status_code for each in three] == [200] * 3
    assert verbs(asha) == []


def test_list_asks_as_few_queries_however_long(
    three, asha, django_assert_max_num_queries
):
    for _ in range(4):
        sign_in(Client(), asha)

    with django_assert_max_num_queries(6):
        page = three[0].get("/account/devices/")

    assert words(page).count('class="link-button"') == 6


def test_device_is_noted_every_five_minutes(lead, asha, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    lead.get("/account/")
    noted = UserSession.objects.get(user=asha).last_seen_at
    time_machine.move_to(start + timedelta(minutes=4), tick=False)
    lead.get("/account/")
    assert UserSession.objects.get(user=asha).last_seen_at == noted

    time_machine.move_to(start + timedelta(minutes=6), tick=False)
    lead.get("/account/")

    assert UserSession.objects.get(user=asha).last_seen_at > noted
