"""What does not apply: how much of it makes an assessment partial, and who says so."""

import pytest
from django.urls import reverse

from assessments.models import Response
from assessments.operations import answer, lock
from assessments.queries import assessment_lines, question_page
from tests.factories import NOW, content, the_response


pytestmark = pytest.mark.django_db
CALLED_SO = "partial assessment"
# Those of each principle that are not core.
NOT_CORE = {
    "principles": ["PR1", "PR4", "PR5", "PR6"],
    "purpose": ["PU3", "PU4", "PU5"],
    "presence": ["PS2", "PS4", "PS5", "PS6"],
    "process": ["PC1", "PC3", "PC4", "PC6"],
}


@pytest.fixture
def lead(cast, client):
    client.force_login(cast.lead)
    return client


def leave_out(cast, *codes):
    why = {"not_applicable_because": "other", "reason": "We have no such work at all."}
    said = content(state="not_applicable", level=None, **why)
    for code in codes:
        response = the_response(cast.assessment, code)
        answer(response=response, content=said, version=0, by=cast.lead, at=NOW)


def answer_the_rest(cast):
    for response in Response.objects.of(cast.assessment).filter(version=0):
        code = response.standard.code
        answer(
            response=the_response(cast.assessment, code),
            content=content(),
            version=0,
            by=cast.lead,
            at=NOW,
        )


def page_of(cast, slug, position):
    return question_page(cast.assessment, slug, position, reader=cast.lead)


def text_of(page):
    return " ".join(page.content.decode().split())


def test_third_of_a_principle_is_announced_before_it_is_saved(cast, lead):
    leave_out(cast, "PS2")
    assert page_of(cast, "presence", 4).partial_warning == ""

    leave_out(cast, "PS4")

    text = text_of(lead.get(cast.assessment.question_address("presence", 6)))
    assert "With this one, 3 standards do not apply." in text
    assert page_of(cast, "purpose", 3).partial_warning == ""


def test_seventh_of_all_is_announced_before_it_is_saved(cast):
    leave_out(cast, "PR1", "PR4", "PU3", "PU4", "PS2", "PS4")

    assert "With this one, 7" in page_of(cast, "process", 1).partial_warning


def test_one_of_those_left_out_is_told_what_it_makes_itself(cast):
    leave_out(cast, "PS2", "PS4", "PS5")

    assert "With this one, 3" in page_of(cast, "presence", 2).partial_warning
    assert "already" in page_of(cast, "process", 1).partial_warning


def test_third_is_saved_all_the_same(cast, lead):
    leave_out(cast, "PS2", "PS4")

    page = lead.post(
        cast.assessment.question_address("presence", 6),
        {
            "version": "0",
            "choice": "not_applicable",
            "not_applicable_because": "no_staff",
            "reason": "Volunteers do all of it.",
        },
    )

    assert page.status_code == 302
    assert the_response(cast.assessment, "PS6").state == "not_applicable"


@pytest.mark.parametrize(
    ("codes", "is_partial"),
    [
        (["PS2", "PS4"], False),
        (["PS2", "PS4", "PS5"], True),
        (["PR1", "PR4", "PU3", "PU4", "PS2", "PS4"], False),
        (["PR1", "PR4", "PU3", "PU4", "PS2", "PS4", "PC1"], True),
    ],
)
def test_each_page_that_describes_it_calls_it_so_and_none_below(
    cast, lead, codes, is_partial
):
    leave_out(cast, *codes)
    answer_the_rest(cast)
    place = ["riverside", cast.assessment.public_id]

    pages = [
        cast.riverside.get_absolute_url(),
        cast.assessment.get_absolute_url(),
        reverse("assessments:lock", args=place),
    ]

    assert [CALLED_SO in text_of(lead.get(page)) for page in pages] == [is_partial] * 3
    [line] = assessment_lines(cast.riverside)
    assert line.is_partial is is_partial


def test_preview_of_what_becomes_public_says_so(cast, lead):
    leave_out(cast, "PS2", "PS4", "PS5")
    answer_the_rest(cast)
    lock(assessment=cast.assessment, by=cast.lead, at=NOW)
    type(cast.riverside).objects.update(
        stage="signed_up", signed_up_on=NOW, stage_since=NOW, due_on=NOW
    )
    address = reverse(
        "assessments:publish", args=["riverside", cast.assessment.public_id]
    )

    page = lead.post(address, {"why_not_asked": "Our panel starts in March."})

    text = text_of(page)
    assert "Publish this?" in text
    assert CALLED_SO in text


def test_assessment_of_another_organisation_makes_none_partial(cast):
    leave_out(cast, "PS2", "PS4", "PS5")

    [line] = assessment_lines(cast.harbour)

    assert not line.is_partial
