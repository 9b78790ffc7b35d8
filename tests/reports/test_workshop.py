"""The workshop pack: what is asked, boxes to tick, room to write, and no answer."""

import io
import re

import pikepdf
import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pdfua import Validator

from assessments.models import Response
from assessments.operations import answer
from assessments.queries import all_questions
from organisations.models import AuditEvent
from reports import rendering
from reports.document import build_workshop, read_workshop
from reports.models import Report
from reports.operations import request_report, retry_report
from reports.rendering import engine
from tests.factories import NOW, content, the_response
from tests.reports.factories import make_report, pdf_of
from tests.reports.tags import in_order
from tests.reports.test_engine import elements, fonts_with_gaps


pytestmark = pytest.mark.django_db


def pack_of(assessment, *, is_large=False):
    questions = all_questions(assessment)
    frozen = build_workshop(assessment, questions, is_large=is_large, at=NOW)
    return read_workshop(frozen)


def ask(cast, *, is_large=False, by=None) -> Report:
    return request_report(
        assessment=cast.assessment,
        kind=Report.Kind.WORKSHOP,
        is_large=is_large,
        by=by or cast.lead,
        at=NOW,
    )


def test_it_asks_what_applies_and_tells_no_answer(cast):
    said = content(level=3, reason="Kept to ourselves.")
    response = the_response(cast.assessment)
    answer(response=response, content=said, version=0, by=cast.lead, at=NOW)
    Response.objects.filter(standard__code="PR6").update(is_outside=True)
    cast.assessment.organisation.people_called = "residents"

    pack = pack_of(cast.assessment)

    codes = [s.code for principle in pack.principles for s in principle.standards]
    assert len(codes) == pack.standards == 29
    assert codes[:6] == ["PR1", "PR2", "PR3", "PR4", "PR5", "PU1"]
    html = engine.make_html(pack, version=1)
    assert "Kept to ourselves." not in html
    assert "worked out with residents and carers" in html
    assert "service users" not in html.lower()
    assert html.count('class="box"') == sum(
        len(s.levels) + 1 + (not s.is_core)
        for principle in pack.principles
        for s in principle.standards
    )


@pytest.mark.slow
@pytest.mark.parametrize("is_large", [False, True])
def test_a_worker_makes_it_tagged_and_in_our_font(cast, is_large, tmp_path):
    # One principle has all kinds of pages; all five take five times as long.
    Response.objects.exclude(standard__code__in=["PR1", "PR2", "PU1"]).update(
        is_core=False, is_outside=True
    )
    report = ask(cast, is_large=is_large)
    rendering.render(report.pk, now=NOW)

    content_of_file = pdf_of(report)
    assert report.status == "ready"
    assert report.pages == (9 if is_large else 4)
    file = tmp_path / "pack.pdf"
    file.write_bytes(content_of_file)
    assert Validator().validate(file).findings == ()
    assert fonts_with_gaps(content_of_file) == []
    with pikepdf.open(io.BytesIO(content_of_file)) as pdf:
        assert pdf.Root.Lang == "en-GB"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "4Pi workshop pack: Riverside"
        scopes = [str(cell.A.Scope) for cell in elements(pdf, "/TH")]
        assert set(scopes) == {"/Column", "/Row"}
        tags = [str(e.S) for e in in_order(pdf) if re.match(r"/H\d$", str(e.S))]
        assert tags == ["/H1", "/H2", "/H2", "/H3", "/H3", "/H2", "/H3"]
        assert len(pdf.Root.Outlines.First) > 0
    text = "".join(
        page.extract_text()
        for page in pypdf.PdfReader(io.BytesIO(content_of_file)).pages
    )
    assert text.count("Tick one box.") == 3


def test_it_is_asked_for_read_and_listed(cast):
    client = Client()
    client.force_login(cast.contributor)
    place = ["riverside", cast.assessment.public_id]
    address = reverse("reports:workshop", args=place)
    overview = client.get(cast.assessment.get_absolute_url()).content.decode()
    assert address in overview
    assert "Make it in large print" in client.get(address).content.decode()

    asked = client.post(address, {"large": "yes"})

    report = Report.objects.get()
    assert (asked.url, report.kind) == (report.get_absolute_url(), "workshop")
    assert report.is_large
    page = client.get(asked.url).content.decode()
    assert "making your workshop pack" in page
    assert "the standards as they were" in page
    read = client.get(reverse("reports:read", args=["riverside", report.public_id]))
    assert "Values worked out together" in read.content.decode()
    listed = client.get(reverse("reports:index", args=["riverside"])).content.decode()
    assert "Workshop pack in large print: The whole organisation" in listed
    assert "Holds none" in listed
    event = AuditEvent.objects.get(verb="requested")
    assert (event.details["kind"], event.details["is_large"]) == ("workshop", True)


def test_its_page_says_when_something_else_is_asked(cast, settings, time_machine):
    time_machine.move_to(NOW, tick=False)
    report = ask(cast)
    ready = {"file": "x.pdf", "sha256": "0", "bytes": 1, "pages": 1, "ready_at": NOW}
    Report.objects.filter(pk=report.pk).update(status="ready", **ready)
    client = Client()
    client.force_login(cast.lead)
    address = report.get_absolute_url()
    assert "has changed since" not in client.get(address).content.decode()

    Response.objects.filter(standard__code="PR6").update(is_outside=True)

    page = client.get(address).content.decode()
    assert "What is asked has changed since this workshop pack" in page
    assert "It holds no answers" in page
    assert "Make a new one" in page

    # No button leads to a refusal.
    settings.REPORTS_AN_HOUR = 1
    page = client.get(address).content.decode()
    assert "You can make a new one at" in page
    assert "Make a new one" not in page


def test_each_kind_is_under_way_once_beside_the_others(cast):
    first = ask(cast)

    assert ask(cast) == first
    assert ask(cast, is_large=True) != first
    assert make_report(cast.assessment, cast.lead) != first
    Report.objects.filter(pk=first.pk).update(status="failed", failure="No room.")
    assert retry_report(report=first, by=cast.lead, at=NOW) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=first.pk).update(assessment=None)
