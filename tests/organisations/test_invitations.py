"""Inviting, sending again, cancelling, joining: what is done, and each refusal."""

from datetime import timedelta
from hashlib import sha256

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction

from organisations.models import (
    AuditEvent,
    Invitation,
    Membership,
    Organisation,
    Outbox,
    User,
)
from organisations.operations import (
    AlreadyDone,
    AlreadyInvited,
    AlreadyMember,
    HasAccount,
    NotOpen,
    Paused,
    StewardCannotJoin,
    TooManyInvitations,
    WrongPerson,
    accept_invitation,
    ask_for_new_invitation,
    cancel_invitation,
    invite,
    join_with_new_account,
    pause_organisation,
    remove_member,
    resend_invitation,
)
from organisations.rules import INVITATIONS_A_DAY
from organisations.steps import post_mail
from tests.factories import NOW, PASSWORD, make_user


pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1, seconds=1)
TOO_LATE = NOW + timedelta(days=14)


def invite_by(cast, email, **overrides):
    arguments = {
        "organisation": cast.riverside,
        "email": email,
        "role": "contributor",
        "by": cast.lead,
        "at": NOW,
    }
    return invite(**arguments | overrides)


def events(**filters):
    return AuditEvent.objects.filter(subject_type="organisations.invitation", **filters)


def test_invite_posts_one_mail_and_leaves_one_event(cast, invitation, words):
    said = words("invitation")

    assert invitation.email == "new@people.example"
    assert invitation.expires_at == NOW + timedelta(days=14)
    assert Outbox.objects.get().to == "new@people.example"
    assert (said["organisation"], said["invited_by"]) == ("Riverside", "Asha Lead")
    event = events().get()
    assert (event.verb, event.actor) == ("invited", cast.lead.public_id)
    assert event.details == {"role": "contributor"}


def test_token_is_long_and_only_its_hash_is_in_the_database(invitation, token_of):
    token = token_of(invitation)

    assert len(token) >= 43  # 256 bits
    assert invitation.token_hash == sha256(token.encode()).hexdigest()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert token not in repr(cursor.fetchall()), table


def test_invite_twice_is_refused_whatever_the_capitals(cast, invitation):
    with pytest.raises(AlreadyInvited):
        invite_by(cast, "NEW@people.EXAMPLE", by=cast.co_lead)

    assert (Invitation.objects.count(), Outbox.objects.count()) == (1, 1)


def test_invite_a_member_is_refused(cast):
    with pytest.raises(AlreadyMember):
        invite_by(cast, "Leila.Viewer@people.example")


def test_invite_to_a_paused_organisation_is_refused(cast):
    pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)
    paused = Organisation.objects.get(slug="riverside")

    with pytest.raises(Paused):
        invite_by(cast, "new@people.example", organisation=paused)


def test_twenty_invitations_a_day_and_no_more(cast):
    sent = [invite_by(cast, f"n{n}@people.example") for n in range(INVITATIONS_A_DAY)]

    with pytest.raises(TooManyInvitations, match="20 invitations"):
        invite_by(cast, "one-more@people.example")
    with pytest.raises(TooManyInvitations):
        resend_invitation(invitation=sent[0], by=cast.lead, at=NOW)
    invite_by(cast, "by-another@people.example", by=cast.co_lead)
    invite_by(cast, "a-day-later@people.example", at=LATER)


def test_resend_makes_a_new_token_and_the_old_one_dead(cast, invitation, token_of):
    old = token_of(invitation)

    resend_invitation(invitation=invitation, by=cast.co_lead, at=LATER)

    assert token_of(invitation) != old
    assert invitation.expires_at == LATER + timedelta(days=14)
    assert not Invitation.objects.filter(
        token_hash=sha256(old.encode()).hexdigest()
    ).exists()
    assert events(verb="resent").count() == 1


def test_resend_by_two_at_once_sends_one(cast, invitation):
    same = Invitation.objects.select_related("organisation").get()
    resend_invitation(invitation=invitation, by=cast.lead, at=NOW)

    with pytest.raises(AlreadyDone):
        resend_invitation(invitation=same, by=cast.co_lead, at=NOW)

    assert Outbox.objects.count() == 2
    assert events(verb="resent").count() == 1


