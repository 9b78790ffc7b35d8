"""The board paper: two sheets, from the same levels as the full record."""

import io
import json
import re
from dataclasses import replace
from datetime import date
from html import unescape

import pikepdf
import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pdfua import Validator

from organisations.models import Milestone, Organisation
from reports.document import build_board_paper, build_document, read_board_paper
from reports.document import read_document as read_whole
from reports.document.lines import shortened, strongest_and_weakest
from reports.models import Report
from reports.operations import request_report
from reports.rendering import engine
from tests.factories import NOW, TODAY, signed_up
from tests.reports.factories import (
    WORDS,
    answer_all,
    does_not_apply,
    dont_know,
    make_evidence,
    make_principle,
    make_record,
    make_standard,
)
from tests.reports.tags import in_order
from tests.reports.test_engine import (
    elements,
    fonts_with_gaps,
    smallest_print,
    squeezed,
    text_of,
)


NAMES = ("Principles", "Purpose", "Presence", "Process", "Impact")
LONGEST = "The level sentence of a standard is at most about this long, " * 6


def organisation(**overrides):
    return Organisation(name="Riverside", slug="riverside", **signed_up() | overrides)


def milestone(text="Pay people for their time", **overrides):
    return Milestone(text=text, due_on=date(2027, 3, 1), **overrides)


def paper(record, *, is_large=False, milestones=(), **overrides):
    whole = read_whole(build_document(record, at=NOW))
    frozen = build_board_paper(
        whole, organisation(**overrides), milestones, is_large=is_large
    )
    return read_board_paper(json.loads(json.dumps(frozen)))


def thirty(make=make_standard, **overrides):
    """Make a record of five principles with six standards, of all levels."""
    return make_record(
        *(
            make_principle(
                *(
                    make(f"{name[:2].upper()}{n}", level=(n + place) % 5)
                    for n in range(1, 7)
                ),
                code=name[:2].upper(),
                name=name,
            )
            for place, name in enumerate(NAMES)
        ),
        **overrides,
    )


def long_standard(code, *, level):
    return make_standard(
        code,
        title="Lived experience in paid and in leading roles",
        level=level,
        # With level 4 stands what level 3 says.
        level_sentence=LONGEST[: 330 if level == 4 else 170],
        level_word="In place and felt",
        reason="Why we say so, which nobody could say in fewer words. " * 40,
    )


def longest(name, scope):
    """Make a paper as full as the site's own limits allow."""
    said = {
        "organisation_name": name[:150],
        "scope": scope[:310],
        "locked_at": None,
        "period_from": TODAY,
        "period_until": TODAY,
        "people": "people who live with us, and the families who visit them now",
    }
    [first, *others] = thirty(long_standard).principles
    unknown = [
        make_standard(f"XX{n}", level=None, state="dont_know", title="A title " * 6)
        for n in range(9)
    ]
    # Five bars stay five.
    empty = [make_standard(f"UN{n}", level=None, state="unanswered") for n in range(3)]
    first = make_principle(*first.standards, *unknown, *empty, does_not_apply("NA1"))
    record = make_record(first, *others, **said)
    return paper(record, milestones=[milestone(scope[:200]) for _ in range(5)])


def levels(*numbers):
    return [
        make_standard(f"PR{place}", level=number)
        for place, number in enumerate(numbers)
    ]


@pytest.mark.parametrize(
    ("numbers", "strong", "weak", "more"),
    [
        ((4, 3, 2, 1, 0, 0), [4, 3, 2], [0, 0, 1], (0, 0)),
        ((4, 4, 4, 4, 0, 0), [4, 4, 4], [0, 0], (1, 0)),
        ((4, 3, 3, 3, 2), [4, 3, 3], [2], (1, 0)),
        ((0, 0, 0, 0, 1), [1], [0, 0, 0], (0, 1)),
        ((2, 2, 2), [], [], (0, 0)),
        ((2,), [], [], (0, 0)),
        ((), [], [], (0, 0)),
    ],
)
def test_strongest_and_weakest_never_meet(numbers, strong, weak, more):
    high, low = strongest_and_weakest(levels(*numbers), most=3, letters=10)

    assert [line.level for line in high.lines] == strong
    assert [line.level for line in low.lines] == weak
    assert (high.more, low.more) == more


