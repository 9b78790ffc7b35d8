"""The pages of an assessment: what they show, take, refuse and keep."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from assessments.models import (
    Assessment,
    Comment,
    Draft,
    Evidence,
    Response,
    ResponseRevision,
)
from assessments.operations import note_dissent
from organisations.access import author_mark
from organisations.models import AuditEvent, KeptForm, Organisation
from tests.factories import NOW, the_response
from tests.signing_in import sign_in


pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(cast, client):
    client.force_login(cast.lead)
    return client


@pytest.fixture
def address(cast):
    return cast.assessment.question_address("principles", 1)


def typed(**overrides):
    fields = {
        "version": "0",
        "choice": "2",
        "reason": "Most teams do.",
        "evidence_1_title": "Charter",
        "evidence_1_type": "document",
        "evidence_1_link": "https://riverside.example/charter",
    }
    return fields | overrides


def nothing_changed(cast):
    response = the_response(cast.assessment)
    return (
        response.version == 0
        and not Evidence.objects.exists()
        and not ResponseRevision.objects.exists()
        and not AuditEvent.objects.filter(verb="answered").exists()
    )


def test_save_goes_on_to_the_next_question(cast, lead, address):
    page = lead.post(address, typed(is_finished="yes"))

    assert page.url == cast.assessment.question_address("principles", 2)
    response = the_response(cast.assessment)
    assert (response.level, response.is_finished) == (2, True)
    evidence_item = Evidence.objects.get(response=response)
    assert evidence_item.title == "Charter"
    assert not evidence_item.is_public


def test_what_is_for_later_is_kept_and_is_no_answer(cast, lead, address):
    nothing = lead.post(address, {"version": "0"}, follow=True).content.decode()
    assert "Nothing was changed. PR1 has no answer yet." in nothing
    lead.post(address, {"version": "0", "choice": "1", "is_finished": "later"})
    second = cast.assessment.question_address("principles", 2)

    page = lead.post(second, {"version": "0", "is_finished": "later"}, follow=True)

    assert "It is for later, and has no answer yet." in page.content.decode()
    saved = the_response(cast.assessment, "PR2")
    assert (saved.state, saved.version, saved.is_later) == ("unanswered", 1, True)
    # It never counts as finished as well, whoever says so.
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.filter(version=1).update(is_finished=True)
    again = lead.get(second).content.decode()
    assert re.search(r'value="later"[^>]* checked', again)
    # Told wherever the work is: in the list, in the sums, at the check, in its past.
    there = cast.assessment.principle_address("principles")
    principle = lead.get(there).content.decode()
    assert principle.count("For later</strong>") == 2
    # Nobody is told as who answered what has no answer.
    assert f"Not answered. Left for later by {cast.lead}, " in principle
    assert "1 of 6 standards answered, 1 for later." in principle
    # What nobody put off comes first: a button leads there, as the list does.
    third = cast.assessment.question_address("principles", 3)
    assert principle.count(f'href="{third}"') == 2
    for place in (cast.assessment, cast.riverside):
        text = lead.get(place.get_absolute_url()).content.decode()
        assert "1 of 30 standards answered, 1 for later." in text
    check = cast.assessment.check_address("principles")
    told = lead.get(check).content.decode()
    assert told.count("For later</p>") == 2
    assert not re.search(r'value="PR[12]" checked', told)
    past = lead.get(cast.assessment.history_address("principles", 2)).content.decode()
    assert "Marked for later." in past
    quality = reverse(
        "assessments:quality", args=["riverside", cast.assessment.public_id]
    )
    looked_at = lead.get(quality).content.decode()
    assert looked_at.count("For later.") == 1
    assert looked_at.count("Somebody will come back to it.") == 1
    # Nothing is complete while a part of it has no answer, tick or no tick.
    refused = lead.post(check, {"finished": ["PR1", "PR2"]}).content.decode()
    assert "These standards have no answer yet." in refused
    assert the_response(cast.assessment, "PR2").is_later
    done = {"version": "1", "choice": "2"}
    told = lead.post(second, done, follow=True).content.decode()
    assert "It stays in progress until somebody says" in told
    lead.post(second, done | {"version": "2", "is_finished": "yes"})
    done = the_response(cast.assessment, "PR2")
    assert (done.is_finished, done.is_later) == (True, False)


def test_save_can_go_back_to_the_list(cast, lead, address):
    page = lead.post(address, typed(back_to_list="yes"))

    assert page.url == cast.assessment.principle_address("principles")


def test_last_question_leads_to_checking_the_principle(cast, lead):
    page = lead.post(cast.assessment.question_address("principles", 6), typed())

    assert page.url == cast.assessment.check_address("principles")


def test_unfinished_answer_saves_without_errors(cast, lead, address):
    page = lead.post(address, {"version": "0", "reason": "A first thought"})

    assert page.status_code == 302
    response = the_response(cast.assessment)
    assert (response.state, response.reason) == ("unanswered", "A first thought")


def test_question_shows_what_was_saved(lead, address):
    link = " riverside.example/Our charter\u00a0(final).pdf "
    lead.post(address, typed(reason="Kept as it was", evidence_1_link=link))

    text = lead.get(address).content.decode()

    assert "Kept as it was" in text
    # A blank in the name of a file is none that somebody has to know of.
    assert "https://riverside.example/Our%20charter%C2%A0(final).pdf" in text
    assert 'name="version" value="1"' in text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"choice": "7"}, "Choose one of the levels on this page."),
        ({"choice": "-1"}, "Choose one of the levels on this page."),
        ({"choice": "not_applicable"}, "Choose why it does not apply."),
        (
            {"choice": "", "not_applicable_because": "no_staff"},
            "Choose &quot;Does not apply&quot; as well",
        ),
        (
            {"reason": "é" * 11_003},
            "You have used 11,003. Please shorten it by 1,003.",
        ),
        (
            {"evidence_4_title": "A fourth"},
            "You can give 3 pieces of evidence at most.",
        ),
        (
            {"evidence_1_link": "javascript:alert(1)"},
            "The link of evidence 1 must be a web address",
        ),
        (
            {"evidence_1_link": "ftp://riverside.example/"},
            "The link of evidence 1 must be a web address",
        ),
        (
            {"evidence_2_cqc_category": "outcomes"},
            "Give evidence 2 a title, a link or a note.",
        ),
        ({"evidence_1_type": "rumour"}, "Choose one of the kinds of evidence."),
        (
            {"evidence_1_dated_on_day": "31", "evidence_1_dated_on_month": "2"},
            "The date of evidence 1 must include a year. If you do not know it, leave",
        ),
        ({"reason": "Nothing \x00 here"}, "a character that we cannot store"),
        ({"evidence_1_title": "Nothing \x00 here"}, "a character that we cannot store"),
        ({"is_finished": "perhaps"}, "Choose whether you have finished."),
        ({"choice": "", "is_finished": "yes"}, "before you finish with this question."),
        ({"evidence_11_title": "An eleventh"}, "You can give 3 pieces of evidence"),
        (
            {
                "evidence_1_dated_on_day": "1",
                "evidence_1_dated_on_month": "1",
                "evidence_1_dated_on_year": "9999",
            },
            "The date of evidence 1 is still to come.",
        ),
    ],
)
def test_bad_input_is_explained_kept_and_changes_nothing(
    cast, lead, address, change, sentence
):
    marker = "What I wrote and want to keep"

    page = lead.post(address, typed(evidence_1_note=marker, **change))

    text = page.content.decode()
    assert page.status_code == 200
    assert "There is a problem" in text
    assert sentence in text
    assert marker in text
    kept = next(iter(change.values())).replace("\x00", "\N{REPLACEMENT CHARACTER}")
    if change.keys() & {"reason", "evidence_4_title", "evidence_1_link"}:
        assert kept in text
    assert nothing_changed(cast)


@pytest.mark.parametrize("version", ["", "-1", "two", "99999999999999999999"])
def test_damaged_version_overwrites_nothing_and_loses_nothing(
    cast, client, lead, address, version
):
    lead.post(address, typed(reason="Asha was first"))
    client.force_login(cast.contributor)

    page = client.post(address, typed(version=version, reason="Still here"))

    assert page.status_code == 409
    assert "Still here" in page.content.decode()
    assert the_response(cast.assessment).reason == "Asha was first"


def test_lone_surrogate_is_refused_with_the_text_kept(cast, lead, address):
    body = "version=0&choice=2&reason=Before+%ED%A0%80+after"

    page = lead.post(address, body, content_type="application/x-www-form-urlencoded")

    # What is not UTF-8 arrives as replacement characters, which can be stored.
    assert page.status_code == 302
    assert "Before" in the_response(cast.assessment).reason


def test_core_standard_cannot_be_said_not_to_apply(cast, lead):
    address = cast.assessment.question_address("principles", 2)

    page = lead.post(address, typed(choice="not_applicable", reason="Kept text"))

    text = page.content.decode()
    assert "Choose one of the levels on this page." in text
    assert "Kept text" in text
    assert "Does not apply" not in lead.get(address).content.decode()


def test_standard_can_be_said_not_to_apply_with_a_reason(cast, lead):
    address = cast.assessment.question_address("presence", 6)

    page = lead.post(
        address,
        typed(choice="not_applicable", not_applicable_because="no_staff"),
    )

    assert page.status_code == 302
    response = the_response(cast.assessment, "PS6")
    assert (response.state, response.not_applicable_because) == (
        "not_applicable",
        "no_staff",
    )


def test_forged_fields_are_not_taken(cast, lead, address):
    lead.post(
        address,
        typed(
            organisation=str(cast.harbour.pk),
            assessment=str(cast.others_assessment.pk),
            is_locked="on",
            is_core="on",
            saved_by=str(cast.viewer.pk),
            state="dont_know",
            status="locked",
        ),
    )

    response = the_response(cast.assessment)
    assert (response.saved_by, response.state, response.is_locked) == (
        cast.lead,
        "answered",
        False,
    )
    assert not Response.objects.filter(
        assessment=cast.others_assessment, version__gt=0
    ).exists()
    assert set(Assessment.objects.values_list("status", flat=True)) == {"answering"}


def test_stale_version_shows_both_texts(cast, client, lead, address):
    lead.post(address, typed(reason="Asha was first"))
    client.force_login(cast.contributor)

    page = client.post(address, typed(reason="Tom came later"))

    text = page.content.decode()
    assert page.status_code == 409
    assert "Asha Lead changed this answer while you were writing." in text
    assert "Asha was first" in text
    assert "Tom came later" in text
    assert 'name="version" value="1"' in text
    # Whose is whose, and what to do about it before the long texts.
    assert "Our answer" not in text
    assert text.index("Keep mine") < text.index("What Asha saved")


def test_two_windows_of_one_person_are_named_as_such(lead, address):
    lead.post(address, typed(reason="In the first window"))

    page = lead.post(address, typed(reason="In the second window"))

    text = page.content.decode()
    assert page.status_code == 409
    assert "You saved this answer in another window" in text
    assert "In the first window" in text
    assert "In the second window" in text


def test_conflict_can_be_settled_either_way(cast, client, lead, address):
    lead.post(address, typed(reason="Asha was first"))
    client.force_login(cast.contributor)
    client.post(address, typed(reason="Tom came later"))

    # Keeping hers is a link to the question, where his text still stands beside it.
    text = client.get(address).content.decode()
    assert "Tom came later" in text
    assert "Asha was first</textarea>" in text
    key = re.search(r'name="use" value="([^"]+)"', text)[1]
    text = client.post(address, typed(use=key), follow=True).content.decode()
    assert "Tom came later</textarea>" in text
    assert 'name="version" value="1"' in text
    page = client.post(address, typed(version="1", reason="Both together"))

    assert page.status_code == 302
    assert the_response(cast.assessment).reason == "Both together"
    assert "Tom came later" not in client.get(address).content.decode()


def test_who_settles_a_conflict_stays_and_reads_what_stands(
    cast, client, lead, address
):
    lead.post(address, typed(reason="Asha was first"))
    note_dissent(
        response=the_response(cast.assessment),
        text="The night team disagrees.",
        version=1,
        by=cast.lead,
        at=NOW,
    )
    client.force_login(cast.contributor)
    shown = client.post(address, typed(reason="Tom came later")).content.decode()
    assert "The night team disagrees." in shown
    assert 'name="settled" value="yes"' in shown

    mine = typed(version="1", settled="yes", reason="Tom came later")
    page = client.post(address, mine, follow=True)

    assert page.redirect_chain == [(address, 302)]
    text = page.content.decode()
    assert "What you chose is saved. It is in the boxes below." in text
    onwards = cast.assessment.question_address("principles", 2)
    assert f'<a class="govuk-notification-banner__link" href="{onwards}">' in text
    assert "Tom came later</textarea>" in text


def test_check_shows_where_a_long_reason_begins(cast, lead, address):
    lead.post(address, typed(reason="word " * 1_900 + "the end"))

    text = lead.get(cast.assessment.check_address("principles")).content.decode()

    assert "word word" in text
    assert "the end" not in text
    assert f'<a class="govuk-link link-alone" href="{address}">Read all of it<' in text


def test_rejected_text_is_for_its_author_only(cast, client, lead, address):
    lead.post(address, typed(reason="Asha was first"))
    client.force_login(cast.contributor)
    client.post(address, typed(reason="Tom came later"))

    client.force_login(cast.viewer)

    assert "Tom came later" not in client.get(address).content.decode()


@pytest.mark.parametrize(
    "markup",
    ["<script>alert(1)</script>", "{{ 7*7 }}", '"><img src=x onerror=alert(1)>'],
)
def test_markup_is_shown_as_it_was_typed(cast, lead, address, markup):
    from django.utils.html import escape

    lead.post(
        address, typed(reason=markup, evidence_1_title=markup, evidence_1_note=markup)
    )

    for page in (
        address,
        cast.assessment.check_address("principles"),
        cast.assessment.get_absolute_url(),
    ):
        text = lead.get(page).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert escape(markup) in lead.get(address).content.decode()


def test_viewer_reads_without_a_form(cast, client, address):
    client.force_login(cast.viewer)

    text = client.get(address).content.decode()

    assert "Our answer" in text
    assert "Save and go to next question" not in text
    overview = client.get(cast.assessment.get_absolute_url()).content.decode()
    assert "Your role does not let you answer" in overview
    assert "you choose a level" not in overview
    # "Not started" is a level, and never what nobody has answered.
    assert overview.count('govuk-tag--grey">Not answered<') == 5
    assert "Not started" not in overview


def test_check_names_what_is_missing_and_marks_complete(cast, lead):
    address = cast.assessment.check_address("purpose")
    refused = lead.post(address)
    assert "These standards have no answer yet." in refused.content.decode()

    for position in range(1, 6):
        lead.post(
            cast.assessment.question_address("purpose", position),
            {"version": "0", "choice": "dont_know"},
        )
    lead.post(
        cast.assessment.question_address("presence", 6),
        typed(choice="not_applicable", not_applicable_because="no_staff"),
    )
    tag = 'id="status-PU">\n              5 not known yet'
    assert tag in lead.get(cast.assessment.get_absolute_url()).content.decode()
    # Each is named and asked about, and what is for later stays so.
    asked = lead.get(address).content.decode()
    codes = [f"PU{number}" for number in range(1, 6)]
    assert re.findall(r'name="finished" value="(PU\d)" checked', asked) == codes
    said = lead.post(address, {"finished": codes[1:]}, follow=True).content.decode()
    assert "PU1 not marked as finished. Purpose is not complete yet." in said
    finished = Response.objects.of(cast.assessment).filter(is_finished=True)
    assert finished.count() == 4
    assert re.findall('value="(PU.)" checked', lead.get(address).content.decode()) == [
        "PU1"
    ]
    page = lead.post(address, {"finished": "PU1"})

    assert page.status_code == 302
    assert finished.count() == 5
    whole = lead.get(address).content.decode()
    assert "Purpose is marked as complete." in whole
    assert "Mark Purpose as complete" not in whole
    # What is not known yet is no answer, and said to be none.
    overview = lead.get(cast.assessment.get_absolute_url()).content.decode()
    assert "0 of 30 standards answered, 5 “don’t know yet”, 1 does not apply." in (
        overview
    )
    assert "0 of 5 standards answered, 5 “don’t know yet”<" in overview
    workspace = lead.get(cast.riverside.get_absolute_url()).content.decode()
    assert "answered, 5 “don’t know yet”, 1 does not apply." in workspace


def test_lock_then_read_only(cast, lead, address):
    for response in Response.objects.of(cast.assessment).select_related(
        "standard__principle"
    ):
        lead.post(
            cast.assessment.question_address(
                response.standard.principle.slug, response.standard.position
            ),
            {"version": "0", "choice": "1"},
        )

    page = lead.post(
        reverse("assessments:lock", args=["riverside", cast.assessment.public_id]),
        follow=True,
    )

    assert "Our view is locked." in page.content.decode()
    late = lead.post(address, {"version": "1", "choice": "4", "reason": "Too late"})
    assert late.status_code == 409
    assert "Too late" in late.content.decode()
    assert "<strong>Level 4</strong>" in late.content.decode()
    assert the_response(cast.assessment).level == 1


def test_start_asks_for_the_name_of_a_service(cast, lead):
    address = reverse("assessments:start", args=["riverside"])

    page = lead.post(address, {"scope": "service", "scope_name": "", "domains": ["SD"]})

    assert "Name the service, team or project." in page.content.decode()
    assert Assessment.objects.of(cast.riverside).count() == 1
    # What is wrong is listed as it stands on the page.
    text = lead.post(address, {}).content.decode()
    assert text.index("Choose what you are looking at.") < text.index("Tick one of")


def there(cast):
    return cast.assessment.get_absolute_url()


def test_start_twice_says_to_carry_on(cast, lead):
    address = reverse("assessments:start", args=["riverside"])
    typed = {"scope": "organisation", "scope_name": "ignored", "domains": ["SD"]}

    page = lead.post(address, typed)

    text = page.content.decode()
    assert "Carry on with that one." in text
    assert f'Under way already: <a class="govuk-link" href="{there(cast)}">' in text


def expired(client, cast, address, **overrides):
    """Open the page, let the session end, and post what was typed meanwhile."""
    text = client.get(address).content.decode()
    mark = re.search(r'name="author" value="([^"]+)"', text)[1]
    client.logout()
    return client.post(address, typed(author=mark, **overrides))


def test_what_was_typed_outlives_the_session(cast, lead, address):
    page = expired(lead, cast, address, reason="Typed for an hour")
    assert page.url == f"/sign-in/?next={address}"
    assert "we kept what you wrote" in lead.get(page.url).content.decode()
    assert nothing_changed(cast)

    sign_in(lead, cast.lead, to=page.url)
    again = lead.get(address).content.decode()

    assert "Typed for an hour" in again
    assert "not saved yet" in again
    assert "Typed for an hour" in lead.get(address).content.decode()
    lead.post(address, typed(reason="Typed for an hour"))
    assert the_response(cast.assessment).reason == "Typed for an hour"
    assert "not saved yet" not in lead.get(address).content.decode()


def test_what_was_typed_is_for_nobody_else(cast, lead, address):
    expired(lead, cast, address, reason="Only for Asha")

    sign_in(lead, cast.co_lead)

    assert "Only for Asha" not in lead.get(address).content.decode()
    lead.post("/sign-out/")
    sign_in(lead, cast.lead)
    assert "Only for Asha" in lead.get(address).content.decode()


@pytest.mark.parametrize("extra", [{}, {"draft": "yes"}, {"post_comment": "yes"}])
def test_form_of_somebody_else_is_not_saved_but_kept_for_her(
    cast, lead, address, extra
):
    mark = author_mark(cast.co_lead)
    sent = typed(author=mark, reason="Words of the other", comment="And so on", **extra)

    page = lead.post(address, sent)

    assert page.status_code == 403
    assert nothing_changed(cast)
    assert not Draft.objects.exists()
    assert not Comment.objects.exists()
    said = page.content.decode()
    assert "Somebody else opened that form" in said
    assert ">Words of the other</textarea>" in said
    assert mark not in said
    assert "Words of the other" not in lead.get(address).content.decode()
    lead.post("/sign-out/")
    sign_in(lead, cast.co_lead)
    assert "Words of the other" in lead.get(address).content.decode()


def test_form_of_somebody_else_without_its_cookie_is_kept_for_her_too(cast, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.lead)
    sent = typed(author=author_mark(cast.co_lead), reason="Words of the other")

    page = client.post(address, sent)

    assert page.status_code == 403
    assert "Somebody else opened that form" in page.content.decode()
    assert "Words of the other" not in client.get(address).content.decode()
    client.force_login(cast.co_lead)
    assert KeptForm.objects.get().author == cast.co_lead


def test_nothing_is_kept_with_a_forged_mark(cast, client, address):
    client.post(address, typed(author="forged:mark", reason="Planted"))
    client.force_login(cast.lead)

    assert "Planted" not in client.get(address).content.decode()


def test_form_without_its_cookie_is_kept_too(cast, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.lead)
    text = client.get(address).content.decode()
    mark = re.search(r'name="author" value="([^"]+)"', text)[1]

    page = client.post(address, typed(author=mark, reason="Without a cookie"))

    assert page.status_code == 403
    assert "We kept what you wrote" in page.content.decode()
    assert "Without a cookie" in client.get(address).content.decode()


@pytest.mark.parametrize("path", ["/", "/o/", "workspace", "question", "/no/page/"])
def test_page_of_somebody_signed_in_is_stored_nowhere(cast, lead, address, path):
    path = {"workspace": cast.riverside.get_absolute_url(), "question": address}.get(
        path, path
    )

    assert "no-store" in lead.get(path)["Cache-Control"]
    assert "no-store" not in Client().get("/").get("Cache-Control", "")


def test_empty_save_leaves_the_standard_not_started(cast, lead, address):
    lead.post(address, {"version": "0", "evidence_1_type": "document"})

    assert nothing_changed(cast)


def test_start_page_says_what_the_register_will_say(cast, lead):
    start = reverse("assessments:start", args=["riverside"])
    said = "the public register says that an assessment is under way"
    assert said not in lead.get(start).content.decode()
    Organisation.objects.filter(slug="riverside").update(
        stage="signed_up", stage_since=NOW, signed_up_on=NOW, due_on=NOW
    )
    assert said in lead.get(start).content.decode()


def test_who_cannot_start_an_assessment_reads_who_can(cast, client):
    Assessment.objects.all().delete()
    said = "A lead or co-lead can start one."
    client.force_login(cast.contributor)
    assert said in client.get("/o/riverside/").content.decode()
    client.force_login(cast.lead)
    assert said not in client.get("/o/riverside/").content.decode()
