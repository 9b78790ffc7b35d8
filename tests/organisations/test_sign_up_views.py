"""Signing up as a browser does it: pages, keys, two tabs, and what is kept."""

import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from organisations import emails
from organisations.chores import send_links
from organisations.models import (
    AuditEvent,
    Outbox,
    SignUp,
    SignUpMessage,
    SponsorAsking,
)
from organisations.operations import (
    ask_sponsor_again,
    sponsor_declines,
    withdraw_sign_up,
)
from tests.factories import (
    make_draft,
    make_organisation,
    make_sign_up,
    make_steward,
    make_user,
)
from tests.organisations.test_sign_up_forms import TYPED
from tests.reading import grade_of
from tests.written_log import log_lines


pytestmark = pytest.mark.django_db
PAGES = ("organisation", "serves", "people", "commitment")
ADA = "ada@meadow.example"


def text(page):
    return page.content.decode()


def type_in(client, page, *, query="", later=False, **typed):
    """Open a page and send it, as a person does."""
    address = f"/sign-up/{page}/{query}"
    shown = client.get(address)
    mark = re.search(r'name="mark" value="(\w+)"', text(shown))[1]
    button = {"later": "yes"} if later else {}
    return client.post(address, TYPED[page] | {"mark": mark} | button | typed)


def type_all(client, **typed):
    for page in PAGES:
        fields = {name: v for name, v in typed.items() if name in TYPED[page]}
        answer = type_in(client, page, **fields)
    return answer


def holding(client, sign_up):
    session = client.session
    session["sign_up"] = str(sign_up.public_id)
    session.save()
    return client


def register(slug, **overrides):
    today = timezone.localdate()
    fields = {"stage": "signed_up", "signed_up_on": today}
    return make_organisation(
        slug, **fields, stage_since=today, due_on=today, **overrides
    )


@pytest.fixture
def link_of(words):
    """Take the path out of the newest mail of a template."""

    def of(template):
        return words(template)["path"]

    return of


@pytest.fixture
def draft(client):
    """A draft that this browser holds, whole."""
    sign_up = make_draft(at=timezone.now())
    holding(client, sign_up)
    return sign_up


@pytest.fixture
def link(draft, client, link_of):
    """The link of a sign-up that was sent and not confirmed."""
    client.post("/sign-up/check/")
    return link_of("sign_up_confirm")


@pytest.fixture
def sponsor(link, link_of):
    Client().post(link, {"do": "confirm"})
    return link_of("sponsor_asked")


# From page to page


def test_start_says_what_is_promised_in_plain_words(client):
    page = text(client.get("/sign-up/"))

    assert page.count("<li>We will") == 6
    assert "It is not NSUN" in page
    assert page.count('class="govuk-button"') == 1
    assert "Start now" in page


def test_start_to_confirmation(client, words):
    assert client.post("/sign-up/").url == "/sign-up/organisation/"
    assert type_in(client, "organisation").url == "/sign-up/serves/"
    assert type_in(client, "serves").url == "/sign-up/people/"
    assert type_in(client, "people").url == "/sign-up/commitment/"
    assert type_in(client, "commitment").url == "/sign-up/check/"
    check = text(client.get("/sign-up/check/"))
    assert "Meadow Trust" in check
    assert "Not ready to send" not in check

    page = client.post("/sign-up/check/", follow=True)

    sign_up = SignUp.objects.get()
    assert sign_up.reference in text(page)
    assert "within 5 working days" in text(page)
    assert Outbox.objects.get().to == ADA
    assert AuditEvent.objects.count() == 5


def test_change_comes_back_to_the_check(client, draft):
    check = text(client.get("/sign-up/check/"))
    assert 'href="/sign-up/people/?change=1"' in check

    answer = type_in(client, "people", query="?change=1", applicant_name="Zoë")

    assert answer.url == "/sign-up/check/"
    assert "Zoë" in text(client.get("/sign-up/check/"))


def test_invalid_page_says_so_and_keeps_what_was_typed(client):
    page = type_in(client, "organisation", name="<b>Ŷ & co</b>", area="")

    assert "<title>Error: " in text(page)
    assert "Enter the area you work in." in text(page)
    assert "&lt;b&gt;Ŷ &amp; co&lt;/b&gt;" in text(page)
    assert not SignUp.objects.exists()


