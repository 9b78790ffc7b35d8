"""What a steward typed when her session ended is given back to her, once."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from organisations.access import KEPT
from organisations.models import AccessGrant, Membership, Organisation, User
from tests.factories import (
    APP_SECRET,
    NOW,
    make_member,
    make_notice,
    make_organisation,
    make_steward,
    make_user,
    make_waiting_sign_up,
)


pytestmark = pytest.mark.django_db

HERE = "/console/organisations/riverside/"
WORDS = "Kept <b>for</b> me"
SHOWN = "Kept &lt;b&gt;for&lt;/b&gt; me"
ENTRY = {"kind": "council", "nation": "wales", "scope": "whole", "version": "0"}
DAY = {"due_on_day": "1", "due_on_month": "12", "due_on_year": "2027"}
PROVIDER = {"issuer": "https://login.example.org", "secret": "a-client-secret"}

# The page, and what is typed there: all of it can be sent as it is.
FORMS = {
    "edit": (f"{HERE}edit/", ENTRY | {"name": WORDS}),
    "add": (
        "/console/add-organisation/",
        ENTRY | {"name": WORDS, "lead_email": "ada@leaf.example"},
    ),
    "extend": (f"{HERE}extend/", DAY | {"reason": WORDS, "shown": "2027-08-23"}),
    "access": (f"{HERE}access/", {"reason": WORDS}),
    "notice": ("/console/notices/new/", {"text": WORDS, "keep": "yes"}),
    "notice_edit": (
        "/console/notices/{notice}/",
        {"text": WORDS, "before": "We are closed on Friday.", "keep": "yes"},
    ),
    "identity": ("/console/users/{user}/second-step/", {"how": "call", "note": WORDS}),
    "sign_in": (
        f"{HERE}sign-in/",
        PROVIDER | {"client_id": WORDS, "domains": "riverside.example"},
    ),
    "note": ("/console/sign-ups/{sign_up}/", {"text": WORDS}),
    "ask": (
        "/console/sign-ups/{sign_up}/ask/",
        {"version": "0", "words": "Dear Ada", "question": WORDS},
    ),
    "decline": (
        "/console/sign-ups/{sign_up}/decline/",
        {"version": "0", "words": "Dear Ada", "reason": WORDS},
    ),
}


@pytest.fixture
def now(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def steward(now):
    return make_steward("Jo Steward")


@pytest.fixture
def console(client, steward):
    client.force_login(steward)
    return client


@pytest.fixture
def made(steward):
    """What the pages are about."""
    today = NOW.date()
    stage = {"stage": "signed_up", "stage_since": today, "signed_up_on": today}
    riverside = make_organisation(
        "riverside", due_on=today.replace(year=2027, month=8), **stage
    )
    make_member(riverside, "lead", "Asha Lead")
    lost = make_user("Lost Phone")
    TOTP.activate(lost, APP_SECRET)
    return {
        "notice": make_notice().public_id,
        "user": lost.public_id,
        "sign_up": make_waiting_sign_up().public_id,
    }


def text(page):
    return page.content.decode()


def mark_on(page):
    return re.search(r'name="author" value="([^"]+)"', text(page))[1]


def send_after_the_end(client, place, typed):
    """Open a page, and send its form when the session is over."""
    mark = mark_on(client.get(place))
    client.logout()
    page = client.post(place, typed | {"author": mark})
    assert page.url.startswith("/sign-in/")


@pytest.mark.parametrize("form", FORMS)
def test_what_was_typed_is_given_back_and_forgotten_once_sent(
    console, steward, made, form
):
    place, typed = FORMS[form]
    place = place.format(**made)
    send_after_the_end(console, place, typed)
    console.force_login(steward)

    page = text(console.get(place))
    assert SHOWN in page
    assert "We kept what you wrote" in page

    sent = console.post(place, typed)
    assert sent.status_code == 302, text(sent)
    assert KEPT not in console.session
    if console.get(place).status_code == 200:
        assert "We kept what you wrote" not in text(console.get(place))


@pytest.mark.parametrize("form", FORMS)
def test_it_is_given_to_nobody_else(console, made, form):
    place, typed = FORMS[form]
    place = place.format(**made)
    send_after_the_end(console, place, typed)
    console.force_login(make_steward("Another Steward"))

    page = text(console.get(place))

    assert SHOWN not in page
    assert KEPT not in console.session


@pytest.mark.parametrize("form", ["edit", "identity"])
def test_it_is_kept_for_a_day(console, steward, made, now, form):
    place, typed = FORMS[form]
    place = place.format(**made)
    send_after_the_end(console, place, typed)
    now.shift(timedelta(hours=24, minutes=1))
    console.force_login(steward)

    assert SHOWN not in text(console.get(place))


def test_nothing_is_done_by_looking_at_what_was_kept(console, steward, made):
    for place, typed in FORMS.values():
        place = place.format(**made)
        console.force_login(steward)
        send_after_the_end(console, place, typed)
        console.force_login(steward)
        assert console.get(place).status_code == 200

    riverside = Organisation.objects.get()
    assert (riverside.name, riverside.version) == ("Riverside", 0)
    assert not AccessGrant.objects.exists()


def test_a_client_secret_is_not_kept(console, steward, made):
    place, typed = FORMS["sign_in"]
    send_after_the_end(console, place, typed)
    console.force_login(steward)

    page = console.get(place)

    assert "We did not keep the client secret." in text(page)
    assert "secret" not in page.context["form"].data
    assert page.context["form"].data["client_id"] == WORDS


def test_replacing_a_lead_goes_on_with_its_first_step(console, steward, made):
    lead = User.objects.get(name="Asha Lead")
    typed = {"old": str(lead.public_id), "fate": "removed", "checked": "phone"}
    typed |= {"email": "new@people.example"}
    asked = console.post(f"{HERE}lead/", typed)
    mark = mark_on(asked)
    console.logout()
    console.post(f"{HERE}lead/", typed | {"confirmed": "yes", "author": mark})
    console.force_login(steward)

    page = text(console.get(f"{HERE}lead/"))

    assert 'value="new@people.example"' in page
    assert "We kept what you wrote" in page
    assert Membership.objects.filter(user=lead, role="lead").exists()
    console.post(f"{HERE}lead/", typed | {"confirmed": "yes"})
    assert not Membership.objects.filter(user=lead).exists()
    assert KEPT not in console.session


@pytest.mark.parametrize("question", ["pause/", "merge/harbour/"])
def test_who_said_yes_too_late_is_asked_again(console, steward, made, question):
    make_organisation("harbour")
    send_after_the_end(console, f"{HERE}{question}", {})
    console.force_login(steward)

    page = text(console.get(f"{HERE}{question}"))

    assert "You were signed out before you said yes." in page
    assert Organisation.objects.get(slug="riverside").status == "active"
    console.post(f"{HERE}{question}")
    assert Organisation.objects.get(slug="riverside").status != "active"
    assert KEPT not in console.session


def test_words_to_merge_by_are_in_the_way_back(console, made):
    console.logout()

    page = console.get(f"{HERE}merge/", {"words": "harbour"})

    assert page.url.endswith(f"?next={HERE}merge/%3Fwords%3Dharbour")


def test_a_reason_that_nobody_can_read_any_more_is_given_back(console, steward, made):
    place, typed = FORMS["access"]
    Membership.objects.all().delete()

    page = text(console.post(place, typed))

    assert "Nobody can let you in" in page
    assert SHOWN in page


def test_a_date_that_somebody_else_moved_can_be_moved_again(console, made):
    place, typed = FORMS["extend"]
    Organisation.objects.update(due_on="2027-09-30")

    page = console.post(place, typed)

    assert page.status_code == 409
    assert "Somebody else changed the date first." in text(page)
    shown = re.search(r'name="shown" value="([^"]+)"', text(page))[1]
    assert console.post(place, typed | {"shown": shown}).url == HERE
