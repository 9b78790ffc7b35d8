"""What the database itself refuses of the register, sign-ups and grants."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from organisations.models import (
    AccessGrant,
    MailPreference,
    Milestone,
    Notice,
    Organisation,
    Reminder,
    SignUp,
    SignUpMessage,
    folded,
)
from tests.factories import NOW, make_organisation, make_user


pytestmark = [pytest.mark.django_db, pytest.mark.database]

TODAY = NOW.date()
SIGNED_UP = {
    "signed_up_on": TODAY,
    "stage": Organisation.Stage.SIGNED_UP,
    "stage_since": TODAY,
    "due_on": TODAY,
}


def make_sign_up(**overrides):
    fields = {
        "name": "Riverside",
        "kind": Organisation.Kind.COUNCIL,
        "reference": "4PI-0000001",
        "started_at": NOW,
        "changed_at": NOW,
    }
    return SignUp.objects.create(**fields | overrides)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tŷ Cerddwyr", "ty cerddwyr"),
        ("MIND’S  Ear, (Łódź) & Co.", "minds ear lodz co"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_folding_leaves_what_readers_search_by(text, expected):
    assert folded(text) == expected


def test_an_organisation_is_found_by_its_folded_name_and_area():
    organisation = make_organisation("ty", name="Tŷ Hafan", area="Ynys Môn")

    assert organisation.search_text == "ty hafan ynys mon"
    Organisation.objects.filter(pk=organisation.pk).update(name="Tŷ Newydd")
    organisation.refresh_from_db()
    organisation.save()
    organisation.refresh_from_db()
    assert organisation.search_text == "ty newydd ynys mon"


@pytest.mark.parametrize(
    "fields",
    [
        {"stage": "signed_up"},
        SIGNED_UP | {"due_on": None},
        SIGNED_UP | {"stage_since": None},
        SIGNED_UP | {"stage": ""},
        SIGNED_UP | {"stage": "own_view"},
        {"scope": "service"},
        {"status": "merged", "paused_at": NOW},
        {"status": "merged"},
    ],
)
def test_a_half_signed_up_organisation_is_refused(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_organisation("half", **fields)

    assert make_organisation("whole", **SIGNED_UP).is_paused() is False


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "sent"},
        {"state": "sent", "sent_at": NOW, "applicant_email": "a@b.example"},
        {"state": "sent", "sent_at": NOW, "has_promised": True},
        {
            "state": "waiting",
            "sent_at": NOW,
            "has_promised": True,
            "applicant_email": "a@b.example",
        },
        {"state": "declined"},
        {"decided_at": NOW},
        {"sponsor_confirmed_at": NOW, "sponsor_declined_at": NOW},
    ],
)
def test_a_half_sent_sign_up_is_refused(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_sign_up(**fields)

    assert make_sign_up().is_open() is False


def test_an_approved_sign_up_has_its_organisation_and_no_other_has():
    steward = make_user("Jo", is_staff=True)
    sent = {
        "sent_at": NOW,
        "email_confirmed_at": NOW,
        "has_promised": True,
        "applicant_email": "a@b.example",
        "decided_at": NOW,
        "decided_by": steward,
    }
    organisation = make_organisation("riverside")
    for fields in (
        {"state": "approved"},
        {"state": "declined", "organisation": organisation},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_sign_up(**sent | fields)

    make_sign_up(**sent | {"state": "approved", "organisation": organisation})


@pytest.mark.parametrize("field", ["token_hash", "sponsor_token_hash"])
def test_two_sign_ups_share_no_link(field):
    make_sign_up()
    make_sign_up(reference="2", **{field: "abc"})
    with pytest.raises(IntegrityError):
        make_sign_up(reference="3", **{field: "abc"})


def test_a_message_is_by_a_steward_or_the_applicant():
    sign_up = make_sign_up()
    with pytest.raises(IntegrityError), transaction.atomic():
        SignUpMessage.objects.create(sign_up=sign_up, kind="note", at=NOW, text="?")

    steward = make_user("Jo", is_staff=True)
    with pytest.raises(IntegrityError):
        SignUpMessage.objects.create(
            sign_up=sign_up, kind="answer", by=steward, at=NOW, text="!"
        )


@pytest.mark.parametrize(
    "fields", [{"kept_on": TODAY, "dropped_on": TODAY}, {"dropped_on": TODAY}]
)
def test_a_milestone_is_kept_or_dropped_with_a_reason(fields):
    riverside = make_organisation("riverside")
    with pytest.raises(IntegrityError):
        Milestone.objects.create(
            organisation=riverside, text="Pay", due_on=TODAY, **fields
        )


def test_a_reminder_goes_once():
    fields = {"subject": "assessment", "due_on": TODAY, "months": 3, "sent_at": NOW}
    riverside = make_organisation("riverside")
    Reminder.objects.create(organisation=riverside, **fields)
    with pytest.raises(IntegrityError):
        Reminder.objects.create(organisation=riverside, **fields)


def test_a_notice_ends_after_it_starts():
    steward = make_user("Jo", is_staff=True)
    with pytest.raises(IntegrityError):
        Notice.objects.create(
            text="We are away.",
            starts_at=NOW,
            ends_at=NOW - timedelta(hours=1),
            made_by=steward,
            made_at=NOW,
        )


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "granted"},
        {"decided_at": NOW},
        {"state": "granted", "decided_at": NOW, "decided_by": "lead"},
        {"state": "refused", "decided_at": NOW, "decided_by": "lead", "ends_at": NOW},
        {
            "state": "granted",
            "decided_at": NOW,
            "decided_by": "steward",
            "ends_at": NOW,
        },
    ],
)
def test_access_is_granted_by_somebody_else_and_ends(fields):
    people = {
        "steward": make_user("Jo", is_staff=True),
        "lead": make_user("Asha"),
    }
    if "decided_by" in fields:
        fields = fields | {"decided_by": people[fields["decided_by"]]}
    grant = {
        "organisation": make_organisation("riverside"),
        "asked_by": people["steward"],
        "reason": "A report is wrong.",
        "asked_at": NOW,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessGrant.objects.create(**grant | fields)

    AccessGrant.objects.create(**grant)
    with pytest.raises(IntegrityError):
        AccessGrant.objects.create(**grant)


def test_a_kind_of_mail_is_stopped_once():
    user = make_user("Asha")
    MailPreference.objects.create(user=user, kind="digest", stopped_at=NOW)
    with pytest.raises(IntegrityError):
        MailPreference.objects.create(user=user, kind="digest", stopped_at=NOW)