def test_core_standards_stand_first_among_equals():
    standards = [*levels(4, 4, 4, 4, 0), make_standard("PU9", level=4, is_core=True)]

    high, _ = strongest_and_weakest(standards, most=3, letters=10)

    assert [line.code for line in high.lines] == ["PU9", "PR0", "PR1"]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Short enough", ("Short enough", False)),
        ("Two  spaces\nand a line", ("Two spaces…", True)),
        ("x" * 20, ("x" * 12 + "…", True)),
        ("语" * 20, ("语" * 6 + "…", True)),
    ],
)
def test_a_text_is_cut_at_a_word_and_says_so(text, cut):
    assert shortened(text, 13) == cut


def test_it_says_the_same_levels_as_the_full_record():
    record = make_record(
        make_principle(
            make_standard("PR1", level=4, reason="Long. " * 60),
            make_standard("PR2", level=1, evidence=(make_evidence(),)),
            dont_know("PR3"),
            does_not_apply("PR4"),
        )
    )

    made = paper(record)

    [line] = made.principles
    assert (line.mean, line.in_place, line.applicable) == ("2.5", 1, 3)
    assert (made.in_place, made.applicable, made.standards) == (1, 3, 4)
    assert (made.levelled, made.above_nought, made.without_evidence) == (2, 2, 1)
    assert [each.code for each in made.to_find_out] == ["PR3"]
    [strong], [weak] = made.strongest.lines, made.weakest.lines
    assert (strong.code, strong.is_cut, weak.code) == ("PR1", True, "PR2")
    html = engine.make_html(made, version=1)
    assert "See the full record." in html
    assert "1 of 2 levels above 0 has no evidence beside it." in html
    assert "The charter" not in html
    assert "We made the 4Pi commitment on 23 November 2026." in html


def test_who_has_no_commitment_is_asked_about_it():
    made = paper(make_record(), stage="lapsed")

    assert made.signed_up_on is None
    assert made.asks[0] == "Decide whether to make the 4Pi commitment."
    assert "stands on this site" in engine.make_html(made, version=1)
    assert "All standards with a level are at the same level" in engine.make_html(
        made, version=1
    )


def bookmarks(pdf):
    with pdf.open_outline() as outline:
        return [item.title for item in outline.root]


@pytest.mark.slow
def test_a_usual_one_is_two_pages_tagged_and_in_our_font(tmp_path):
    made = engine.make_pdf(paper(thirty(), milestones=[milestone()]), version=1)

    assert made.pages == 2
    file = tmp_path / "paper.pdf"
    file.write_bytes(made.pdf)
    assert Validator().validate(file).findings == ()
    assert fonts_with_gaps(made.pdf) == []
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        assert pdf.Root.Lang == "en-GB"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "4Pi board paper: Riverside"
        [figure] = elements(pdf, "/Figure")
        assert str(figure.Alt).startswith("Highest: Process. Lowest: Impact. Average")
        tags = [str(e.S) for e in in_order(pdf) if re.match(r"/H\d$", str(e.S))]
        assert tags == ["/H1", "/H2", "/H2", *(["/H2"] + ["/H3"] * 3) * 2, "/H2", "/H2"]
        assert bookmarks(pdf)[0] == "What we promised"
        assert bookmarks(pdf)[-1] == "What the board is asked"
    text = squeezed(text_of(made.pdf))
    for words in ("Level 4: Shared.", "Pay people for their time, by 1 March 2027"):
        assert squeezed(words) in text, words
    for number, page in enumerate(pypdf.PdfReader(io.BytesIO(made.pdf)).pages, 1):
        assert f"Page {number} of 2" in page.extract_text()
        assert "Draft" not in page.extract_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("W" * 150, "W" * 310),
        ("语" * 150, "语" * 310),
        ("South Riverside and Meadow NHS Foundation Trust", "Wards in the north " * 9),
    ],
)
def test_the_longest_one_is_two_pages_and_whole(name, scope, settings):
    settings.PUBLIC_ADDRESS = "https://self-assessment.4pi.example.org"
    longest_one = longest(name, scope)

    made = engine.make_pdf(longest_one, version=1, check_code="7KQF-3M2X-9TRW")

    assert made.pages == 2
    pages = pypdf.PdfReader(io.BytesIO(made.pdf)).pages
    for page in pages:
        assert "Draft" in page.extract_text()
        assert "Check code 7KQF-3M2X-9TRW · Page" in page.extract_text()
    text = squeezed(text_of(made.pdf))
    assert squeezed(longest_one.organisation) in text
    assert squeezed(longest_one.scope) in text
    assert squeezed(longest_one.asks[-1]) in text
    assert squeezed("and 6 more: see the full record") in text