def test_cancel_ends_it_once(cast, invitation):
    cancel_invitation(invitation=invitation, by=cast.co_lead, at=NOW)

    with pytest.raises(AlreadyDone):
        cancel_invitation(invitation=invitation, by=cast.lead, at=NOW)
    with pytest.raises(AlreadyDone):
        resend_invitation(invitation=invitation, by=cast.lead, at=NOW)
    assert invitation.cancelled_by == cast.co_lead
    assert events(verb="cancelled").count() == 1
    assert invite_by(cast, "new@people.example").is_open()


def test_join_with_a_new_account(cast, invitation):
    user = join_with_new_account(
        invitation=invitation, name="Nia New", password=PASSWORD, at=NOW
    )

    membership = Membership.objects.get(user=user)
    assert (membership.organisation, membership.role) == (cast.riverside, "contributor")
    assert membership.history.get().history_user == user
    assert user.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=user).verified
    event = events(verb="accepted").get()
    assert (event.actor, event.organisation) == (user.public_id, "riverside")
    assert Invitation.objects.get().accepted_by == user


def test_accept_with_an_account(cast, invitation):
    newcomer = make_user("Nia", email="new@people.example")

    accept_invitation(invitation=invitation, by=newcomer, at=NOW)

    assert Membership.objects.get(user=newcomer).role == "contributor"
    with pytest.raises(NotOpen):
        accept_invitation(invitation=invitation, by=newcomer, at=NOW)
    assert events(verb="accepted").count() == 1


@pytest.mark.parametrize(
    ("make_unusable", "refusal"),
    [
        ("cancel", NotOpen),
        ("expire", NotOpen),
        ("supersede", NotOpen),
        ("pause", Paused),
    ],
)
def test_unusable_invitation_lets_nobody_join(cast, invitation, make_unusable, refusal):
    at = NOW
    if make_unusable == "cancel":
        other = Invitation.objects.get()
        cancel_invitation(invitation=other, by=cast.lead, at=NOW)
    elif make_unusable == "expire":
        at = TOO_LATE
    elif make_unusable == "supersede":
        other = Invitation.objects.select_related("organisation").get()
        resend_invitation(invitation=other, by=cast.lead, at=NOW)
    else:
        pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)
        invitation.organisation.refresh_from_db()
    newcomer = make_user("Nia", email="new@people.example")

    with pytest.raises(refusal):
        accept_invitation(invitation=invitation, by=newcomer, at=at)
    with pytest.raises((refusal, HasAccount)):
        join_with_new_account(
            invitation=invitation, name="Nia", password=PASSWORD, at=at
        )

    assert not Membership.objects.filter(user=newcomer).exists()
    assert not events(verb="accepted").exists()


def test_somebody_else_cannot_join(cast, invitation):
    with pytest.raises(WrongPerson):
        accept_invitation(invitation=invitation, by=cast.stranger, at=NOW)


@pytest.mark.parametrize("who", ["steward", "superuser"])
def test_steward_cannot_join(cast, who):
    steward = getattr(cast, who)
    invitation = invite_by(cast, steward.email)

    with pytest.raises(StewardCannotJoin):
        accept_invitation(invitation=invitation, by=steward, at=NOW)
    with pytest.raises(StewardCannotJoin):
        join_with_new_account(
            invitation=invitation, name="Jo", password=PASSWORD, at=NOW
        )
    assert not Membership.objects.filter(user=steward).exists()


def test_new_account_for_a_known_address_is_refused(cast, invitation):
    make_user("Nia", email="new@people.example")

    with pytest.raises(HasAccount):
        join_with_new_account(
            invitation=invitation, name="Nia", password=PASSWORD, at=NOW
        )

    assert Invitation.objects.get().is_open()


def test_member_by_another_way_cannot_join_twice(cast, invitation):
    newcomer = make_user("Nia", email="new@people.example")
    Membership.objects.create(organisation=cast.riverside, user=newcomer, role="viewer")

    with pytest.raises(AlreadyMember):
        accept_invitation(invitation=invitation, by=newcomer, at=NOW)

    assert Membership.objects.get(user=newcomer).role == "viewer"
    assert Invitation.objects.get().is_open()


