"""The pages of people, and joining by a link, as a browser asks for them."""

import logging
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organisations.models import (
    AuditEvent,
    Invitation,
    LeadOffer,
    Membership,
    Outbox,
    User,
)
from organisations.operations import (
    cancel_invitation,
    invite,
    pause_organisation,
    resend_invitation,
)
from organisations.queries import ACTIVITY
from tests.factories import NOW, PASSWORD, make_member, make_user
from tests.written_log import log_lines


pytestmark = pytest.mark.django_db
PEOPLE = "/o/riverside/people/"
# record("verb", ...), also after plain arguments such as _end(membership, "verb").
RECORDED = re.compile(r'(?:record|_end|_move)\(\s*(?:[\w.]+,\s*)*"(\w+)"')
JOINING = {"name": "Nia New", "password": "four words that nobody knows"}


@pytest.fixture
def invited(cast):
    """An invitation that is open on the day of the test."""
    return invite(
        organisation=cast.riverside,
        email="new@people.example",
        role="contributor",
        by=cast.lead,
        at=timezone.now(),
    )


@pytest.fixture
def link(invited, token_of):
    return f"/invite/{token_of(invited)}/"


@pytest.fixture
def lead(cast, client):
    client.force_login(cast.lead)
    return client


def text(page):
    return page.content.decode()


# Who is here


def test_lead_sees_people_invitations_and_the_nag(lead, invited):
    page = text(lead.get(PEOPLE))

    assert "Asha Lead</bdi> (you)" in page
    assert "new@people.example" in page
    assert "has one lead. Two are safer" in page
    assert "Resend" in page


def test_nag_goes_with_a_second_lead(cast, lead):
    make_member(cast.riverside, "lead", "Second Lead")

    assert "has one lead" not in text(lead.get(PEOPLE))


def test_member_sees_people_and_no_addresses(cast, client, invited):
    client.force_login(cast.contributor)

    page = text(client.get(PEOPLE))

    assert "Leila Viewer" in page
    assert "new@people.example" not in page
    assert "Invite somebody" not in page


def test_people_ask_the_same_number_of_queries_however_many(
    cast, lead, django_assert_max_num_queries
):
    for n in range(20):
        make_member(cast.riverside, "viewer", f"More {n}")
        invite(
            organisation=cast.riverside,
            email=f"n{n}@people.example",
            role="viewer",
            by=cast.lead,
            at=timezone.now() - timedelta(days=2),
        )

    with django_assert_max_num_queries(8):
        lead.get(PEOPLE)


def test_paused_organisation_offers_nothing_to_change(cast, lead):
    pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)

    page = text(lead.get(PEOPLE))

    assert "Riverside is paused" in page
    assert "Invite somebody" not in page


def test_invite_shows_roles_in_sentences_and_sends(lead, words):
    asked = text(lead.get(f"{PEOPLE}invite/"))
    assert (
        "They can see who belongs here and read reports. They can read our view."
        in asked
    )
    assert "The same as a viewer. They can answer and comment." in asked

    page = lead.post(
        f"{PEOPLE}invite/", {"email": "Nia@people.example", "role": "co_lead"}
    )

    assert page.url == PEOPLE
    assert Invitation.objects.get().role == "co_lead"
    assert words("invitation")["organisation"] == "Riverside"


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"email": "", "role": "viewer"}, "Enter their email address."),
        ({"email": "nobody", "role": "viewer"}, "such as name@example.org"),
        ({"email": "a@b.example", "role": ""}, "Choose what they can do."),
        ({"email": "a@b.example", "role": "owner"}, "Choose one of the roles."),
        ({"email": "leila.viewer@people.example", "role": "viewer"}, "belongs to"),
    ],
)
def test_invite_says_what_is_wrong_and_keeps_the_rest(lead, posted, said):
    page = text(lead.post(f"{PEOPLE}invite/", posted))

    assert said in page
    assert f'value="{posted["email"]}"' in page or not posted["email"]
    assert not Invitation.objects.exists()