def test_sending_what_is_not_whole_leads_to_what_is_missing(client):
    type_in(client, "organisation")

    page = text(client.post("/sign-up/check/"))

    assert "<title>Error: " in page
    assert '<a href="/sign-up/people/?change=1">Enter your name.</a>' in page
    assert SignUp.objects.get().state == "draft"


def test_group_that_becomes_a_trust_is_asked_for_a_sponsor(client):
    type_all(client, kind="user_led", sponsor_email="", sponsor_role="")
    assert "senior sponsor" not in text(client.get("/sign-up/check/"))

    type_in(client, "organisation", query="?change=1", kind="nhs_trust")

    assert "email address of your senior sponsor" in text(client.get("/sign-up/check/"))


def test_shorter_form_of_a_group(client):
    page = text(client.get("/sign-up/organisation/?group=1"))

    assert re.search(r'value="user_led"\s+checked', page)
    assert "Charity number" not in page


def test_pages_without_a_draft_lead_to_the_start(client):
    for page in (*PAGES[1:], "check", "later", "sent", "alike"):
        assert client.get(f"/sign-up/{page}/").url == "/sign-up/"
        assert client.post(f"/sign-up/{page}/").url == "/sign-up/"


@pytest.mark.parametrize("held", ["nonsense", "", "0" * 32])
def test_session_that_holds_nothing_real(client, held):
    session = client.session
    session["sign_up"] = held
    session.save()

    assert client.get("/sign-up/people/").url == "/sign-up/"


@pytest.mark.parametrize("page", PAGES)
def test_hostile_input_is_never_an_error_of_ours(client, draft, page):
    junk = "\x00\ud800<script>\u202e" * 500
    address = f"/sign-up/{page}/"
    shown = text(client.get(address))
    names = set(re.findall(r'name="(\w+)"', shown))
    mark = re.search(r'name="mark" value="(\w+)"', shown)[1]
    body = {name: junk.encode("utf-8", "replace").decode() for name in names}

    for button in ({}, {"later": "yes"}):
        answer = client.post(address, body | {"mark": mark} | button)
        assert answer.status_code in {200, 302, 409}
        assert "<script>\u202e" not in text(answer)


# Two tabs, and one button twice


def test_two_tabs_on_one_page_lose_nothing(client, draft):
    shown = text(client.get("/sign-up/serves/"))
    old = re.search(r'name="mark" value="(\w+)"', shown)[1]
    type_in(client, "serves", serves="From the first tab.")

    late = TYPED["serves"] | {"mark": old, "serves": "From the second tab."}
    page = client.post("/sign-up/serves/", late)

    assert page.status_code == 409
    assert "From the first tab." in text(page)
    assert "From the second tab." in text(page)
    assert SignUp.objects.get().serves == "From the first tab."
    mark = re.search(r'name="mark" value="(\w+)"', text(page))[1]
    client.post("/sign-up/serves/", late | {"mark": mark})
    assert SignUp.objects.get().serves == "From the second tab."


def test_two_tabs_on_two_pages_do_not_meet(client, draft):
    shown = text(client.get("/sign-up/serves/"))
    mark = re.search(r'name="mark" value="(\w+)"', shown)[1]
    type_in(client, "people", applicant_name="Zoë")

    answer = client.post("/sign-up/serves/", TYPED["serves"] | {"mark": mark})

    assert answer.url == "/sign-up/people/"


def test_same_page_sent_twice_goes_on(client):
    shown = text(client.get("/sign-up/organisation/"))
    mark = re.search(r'name="mark" value="(\w+)"', shown)[1]
    typed = TYPED["organisation"] | {"mark": mark}

    answers = [client.post("/sign-up/organisation/", typed) for _ in range(2)]

    assert [answer.url for answer in answers] == ["/sign-up/serves/"] * 2
    assert SignUp.objects.count() == 1


def test_send_twice_and_go_back_afterwards(client, draft):
    for _ in range(2):
        assert client.post("/sign-up/check/").url == "/sign-up/sent/"

    assert client.get("/sign-up/people/").url == "/sign-up/sent/"
    assert client.post("/sign-up/people/", TYPED["people"]).status_code == 409
    assert Outbox.objects.count() == 1


def test_another_can_be_begun_after_one_is_sent(client, link):
    assert "Start now" in text(client.get("/sign-up/"))
    client.post("/sign-up/")

    assert type_in(client, "organisation", name="Hill Trust").url == "/sign-up/serves/"
    assert SignUp.objects.count() == 2


