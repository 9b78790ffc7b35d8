"""What each page of a sign-up takes, and says of what it does not."""

from datetime import timedelta

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from organisations.forms import PAGE_FORMS
from organisations.models import SignUp
from tests.factories import WHOLE


ORGANISATION = {
    "name": "Meadow Trust",
    "kind": "nhs_trust",
    "nation": "england",
    "area": "Kent",
}
SERVES = {"serves": "People in Kent.", "scope": "whole", "domains": ["OC"]}
PEOPLE = {
    "applicant_name": "Ada",
    "applicant_role": "Lead",
    "applicant_email": "ada@meadow.example",
    "sponsor_role": "Chief executive",
    "sponsor_email": "chief@meadow.example",
    "co_lead": "named",
    "co_lead_name": "Col",
}
COMMITMENT = {"payment": "yes", "has_promised": "on"}
TYPED = {
    "organisation": ORGANISATION,
    "serves": SERVES,
    "people": PEOPLE,
    "commitment": COMMITMENT,
}
PAST = {"co_lead": "recruiting", "co_lead_by_day": "1", "co_lead_by_month": "1"}


def form_of(page, *, sign_up=None, **typed):
    draft = sign_up or SignUp(nation="", scope="")
    return PAGE_FORMS[page](TYPED[page] | typed, sign_up=draft)


def error_of(page, **typed):
    """The one sentence that a page says."""
    errors = form_of(page, **typed).errors
    assert len(errors) == 1, errors
    return next(iter(errors.values()))[0]


def test_what_is_wrong_stands_in_the_order_of_the_page():
    form = PAGE_FORMS["commitment"]({}, sign_up=SignUp(nation="", scope=""))

    asked = [name for name in form.fields if not name.startswith("milestone_")]
    assert asked == [
        *("has_promised", "own_words", "payment", "why_not_paid", "wants_training")
    ]
    assert list(form.fields)[-1] == "wants_training"


def test_page_gives_no_date_that_is_past_as_an_example():
    form = PAGE_FORMS["people"](sign_up=SignUp(nation="", scope=""))

    example = form.fields["co_lead_by"].help_text
    assert example == f"Such as 27 3 {timezone.localdate().year + 1}."


def test_made_up_choices_are_refused_in_our_words():
    said = forms.ChoiceField(choices=[("a", "A")])
    with pytest.raises(ValidationError, match="^.'Choose from the list.'.$"):
        said.clean("zzz")


@pytest.mark.parametrize("page", PAGE_FORMS)
def test_page_takes_what_is_right(page):
    assert form_of(page).errors == {}


@pytest.mark.parametrize(
    ("page", "field", "said"),
    [
        ("organisation", "name", "Enter the name of your organisation."),
        ("organisation", "kind", "Choose the kind of organisation."),
        ("organisation", "nation", "Choose a nation."),
        ("organisation", "area", "Enter the area you work in."),
        ("serves", "serves", "Say whom you serve."),
        ("serves", "scope", "Choose who signs up."),
        ("serves", "domains", "Choose at least one."),
        ("people", "applicant_name", "Enter your name."),
        ("people", "applicant_role", "Enter your role."),
        ("people", "applicant_email", "Enter your work email address."),
        ("people", "sponsor_role", "Enter the role of your senior sponsor."),
        ("people", "sponsor_email", "Enter the email address of your senior sponsor."),
        ("people", "co_lead", "Choose whether you have a co-lead yet."),
        ("people", "co_lead_name", "Enter their name."),
        ("commitment", "payment", "Choose whether people are paid."),
        ("commitment", "has_promised", "Tick the box to make the commitment."),
    ],
)
def test_page_says_what_is_missing(page, field, said):
    empty = [] if field == "domains" else ""

    assert error_of(page, **{field: empty}).startswith(said)


@pytest.mark.parametrize(
    ("page", "typed", "said"),
    [
        ("organisation", {"name": "x" * 151}, "Use 150 characters or fewer."),
        ("organisation", {"name": "a\x00b"}, "a character that we cannot store"),
        ("organisation", {"kind": "league"}, "Choose the kind of organisation."),
        ("organisation", {"nation": "france"}, "Choose a nation."),
        ("organisation", {"website": "javascript:alert(1)"}, "Enter a web address"),
        ("organisation", {"website": "ftp://a.example"}, "Enter a web address"),
        ("organisation", {"website": "not a site"}, "Enter a web address"),
        ("organisation", {"ods_code": "R1"}, "3 to 9 letters and numbers"),
        ("organisation", {"ods_code": "RX-Y"}, "3 to 9 letters and numbers"),
        ("organisation", {"ods_code": "RXÉ"}, "3 to 9 letters and numbers"),
        ("organisation", {"charity_number": "12345"}, "6 or 7 numbers"),
        ("organisation", {"charity_number": "0123456"}, "6 or 7 numbers"),
        ("organisation", {"charity_number": "12345678"}, "6 or 7 numbers"),
        ("organisation", {"charity_number": "SC12345"}, "6 or 7 numbers"),
        ("organisation", {"charity_number": "NI123456"}, "6 or 7 numbers"),
        ("organisation", {"charity_number": "١٢٣٤٥٦٧"}, "6 or 7 numbers"),
        ("serves", {"serves": "x" * 1001}, "Use 1,000 characters or fewer."),
        ("serves", {"scope": "service"}, "Name the service or team."),
        ("serves", {"domains": ["XX"]}, "Choose from the list."),
        ("people", {"applicant_email": "ada@"}, "Enter an email address"),
        ("people", {"applicant_email": "a\r\nBcc: b@c.example"}, "Enter an email"),
        ("people", {"sponsor_email": "ADA@meadow.example"}, "somebody else"),
        ("people", {"co_lead": "recruiting"}, "Enter the date."),
        ("people", PAST | {"co_lead_by_year": "2020"}, "must be today or later"),
        ("people", PAST | {"co_lead_by_year": "2099"}, "within 5 years"),
        ("people", PAST | {"co_lead_by_year": "abcd"}, "needs a year with 4 numbers"),
        ("commitment", {"payment": "no"}, "Say why."),
        ("commitment", {"own_words": "word " * 151}, "150 words or fewer"),
        ("commitment", {"milestone_1_text": "A charter"}, "Enter the date of"),
        (
            "commitment",
            {
                "milestone_2_by_day": "1",
                "milestone_2_by_month": "2",
                "milestone_2_by_year": "2030",
            },
            "Say what you will have done",
        ),
    ],
)
def test_page_says_what_is_wrong(page, typed, said):
    assert said in error_of(page, **typed)


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("name", "  Ŷnys  Môn\n ", "Ŷnys  Môn"),
        ("name", "Cafe\u0301 Trust", "Café Trust"),
        ("website", "www.meadow.example", "https://www.meadow.example"),
        ("ods_code", " rxy 01 ", "RXY01"),
        ("ods_code", "a0a1b", "A0A1B"),
        ("charity_number", "1234567", "1234567"),
        ("charity_number", "1234567-12", "1234567-12"),
        ("charity_number", "sc 012345", "SC012345"),
        ("charity_number", "SCO12345", "SC012345"),
        ("charity_number", "nic123456", "NIC123456"),
    ],
)
def test_organisation_is_kept_as_it_is_meant(field, typed, kept):
    form = form_of("organisation", **{field: typed})

    assert form.errors == {}
    assert form.columns()[field] == kept


