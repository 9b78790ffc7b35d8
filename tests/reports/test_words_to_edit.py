"""The board paper as a Word file: the words of the page, as a reader's tools see them."""

import io
import re
import zipfile
from datetime import date
from functools import partial
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags

from organisations.models import Milestone
from reports.document import board_words, read_board_paper
from reports.models import Report
from reports.operations import request_report
from tests.factories import NOW
from tests.reports.factories import answer_all, make_report, make_standard
from tests.reports.test_board_paper import paper, thirty


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def opened(content):
    """Read each part of a Word file as XML, which it must be."""
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        assert whole.testzip() is None
        return {
            name: ElementTree.fromstring(whole.read(name)) for name in whole.namelist()
        }


def said_by(element):
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def paragraphs_of(parts):
    return [
        (p.find(f"{W}pPr/{W}pStyle").get(f"{W}val"), said_by(p))
        for p in parts["word/document.xml"].iter(f"{W}p")
    ]


def test_headings_lists_and_the_table_are_what_they_are():
    milestones = [Milestone(text="Pay people", due_on=date(2027, 3, 1))]
    parts = opened(board_words(paper(thirty(), milestones=milestones)))

    found = paragraphs_of(parts)
    heads = [(style, text) for style, text in found if style.startswith("Heading")]
    assert heads[0] == ("Heading1", "Board paper: how we involve people")
    assert [style for style, _ in heads].count("Heading1") == 1
    assert [text for style, text in heads if style == "Heading2"] == [
        "What we promised",
        "Where we stand",
        "Where we are strongest",
        "Where most is still to do",
        "What we do not know yet",
        "What the board is asked",
    ]
    numbers = [n.get(f"{W}val") for n in parts["word/document.xml"].iter(f"{W}numId")]
    known = [n.get(f"{W}numId") for n in parts["word/numbering.xml"].iter(f"{W}num")]
    assert sorted(set(numbers)) == known == ["1", "2", "3", "4"]
    [table] = parts["word/document.xml"].iter(f"{W}tbl")
    rows = list(table.iter(f"{W}tr"))
    assert [said_by(cell) for cell in rows[1].iter(f"{W}tc")][:3] == [
        "Principles",
        "1.8",
        "2 of 6",
    ]
    assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
    assert len(rows) == 6
    kept = [row.find(f".//{W}keepNext") is not None for row in rows]
    assert kept == [True] * 5 + [False]
    named = table.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val")
    assert ("Caption", named) in found
    [language] = parts["word/settings.xml"].iter(f"{W}themeFontLang")
    assert language.get(f"{W}val") == "en-GB"
    core = "".join(parts["docProps/core.xml"].itertext())
    assert "4Pi board paper: Riverside" in core
    assert "en-GB" in core
    assert "Draft" not in said_by(parts["word/header1.xml"])


def test_a_draft_says_so_on_each_page_and_large_print_is_large():
    draft = opened(board_words(paper(thirty(locked_at=None), is_large=True)))

    assert said_by(draft["word/header1.xml"]) == "Draft"
    assert paragraphs_of(draft)[0] == ("Normal", "Draft")
    sizes = [int(s.get(f"{W}val")) for s in draft["word/styles.xml"].iter(f"{W}sz")]
    assert min(sizes) == 36


def test_what_xml_cannot_hold_is_replaced():
    parts = opened(board_words(paper(thirty(organisation_name="a\x01b &amp; ]]>"))))

    whole = " ".join(text for _, text in paragraphs_of(parts))
    assert "a\N{REPLACEMENT CHARACTER}b &amp; ]]>" in whole


def test_words_of_a_right_to_left_script_run_so():
    parts = opened(board_words(paper(thirty(organisation_name="مركز الدعم"))))

    [name] = [
        p for p in parts["word/document.xml"].iter(f"{W}p") if "مركز" in said_by(p)
    ]
    assert name.find(f"{W}pPr/{W}bidi") is not None
    assert name.find(f"{W}r/{W}rPr/{W}rtl") is not None


def test_after_a_reason_that_runs_the_other_way_our_words_stand_alone():
    reason = "نسأل الناس قبل كل قرار كبير. " * 8
    document = paper(thirty(partial(make_standard, reason=reason)))

    parts = opened(board_words(document))
    print_it = {"document": document, "check_code": "", "check_address": ""}
    html = render_to_string("reports/pdf/1/board_paper.html", print_it)

    ours = [
        p
        for p in parts["word/document.xml"].iter(f"{W}p")
        if "See the full record." in said_by(p) and len(said_by(p)) < 40
    ]
    assert len(ours) == 6
    assert {said_by(p).strip() for p in ours} == {"See the full record."}
    assert not [p for p in ours if p.find(f"{W}pPr/{W}bidi") is not None]
    assert html.count("<p>See the full record.</p>") == 6


@pytest.mark.django_db
def test_a_member_takes_the_words_of_the_page(client, cast):
    answer_all(cast.assessment, cast.lead, reason="We asked\n\n<b>people</b> first.")
    report = request_report(
        assessment=cast.assessment, kind=Report.Kind.BOARD_PAPER, by=cast.lead, at=NOW
    )
    client.force_login(cast.viewer)
    place = ["riverside", report.public_id]

    page = client.get(reverse("reports:words", args=place))

    assert page["Content-Disposition"].endswith('-2026-11-23-1200-draft.docx"')
    assert page.content == board_words(read_board_paper(report.document))
    twin = client.get(reverse("reports:read", args=place)).content.decode()
    shown = squeezed(strip_tags(twin[twin.index("<main") : twin.index("</main>")]))
    for style, text in paragraphs_of(opened(page.content)):
        if style in {"Heading2", "Heading3", "ListParagraph"}:
            assert squeezed(text) in shown, text
    record = make_report(cast.assessment, cast.lead)
    place = ["riverside", record.public_id]
    assert client.get(reverse("reports:words", args=place)).status_code == 404


def squeezed(text):
    text = text.replace("&#x27;", "'").replace("&lt;", "<").replace("&gt;", ">")
    return re.sub(r"\s", "", text)