# Is it one of these?


def test_duplicate_is_asked_about_once(client):
    register("meadow", name="The Meadow NHS Trust", area="Surrey")
    assert type_in(client, "organisation").url == "/sign-up/alike/"
    page = text(client.get("/sign-up/alike/"))
    assert "The Meadow NHS Trust, Surrey" in page
    assert "Choose one" in text(client.post("/sign-up/alike/", {"which": ""}))

    answer = client.post("/sign-up/alike/", {"which": "-"})

    assert answer.url == "/sign-up/serves/"
    assert type_in(client, "organisation").url == "/sign-up/serves/"


def test_duplicate_that_is_theirs_says_how_to_join(client):
    register("meadow", name="The Meadow NHS Trust")
    type_in(client, "organisation", query="?change=1")

    page = client.post("/sign-up/alike/", {"which": "meadow"}, follow=True)

    assert "The Meadow NHS Trust has signed up already" in text(page)
    assert "They can invite you by email." in text(page)


def test_duplicates_show_nothing_that_is_not_public(client):
    make_organisation("meadow", name="Meadow Trust")
    make_sign_up(name="Meadow Trust")

    assert type_in(client, "organisation").url == "/sign-up/serves/"
    assert client.get("/sign-up/known/meadow/").status_code == 404


# Come back later


def test_half_filled_page_comes_back_by_the_link(client, link_of):
    type_in(client, "organisation")
    type_in(client, "serves")
    half = {"applicant_email": "ada@", "sponsor_role": "", "co_lead": ""}
    assert type_in(client, "people", later=True, **half).url == "/sign-up/later/"
    page = client.post("/sign-up/later/", {"email": ADA}, follow=True)
    assert f"We are sending a link to {ADA}" in text(page)
    assert "You have begun to sign up" in text(page)

    other = Client()
    there = link_of("sign_up_return")
    assert "Carry on" in text(other.get(there))
    assert other.post(there, {"do": "carry_on"}).url == "/sign-up/people/"

    assert 'value="ada@"' in text(other.get("/sign-up/people/"))
    assert "chief@meadow.example" in text(other.get("/sign-up/people/"))


@pytest.mark.parametrize("page", PAGES)
def test_empty_page_is_saved_for_later(client, page):
    if page != "organisation":
        type_in(client, "organisation")
    nothing = dict.fromkeys(TYPED[page], "") | (
        {"domains": []} if page == "serves" else {}
    )

    assert type_in(client, page, later=True, **nothing).url == "/sign-up/later/"
    assert type_in(client, page, later=True, **nothing).url == "/sign-up/later/"

    assert SignUp.objects.get().half_typed == {}
    assert client.get(f"/sign-up/{page}/").status_code == 200
    assert "Not ready to send yet" in text(client.get("/sign-up/check/"))


def test_what_no_draft_can_hold_comes_back_with_the_reason(client, draft):
    page = type_in(client, "commitment", later=True, own_words="word " * 20_000)

    assert "Use 150 words or fewer." in text(page)
    assert "word word" in text(page)


def test_looking_at_a_draft_by_its_link_changes_nothing(client, draft, link_of):
    client.post("/sign-up/later/", {"email": ADA})
    before = list(SignUp.objects.values()), AuditEvent.objects.count()

    for _ in range(10):
        looker = Client()
        assert looker.get(link_of("sign_up_return")).status_code == 200
        assert looker.head(link_of("sign_up_return")).status_code == 200
        assert "session" not in looker.cookies

    assert (list(SignUp.objects.values()), AuditEvent.objects.count()) == before


def test_known_and_unknown_addresses_get_the_same_page(client, draft):
    known = client.post("/sign-up/find/", {"email": ADA})
    unknown = client.post("/sign-up/find/", {"email": "eve@meadow.example"})

    assert known.status_code == unknown.status_code == 200
    assert known.content.replace(b"ada@", b"eve@") == unknown.content
    asked = Outbox.objects.values_list("template", "to")
    assert set(asked) == {
        ("find_sign_ups", ADA),
        ("find_sign_ups", "eve@meadow.example"),
    }


def test_mails_and_starts_are_limited(client, draft, settings):
    answers = [client.post("/sign-up/find/", {"email": ADA}) for _ in range(7)]
    assert [each.status_code for each in answers] == [200] * 6 + [429]

    settings.ACCOUNT_RATE_LIMITS = {"sign_up_start": "1/h/ip"}
    type_in(Client(), "organisation")
    assert type_in(Client(), "organisation").status_code == 429


