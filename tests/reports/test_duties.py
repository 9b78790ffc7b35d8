"""Evidence by duty: what bears on it, its status, and nothing that is private."""

import io
import json
import re
from datetime import date
from html import unescape

import pikepdf
import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pdfua import Validator

from assessments.models import Response
from assessments.rules import EvidenceContent
from reports.document import build_document, build_duties, read_document, read_duties
from reports.models import Report
from reports.operations import request_report
from reports.rendering import engine
from reports.views.files import file_name
from standards.models import Duty
from standards.queries import DutySet, DutyWords, duty_sets
from tests.factories import NOW
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
    squeezed,
    text_of,
)


NOT_PROOF = "Shows where this evidence may help. It is not proof of compliance."


def make_duty(code, *standards, **overrides):
    fields = {
        "title": f"The duty {code}",
        "body": "UK Parliament",
        "jurisdiction": "England",
        "applies_to": ("Trusts", "Councils"),
        "summary": "It asks to involve people.",
        "status": "Being replaced",
        "status_note": "Something new comes.",
        "source": "https://www.legislation.gov.uk/a",
        "checked_on": date(2026, 5, 3),
        "checked_by": "Nora Steward",
    }
    bearing = tuple((each, f"Title of {each}") for each in standards)
    return DutyWords(code=code, standards=bearing, **fields | overrides)


SETS = (
    DutySet(
        "Care Act",
        (
            make_duty("CARE-1", "PR1", "PR2"),
            make_duty(
                "CARE-2",
                *("PR1", "PR3", "PR4", "ZZ9"),
                status="To be checked",
                source="",
                checked_on=None,
                checked_by="",
            ),
        ),
    ),
    DutySet("Other", (make_duty("OTHER-1", "PR5"),)),
)


def export(about="Care Act", *, is_large=False, locked_at=NOW):
    public = make_evidence(title="A public charter", is_public=True, link="")
    old = make_evidence(
        title="An old public one", is_public=True, dated_on=date(2020, 1, 1)
    )
    private = make_evidence(title="Secret", note="Secret", link="")
    standards = (
        make_standard("PR1", level=3, evidence=(public, private), reason="Secret"),
        make_standard("PR2", level=0, dissent="Secret", evidence=(private,)),
        dont_know("PR3"),
        does_not_apply("PR4"),
        make_standard("PR5", level=1, evidence=(old,)),
    )
    record = make_record(make_principle(*standards), locked_at=locked_at)
    whole = read_document(build_document(record, at=NOW))
    frozen = build_duties(whole, SETS, about=about, is_large=is_large)
    return read_duties(json.loads(json.dumps(frozen)))


def links_within(pdf):
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            if "/Dest" in annotation:
                yield annotation


def test_a_set_has_its_duties_and_what_bears_on_them():
    document = export()

    assert document.about == "Care Act"
    [(first, beside), (second, also)] = document.lines
    assert (first.code, [s.code for s in beside]) == ("CARE-1", ["PR1", "PR2"])
    assert first.checked_on == date(2026, 5, 3)
    assert [s.answer for s in also] == [
        "Level 3: In place",
        "Don’t know yet",
        "Does not apply",
    ]
    assert second.not_asked == ("ZZ9 Title of ZZ9",)
    assert [s.code for s in document.standards] == ["PR1", "PR2", "PR3", "PR4"]


def test_one_duty_has_only_its_own():
    document = export("OTHER-1")

    assert document.about == "The duty OTHER-1"
    assert [s.code for s in document.standards] == ["PR5"]
    assert "older than 24 months" in engine.make_html(document, version=1)


def test_nothing_private_is_in_it():
    document = export()

    assert "Secret" not in engine.make_html(document, version=1)
    [first, second, *_] = document.standards
    assert [item.title for item in first.evidence] == ["A public charter"]
    assert second.evidence == ()


@pytest.mark.slow
def test_it_is_tagged_and_says_where_each_duty_stands(tmp_path):
    done = engine.make_pdf(export(locked_at=None), version=1, check_code="ABCD-EFGH")

    file = tmp_path / "duties.pdf"
    file.write_bytes(done.pdf)
    assert Validator().validate(file).findings == ()
    assert fonts_with_gaps(done.pdf) == []
    with pikepdf.open(io.BytesIO(done.pdf)) as pdf:
        assert pdf.Root.Lang == "en-GB"
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "4Pi evidence by duty: Riverside"
        scopes = {str(cell.A.Scope) for cell in elements(pdf, "/TH")}
        assert scopes == {"/Column", "/Row"}
        tags = [str(e.S) for e in in_order(pdf) if re.match(r"/H\d$", str(e.S))]
        assert tags == ["/H1", *["/H2"] * 3, *["/H3"] * 2, "/H2", *["/H3"] * 4]
        with pdf.open_outline() as outline:
            parts = {part.title: part.children for part in outline.root}
        assert list(parts) == [
            *("How to read this", "Contents", "The duties", "The public evidence"),
        ]
        assert len(parts["The duties"]) == 2
        assert [each.title[:3] for each in parts["The public evidence"]] == [
            *("PR1", "PR2", "PR3", "PR4"),
        ]
        assert {str(link.Dest) for link in links_within(pdf)} == {
            *("how-to-read", "duties", "duty-CARE-1", "duty-CARE-2", "evidence"),
            *("PR1", "PR2", "PR3", "PR4"),
        }
    text = squeezed(text_of(done.pdf))
    for words in (
        NOT_PROOF,
        "Being replaced. Something new comes.",
        "3 May 2026, by Nora Steward.",
        "Not yet checked by a person.",
        "We have no confirmed address for it yet.",
        "No public evidence.",
        "Level 3: In place.",
        "Not asked in this assessment: ZZ9 Title of ZZ9.",
    ):
        assert squeezed(words) in text, words
    pages = pypdf.PdfReader(io.BytesIO(done.pdf)).pages
    assert all("Draft" in page.extract_text() for page in pages)