def test_reaching_the_limit_says_so_and_keeps_the_address(lead):
    for n in range(20):
        posted = {"email": f"n{n}@people.example", "role": "viewer"}
        lead.post(f"{PEOPLE}invite/", posted)

    page = lead.post(
        f"{PEOPLE}invite/", {"email": "late@people.example", "role": "viewer"}
    )

    assert "You have sent 20 invitations in 24 hours." in text(page)
    assert 'value="late@people.example"' in text(page)
    assert Outbox.objects.count() == 20


def test_known_and_unknown_addresses_are_invited_alike(cast, lead):
    said = []
    for email in ("sam.stranger@people.example", "unknown@people.example"):
        posted = {"email": email, "role": "viewer"}
        page = lead.post(f"{PEOPLE}invite/", posted, follow=True)
        said.append((page.status_code, email in text(page)))

    assert said == [(200, True)] * 2
    assert Outbox.objects.filter(template="invitation").count() == 2


def test_resend_and_cancel(lead, invited):
    lead.post(f"{PEOPLE}invitations/{invited.public_id}/resend/")
    page = lead.post(f"{PEOPLE}invitations/{invited.public_id}/cancel/", follow=True)

    assert "is cancelled" in text(page)
    assert Outbox.objects.count() == 2
    again = lead.post(f"{PEOPLE}invitations/{invited.public_id}/resend/", follow=True)
    assert "Somebody else changed this invitation first." in text(again)


def test_change_a_role(cast, lead):
    address = f"{PEOPLE}{cast.viewer.public_id}/role/"
    assert 'value="viewer"' in text(lead.get(address))

    page = lead.post(address, {"role": "contributor", "before": "viewer"}, follow=True)

    assert "The role of Leila Viewer is changed." in text(page)
    stale = lead.post(address, {"role": "co_lead", "before": "viewer"}, follow=True)
    assert "Somebody else changed this first." in text(stale)
    assert Membership.objects.get(user=cast.viewer).role == "contributor"


def test_lead_cannot_be_given_or_taken_by_the_form(cast, lead):
    address = f"{PEOPLE}{cast.viewer.public_id}/role/"
    assert "Choose one of the roles." in text(lead.post(address, {"role": "lead"}))

    own = f"{PEOPLE}{cast.lead.public_id}/role/"
    page = lead.post(own, {"role": "viewer", "before": "contributor"}, follow=True)
    assert Membership.objects.get(user=cast.lead).role == "lead"
    page = lead.post(own, {"role": "viewer", "before": "lead"}, follow=True)
    assert "is the only lead" in text(page)


def test_remove_asks_first(cast, lead):
    address = f"{PEOPLE}{cast.viewer.public_id}/remove/"
    assert "They are signed out everywhere." in text(lead.get(address))
    assert Membership.objects.filter(user=cast.viewer).exists()

    page = lead.post(address, follow=True)

    assert "Leila Viewer is removed." in text(page)
    assert not Membership.objects.filter(user=cast.viewer).exists()


def test_only_lead_is_told_to_hand_over(cast, lead):
    page = lead.post(f"{PEOPLE}leave/", follow=True)

    assert "You are the only lead" in text(lead.get(f"{PEOPLE}leave/"))
    assert "Somebody else has to take the lead first." in text(page)


def test_leave(cast, client):
    client.force_login(cast.viewer)

    page = client.post(f"{PEOPLE}leave/", follow=True)

    assert "You have left Riverside." in text(page)
    assert client.get(PEOPLE).status_code == 404


def test_offer_the_lead_and_take_it(cast, lead):
    page = lead.post(
        f"{PEOPLE}lead/",
        {"person": str(cast.viewer.public_id), "how": "hand_over"},
        follow=True,
    )
    assert "has not answered yet" in text(page)
    viewer = Client()
    viewer.force_login(cast.viewer)
    assert "You are offered the lead" in text(viewer.get(PEOPLE))
    offer = LeadOffer.objects.get()

    page = viewer.post(f"{PEOPLE}lead/{offer.public_id}/accept/", follow=True)

    assert "You are a lead now." in text(page)
    assert Membership.objects.get(user=cast.lead).role == "contributor"