@pytest.mark.slow
@pytest.mark.parametrize("reason", ["We do this in some groups. " * 3, "W " * 300, ""])
def test_an_ordinary_one_with_much_to_find_out_is_two_pages(reason):
    sentence = "At least 4 out of 5 groups do this, and most people say that it helps. "

    def ordinary(code, *, level):
        said = sentence * (4 if level == 4 else 2)
        return make_standard(code, level=level, level_sentence=said, reason=reason)

    [first, *others] = thirty(ordinary).principles
    open_ones = (
        *(make_standard(f"XX{n}", level=None, state="unanswered") for n in range(3)),
        *(replace(dont_know(f"YY{n}"), title="The right people") for n in range(4)),
    )
    first = make_principle(*first.standards, *open_ones)

    made = paper(make_record(first, *others, locked_at=None), milestones=[milestone()])

    assert engine.make_pdf(made, version=1, check_code="7KQF-3M2X-9TRW").pages == 2


@pytest.mark.slow
def test_milestones_without_an_end_leave_room_for_the_promise():
    names = {"organisation_name": "W" * 150, "scope": "W" * 60}

    made = paper(make_record(**names), milestones=[milestone("W" * 200)] * 3)

    assert 0 < made.more_milestones <= 3
    assert engine.make_pdf(made, version=1).pages == 2


@pytest.mark.slow
def test_large_print_says_the_same_in_letters_that_are_larger():
    large = engine.make_pdf(paper(thirty(), is_large=True), version=1)

    assert large.pages > 2
    assert "Two pages" not in pypdf.PdfReader(io.BytesIO(large.pdf)).metadata.subject
    for line in paper(thirty()).asks:
        assert squeezed(line) in squeezed(text_of(large.pdf))
    for page in pypdf.PdfReader(io.BytesIO(large.pdf)).pages:
        assert smallest_print(page) >= 13


@pytest.mark.django_db
def test_it_is_chosen_read_and_listed(cast):
    answer_all(cast.assessment, cast.lead, reason="Kept for <b>us</b>.")
    client = Client()
    client.force_login(cast.contributor)
    place = ["riverside", cast.assessment.public_id]
    address = reverse("reports:request", args=place)
    assert address in client.get(cast.assessment.get_absolute_url()).content.decode()
    assert address in client.get(reverse("reports:index", args=place[:1])).text
    page = client.get(address).text
    assert "Which document?" in page
    assert "Large print" in page
    assert "Error: " in client.post(address, {"kind": "certificate"}).text

    asked = client.post(address, {"kind": "board_paper", "size": "large"})

    report = Report.objects.get()
    assert asked.url == report.get_absolute_url()
    assert (report.kind, report.is_large) == ("board_paper", True)
    assert "making your board paper" in client.get(asked.url).text
    read = client.get(reverse("reports:read", args=["riverside", report.public_id]))
    assert "Kept for &lt;b&gt;us&lt;/b&gt;." in read.text
    document = read_board_paper(report.document)
    said = squeezed(unescape(strip_tags(read.text)))
    for words in (*document.promise, *document.asks, WORDS[0]):
        assert squeezed(words) in said, words
    listed = client.get(reverse("reports:index", args=["riverside"])).text
    assert "Board paper in large print: The whole organisation" in listed
    usual = request_report(
        assessment=cast.assessment, kind="board_paper", by=cast.contributor, at=NOW
    )
    assert usual != report


@pytest.mark.django_db
def test_its_page_says_when_it_would_say_something_else(cast):
    report = request_report(
        assessment=cast.assessment, kind="board_paper", by=cast.lead, at=NOW
    )
    ready = {"file": "x.pdf", "sha256": "0", "bytes": 1, "pages": 2, "ready_at": NOW}
    Report.objects.filter(pk=report.pk).update(status="ready", **ready)
    client = Client()
    client.force_login(cast.lead)
    address = report.get_absolute_url()
    assert "has changed since" not in client.get(address).text

    Milestone.objects.create(
        organisation=cast.riverside, text="Pay people", due_on=TODAY
    )

    page = client.get(address).text
    assert "What it says has changed since this board paper" in page
    assert 'value="board_paper"' in page
