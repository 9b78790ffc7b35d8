"""All evidence of an assessment: listed, narrowed, and as a file."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from assessments.models import Evidence
from assessments.operations import answer
from assessments.queries import assessment_record
from assessments.rules import EvidenceContent
from reports.document import build_document, read_document
from tests.factories import NOW, content, make_assessment, the_response


pytestmark = pytest.mark.django_db
CHARTER = EvidenceContent(
    title="Charter",
    type="document",
    link="https://riverside.example/charter",
    dated_on=date(2023, 5, 1),
    is_public=True,
    cqc_category="processes",
)
LOG = EvidenceContent(title="Log", type="number", dated_on=date(2026, 3, 1))
STORY = EvidenceContent(title="Story", type="account", note="Told at a meeting.")


@pytest.fixture
def lead(cast, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(cast.lead)
    return client


@pytest.fixture
def evidence(cast):
    give(cast, "PC1", STORY)
    give(cast, "PR1", CHARTER, LOG)


def give(cast, code, *pieces):
    response = the_response(cast.assessment, code)
    said = content(evidence=pieces)
    answer(
        response=response,
        content=said,
        version=response.version,
        by=cast.lead,
        at=NOW,
    )


def address_of(cast, name="evidence"):
    return reverse(f"assessments:{name}", args=["riverside", cast.assessment.public_id])


def text_of(page):
    return " ".join(page.content.decode().split())


def test_it_stands_under_its_principle_with_all_that_is_known(cast, lead, evidence):
    text = text_of(lead.get(address_of(cast)))

    places = [text.index(word) for word in ("Charter", "Log", "Story")]
    assert places == sorted(places)
    assert text.count("<caption") == 2
    assert "1 May 2023</span><br><strong>Older than 24 months</strong>" in text
    assert text.count("Older than 24 months</strong>") == 1
    assert "A document. CQC: Processes" in text
    assert "No date" in text
    assert (text.count(">Public<"), text.count(">Private<")) == (1, 2)
    assert f"{cast.assessment.question_address('process', 1)}#evidence" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Charter", "Log", "Story"]),
        ({"type": "number"}, ["Log"]),
        ({"old": "on"}, ["Charter"]),
        ({"private": "on"}, ["Log", "Story"]),
        ({"old": "on", "private": "on"}, []),
        ({"type": "no-such-kind"}, ["Charter", "Log", "Story"]),
    ],
)
def test_page_and_file_are_narrowed_alike(cast, lead, evidence, query, found):
    text = text_of(lead.get(address_of(cast), query))
    file = lead.get(address_of(cast, "evidence_csv"), query)

    rows = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert [row["Evidence"] for row in rows] == found
    for title in ("Charter", "Log", "Story"):
        assert (f"<bdi>{title}</bdi>" in text) is (title in found)
    assert ("Nothing found" in text) is (not found)


def test_file_holds_what_the_page_says(cast, lead, evidence):
    file = lead.get(address_of(cast, "evidence_csv"))

    first = next(
        csv.reader(io.StringIO(file.content.decode("utf-8-sig").split("\n", 1)[1]))
    )
    assert file["Content-Disposition"].startswith("attachment")
    assert first == [
        *("Principles", "PR1", "Values worked out together", "Charter", "A document"),
        *("Processes", "2023-05-01", "Older than 24 months", "Public"),
        *("https://riverside.example/charter", ""),
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_of_the_file_is_a_formula(cast, lead, start):
    formula = f'{start}HYPERLINK("https://elsewhere.example")'
    give(cast, "PR1", EvidenceContent(title=formula, type="document", note=formula))

    file = lead.get(address_of(cast, "evidence_csv"))

    [row] = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert row["Evidence"] == f"'{formula}"
    assert row["Note"] == f"'{formula}"


def test_there_is_none_yet(cast, lead):
    text = text_of(lead.get(address_of(cast)))

    assert "No evidence yet" in text
    assert "as CSV" not in text


def test_of_this_assessment_alone(cast, lead, evidence):
    other = make_assessment(cast.riverside, cast.lead, "Evening drop-in")

    page = lead.get(
        reverse("assessments:evidence", args=["riverside", other.public_id])
    )

    assert "No evidence yet" in text_of(page)


def test_markup_is_shown_as_it_was_typed(cast, lead):
    give(cast, "PR1", EvidenceContent(title="<script>alert(1)</script>", type="seen"))

    assert "<script>alert" not in text_of(lead.get(address_of(cast)))


@pytest.mark.slow
def test_page_asks_the_same_number_of_queries_whatever_there_is(
    cast, lead, django_assert_max_num_queries, django_assert_num_queries
):
    lead.get(address_of(cast))
    with django_assert_max_num_queries(8) as empty:
        lead.get(address_of(cast))
    for code in ("PR1", "PU1", "PS1", "PC1", "IM1"):
        give(cast, code, CHARTER, LOG, STORY)
    for number in range(20):
        make_assessment(cast.riverside, cast.lead, f"Team {number}")

    with django_assert_num_queries(len(empty)):
        lead.get(address_of(cast))


def typed(**overrides):
    fields = {"version": "0", "choice": "2", "reason": "Most of our teams do."}
    return fields | {"evidence_1_title": "Charter"} | overrides


def test_a_link_or_a_note_alone_is_enough_and_its_title_can_be_changed(cast, lead):
    address = cast.assessment.question_address("principles", 1)
    long = (
        "We met in March and April, in the hall, and wrote down what each of us said."
    )
    alone = {
        "evidence_1_title": "",
        "evidence_1_link": "https://www.riverside.example/minutes",
        "evidence_2_note": f"\u200f\n{long}\nThen more.",
        "evidence_3_note": "x" * 200,
        # Where a link leads says more than what is said of it.
        "evidence_1_note": "September 2026",
    }

    lead.post(address, typed(**alone))

    titles = [
        "riverside.example",
        "We met in March and April, in the hall, and wrote down what…",
        "x" * 60 + "…",
    ]
    given = Evidence.objects.order_by("position")
    assert [each.title for each in given] == titles
    form = lead.get(address).context["form"]
    assert form["evidence_1_title"].value() == "riverside.example"
    month = {"evidence_1_dated_on_month": "Spring", "evidence_1_dated_on_year": "26"}
    wrong = month | {"evidence_1_title": "", "evidence_1_link": "https://["}
    asked = lead.post(address, typed(version="1", **wrong)).content.decode()
    # All that is wrong with it in one go.
    assert "must include a day. If you do not know it" in asked
    assert "The month of the date of evidence 1 must be its name" in asked
    assert "We do not know a month called “Spring”." in asked
    assert "needs a year with 4 numbers" in asked
    assert "The link of evidence 1 must be a web address" in asked
    alone = month | {"evidence_1_dated_on_month": "sept"}
    alone["evidence_1_dated_on_year"] = "2026"
    told = lead.post(address, typed(version="1", **alone)).content.decode()
    assert "and write “September 2026” in the note." in told
    assert 'value="sept"' in told
    # What is typed stands on its fold.
    assert "Evidence 1: <bdi>https://[</bdi>" in asked
    assert asked.count("(nothing yet)") == 2


def test_question_takes_the_category_and_shows_it_again(cast, lead):
    address = cast.assessment.question_address("principles", 1)

    lead.post(
        address,
        typed(
            evidence_1_cqc_category="outcomes",
            evidence_1_dated_on_day="1",
            evidence_1_dated_on_month="5",
            evidence_1_dated_on_year="2023",
        ),
    )

    assert Evidence.objects.get().cqc_category == "outcomes"
    assert '<option value="outcomes" selected>' in lead.get(address).content.decode()
    lead.force_login(cast.viewer)
    read = text_of(lead.get(address))
    assert "1 May 2023, older than 24 months, CQC category: Outcomes, private" in read
    check = text_of(lead.get(cast.assessment.check_address("principles")))
    assert "Charter (older than 24 months, private)" in check


def test_question_says_who_sees_it_and_warns_of_names(cast, lead):
    text = text_of(lead.get(cast.assessment.question_address("principles", 1)))

    assert "For organisations that the Care Quality Commission regulates." in text
    assert "Without a tick it is private." in text
    assert text.count("No names, please") == 6
    assert "We do not open it" in text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"evidence_1_cqc_category": "rumours"}, "Choose one of the CQC categories."),
        (
            {"evidence_1_title": "", "evidence_1_cqc_category": "outcomes"},
            "Give evidence 1 a title, a link or a note.",
        ),
    ],
)
def test_category_that_cannot_be_saved_is_explained(cast, lead, change, sentence):
    page = lead.post(cast.assessment.question_address("principles", 1), typed(**change))

    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert the_response(cast.assessment).version == 0


def test_report_freezes_the_category_and_the_age_of_its_day(cast, evidence):
    record = assessment_record(cast.assessment)

    pieces = read_document(build_document(record, at=NOW)).standards[0].evidence

    assert [(p.cqc_category, p.is_old) for p in pieces] == [
        ("Processes", True),
        ("", False),
    ]
    earlier = read_document(build_document(record, at=NOW.replace(year=2025, month=1)))
    assert not earlier.standards[0].evidence[0].is_old


def test_report_from_before_the_category_is_still_read(cast, evidence):
    frozen = build_document(assessment_record(cast.assessment), at=NOW)
    for principle in frozen["principles"]:
        for standard in principle["standards"]:
            for piece in standard["evidence"]:
                del piece["cqc_category"], piece["is_old"]

    assert read_document(frozen).standards[0].evidence[0].title == "Charter"