def test_co_lead_can_share_and_not_hand_over(cast, client):
    client.force_login(cast.co_lead)
    address = f"{PEOPLE}lead/"
    assert "I hand the lead over" not in text(client.get(address))

    posted = {"person": str(cast.viewer.public_id), "how": "hand_over"}
    page = client.post(address, posted)

    assert "Choose what becomes of your role." in text(page)
    assert not LeadOffer.objects.exists()


def test_activity_is_in_words_and_names_who_left(cast, lead):
    leaver = make_member(cast.riverside, "lead", "Lena Leaver")
    gone = Client()
    gone.force_login(leaver)
    gone.post(f"{PEOPLE}{cast.viewer.public_id}/remove/")
    gone.post(f"{PEOPLE}leave/")
    lead.post(f"{PEOPLE}invite/", {"email": "n@people.example", "role": "viewer"})

    lead.get(PEOPLE)  # where the note about the invitation is shown
    page = text(lead.get("/o/riverside/activity/"))

    assert "<strong><bdi>Asha Lead</bdi></strong> invited somebody" in page
    assert "<bdi>Lena Leaver</bdi></strong> removed Leila Viewer" in page
    assert "n@people.example" not in page


def test_activity_is_25_a_page_in_constant_queries(
    cast, lead, django_assert_max_num_queries
):
    for n in range(30):
        AuditEvent.objects.create(
            at=NOW,
            actor=cast.lead.public_id,
            verb="answered",
            subject_type="assessments.assessment",
            subject=str(cast.assessment.public_id if n % 2 else uuid4()),
            organisation="riverside",
            details={"standard": "PR1" if n % 4 == 1 else "PR2"},
        )

    with django_assert_max_num_queries(10):
        page = text(lead.get("/o/riverside/activity/"))

    assert page.count("answered a standard") == 25
    # Which, and the way to it; what is gone goes by its code.
    question = cast.assessment.question_address("principles", 1)
    assert f'answered a standard: <a class="govuk-link" href="{question}">PR1 ' in page
    assert "answered a standard: PR2</td>" in page
    csv = lead.get("/o/riverside/activity.csv").content.decode()
    assert "answered a standard: PR1 Values worked out together" in csv
    assert "?page=2" in page
    assert "Harbour" not in page


def verbs_of_the_operations():
    """Read the verbs that the sources record."""
    for app in ("assessments", "organisations", "reports"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            source = path.read_text()
            yield from RECORDED.findall(source)
            yield from re.findall(r'verb="(\w+)"', source)


def test_every_event_has_its_sentence():
    found = set(verbs_of_the_operations())

    assert found >= {"invited", "removed", "offered", "paused", "locked", "published"}
    assert found <= {key.split()[1] for key in ACTIVITY}


# Joining


def test_twenty_looks_change_nothing(link, invited):
    before = list(Invitation.objects.values()), AuditEvent.objects.count()

    for _ in range(10):
        assert Client().get(link).status_code == 200
        assert Client().head(link).status_code == 200

    assert (list(Invitation.objects.values()), AuditEvent.objects.count()) == before
    page = text(Client().get(link))
    assert "Asha Lead</bdi> asks you to join Riverside" in page
    assert "You can answer and comment." in page


def test_newcomer_joins_and_is_signed_in(client, link):
    page = client.post(link, JOINING, follow=True)

    assert page.redirect_chain == [("/o/riverside/", 302)]
    assert "You have joined Riverside." in text(page)
    assert User.objects.get(name="Nia New").email == "new@people.example"


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "Use 12 characters or more."),
        ("1q2w3e4r5t6y", "Many people use this password"),
        ("new@people.example", "too much like your name"),
        ("", "Choose a password."),
    ],
)
def test_weak_password_is_refused_and_the_name_kept(client, link, password, said):
    page = text(client.post(link, JOINING | {"password": password}))

    assert said in page
    assert 'value="Nia New"' in page
    assert not User.objects.filter(email="new@people.example").exists()


