"""What is done with a sign-up: each step, each refusal, one event for each."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from organisations.chores import (
    deliver_waiting_mail,
    forget_old_drafts,
    run_the_day,
)
from organisations.models import AuditEvent, Outbox, SignUp, SignUpMessage
from organisations.operations import (
    AlreadyDone,
    NotWhole,
    SameAddress,
    answer_question,
    ask_sponsor_again,
    confirm_sign_up,
    find_sign_ups,
    hash_of,
    resend_confirmation,
    save_sign_up,
    send_link,
    send_sign_up,
    sponsor_confirms,
    sponsor_declines,
    start_sign_up,
    withdraw_sign_up,
)
from tests.factories import NOW, make_draft, make_organisation, make_sign_up, make_user


pytestmark = pytest.mark.django_db
ADA, CHIEF = "ada@meadow.example", "chief@meadow.example"
LATER = NOW + timedelta(days=1)


def verbs():
    """List the verbs of all events on sign-ups, in order."""
    events = AuditEvent.objects.filter(subject_type="organisations.signup")
    return list(events.order_by("pk").values_list("verb", flat=True))


def mails():
    return list(Outbox.objects.order_by("pk").values_list("template", "to"))


def in_state(sign_up, state, **columns):
    """Bring about what stewards do, whose operations are not this module's."""
    SignUp.objects.filter(pk=sign_up.pk).update(state=state, **columns)
    sign_up.refresh_from_db()
    return sign_up


# From the first page to the confirmed address


def test_start_makes_a_draft_with_a_reference():
    columns = {"name": "Ŷnys Môn", "area": "Gwynedd"}

    sign_up = start_sign_up(columns=columns, half_typed={"kind": "x"}, at=NOW)

    # Crockford's letters: none that reads as a number.
    assert re.fullmatch(r"4PI-[0-9A-HJKMNP-TV-Z]{7}", sign_up.reference)
    assert (sign_up.state, sign_up.nation, sign_up.scope) == ("draft", "", "")
    assert sign_up.search_text == "ynys mon gwynedd"
    event = AuditEvent.objects.get()
    assert (event.verb, event.organisation, event.actor) == ("started", "", None)


def test_save_keeps_a_page_and_folds_its_words():
    sign_up = make_draft()

    save_sign_up(
        sign_up=sign_up,
        page="organisation",
        columns={"name": "Élan"},
        half_typed={"website": "x y"},
        at=LATER,
    )

    assert (sign_up.name, sign_up.search_text) == ("Élan", "elan kent")
    assert (sign_up.half_typed, sign_up.changed_at) == ({"website": "x y"}, LATER)
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.details) == ("saved", {"page": "organisation"})


def test_save_of_what_was_read_before_another_save_is_refused():
    first, second = make_draft(), SignUp.objects.get()
    kept = {"page": "serves", "half_typed": {}, "at": NOW}
    save_sign_up(sign_up=first, columns={"serves": "First"}, **kept)

    with pytest.raises(AlreadyDone):
        save_sign_up(sign_up=second, columns={"serves": "Second"}, **kept)

    assert SignUp.objects.get().serves == "First"
    assert verbs() == ["started", "saved"]


def test_send_asks_by_mail_and_tells_nobody_else(words):
    sign_up = make_draft()

    send_sign_up(sign_up=sign_up, at=NOW)

    assert (sign_up.state, sign_up.sent_at) == ("sent", NOW)
    assert mails() == [("sign_up_confirm", ADA)]
    assert words("sign_up_confirm")["reference"] == sign_up.reference
    assert "Meadow" not in repr(words("sign_up_confirm"))
    assert verbs() == ["started", "sent"]


@pytest.mark.parametrize(
    "lacking",
    [
        {"name": ""},
        {"domains": []},
        {"co_lead_by": None},
        {"co_lead": "named"},
        {"scope": "service"},
        {"payment": "no"},
        {"has_promised": False},
        {"sponsor_email": ""},
        {"half_typed": {"website": "x y"}},
    ],
)
def test_send_of_what_is_not_whole_is_refused(lacking):
    sign_up = make_draft()
    for name, value in lacking.items():
        setattr(sign_up, name, value)

    with pytest.raises(NotWhole):
        send_sign_up(sign_up=sign_up, at=NOW)

    assert (SignUp.objects.get().state, mails()) == ("draft", [])


def test_sponsor_is_somebody_else():
    sign_up = make_draft(sponsor_email="ADA@meadow.example")

    with pytest.raises(SameAddress):
        send_sign_up(sign_up=sign_up, at=NOW)


def test_user_led_group_needs_no_sponsor():
    sign_up = make_draft(kind="user_led", sponsor_role="", sponsor_email="")
    sign_up.half_typed = {"sponsor_email": "chief@"}

    send_sign_up(sign_up=sign_up, at=NOW)
    confirm_sign_up(sign_up=sign_up, at=NOW)

    assert (sign_up.state, sign_up.half_typed) == ("waiting", {})
    assert mails() == [("sign_up_confirm", ADA), ("sign_up_received", ADA)]