def test_ask_for_a_new_one_once_a_day_and_only_when_too_old(cast, invitation, words):
    assert not ask_for_new_invitation(invitation=invitation, at=NOW)
    assert ask_for_new_invitation(invitation=invitation, at=TOO_LATE)
    assert not ask_for_new_invitation(invitation=invitation, at=TOO_LATE)
    assert ask_for_new_invitation(
        invitation=invitation, at=TOO_LATE + timedelta(days=1, seconds=1)
    )

    asked = Outbox.objects.filter(template="invitation_asked_again")
    assert [mail.to for mail in asked] == [cast.lead.email] * 2
    assert words("invitation_asked_again")["path"] == "/o/riverside/people/"
    assert events(verb="asked_again", actor=None).count() == 2


def test_leads_are_asked_when_who_invited_has_left(cast):
    invitation = invite_by(cast, "new@people.example", by=cast.co_lead)
    membership = Membership.objects.get(user=cast.co_lead)
    remove_member(membership=membership, by=cast.lead, at=NOW)

    ask_for_new_invitation(invitation=invitation, at=TOO_LATE)

    assert Outbox.objects.latest("pk").to == cast.lead.email


@pytest.mark.parametrize(
    "broken",
    [
        {"accepted_at": NOW},
        {"cancelled_at": NOW},
        {"expires_at": NOW},
    ],
)
def test_database_refuses_half_an_end(cast, invitation, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(**broken)


def test_database_refuses_two_ends(cast, invitation):
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(
            accepted_at=NOW,
            accepted_by=cast.lead,
            cancelled_at=NOW,
            cancelled_by=cast.lead,
        )


def test_account_of_a_lost_race_is_not_made(cast, invitation):
    """Whoever reads an open invitation and is second leaves no account behind."""
    stale = Invitation.objects.select_related("organisation").get()
    cancel_invitation(invitation=invitation, by=cast.lead, at=NOW)

    with pytest.raises(NotOpen):
        join_with_new_account(invitation=stale, name="Nia", password=PASSWORD, at=NOW)

    assert not User.objects.filter(email="new@people.example").exists()


# A mail that did not arrive

UNDELIVERED = "We could not deliver this mail. Check the address, cancel it"


def give_up(mails):
    mails.update(status="failed", failure="refused", secret="")


def people_page(client, person, organisation="riverside"):
    client.force_login(person)
    return client.get(f"/o/{organisation}/people/").content.decode()


def test_undelivered_invitation_is_marked_with_what_to_do(cast, client, invitation):
    invite_by(cast, "Fine@people.example")
    assert UNDELIVERED not in people_page(client, cast.lead)

    give_up(Outbox.objects.filter(template="invitation", to=invitation.email))

    page = people_page(client, cast.lead)
    assert page.count(UNDELIVERED) == 1
    assert page.index(invitation.email) < page.index(UNDELIVERED)
    assert UNDELIVERED not in people_page(client, cast.contributor)


def test_approved_leads_undelivered_mail_is_one_too(cast, client, invitation):
    give_up(Outbox.objects.filter(template="invitation"))
    Outbox.objects.filter(template="invitation").update(template="sign_up_approved")

    assert UNDELIVERED in people_page(client, cast.lead)


def test_invitation_that_is_sent_again_is_not_marked_any_more(cast, client, invitation):
    give_up(Outbox.objects.filter(template="invitation"))
    at = NOW + timedelta(minutes=5)
    resend_invitation(invitation=invitation, by=cast.lead, at=at)

    assert UNDELIVERED not in people_page(client, cast.lead)


def test_other_mail_that_did_not_arrive_marks_nothing(cast, client, invitation):
    """Of another organisation to the same address it would tell on it."""
    other = invite_by(
        cast,
        invitation.email,
        organisation=cast.harbour,
        by=cast.stranger,
        at=NOW + timedelta(minutes=1),
    )
    context = {"organisation": "Riverside"}
    post_mail(template="new_password", to=invitation.email, context=context, at=NOW)
    give_up(Outbox.objects.filter(queued_at=other.sent_at))
    give_up(Outbox.objects.filter(template="new_password"))

    assert UNDELIVERED not in people_page(client, cast.lead)
    assert UNDELIVERED in people_page(client, cast.stranger, "harbour")