def test_addresses_are_kept_in_small_letters():
    form = form_of("people", applicant_email="Ada@Meadow.Example")

    assert form.columns()["applicant_email"] == "ada@meadow.example"


def test_what_the_other_answer_asked_for_is_dropped():
    people = form_of("people", co_lead_by_day="nonsense").columns()
    assert (people["co_lead_name"], people["co_lead_by"]) == ("Col", None)

    serves = form_of("serves", scope_name="Ward 3").columns()
    assert serves["scope_name"] == ""

    commitment = form_of("commitment", why_not_paid="No money").columns()
    assert commitment["why_not_paid"] == ""


def test_milestones_are_kept_in_order_with_their_dates():
    due = timezone.localdate() + timedelta(days=40)
    parts = {"day": due.day, "month": due.month, "year": due.year}
    typed = {f"milestone_3_by_{place}": str(part) for place, part in parts.items()}

    form = form_of("commitment", milestone_3_text="A charter", **typed)

    assert form.columns()["milestones"] == [["A charter", due.isoformat()]]


def test_user_led_group_is_asked_less():
    group = SignUp(kind="user_led", nation="", scope="")

    organisation = form_of("organisation", sign_up=group)
    people = form_of("people", sign_up=group, sponsor_role="", sponsor_email="")
    commitment = form_of("commitment", sign_up=group)

    assert {"ods_code", "charity_number"}.isdisjoint(organisation.fields)
    assert people.errors == {}
    assert "When your group has money" in commitment.fields["payment"].label


def test_draft_keeps_what_is_half_typed():
    form = form_of(
        "people",
        applicant_email="ada@",
        applicant_name="",
        co_lead="recruiting",
        co_lead_by_day="31",
        co_lead_by_month="2",
        co_lead_by_year="",
    )

    assert form.can_be_kept()
    columns = form.columns()
    assert columns["applicant_name"] == ""
    assert "applicant_email" not in columns
    assert form.half_typed() == {
        "applicant_email": "ada@",
        "co_lead_by": ["31", "2", ""],
    }


def test_half_typed_is_shown_again_and_found_missing():
    held = {"co_lead_by": ["31", "2", ""], "applicant_email": "ada@"}
    draft = SignUp(**WHOLE | {"half_typed": held})

    shown = PAGE_FORMS["people"](sign_up=draft)
    checked = PAGE_FORMS["people"].of_saved(draft)

    assert 'value="ada@"' in str(shown["applicant_email"])
    assert 'value="31"' in str(shown["co_lead_by"])
    assert set(checked.errors) == {"applicant_email", "co_lead_by"}


def test_half_typed_milestones_stay_in_their_places():
    draft = SignUp(**WHOLE)
    typed = {
        "milestone_1_text": "First",
        "milestone_1_by_day": "40",
        "milestone_2_text": "Second",
        "milestone_2_by_day": "1",
        "milestone_2_by_month": "3",
        "milestone_2_by_year": str(timezone.localdate().year + 1),
    }
    form = form_of("commitment", sign_up=draft, **typed)
    draft.half_typed = form.half_typed()
    for name, value in form.columns().items():
        setattr(draft, name, value)

    shown = PAGE_FORMS["commitment"](sign_up=draft)

    assert [shown[f"milestone_{n}_text"].value() for n in (1, 2)] == ["First", "Second"]
    assert shown["milestone_1_by"].value()[0] == "40"


def test_what_no_draft_can_hold_is_said_alone():
    form = form_of("commitment", own_words="word " * 20_000, payment="")

    assert not form.can_be_kept()
    assert set(form.errors) == {"own_words"}


def test_unstorable_letter_is_held_as_a_mark():
    form = form_of("organisation", name="a\x00b")

    assert form.half_typed() == {"name": "a\N{REPLACEMENT CHARACTER}b"}


def test_whole_sign_up_has_no_faults():
    draft = SignUp(**WHOLE)

    assert {
        p: f.of_saved(draft).errors for p, f in PAGE_FORMS.items()
    } == dict.fromkeys(PAGE_FORMS, {})