def test_send_twice_sends_once():
    first, second = make_draft(), SignUp.objects.get()
    send_sign_up(sign_up=first, at=NOW)

    with pytest.raises(AlreadyDone):
        send_sign_up(sign_up=second, at=NOW)

    assert len(mails()) == 1


def test_confirm_writes_to_the_applicant_and_the_sponsor(words):
    sign_up = make_sign_up()

    assert (sign_up.state, sign_up.email_confirmed_at) == ("waiting", NOW)
    assert mails()[1:] == [("sign_up_received", ADA), ("sponsor_asked", CHIEF)]
    said = words("sponsor_asked")
    assert said["applicant"] == "Ada Applicant"
    assert said["expires"] == "23 December 2026"
    assert verbs() == ["started", "sent", "confirmed"]
    with pytest.raises(AlreadyDone):
        confirm_sign_up(sign_up=sign_up, at=NOW)


def test_confirmation_is_sent_again_to_another_address():
    sign_up = make_draft()
    send_sign_up(sign_up=sign_up, at=NOW)
    before = sign_up.token_hash

    with pytest.raises(SameAddress):
        resend_confirmation(sign_up=sign_up, email=CHIEF, at=NOW)
    resend_confirmation(sign_up=sign_up, email="new@meadow.example", at=NOW)

    assert mails()[-1] == ("sign_up_confirm", "new@meadow.example")
    assert sign_up.token_hash != before
    confirm_sign_up(sign_up=sign_up, at=NOW)
    with pytest.raises(AlreadyDone):
        resend_confirmation(sign_up=sign_up, email=ADA, at=NOW)


# Links


def test_link_replaces_the_one_before_and_only_hashes_are_kept(words):
    sign_up = make_draft()
    tokens = []
    for _ in range(2):
        send_link(sign_up=sign_up, email="New@Meadow.example", at=NOW)
        path = words("sign_up_return")["path"]
        tokens.append(re.fullmatch(r"/sign-up/([\w-]{43})/", path)[1])

    assert sign_up.token_hash == hash_of(tokens[1])
    assert sign_up.token_expires_at == NOW + timedelta(days=30)
    assert verbs() == ["started", "link_sent", "link_sent"]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert not any(t in repr(cursor.fetchall()) for t in tokens), table


def test_find_mails_each_sign_up_of_an_address(mailoutbox):
    make_draft(name="One")
    make_sign_up(name="Two")
    withdraw_sign_up(sign_up=make_draft(name="Three"), at=NOW)
    make_draft(name="Four", applicant_email="bo@meadow.example")
    Outbox.objects.all().delete()

    find_sign_ups(email=ADA.upper(), at=LATER)
    assert verbs().count("link_sent") == 0
    deliver_waiting_mail(LATER)

    asked = ("find_sign_ups", ADA.upper())
    assert mails() == [asked, ("sign_up_return", ADA), ("sign_up_return", ADA)]
    assert [mail.to for mail in mailoutbox] == [[ADA], [ADA]]
    assert {mail.subject for mail in mailoutbox} == {"Your link to your sign-up"}
    assert verbs().count("link_sent") == 2
    assert SignUp.objects.get(name="Two").changed_at == NOW


def test_find_of_an_unknown_address_tells_its_mailbox_alone(mailoutbox):
    find_sign_ups(email="nobody@meadow.example", at=NOW)
    deliver_waiting_mail(NOW)

    [mail] = mailoutbox
    assert mail.to == ["nobody@meadow.example"]
    assert "We have no sign-up with the address nobody@meadow.example." in mail.body
    assert verbs() == []


@pytest.mark.parametrize("email", [ADA, "nobody@meadow.example"])
def test_find_does_not_look_whether_there_is_one(django_assert_num_queries, email):
    make_draft()

    with django_assert_num_queries(3):
        find_sign_ups(email=email, at=NOW)


# Question, withdrawal, sponsor


def test_answer_goes_to_the_steward_and_no_text_into_the_trail():
    sign_up = in_state(make_sign_up(), "question")

    answer_question(sign_up=sign_up, text="We are a ward.", at=LATER)

    assert sign_up.state == "waiting"
    assert SignUpMessage.objects.get().text == "We are a ward."
    assert "ward" not in repr(list(AuditEvent.objects.values()))
    with pytest.raises(AlreadyDone):
        answer_question(sign_up=sign_up, text="Again", at=LATER)
    assert SignUpMessage.objects.count() == 1