# The link in the mail


def test_looking_changes_nothing_and_a_button_confirms(link, words):
    for _ in range(10):
        assert "Confirm my email address" in text(Client().get(link))
        assert Client().head(link).status_code == 200
    assert SignUp.objects.get().state == "sent"

    page = Client().post(link, {"do": "confirm"}, follow=True)

    assert "Your email address is confirmed." in text(page)
    assert "We will reply within 5 working days." in text(page)
    assert words("sign_up_received")["reference"] in text(page)


def test_confirm_twice_in_two_browsers(link):
    pages = [Client().post(link, {"do": "confirm"}, follow=True) for _ in range(2)]

    assert all("We will reply within" in text(page) for page in pages)
    assert Outbox.objects.filter(template="sponsor_asked").count() == 1


def test_mistyped_address_is_put_right(client, link, link_of):
    page = client.post("/sign-up/sent/", {"email": "new@meadow.example"}, follow=True)

    assert "sending a new link to new@meadow.example" in text(page)
    assert Client().get(link).status_code == 404
    assert Client().get(link_of("sign_up_confirm")).status_code == 200


def test_question_is_answered(link):
    Client().post(link, {"do": "confirm"})
    sign_up = SignUp.objects.get()
    jo = make_user("Jo", is_staff=True)
    for kind, words_of in (("question", "Which ward?"), ("note", "Looks odd.")):
        SignUpMessage.objects.create(
            sign_up=sign_up, kind=kind, by=jo, at=timezone.now(), text=words_of
        )
    SignUp.objects.update(state="question")
    assert "Which ward?" in text(Client().get(link))
    assert "Looks odd." not in text(Client().get(link))
    empty = text(Client().post(link, {"do": "answer", "answer": " "}))
    assert "Write your answer." in empty

    page = Client().post(link, {"do": "answer", "answer": "Ward 3 <b>"}, follow=True)

    assert "We have your answer." in text(page)
    assert "Ward 3 &lt;b&gt;" in text(page)
    assert SignUp.objects.get().state == "waiting"
    # The other tab still shows the question.
    late = Client().post(link, {"do": "answer", "answer": "Ward 4, <i>too</i>"})
    assert late.status_code == 409
    assert "we did not get this answer" in text(late)
    assert "Ward 4, &lt;i&gt;too" in text(late)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("approved", "has signed up"),
        ("declined", "Too small &amp; too new"),
        ("withdrawn", "You have taken it back"),
    ],
)
def test_end_is_said(link, state, said):
    columns = {"state": state, "email_confirmed_at": timezone.now()}
    if state != "withdrawn":
        jo = make_user("Jo", is_staff=True)
        columns |= {"decided_by": jo, "decided_at": timezone.now()}
    if state == "approved":
        columns["organisation"] = make_organisation("meadow")
    SignUp.objects.update(reason="Too small & too new", **columns)

    page = text(Client().get(link))

    assert said in page
    assert "Take this sign-up back" not in page
    for what in ("confirm", "carry_on", "answer", "sponsor", "nonsense"):
        sent = {"do": what, "answer": "x", "email": "x@meadow.example"}
        assert Client().post(link, sent).status_code in {200, 302, 409}
    assert SignUp.objects.get().state == state


def test_withdraw_asks_first(link):
    assert "Yes, take it back" in text(Client().get(f"{link}withdraw/"))
    assert SignUp.objects.get().state == "sent"

    page = Client().post(f"{link}withdraw/", follow=True)

    assert "You have taken it back" in text(page)
    assert Client().get(f"{link}withdraw/").url == link


def test_unknown_altered_and_expired_links(link):
    altered = f"{link[:-2]}{'A' if link[-2] != 'A' else 'B'}/"
    for address in (altered, "/sign-up/nonsense/", "/sign-up/%00/"):
        page = Client().post(address, {"do": "confirm"})
        assert page.status_code == 404
        assert "Get a new link" in text(page)
    SignUp.objects.update(token_expires_at=timezone.now())

    page = Client().post(link, {"do": "confirm"})

    assert page.status_code == 410
    assert SignUp.objects.get().state == "sent"
    assert Client().post(link, {"do": "renew"}).url == "/sign-up/find/"
    assert Outbox.objects.latest("pk").template == "sign_up_return"
    assert Client().get(f"{link}withdraw/").url == link


