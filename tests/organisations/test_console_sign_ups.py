"""What a steward does with a sign-up, and what the pages show of it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from organisations import emails
from organisations.models import (
    AuditEvent,
    Invitation,
    Membership,
    Organisation,
    Outbox,
    SignUp,
    SignUpMessage,
)
from organisations.operations import (
    accept_invitation,
    hash_of,
    join_with_new_account,
    withdraw_sign_up,
)
from organisations.operations.console import add_note, approve, ask, decline
from organisations.queries.console import check_domain, similar_entries
from organisations.rules import AlreadyDone, Changed, NameTaken, NotConfirmed
from tests.factories import (
    NOW,
    PASSWORD,
    make_draft,
    make_member,
    make_organisation,
    make_registered,
    make_steward,
    make_user,
    make_waiting_sign_up,
)


pytestmark = [pytest.mark.django_db, pytest.mark.database]

WORDS = "Welcome.\n\nWe are glad."


@pytest.fixture
def steward():
    return make_steward("Jo Steward")


@pytest.fixture
def console(client, steward):
    client.force_login(steward)
    return client


@pytest.fixture
def sign_up():
    return make_waiting_sign_up()


def address(sign_up, page=""):
    return f"/console/sign-ups/{sign_up.public_id}/{page}"


def text(page):
    return page.content.decode()


def decide(operation, sign_up, steward, **words):
    return operation(
        sign_up=sign_up, version=sign_up.version, by=steward, at=NOW, **words
    )


def only_event():
    return AuditEvent.objects.get(subject_type="organisations.signup")


# Approving


def test_approve_makes_the_organisation_with_its_dates(steward, sign_up):
    organisation = decide(approve, sign_up, steward, words=WORDS)

    assert organisation.slug == "tide-together"
    assert (organisation.name, organisation.area) == ("Tide Together", "Kent")
    assert organisation.domains == ["OC", "SD"]
    assert organisation.stage == Organisation.Stage.SIGNED_UP
    assert organisation.signed_up_on == organisation.stage_since == date(2026, 11, 23)
    assert organisation.due_on == date(2027, 8, 23)
    milestone = organisation.milestones.get()
    assert (milestone.text, milestone.due_on) == ("Pay people", date(2027, 3, 1))
    assert organisation.history.get().history_user == steward
    sign_up.refresh_from_db()
    assert (sign_up.state, sign_up.organisation) == ("approved", organisation)
    assert (sign_up.decided_by, sign_up.decided_at) == (steward, NOW)


def test_approve_leaves_one_event_with_the_organisation(steward, sign_up):
    decide(approve, sign_up, steward, words=WORDS)

    event = AuditEvent.objects.get()
    assert (event.verb, event.organisation) == ("approved", "tide-together")
    assert event.actor == steward.public_id
    assert set(event.details) == {"invitation"}


def test_approve_posts_one_mail_by_which_the_applicant_becomes_the_lead(
    steward, sign_up
):
    organisation = decide(approve, sign_up, steward, words=WORDS)

    mail = Outbox.objects.get()
    words = emails.unseal(mail.secret)
    assert (mail.to, words["words"]) == (sign_up.applicant_email, WORDS)
    token = words["path"].split("/")[2]
    invitation = Invitation.objects.get(token_hash=hash_of(token))
    assert invitation.expires_at == NOW + timedelta(days=14)
    user = join_with_new_account(
        invitation=invitation, name="Ada", password=PASSWORD, at=NOW
    )
    assert Membership.objects.get(user=user).role == "lead"
    assert Membership.objects.get(user=user).organisation == organisation
    message = emails.build(mail)
    assert "Welcome.\n\nWe are glad." in message.body
    assert "<p>Welcome.</p>" in message.alternatives[0][0]
    assert "It works until 7 December 2026." in message.body


def test_who_has_an_account_just_joins(steward, sign_up):
    ada = make_user("Ada", email=sign_up.applicant_email)

    organisation = decide(approve, sign_up, steward, words=WORDS)
    accept_invitation(invitation=Invitation.objects.get(), by=ada, at=NOW)

    assert Membership.objects.get(user=ada).organisation == organisation


def test_dates_are_those_of_the_clock_on_the_wall(steward, sign_up):
    late = NOW.replace(month=6, hour=23, minute=30)

    organisation = approve(sign_up=sign_up, version=0, words=WORDS, by=steward, at=late)

    assert organisation.signed_up_on == date(2026, 6, 24)


def test_addresses_of_like_names_differ(steward, sign_up):
    make_organisation("tide-together", name="Tide-Together")

    assert decide(approve, sign_up, steward, words=WORDS).slug == "tide-together-2"


@pytest.mark.parametrize(
    ("name", "slug"), [("Tŷ Łódź", "ty-lodz"), ("漢字", "organisation")]
)
def test_every_name_gets_an_address(steward, name, slug):
    sign_up = make_waiting_sign_up(reference="4PI-1", name=name)

    assert decide(approve, sign_up, steward, words=WORDS).slug == slug


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"state": SignUp.State.SENT, "email_confirmed_at": None},
            "has not confirmed the email",
        ),
        ({"sponsor_confirmed_at": None}, "sponsor has not confirmed"),
        (
            {"sponsor_confirmed_at": None, "sponsor_declined_at": NOW},
            "sponsor has said no",
        ),
    ],
)
def test_approve_is_refused_until_both_have_confirmed(steward, fields, said):
    sign_up = make_waiting_sign_up(**fields)

    with pytest.raises(NotConfirmed, match=said):
        decide(approve, sign_up, steward, words=WORDS)

    assert not Organisation.objects.exists()
    assert not AuditEvent.objects.exists()
    assert not Outbox.objects.exists()


def test_a_user_led_group_needs_no_sponsor(steward):
    sign_up = make_waiting_sign_up(kind="user_led", sponsor_confirmed_at=None)

    assert decide(approve, sign_up, steward, words=WORDS).kind == "user_led"


def test_the_name_of_another_organisation_is_refused(steward, sign_up):
    make_organisation("tide", name="TIDE together")

    with pytest.raises(NameTaken, match="already here"):
        decide(approve, sign_up, steward, words=WORDS)

    sign_up.refresh_from_db()
    assert sign_up.state == "waiting"


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (approve, {"words": WORDS}),
        (ask, {"words": WORDS, "question": "Why?"}),
        (decline, {"words": WORDS, "reason": "No."}),
    ],
)
def test_the_second_of_two_stewards_changes_nothing(steward, sign_up, operation, words):
    decide(decline, sign_up, steward, words=WORDS, reason="Not now.")

    with pytest.raises(Changed, match="has changed since"):
        decide(operation, sign_up, steward, **words)
    sign_up.refresh_from_db()
    with pytest.raises(AlreadyDone, match="Declined"):
        decide(operation, sign_up, steward, **words)

    assert only_event().verb == "declined"
    assert Outbox.objects.count() == 1


# Asking, declining, noting


def test_ask_keeps_the_question_and_mails_it(steward, sign_up):
    decide(ask, sign_up, steward, words=WORDS, question="Who pays <people>?")

    sign_up.refresh_from_db()
    assert sign_up.state == "question"
    message = SignUpMessage.objects.get()
    assert (message.kind, message.by) == ("question", steward)
    mail = emails.build(Outbox.objects.get())
    assert "Who pays <people>?" in mail.body
    assert "Who pays &lt;people&gt;?" in mail.alternatives[0][0]
    assert (only_event().verb, only_event().details) == ("asked", {})


def test_the_link_in_a_question_opens_the_page_to_answer_it(client, steward, sign_up):
    decide(ask, sign_up, steward, words=WORDS, question="Who pays?")

    path = emails.unseal(Outbox.objects.get().secret)["path"]
    shown = client.get(path)
    assert "Who pays?" in text(shown)
    client.post(path, {"do": "answer", "answer": "We do."})

    sign_up.refresh_from_db()
    assert sign_up.state == "waiting"
    assert sign_up.messages.get(kind="answer").text == "We do."


def test_steward_asks_the_sponsor_again(console, steward):
    sign_up = make_waiting_sign_up(sponsor_confirmed_at=None)
    assert "Ask the sponsor again" in text(console.get(address(sign_up)))

    page = console.post(address(sign_up, "sponsor/"), follow=True)

    assert f"We are writing to {sign_up.sponsor_email} again." in text(page)
    assert Outbox.objects.get().to == sign_up.sponsor_email
    assert only_event().actor == steward.public_id


def test_a_sponsor_who_confirmed_is_asked_nothing(console, sign_up):
    console.post(address(sign_up, "sponsor/"))

    assert not Outbox.objects.exists()


def test_decline_keeps_the_reason_and_mails_it(steward, sign_up):
    decide(decline, sign_up, steward, words=WORDS, reason="You are a person.")

    sign_up.refresh_from_db()
    assert (sign_up.state, sign_up.reason) == ("declined", "You are a person.")
    assert "You are a person." in emails.build(Outbox.objects.get()).body
    assert (only_event().verb, only_event().details) == ("declined", {})


def test_note_is_kept_and_mailed_to_nobody(steward, sign_up):
    add_note(sign_up=sign_up, text="Rang them.", by=steward, at=NOW)

    assert SignUpMessage.objects.get().kind == "note"
    assert not Outbox.objects.exists()
    assert (only_event().verb, only_event().details) == ("noted", {})


# Checks


@pytest.mark.parametrize(
    ("email", "website", "said", "is_same"),
    [
        ("a@tide.example", "https://www.tide.example/x", "The same", True),
        ("a@mail.tide.example", "https://tide.example", "The same", True),
        ("a@tide.example", "https://kent.tide.example", "The same", True),
        ("a@tide.example", "https://notide.example", "Different", False),
        ("a@GMAIL.com", "https://tide.example", "free mail provider", False),
        ("a@nhs.net", "https://www.tide.nhs.uk", "shared by all of the NHS", False),
        ("a@tide.example", "", "No website", False),
    ],
)
def test_domain_check_says_what_it_found(email, website, said, is_same):
    found = check_domain(email, website)

    assert said in found.sentence
    assert found.is_same is is_same


def test_similar_entries_are_on_the_register_or_wait(sign_up):
    make_registered("tide", name="Tide Together Kent")
    make_registered("far", name="Riverside Community Service")
    other = make_waiting_sign_up("Tides Together", reference="4PI-2")
    make_waiting_sign_up("Tide Togethers", reference="4PI-3", state=SignUp.State.DRAFT)

    found = similar_entries(sign_up)

    assert [s.name for s in found] == ["Tide Together Kent", "Tides Together"]
    assert found[1].public_id == other.public_id


# Pages


def test_waiting_lists_what_can_be_decided_and_what_is_not_confirmed(console):
    old = NOW - timedelta(days=4)
    make_waiting_sign_up("Second", reference="4PI-1")
    make_waiting_sign_up("First", reference="4PI-2", sent_at=old)
    make_waiting_sign_up("Sponsorless", reference="4PI-3", sponsor_confirmed_at=None)
    make_waiting_sign_up("Draft", reference="4PI-4", state=SignUp.State.DRAFT)

    page = text(console.get("/console/"))

    assert "Sign-ups waiting (2)" in page
    assert page.index("First") < page.index("Second")
    assert "Sign-ups not confirmed yet (1)" in page
    assert "needs the senior sponsor to confirm" in page
    assert "Draft" not in page


def test_waiting_says_that_an_answer_has_come(console, sign_up):
    SignUpMessage.objects.create(sign_up=sign_up, kind="answer", at=NOW, text="Yes.")

    assert "our question is answered" in text(console.get("/console/"))


def test_waiting_says_when_nothing_waits(console):
    assert "Nothing waits" in text(console.get("/console/"))


def test_waiting_lists_organisations_that_need_somebody(console):
    for slug in ("riverside", "harbour"):
        make_member(make_organisation(slug), "lead", f"Lead of {slug}")
    today = timezone.localdate()
    signed_up = {"signed_up_on": today, "stage": "lapsed", "stage_since": today}
    make_organisation("gone", due_on=today, **signed_up)
    soon = signed_up | {"stage": "signed_up", "due_on": today + timedelta(days=9)}
    late = make_organisation("soon", **soon)
    late.milestones.create(text="Pay people", due_on=today - timedelta(days=1))

    page = text(console.get("/console/"))

    assert "Organisations without a lead (2)" in page
    assert "Organisations with one lead (2)" in page
    assert "Organisations that lapsed (1)" in page
    assert "Organisations due within a month (1)" in page
    assert "Organisations with a milestone missed (1)" in page


def test_waiting_asks_a_constant_number_of_queries(
    console, django_assert_max_num_queries
):
    for n in range(30):
        make_waiting_sign_up(f"Number {n}", reference=f"4PI-{n}")
        make_organisation(f"number-{n}")

    console.get("/console/")  # The first page also notes the session.
    with django_assert_max_num_queries(11):
        page = text(console.get("/console/"))

    assert "See all 30" in page


def test_list_finds_by_words_in_any_order_and_by_reference(console):
    make_waiting_sign_up("Tŷ Hafan Hospis", reference="4PI-ABC", area="Môn")
    make_waiting_sign_up("Elsewhere", reference="4PI-DEF")

    for words in ("hospis ty", "MON hafan", "4pi-abc"):
        page = text(console.get("/console/sign-ups/", {"words": words}))
        assert "Tŷ Hafan Hospis" in page
        assert "Elsewhere" not in page


def test_list_filters_and_pages(console):
    for n in range(27):
        make_waiting_sign_up(f"Number {n:02}", reference=f"4PI-{n}")

    first = text(console.get("/console/sign-ups/", {"which": "ready"}))
    second = text(console.get("/console/sign-ups/?which=ready&page=2"))

    assert "Showing 1 to 25 of 27" in first
    assert "?which=ready&amp;page=2" in first
    assert "Number 26" in second
    assert "Nothing found" in text(console.get("/console/sign-ups/?which=declined"))
    assert "of 27" in text(console.get("/console/sign-ups/?which=nonsense&page=x"))


def test_page_shows_all_that_was_typed_and_never_a_draft(console, sign_up):
    page = text(console.get(address(sign_up)))

    for words in ("Adults who use our services.", "Bo Tide", "Pay people, by 1 March"):
        assert words in page
    draft = make_waiting_sign_up("Draft", state=SignUp.State.DRAFT)
    assert console.get(address(draft)).status_code == 404


def test_page_keeps_a_note(console, sign_up):
    page = console.post(address(sign_up), {"text": "Rang them."}, follow=True)

    assert "Your note is kept." in text(page)
    assert "Rang them." in text(page)
    assert "Write the note." in text(console.post(address(sign_up), {"text": " "}))


def test_approving_takes_the_words_that_were_changed(console, sign_up):
    shown = console.get(address(sign_up, "approve/"))
    assert "Thank you for signing up Tide Together." in text(shown)

    page = console.post(address(sign_up, "approve/"), {"version": 0, "words": "Hello"})

    assert page.url == address(sign_up, "decided/")
    assert emails.unseal(Outbox.objects.get().secret)["words"] == "Hello"
    done = text(console.get(page.url))
    assert "Approved: <bdi>Tide Together</bdi>" in done
    assert "No other sign-up waits" in done


def test_next_one_is_offered(console, sign_up):
    following = make_waiting_sign_up("Next", reference="4PI-9")
    console.post(
        address(sign_up, "decline/"), {"version": 0, "words": "x", "reason": "No."}
    )

    page = text(console.get(address(sign_up, "decided/")))

    assert address(following) in page
    assert "Declined" in page


def test_stale_page_keeps_what_was_typed_and_can_be_sent_again(console, sign_up):
    SignUp.objects.filter(pk=sign_up.pk).update(version=3)
    typed = {"version": 0, "words": "My own words", "question": "Who?"}

    page = console.post(address(sign_up, "ask/"), typed)

    assert page.status_code == 409
    assert "has changed since you opened it" in text(page)
    assert "My own words" in text(page)
    assert 'name="version" value="3"' in text(page)
    assert console.post(address(sign_up, "ask/"), typed | {"version": 3}).url


@pytest.mark.parametrize("page", ["approve", "ask", "decline"])
def test_decided_sign_up_offers_no_decision(console, steward, sign_up, page):
    decide(decline, sign_up, steward, words=WORDS, reason="No.")

    assert console.get(address(sign_up, f"{page}/")).url == address(sign_up)
    posted = {"version": 1, "words": "Kept", "question": "Q", "reason": "R"}
    again = console.post(address(sign_up, f"{page}/"), posted)
    assert again.status_code == 409
    assert "does not wait any more" in text(again)
    assert "Kept" in text(again)


@pytest.mark.parametrize("page", ["approve", "ask", "decline"])
def test_words_outlive_a_session_in_which_another_decided(
    console, steward, sign_up, page
):
    form = text(console.get(address(sign_up, f"{page}/")))
    posted = {"version": 0, "words": "Kept", "question": "Kept", "reason": "Kept"}
    posted["author"] = form.split('name="author" value="')[1].split('"')[0]
    console.logout()
    console.post(address(sign_up, f"{page}/"), posted)
    decide(decline, sign_up, make_steward("Another"), words=WORDS, reason="No.")
    console.force_login(steward)

    again = text(console.get(address(sign_up, f"{page}/")))

    assert "Kept" in again
    assert "There is a problem" in again


WRITTEN = {
    "": {"text": "Mine <b>alone</b>"},
    "approve/": {"version": 0, "words": "Mine <b>alone</b>"},
    "ask/": {"version": 0, "words": "Dear Ada", "question": "Mine <b>alone</b>"},
    "decline/": {"version": 0, "words": "Dear Ada", "reason": "Mine <b>alone</b>"},
}


@pytest.mark.parametrize("page", WRITTEN)
def test_who_writes_while_it_is_withdrawn_is_told_and_loses_nothing(
    console, sign_up, page
):
    withdraw_sign_up(sign_up=sign_up, at=NOW)

    told = console.post(address(sign_up, page), WRITTEN[page])

    assert told.status_code == 409
    assert "The applicant took this sign-up back on 23 November 2026" in text(told)
    assert "Mine &lt;b&gt;alone&lt;/b&gt;" in text(told)
    assert not sign_up.messages.exists()
    assert not Outbox.objects.exists()


@pytest.mark.parametrize("page", WRITTEN)
def test_words_outlive_a_session_in_which_it_was_withdrawn(
    console, steward, sign_up, page
):
    form = text(console.get(address(sign_up, page)))
    author = form.split('name="author" value="')[1].split('"')[0]
    console.logout()
    console.post(address(sign_up, page), WRITTEN[page] | {"author": author})
    withdraw_sign_up(sign_up=sign_up, at=NOW)
    console.force_login(steward)

    assert "Mine &lt;b&gt;alone&lt;/b&gt;" in text(console.get(address(sign_up, page)))


def test_a_withdrawn_sign_up_shows_that_it_is_withdrawn_and_no_more(console, sign_up):
    withdraw_sign_up(sign_up=sign_up, at=NOW)

    for page in (*WRITTEN, "decided/"):
        shown = console.get(address(sign_up, page))
        assert shown.status_code == 410
        assert sign_up.applicant_email not in text(shown)
    asked = console.post(address(sign_up, "sponsor/"))
    assert "Withdrawn: <bdi>Tide Together</bdi>" in text(asked)
    assert not Outbox.objects.exists()
    assert sign_up.name not in text(console.get("/console/sign-ups/"))


def test_a_draft_that_was_withdrawn_was_never_a_stewards(console):
    draft = make_draft()
    withdraw_sign_up(sign_up=draft, at=NOW)

    assert console.get(address(draft)).status_code == 404
    assert console.post(address(draft), {"text": "A note"}).status_code == 404


def test_page_of_one_that_cannot_be_approved_says_why(console):
    sign_up = make_waiting_sign_up(sponsor_confirmed_at=None)

    page = text(console.get(address(sign_up)))

    assert "The senior sponsor has not confirmed yet." in page
    assert "/approve/" not in page
    assert console.get(address(sign_up, "approve/")).url == address(sign_up)


def test_words_outlive_the_session(console, steward, sign_up):
    form = text(console.get(address(sign_up, "ask/")))
    author = form.split('name="author" value="')[1].split('"')[0]
    console.logout()
    typed = {"version": 0, "words": "Mine", "question": "Kept?", "author": author}

    assert "/sign-in/" in console.post(address(sign_up, "ask/"), typed).url
    console.force_login(steward)

    assert "Kept?" in text(console.get(address(sign_up, "ask/")))
