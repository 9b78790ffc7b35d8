"""Taking one's data along, and closing one's account."""

import json
import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import connection
from django.db.models import EmailField
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.operations import hold_back
from assessments.queries.my_data import my_writing
from fourpi.my_data import all_of, data_file
from organisations import emails
from organisations.models import (
    AuditEvent,
    IdentityCheck,
    Invitation,
    LeadOffer,
    MailPreference,
    Membership,
    Outbox,
    SignInIdentity,
    SignInProvider,
    User,
)
from organisations.operations import invite, leave, offer_lead
from organisations.operations.closing import close_account
from organisations.operations.console.users import let_in
from organisations.queries import activity_lines, events_of, trail_lines
from organisations.rules import AlreadyDone, LastLead, LooksAfterTheSite
from tests.factories import (
    APP_SECRET,
    NOW,
    PASSWORD,
    make_locked_assessment,
    make_member,
    make_organisation,
    make_steward,
    make_user,
    make_waiting_sign_up,
)
from tests.signing_in import sign_in


pytestmark = pytest.mark.django_db

BY_A_STEWARD = "A steward did it for the site. The act itself is among her events."
IN_HER_EVENTS = "Only that she did it, which is among her events."
# Where a person or an address is kept, and why the file does not look there.
LEFT_OUT = {
    "organisations.user email": "The account itself, with which the file begins.",
    "account.emailaddress email": "Found by whose account it belongs to.",
    "organisations.user_groups user": "Groups give nobody anything here.",
    "organisations.user_user_permissions user": "As groups.",
    "organisations.historicalorganisation history_user": IN_HER_EVENTS,
    "organisations.historicalmembership history_user": IN_HER_EVENTS,
    "organisations.invitation cancelled_by": IN_HER_EVENTS,
    "organisations.notice made_by": BY_A_STEWARD,
    "organisations.identitycheck checked_by": BY_A_STEWARD,
    "organisations.signup decided_by": BY_A_STEWARD,
    "organisations.signupmessage by": BY_A_STEWARD,
    "organisations.signinprovider changed_by": BY_A_STEWARD,
    "admin.logentry user": BY_A_STEWARD,
    "assessments.assessment started_by": IN_HER_EVENTS,
    "assessments.assessment locked_by": IN_HER_EVENTS,
    "assessments.hold lifted_by": IN_HER_EVENTS,
    "assessments.comment deleted_by": IN_HER_EVENTS,
    "assessments.comment resolved_by": IN_HER_EVENTS,
    "assessments.anotherlook looked_by": IN_HER_EVENTS,
    "assessments.digest person": "The mails that we sent her are in the file.",
    "assessments.assignment assigned_by": IN_HER_EVENTS,
    "assessments.ratinground asked_by": IN_HER_EVENTS,
    "assessments.unlocking locked_by": IN_HER_EVENTS,
}


def words(page):
    return re.sub(r"\s+", " ", page.content.decode())


def file_of(user):
    return json.loads(data_file(user, NOW))