@pytest.mark.parametrize("state", ["draft", "sent", "waiting", "question"])
def test_withdraw(state):
    sign_up = in_state(make_draft() if state == "draft" else make_sign_up(), state)

    withdraw_sign_up(sign_up=sign_up, at=LATER)

    assert (sign_up.state, sign_up.sponsor_token_hash) == ("withdrawn", "")
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.details) == ("withdrawn", {"before": state})
    with pytest.raises(AlreadyDone):
        withdraw_sign_up(sign_up=sign_up, at=LATER)


def test_decided_is_not_withdrawn():
    steward = make_user("Jo", is_staff=True)
    sign_up = in_state(make_sign_up(), "declined", decided_at=NOW, decided_by=steward)

    with pytest.raises(AlreadyDone):
        withdraw_sign_up(sign_up=sign_up, at=LATER)


@pytest.mark.parametrize(
    ("say", "column"),
    [
        (sponsor_confirms, "sponsor_confirmed_at"),
        (sponsor_declines, "sponsor_declined_at"),
    ],
)
def test_sponsor_says_one_thing_once(say, column):
    sign_up = make_sign_up()

    say(sign_up=sign_up, at=LATER)

    assert getattr(sign_up, column) == LATER
    assert len(verbs()) == 4
    for again in (sponsor_confirms, sponsor_declines):
        with pytest.raises(AlreadyDone):
            again(sign_up=sign_up, at=LATER)


def test_sponsor_of_a_stale_page_is_refused():
    sign_up, stale = make_sign_up(), SignUp.objects.get()
    sponsor_declines(sign_up=sign_up, at=LATER)

    with pytest.raises(AlreadyDone):
        sponsor_confirms(sign_up=stale, at=LATER)


def test_sponsor_is_asked_again_and_after_a_no():
    sign_up = make_sign_up()
    before = sign_up.sponsor_token_hash
    ask_sponsor_again(sign_up=sign_up, email=CHIEF, at=LATER)
    assert mails()[-1] == ("sponsor_reminded", CHIEF)
    assert sign_up.sponsor_token_hash != before
    sponsor_declines(sign_up=sign_up, at=LATER)

    ask_sponsor_again(sign_up=sign_up, email="chair@meadow.example", at=LATER)

    assert mails()[-1] == ("sponsor_asked", "chair@meadow.example")
    assert sign_up.sponsor_declined_at is None
    sponsor_confirms(sign_up=sign_up, at=LATER)
    with pytest.raises(AlreadyDone):
        ask_sponsor_again(sign_up=sign_up, email=CHIEF, at=LATER)


def test_sponsor_is_not_the_applicant_nor_asked_before_the_confirmation():
    sign_up = make_draft()
    send_sign_up(sign_up=sign_up, at=NOW)
    with pytest.raises(AlreadyDone):
        ask_sponsor_again(sign_up=sign_up, email=CHIEF, at=NOW)
    confirm_sign_up(sign_up=sign_up, at=NOW)

    with pytest.raises(SameAddress):
        ask_sponsor_again(sign_up=sign_up, email=ADA, at=NOW)


# Forgetting


AGO = timedelta(days=30)


@pytest.mark.parametrize(
    ("state", "goes"),
    [
        ("draft", True),
        ("sent", True),
        ("withdrawn", True),
        ("waiting", False),
        ("question", False),
        ("approved", False),
        ("declined", False),
    ],
)
def test_old_drafts_are_forgotten(state, goes):
    steward = make_user("Jo", is_staff=True)
    decided = {"decided_at": NOW, "decided_by": steward}
    columns = decided if state in {"approved", "declined"} else {}
    if state == "approved":
        columns |= {"organisation": make_organisation("meadow")}
    in_state(make_sign_up(), state, **columns)

    assert forget_old_drafts(NOW + AGO) == 0
    assert forget_old_drafts(NOW + AGO + timedelta(seconds=1)) == goes
    assert forget_old_drafts(NOW + AGO + timedelta(seconds=1)) == 0

    assert SignUp.objects.exists() != goes
    assert verbs().count("forgotten") == goes


def test_declined_is_forgotten_after_a_year():
    steward = make_user("Jo", is_staff=True)
    in_state(make_sign_up(), "declined", decided_at=NOW, decided_by=steward)

    assert forget_old_drafts(NOW + timedelta(days=365)) == 0
    assert forget_old_drafts(NOW + timedelta(days=366)) == 1


def test_saving_lets_a_draft_live_on():
    sign_up = make_draft()
    save_sign_up(
        sign_up=sign_up, page="serves", columns={}, half_typed={}, at=NOW + AGO
    )

    assert forget_old_drafts(NOW + AGO + timedelta(days=29)) == 0


def test_daily_run_forgets_old_drafts():
    make_draft()

    run_the_day(NOW + AGO)
    assert SignUp.objects.exists()
    run_the_day(NOW + AGO + timedelta(days=1))

    assert not SignUp.objects.exists()