def test_confirmed_by_the_newest_link_after_the_first_was_lost(link, link_of):
    send_links(email=ADA, at=timezone.now())

    assert Client().get(link).status_code == 404
    Client().post(link_of("sign_up_return"), {"do": "confirm"})
    assert SignUp.objects.get().state == "waiting"


def test_what_is_typed_in_another_tab_after_sending_is_given_back(link, client):
    typed = {"serves": "Everybody <b>here</b>", "scope": "service", "domains": ["OC"]}
    for browser in (client, Client()):
        page = browser.post("/sign-up/serves/", {**typed, "mark": "old"})
        assert page.status_code == 409
        assert "What you typed was not saved" in text(page)
        assert "Everybody &lt;b&gt;here" in text(page)
        assert "One service or team" in text(page)
    assert "This sign-up was sent" in text(client.post("/sign-up/serves/", typed))
    assert client.get("/sign-up/serves/").url == "/sign-up/sent/"


# The sponsor


def test_sponsor_reads_and_confirms(sponsor, link):
    SignUp.objects.update(
        **{"scope": "service", "scope_name": "Tide ward", "payment": "no"},
        why_not_paid="No money yet.",
        milestones=[["We train staff", "2027-03-01"]],
        **{"co_lead": "named", "co_lead_name": "Bea Secret", "co_lead_by": None},
    )
    before = list(SignUp.objects.values())
    page = text(Client().get(sponsor))
    assert "Ada</bdi> (<bdi>" in page.replace(" Applicant", "")
    assert page.count("<li>We will") == 6
    assert "It is not NSUN" in page
    # All that will be public, and the co-lead's name not.
    for words in (
        *("We train staff, by 1 March 2027", "People who use our services in Kent."),
        *("Tide ward", "Own care", "No money yet.", "It has one"),
    ):
        assert words in page
    assert "Bea" not in page
    Client().head(sponsor)
    assert list(SignUp.objects.values()) == before

    page = Client().post(sponsor, {"do": "confirm"}, follow=True)

    assert "You have confirmed" in text(page)
    assert "They confirmed on" in text(Client().get(link))
    again = Client().post(sponsor, {"do": "decline"})
    assert again.status_code == 409
    assert "You have confirmed" in text(again)
    assert "did not count" in text(again)
    assert SignUp.objects.get().sponsor_declined_at is None


def test_sponsor_does_not_agree_and_another_is_asked(sponsor, link, link_of):
    look = text(Client().get(f"{sponsor}?answer=no"))
    assert "You do not agree?" in look
    assert SignUp.objects.get().sponsor_declined_at is None
    long = Client().post(sponsor, {"do": "decline", "why": "x" * 1001})
    assert "Use 1,000 characters or fewer" in text(long)
    said = {"do": "decline", "why": "Not this <b>year</b>."}
    page = Client().post(sponsor, said, follow=True)
    assert "You did not agree." in text(page)
    assert Outbox.objects.latest("pk").template == "sponsor_declined"
    assert Outbox.objects.latest("pk").to == ADA
    late = Client().post(sponsor, {"do": "confirm"})
    assert late.status_code == 409
    assert "did not count" in text(late)
    assert SignUp.objects.get().sponsor_confirmed_at is None
    assert "They did not agree." in text(Client().get(link))
    assert "Not this &lt;b&gt;year" in text(Client().get(link))
    wrong = Client().post(link, {"do": "sponsor", "email": ADA}, follow=True)
    assert "Give the address of somebody else." in text(wrong)
    assert "There is a problem" in text(wrong)
    assert "govuk-notification-banner" not in text(wrong)
    bad = Client().post(link, {"do": "sponsor", "email": "chair@"})
    assert "Enter an email address" in text(bad)

    Client().post(link, {"do": "sponsor", "email": "chair@meadow.example"})

    assert Client().get(sponsor).status_code == 404
    assert "I confirm" in text(Client().get(link_of("sponsor_asked")))
    steward = Client()
    steward.force_login(make_steward("Jo"))
    page = text(steward.get(f"/console/sign-ups/{SignUp.objects.get().public_id}/"))
    assert "chief@meadow.example on" in page
    assert "Not this &lt;b&gt;year" in page
    assert "chair@meadow.example on" in page