@pytest.mark.slow
def test_its_contents_and_each_duty_stand_on_one_page():
    codes = [f"PR{number}" for number in range(1, 23)]
    duties = tuple(
        make_duty(f"D-{n}", *codes[n : n + 9], summary=f"Duty {n} asks for much.")
        for n in range(2)
    )
    bearing = make_duty("D-9", *codes, summary="Duty 9 asks for more.")
    record = make_record(make_principle(*map(dont_know, codes)))
    whole = read_document(build_document(record, at=NOW))
    many = (DutySet("Many", (*duties, bearing)),)
    frozen = build_duties(whole, many, about="Many", is_large=False)

    done = engine.make_pdf(read_duties(frozen), version=1)

    pages = [
        squeezed(page.extract_text())
        for page in pypdf.PdfReader(io.BytesIO(done.pdf)).pages
    ]
    (contents,) = (each for each in pages if "Contents" in each)
    for named in ("How to read this", "The duty D-0", "PR22 Title of PR22"):
        assert squeezed(named) in contents
    for n in (0, 1, 9):
        (page,) = (each for each in pages if f"Duty{n}asksfor" in each)
        assert f"Standardsthatbearon:ThedutyD-{n}" in page
        assert squeezed(f"PR{22 if n == 9 else n + 9} Title") in page


@pytest.mark.django_db
def test_it_is_chosen_read_and_listed(cast):
    evidence = (
        EvidenceContent(title="A public one", type="document", is_public=True),
        EvidenceContent(title="A private one", type="document"),
    )
    answer_all(cast.assessment, cast.lead, evidence=evidence, reason="Secret.")
    edition = cast.assessment.edition
    client = Client()
    client.force_login(cast.lead)
    place = ["riverside", cast.assessment.public_id]
    address = reverse("reports:request", args=place)
    asked = {"kind": "duties", "size": "normal", "about": ""}
    assert "Choose a law, a rule or guidance" in client.post(address, asked).text
    wrong = client.post(address, asked | {"about": "The Moon Act"}).text
    assert wrong.count("Choose from the list.") == 2
    assert not Report.objects.exists()

    client.post(address, asked | {"about": "REG9"})
    client.post(address, asked | {"about": "CQC regulations"})

    one, whole_set = Report.objects.order_by("pk")
    assert (one.about, whole_set.about) == ("REG9", "CQC regulations")
    page = client.get(reverse("reports:read", args=["riverside", one.public_id])).text
    assert "A public one" in page
    assert "A private one" not in page
    assert "Secret." not in page
    # Level 4 adds to level 3, which stands nowhere else in it.
    shared = Response.objects.filter(standard__duties__code="REG9", level=4).first()
    four, three = (
        shared.standard.level_sentences.get(level__value=value).text for value in (4, 3)
    )
    assert four.startswith("As level 3, and ")
    assert f"{four} Level 3 says: “{three}”" in unescape(page)
    said = squeezed(unescape(strip_tags(page)))
    duty = Duty.objects.get(edition=edition, code="REG9")
    for words in (NOT_PROOF, duty.title, duty.get_status_display(), duty.summary):
        assert squeezed(words) in said, words
    for standard in duty.standards.all():
        assert squeezed(str(standard)) in said
    listed = client.get(reverse("reports:index", args=["riverside"])).text
    said = f"Evidence by duty ({duty.title}): The whole organisation"
    assert said in unescape(listed)
    assert file_name(one).startswith("4pi-evidence-by-duty-reg9-riverside-2")
    assert file_name(whole_set).startswith("4pi-evidence-by-duty-cqc-regulations-")
    assert file_name(one).endswith("-draft.pdf")
    for sets in duty_sets(edition):
        for each in sets.duties:
            assert each.standards, each.code


@pytest.mark.django_db
def test_which_duty_is_asked_is_kept_with_it_and_with_nothing_else(cast):
    report = request_report(
        assessment=cast.assessment,
        kind="duties",
        about="REG9",
        by=cast.lead,
        at=NOW,
    )

    for change in ({"about": ""}, {"kind": "board_paper"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**change)