def where_people_are():
    """List each column that names a user or holds an address, by introspection."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.related_model is User or isinstance(field, EmailField):
                yield f"{model._meta.label_lower} {field.name}", model, field


@pytest.fixture
def tom(cast):
    """A second lead, who may go."""
    return make_member(cast.riverside, "lead", "Tom Tidewell")


# The file


def test_each_place_of_a_person_is_looked_at_or_left_out_with_a_reason(tom):
    with CaptureQueriesContext(connection) as asked:
        all_of(tom, NOW)
    conditions = " ".join(q["sql"].partition(" WHERE ")[2] for q in asked)
    places = {place: (model, field) for place, model, field in where_people_are()}

    looked_at = {
        place
        for place, (model, field) in places.items()
        if f'"{model._meta.db_table}"."{field.column}"' in conditions
    }

    assert set(places) - looked_at == set(LEFT_OUT)


def test_file_holds_what_is_hers_and_no_secret_or_other_address(cast, tom):
    assessment = make_locked_assessment(cast.riverside, tom, "Ward")
    hold_back(
        assessment=assessment,
        membership=Membership.objects.get(user=tom),
        reason="We asked nobody yet.",
        at=NOW,
    )
    invite(
        organisation=cast.riverside,
        email="guest@elsewhere.example",
        role="viewer",
        by=tom,
        at=NOW,
    )
    make_waiting_sign_up(applicant_email=tom.email, applicant_name="Tom T.")
    make_waiting_sign_up("Other", sponsor_email=tom.email.upper())
    TOTP.activate(tom, APP_SECRET)

    held = file_of(tom)

    assert held["account"]["email"] == tom.email
    assert held["ways to sign in"]["second steps"][0]["type"] == "totp"
    assert held["memberships"]["now"][0]["organisation_name"] == cast.riverside.name
    assert [i["role"] for i in held["invitations"]["by you"]] == ["viewer"]
    assert [s["applicant_name"] for s in held["sign-ups"]["sent by you"]] == ["Tom T."]
    assert len(held["sign-ups"]["that name you as the sponsor"]) == 1
    assert "invited somebody" in [line["what"] for line in held["what was done"]]
    written = held["what you wrote"]
    assert len(written["answers that you saved last"]) == 30
    assert len(written["all that you saved or tried to save"]) == 30
    assert written["held back by you"][0]["reason"] == "We asked nobody yet."
    text = data_file(tom, NOW)
    for secret in ("guest@", "chief@", APP_SECRET, tom.password, cast.lead.email):
        assert secret not in text


def test_file_tells_of_others_without_their_names(cast, tom):
    leave(membership=Membership.objects.get(user=tom), at=NOW)
    lead = Membership.objects.get(user=cast.lead)
    to = Membership.objects.get(user=cast.contributor)
    offer_lead(to=to, by=lead, hands_over=False, at=NOW)

    lines = file_of(cast.lead)["what was done"]
    assert (lines[-1]["by_you"], lines[-1]["what"]) == (
        True,
        "offered the lead to a member",
    )
    told = file_of(cast.contributor)["what was done"]
    assert [(line["by_you"], line["what"]) for line in told] == [
        (False, f"offered the lead to {cast.contributor}")
    ]
    history = file_of(tom)["memberships"]["history"]
    assert history[-1]["change"] == "ended"


def test_file_asks_the_same_number_of_queries_for_little_and_for_much(cast, tom):
    with CaptureQueriesContext(connection) as few:
        all_of(tom, NOW)
    make_locked_assessment(cast.riverside, tom, "Ward")
    for number in range(5):
        invite(
            organisation=cast.riverside,
            email=f"guest{number}@elsewhere.example",
            role="viewer",
            by=tom,
            at=NOW,
        )
    with CaptureQueriesContext(connection) as many:
        all_of(tom, NOW)

    assert len(few) == len(many)
    with CaptureQueriesContext(connection) as writing:
        my_writing(tom)
    assert len(writing) == 14


def test_page_says_what_is_in_the_file_and_gives_it_by_post(client, tom):
    client.force_login(tom)

    page = client.get("/account/data/")
    assert "What is in it" in words(page)
    given = client.post("/account/data/")

    today = timezone.localdate()
    name = f'attachment; filename="4pi-my-data-{today:%Y-%m-%d}.json"'
    assert given["Content-Disposition"] == name
    assert "no-store" in given["Cache-Control"]
    assert json.loads(given.content)["account"]["name"] == "Tom Tidewell"


# Closing


def close(client):
    return client.post("/account/close/")


def test_closing_asks_for_the_password_first(client, tom):
    client.force_login(tom)

    page = close(client)

    assert page.url.startswith("/reauthenticate/?next=")
    tom.refresh_from_db()
    assert tom.is_active


def test_page_says_what_goes_and_what_stays_before_anything_happens(client, tom):
    sign_in(client, tom)

    page = words(client.get("/account/close/"))

    assert "What goes" in page
    assert "What stays" in page
    assert "Somebody who left" in page
    tom.refresh_from_db()
    assert tom.is_active


def test_closed_account_is_nobodys_and_what_was_written_stays(cast, client, tom):
    make_locked_assessment(cast.riverside, tom, "Ward")
    sent = invite(
        organisation=cast.riverside,
        email="guest@elsewhere.example",
        role="viewer",
        by=tom,
        at=NOW,
    )
    offer_lead(
        to=Membership.objects.get(user=cast.contributor),
        by=Membership.objects.get(user=tom),
        hands_over=False,
        at=NOW,
    )
    old, elsewhere = tom.email, Client()
    sign_in(elsewhere, tom)
    sign_in(client, tom)
    before = AuditEvent.objects.count()

    page = close(client)

    assert page.url == "/account/closed/"
    assert "Your account is closed" in words(client.get(page.url))
    for each in (client, elsewhere):
        assert each.get("/account/").status_code == 302
    tom.refresh_from_db()
    assert (tom.name, tom.is_active) == ("Somebody who left", False)
    assert tom.email == f"closed-{tom.public_id}@closed.invalid"
    assert "tidewell" not in tom.search_text
    assert not tom.has_usable_password()
    assert not Membership.objects.filter(user=tom).exists()
    assert Invitation.objects.get(pk=sent.pk).is_open()
    assert LeadOffer.objects.get().outcome == "withdrawn"
    assert set(my_writing(tom)["answers that you saved last"][0])
    new = AuditEvent.objects.order_by("pk")[before:]
    assert [event.verb for event in new] == ["left", "closed"]
    assert old not in str(list(new.values()))
    last = Outbox.objects.latest("pk")
    assert (last.template, last.to) == ("account_closed", old)


def test_every_way_in_is_gone_and_only_the_mails_sent_hold_the_address(cast, tom):
    old = tom.email
    TOTP.activate(tom, APP_SECRET)
    MailPreference.objects.create(user=tom, kind="news", stopped_at=NOW)
    IdentityCheck.objects.create(
        user=tom, checked_by=cast.steward, checked_at=NOW, how="call", note="Tom said"
    )
    provider = SignInProvider.objects.create(
        organisation=cast.riverside,
        issuer="https://sign-in.example",
        client_id="4pi",
        secret="sealed",
        changed_at=NOW,
        changed_by=cast.steward,
    )
    SignInIdentity.objects.create(
        provider=provider, subject="t-1", user=tom, linked_at=NOW
    )

    close_account(user=tom, at=NOW)

    for model in (
        *(Authenticator, EmailAddress, UserSession, MailPreference),
        *(IdentityCheck, SignInIdentity),
    ):
        assert not model.objects.filter(user=tom).exists(), model
    for place, model, field in where_people_are():
        if isinstance(field, EmailField) and model is not Outbox:
            found = model.objects.filter(**{f"{field.name}__iexact": old})
            assert not found.exists(), place
    assert "tidewell" not in str(list(Membership.history.values())).lower()


def test_what_superusers_noted_of_her_names_her_no_more(cast, tom):
    superuser = make_steward("Suki", is_superuser=True)
    hers = Membership.objects.get(user=tom)
    for subject in (tom, hers, cast.lead):
        LogEntry.objects.log_actions(
            superuser.pk, [subject], CHANGE, single_object=True
        )

    close_account(user=tom, at=NOW)

    noted = LogEntry.objects.order_by("pk").values_list("object_repr", flat=True)
    assert list(noted) == ["Somebody who left", "Somebody who left", str(cast.lead)]


def test_trail_tells_of_her_without_a_name(cast, tom):
    close_account(user=tom, at=NOW)

    (left,) = activity_lines(cast.riverside, list(events_of(cast.riverside)[:1]))
    closed = trail_lines(list(AuditEvent.objects.filter(verb="closed")))

    assert (left.who, left.what) == ("Somebody who left", "left the organisation")
    assert (closed[0].who, closed[0].what) == (
        "Somebody who left",
        "closed their own account",
    )


def test_address_can_be_invited_again(cast, client, tom):
    close_account(user=tom, at=NOW)
    invite(
        organisation=cast.riverside,
        email="tom.tidewell@people.example",
        role="viewer",
        by=cast.lead,
        at=timezone.now(),
    )
    posted = Outbox.objects.get(template="invitation", to="tom.tidewell@people.example")
    path = emails.unseal(posted.secret)["path"]

    client.post(path, {"name": "Tom again", "password": "river stone lantern"})

    again = User.objects.get(email="tom.tidewell@people.example")
    assert again.pk != tom.pk
    assert Membership.objects.get(user=again).role == "viewer"
    assert client.get("/account/").status_code == 200


def test_only_lead_is_told_the_way_out_and_stays(cast, client):
    with pytest.raises(LastLead):
        close_account(user=cast.lead, at=NOW)
    sign_in(client, cast.lead)

    page = words(client.get("/account/close/"))
    assert 'href="/o/riverside/people/lead/"' in page
    assert "Yes, close my account" not in page
    told = client.post("/account/close/", follow=True)

    assert "is the only lead of" in words(told)
    cast.lead.refresh_from_db()
    assert cast.lead.is_active
    assert Membership.objects.filter(user=cast.lead).exists()
    assert not AuditEvent.objects.filter(verb__in=["left", "closed"]).exists()


def test_one_organisation_without_another_lead_keeps_her_in_all(cast, tom):
    alone = make_organisation("tideway")
    Membership.objects.create(organisation=alone, user=tom, role="lead")

    with pytest.raises(LastLead):
        close_account(user=tom, at=NOW)

    assert Membership.objects.filter(user=tom).count() == 2


@pytest.mark.parametrize("fields", [{}, {"is_superuser": True}])
def test_who_looks_after_the_site_is_told_whom_to_ask(client, fields):
    steward = make_steward("Stella", **fields)
    client.force_login(steward)
    page = client.post("/reauthenticate/?next=/account/close/", {"password": PASSWORD})

    assert "first." in words(client.get(page.url))
    with pytest.raises(LooksAfterTheSite, match="Ask "):
        close_account(user=steward, at=NOW)


def test_closing_twice_and_letting_in_a_closed_account(tom):
    superuser = make_steward("Suki", is_superuser=True)
    close_account(user=tom, at=NOW)

    with pytest.raises(AlreadyDone):
        close_account(user=tom, at=NOW + timedelta(seconds=1))
    with pytest.raises(AlreadyDone):
        let_in(user=tom, by=superuser, at=NOW)

    assert AuditEvent.objects.filter(verb="closed").count() == 1


def test_who_belongs_nowhere_can_close_and_go_on_after_the_password(client):
    asha = make_user("Asha")
    client.force_login(asha)
    first = close(client)

    page = client.post(first.url, {"password": PASSWORD})

    # What was confirmed before the password goes through with it.
    assert page.url == "/account/closed/"
    asha.refresh_from_db()
    assert not asha.is_active