def test_few_sponsors_are_asked_in_a_day(sponsor, link):
    def ask(name):
        sent = {"do": "sponsor", "email": f"{name}@meadow.example"}
        return text(Client().post(link, sent, follow=True))

    assert "within the last 24 hours" in ask("chief")
    assert "We are asking" in ask("chair")
    assert "within the last 24 hours" in ask("CHAIR")
    assert "We are asking" in ask("deputy")
    assert "3 addresses in 24 hours at most" in ask("president")
    asked = Outbox.objects.filter(template__startswith="sponsor_")
    assert [mail.to.split("@")[0] for mail in asked.order_by("pk")] == [
        *("chief", "chair", "deputy")
    ]
    assert SignUp.objects.get().sponsor_email == "deputy@meadow.example"


def test_sponsors_old_link_offers_a_new_one(sponsor, link_of):
    SignUp.objects.update(sponsor_token_expires_at=timezone.now())
    page = Client().post(sponsor, {"do": "confirm"})
    assert page.status_code == 410
    assert "Send me a new link" in text(page)

    SponsorAsking.objects.update(asked_at=timezone.now() - timedelta(days=30))
    Client().post(sponsor, {"do": "renew"})

    assert SignUp.objects.get().sponsor_confirmed_at is None
    assert "I confirm" in text(Client().get(link_of("sponsor_reminded")))


def test_sponsor_after_the_end(sponsor):
    SignUp.objects.update(state="withdrawn")

    page = Client().post(sponsor, {"do": "confirm"})

    assert page.status_code == 410
    assert "nothing to confirm any more" in text(page)


def test_withdrawal_kills_the_sponsors_link(sponsor):
    withdraw_sign_up(sign_up=SignUp.objects.get(), at=timezone.now())

    assert Client().get(sponsor).status_code == 404


def test_sponsor_link_is_not_the_applicants_and_the_other_way(sponsor, link):
    token = {place: place.split("/")[2] for place in (sponsor, link)}

    assert Client().get(f"/sign-up/{token[sponsor]}/").status_code == 404
    assert Client().get(f"/sponsor/{token[link]}/").status_code == 404
    # Nobody without a key gets anywhere by an empty one.
    assert Client().get("/sponsor/ /").status_code == 404


# Keys


@pytest.mark.parametrize("method", ["get", "post"])
def test_addresses_go_into_no_referer_and_no_store(link, sponsor, method):
    for address in (link, f"{link}withdraw/", sponsor):
        page = getattr(Client(), method)(address)
        assert page["Referrer-Policy"] == "strict-origin"
        assert "no-store" in page["Cache-Control"]


def test_keys_are_in_no_log_and_no_session(client, link, sponsor, caplog):
    tokens = [place.split("/")[2] for place in (link, sponsor)]
    strict = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.DEBUG):
        strict.post(link, {"do": "confirm"})
        strict.post(sponsor, {"do": "confirm"})
        client.get(f"{link}nothing-here/")
        client.get(f"{sponsor}nothing-here/")
    written = log_lines(caplog.records)
    assert any("/sponsor/[hidden]" in line for line in written)
    assert not any(token in line for token in tokens for line in written)
    assert not any(token in str(dict(client.session)) for token in tokens)


# Words


def test_public_pages_are_easy_to_read(client, link, sponsor):
    grades = {
        address: grade_of(text(Client().get(address)))
        for address in ("/sign-up/", "/sign-up/find/", sponsor, "/", "/privacy/")
    }

    assert all(grade <= 6 for grade in grades.values()), grades


def test_mails_can_be_read_and_say_whose_commitment_it_is(client, sponsor):
    sign_up = SignUp.objects.get()
    tomorrow = timezone.now() + timedelta(days=1)
    ask_sponsor_again(sign_up=sign_up, email=sign_up.sponsor_email, at=tomorrow)
    sponsor_declines(sign_up=sign_up, at=tomorrow)
    send_links(email=ADA, at=timezone.now())
    client.post("/sign-up/find/", {"email": ADA})

    built = {m.template: emails.build(m) for m in Outbox.objects.all()}

    assert set(built) == {
        *("sign_up_confirm", "sign_up_received", "sign_up_return"),
        *("sponsor_asked", "sponsor_reminded", "find_sign_ups"),
        "sponsor_declined",
    }
    assert "It is not NSUN’s list" in built["sponsor_asked"].body
    for mail in built.values():
        assert "http" in mail.body
        assert "Ada" not in mail.body or "sponsor" in mail.body
