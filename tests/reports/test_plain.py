"""The plain summary and the easy read: short words, and nothing that people wrote."""

import io
import json
import re
from dataclasses import replace
from html import unescape

import pikepdf
import pypdf
import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pdfua import Validator

from organisations.models import Organisation
from reports.document import (
    build_document,
    build_easy_read,
    build_plain_summary,
    read_document,
    read_easy_read,
    read_plain_summary,
)
from reports.document.plain_words import PARTS, STANDARDS
from reports.models import Report
from reports.rendering import engine
from tests.factories import NOW, signed_up
from tests.reading import HARDEST, grade_of
from tests.reports.factories import (
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


SOURCE = settings.BASE_DIR / "standards" / "fixtures" / "england-2026-1"
KINDS = [
    (build_plain_summary, read_plain_summary),
    (build_easy_read, read_easy_read),
]
POINT = 14
# The pictures that stand in the place of a step.
OTHERS = {"unknown", "no_answer", "not_here"}


def codes(file):
    return [each["code"] for each in json.loads((SOURCE / file).read_text())]


def all_thirty(**overrides):
    """Make a record of the edition's own standards, of all levels and states."""
    every = codes("standards.json")
    special = {"PR2": dont_know, "PS6": does_not_apply}
    return make_record(
        *(
            make_principle(
                *(
                    special[code](code)
                    if code in special
                    else make_standard(code, level=place % 5)
                    for place, code in enumerate(every)
                    if code.startswith(principle)
                ),
                code=principle,
            )
            for principle in codes("principles.json")
        ),
        **overrides,
    )


def made(kind, record, *, is_large=False, **overrides):
    build, read = kind
    whole = read_document(build_document(record, at=NOW))
    organisation = Organisation(name="Riverside", **signed_up() | overrides)
    return read(json.loads(json.dumps(build(whole, organisation, is_large=is_large))))


def test_we_have_plain_words_for_every_standard_of_the_edition():
    assert list(STANDARDS) == codes("standards.json")
    assert list(PARTS) == codes("principles.json")


def test_a_standard_of_another_edition_keeps_its_title():
    record = make_record(make_principle(make_standard("ZZ1"), code="ZZ", name="Zest"))

    [part] = made(KINDS[0], record).parts

    assert (part.name, part.about) == ("Zest", "How we treat one another")
    assert part.standards[0].says == "Title of ZZ1."


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_people_wrote_of_a_standard_is_in_it(kind):
    standard = make_standard(
        reason="Secret", dissent="Secret", evidence=(make_evidence(title="Secret"),)
    )
    document = made(kind, make_record(make_principle(standard)))

    assert "Secret" not in engine.make_html(document, version=1)


def test_the_same_answers_stand_together_the_furthest_first():
    [part] = made(
        KINDS[0],
        make_record(
            make_principle(
                make_standard("PR1", level=0),
                make_standard("PR2", level=4),
                dont_know("PR3"),
                make_standard("PR4", level=4),
                does_not_apply("PR5"),
                make_standard("PR6", level=None, state="unanswered"),
            )
        ),
    ).parts

    groups = part.groups
    # Also of an older paper, which said the levels in other words.
    older = replace(
        part, standards=[replace(s, answer=s.answer[:24]) for s in part.standards]
    )
    assert [group.level for group in older.groups[:2]] == [4, 0]
    assert [group.level for group in groups] == [4, 0, None, None, None]
    assert [len(group.standards) for group in groups] == [2, 1, 1, 1, 1]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_known_and_what_has_no_answer_are_counted_apart(kind):
    open_ones = (
        make_standard(f"PS{number}", level=None, state="unanswered")
        for number in range(1, 4)
    )
    standards = (dont_know("PR1"), dont_know("PR2"), *open_ones)

    said = strip_tags(html_of(made(kind, make_record(make_principle(*standards)))))

    says = {
        build_plain_summary: ("2 things that we do not know", "3 things that we have"),
        build_easy_read: ("do not know 2 things yet", "no answer yet for 3 things"),
    }
    assert [words for words in says[kind[0]] if words not in said] == []


@pytest.mark.parametrize("stage", ["lapsed", "signed_up"])
def test_each_picture_of_easy_read_stands_for_one_idea(stage):
    unknown = dont_know("PR1")
    unanswered = make_standard("PR2", level=None, state="unanswered")
    record = make_record(make_principle(unknown, unanswered), locked_at=None)
    easy = made(KINDS[1], record, stage=stage)

    about_paper = [
        i for c in (*easy.chapters[:3], *easy.chapters[-2:]) for i in c.ideas
    ]
    principles = [chapter.ideas[0] for chapter in easy.chapters[3:-2]]

    pictures = [idea.picture for idea in (*about_paper, *principles)]
    assert sorted(pictures) == sorted(set(pictures))
    drawn = {
        get_template(idea.drawing).render() for idea in (*about_paper, *principles)
    }
    assert len(drawn) == len(pictures)


@pytest.mark.slow
def test_the_five_steps_of_easy_read_stand_on_one_page_in_large_print():
    easy = replace(made(KINDS[1], all_thirty(locked_at=None)), is_large=True)

    pages = pypdf.PdfReader(io.BytesIO(engine.make_pdf(easy, version=1).pdf)).pages

    said = [page.extract_text() for page in pages]
    (of_steps,) = (text for text in said if "What the steps mean\n" in text)
    steps = " ".join(of_steps.split("What the steps mean\n")[-1].split())
    assert [f"Step {n}" in steps for n in range(5)] == [True] * 5
    assert steps.count("say so too") == 2
    assert "lead it with us." in steps
    # All that stands in the place of a step is said before it is used.
    other = easy.chapters[2]
    assert other.title == "What the other pictures mean"
    used = {idea.picture for chapter in easy.chapters[3:-2] for idea in chapter.ideas}
    assert {idea.picture for idea in other.ideas} == used & OTHERS
    assert len(used & OTHERS) == 2


def test_it_promises_nothing_that_was_not_promised():
    promised = [
        engine.make_html(made(kind, make_record(), stage=stage), version=1)
        for kind in KINDS
        for stage in ("lapsed", "signed_up")
    ]

    assert ["4Pi commitment" in html for html in promised] == [False, True] * 2


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_tagged_large_enough_and_in_our_font(kind, tmp_path):
    document = made(kind, all_thirty(locked_at=None))
    done = engine.make_pdf(document, version=1, check_code="ABCD-EFGH-JKLM")

    file = tmp_path / "plain.pdf"
    file.write_bytes(done.pdf)
    assert Validator().validate(file).findings == ()
    assert fonts_with_gaps(done.pdf) == []
    with pikepdf.open(io.BytesIO(done.pdf)) as pdf:
        assert pdf.Root.Lang == "en-GB"
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == document.title
        figures = elements(pdf, "/Figure")
        assert len(figures) == html_of(document).count("<svg")
        assert all(len(str(figure.Alt)) > 10 for figure in figures)
        tags = [str(e.S) for e in in_order(pdf) if re.match(r"/H\d$", str(e.S))]
        assert tags[:2] == ["/H1", "/H2"]
        assert tags.count("/H1") == 1
        with pdf.open_outline() as outline:
            assert outline.root[0].title == "What this paper is"
    for page in pypdf.PdfReader(io.BytesIO(done.pdf)).pages:
        assert "Draft" in page.extract_text()
        assert "ABCD-EFGH-JKLM" in page.extract_text()
        assert smallest_print(page) >= POINT - 0.1
    text = squeezed(text_of(done.pdf))
    for words in STANDARDS.values():
        assert squeezed(words) in text, words


def html_of(document):
    return engine.make_html(document, version=1)


@pytest.mark.slow
def test_easy_read_is_at_most_twenty_pages_in_the_largest_print():
    record = all_thirty(
        organisation_name="W" * 150,
        scope="W" * 310,
        people="people who live with us, and the families who visit them now",
        locked_at=None,
    )

    assert engine.make_pdf(made(KINDS[1], record, is_large=True), version=1).pages <= 20


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["plain_summary", "easy_read"])
def test_it_is_chosen_and_read_in_words_that_a_child_reads(cast, kind):
    answer_all(cast.assessment, cast.lead, reason="Secret.")
    client = Client()
    client.force_login(cast.lead)
    place = ["riverside", cast.assessment.public_id]

    asked = client.post(reverse("reports:request", args=place), {"kind": kind})

    report = Report.objects.get()
    assert (asked.url, report.kind) == (report.get_absolute_url(), kind)
    page = client.get(reverse("reports:read", args=["riverside", report.public_id]))
    assert grade_of(page.text) <= HARDEST
    assert "Secret" not in page.text
    said = squeezed(unescape(strip_tags(page.text)))
    for words in STANDARDS.values():
        assert squeezed(words) in said, words