def test_two_browsers_one_joins(link):
    first, second = Client(), Client()
    assert first.get(link).status_code == second.get(link).status_code == 200

    first.post(link, JOINING)
    page = second.post(link, JOINING)

    assert page.status_code == 410
    assert "was used already" in text(page)
    assert User.objects.filter(email="new@people.example").count() == 1


def test_account_signs_in_first_and_comes_back(client, link, token_of, invited):
    make_user("Nia", email="new@people.example")
    assert "Sign in to join" in text(client.get(link))

    page = client.post(link)
    assert page.url == "/sign-in/?next=/invite/"
    signed_in = client.post(
        page.url, {"login": "new@people.example", "password": PASSWORD}
    )
    assert signed_in.url == "/invite/"
    assert "Join</button>" in text(client.get("/invite/"))
    joined = client.post("/invite/")

    assert joined.url == "/o/riverside/"
    assert Membership.objects.get(user__name="Nia").role == "contributor"


def test_signed_in_as_that_address_joins_with_one_button(client, link):
    client.force_login(make_user("Nia", email="new@people.example"))

    assert client.post(link).url == "/o/riverside/"


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("stranger", "The invitation was sent to another address."),
        ("lead", "The invitation was sent to another address."),
        ("steward", "A steward belongs to no organisation"),
    ],
)
def test_somebody_else_is_told_so_and_does_not_join(cast, client, link, who, said):
    client.force_login(getattr(cast, who))

    assert said in text(client.get(link))
    assert said in text(client.post(link))
    assert Invitation.objects.get().is_open()
    assert "new@people.example" not in text(client.get(link))


def test_link_that_was_altered_or_replaced(cast, link, invited):
    altered = f"{link[:-2]}{'A' if link[-2] != 'A' else 'B'}/"
    assert Client().get(altered).status_code == 404
    assert "This link does not work" in text(Client().post(altered, JOINING))

    resend_invitation(invitation=invited, by=cast.lead, at=timezone.now())

    assert Client().get(link).status_code == 404
    assert Client().post(link, JOINING).status_code == 404
    assert not User.objects.filter(email="new@people.example").exists()


def test_cancelled_link(cast, link, invited):
    cancel_invitation(invitation=invited, by=cast.lead, at=timezone.now())

    page = Client().post(link, JOINING)

    assert page.status_code == 410
    assert "was cancelled" in text(page)


def test_link_to_a_paused_organisation(cast, link):
    pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)

    assert "is paused" in text(Client().post(link, JOINING))
    assert Invitation.objects.get().is_open()


def test_expired_link_offers_to_ask_for_a_new_one(cast, link):
    long_ago = timezone.now() - timedelta(days=15)
    Invitation.objects.update(
        sent_at=long_ago, expires_at=long_ago + timedelta(days=14)
    )
    page = Client().post(link, JOINING)
    assert page.status_code == 410
    assert "Ask for a new one" in text(page)

    asked = Client().post(f"{link}ask/")
    again = Client().post(f"{link}ask/")
    nobodys = Client().post("/invite/no-such-token/ask/")

    assert asked.content == again.content == nobodys.content
    assert Outbox.objects.filter(template="invitation_asked_again").count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_address_goes_into_no_referer_and_no_store(link, method):
    page = getattr(Client(), method)(link)

    assert page["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page["Cache-Control"]


def test_token_is_in_no_log(client, link, token_of, invited, caplog):
    """What the handler writes, from requests that log their address."""
    token = token_of(invited)
    strict = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.DEBUG):
        strict.post(link, JOINING)
        client.get(f"/invite/{token}/nothing-here/")
        client.get(f"{reverse('account_login')}?next=/invite/{token}/")
    written = log_lines(caplog.records)
    assert any(token in record.getMessage() for record in caplog.records)
    assert any("/invite/[hidden]" in line for line in written)
    assert not any(token in line for line in written)
