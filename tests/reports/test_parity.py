"""All that people fill in is in the full record, whatever it is read in, in one order.

And what is nobody's but theirs is in none of them.
"""

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import unescape
from uuid import uuid4

import pypdf
import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from assessments.models import Rating, Response
from assessments.operations import (
    EditConflict,
    answer,
    ask_for_another_look,
    ask_for_ratings,
    hold_back,
    keep_draft,
    keep_sheet,
    lift_hold,
    lock,
    note_dissent,
    post_comment,
    publish_own_view,
    rate,
    start_assessment,
    unlock,
)
from assessments.rules import EvidenceContent, OwnView, ResponseContent, SetUp, Writing
from organisations.models import Organisation
from organisations.operations import add_unit
from reports.document import build_document, read_document, record_csv
from reports.models import Report
from reports.operations import request_report
from reports.rendering import engine
from tests.factories import NOW, make_cast, signed_up, the_response
from tests.made_once import made_once
from tests.reports.factories import (
    make_principle,
    make_record,
    make_report,
    make_standard,
)


pytestmark = pytest.mark.slow

PRIVATE = {
    "assessments.ResponseRevision.reason": "earlier and late texts",
    "assessments.ResponseRevision.evidence": "earlier and late texts",
    "assessments.Comment.text": "for colleagues while they work",
    "assessments.AnotherLook.why": "for colleagues while they work",
    "assessments.Draft.typed": "its author's alone",
    "assessments.UploadedSheet.rows": "its author's alone",
}
SHOWN = {
    "assessments.Assessment.scope_name",
    "assessments.Assessment.domains",
    "assessments.Response.reason",
    "assessments.Evidence.title",
    "assessments.Evidence.link",
    "assessments.Evidence.note",
    "assessments.Dissent.text",
    "assessments.Unlocking.reason",
    "assessments.Hold.reason",
    "assessments.Publication.why_not_asked",
    "assessments.Publication.strengths",
    "assessments.Publication.gaps",
    "assessments.Publication.actions",
}
LATER = NOW + timedelta(days=1)
DAYS = {"from": date(2025, 1, 7), "until": date(2026, 2, 9), "dated": date(2026, 3, 8)}


class Markers:
    """Words that stand nowhere else, in the order in which a report should say them."""

    def __init__(self):
        self.shown, self.hidden = [], []

    def show(self, about):
        return self._new(self.shown, about)

    def hide(self, about):
        return self._new(self.hidden, about)

    @staticmethod
    def _new(among, about):
        among.append(f"Zq{len(among):03}{about}Xk")
        return among[-1]


@dataclass
class World:
    cast: object
    markers: Markers
    report: Report
    held: Report


def of_evidence(markers, code, number):
    title = markers.show(f"title{code}{number}")
    link = markers.show(f"link{code}{number}")
    return EvidenceContent(
        title=title,
        type="document",
        link=f"https://x.example/{link}",
        note=markers.show(f"note{code}{number}"),
        dated_on=DAYS["dated"],
        is_public=number == 1,
        cqc_category="staff",
    )


def answer_with_markers(assessment, markers, by):
    """Fill in every field of each standard; of one nobody knows, one does not apply.

    All three pieces of evidence where one begins and ends: a page takes its time.
    """
    responses = Response.objects.of(assessment).select_related(
        "standard", "saved_by", "assessment__organisation"
    )
    order = ("standard__principle__position", "standard__position")
    for number, response in enumerate(responses.order_by(*order)):
        code = response.standard.code
        state = {"PR2": "dont_know", "PR4": "not_applicable"}.get(code, "answered")
        said = ResponseContent(
            state=state,
            level=number % 5 if state == "answered" else None,
            not_applicable_because="other" if state == "not_applicable" else "",
            reason=markers.show(f"reason{code}"),
            is_finished=True,
            **_after_dissent(markers, code),
        )
        answer(response=response, content=said, version=0, by=by, at=NOW)


def _after_dissent(markers, code):
    """Take the dissent's marker where a report says it: before the evidence."""
    if code == "PR1":
        markers.show("dissent")
    pieces = range(1, 4) if code in {"PR1", "IM6"} else range(1, 2)
    return {"evidence": tuple(of_evidence(markers, code, n) for n in pieces)}


def work_on_it(cast, assessment, markers):
    """Leave behind what colleagues say and type while they work."""
    first = the_response(assessment)
    note_dissent(
        response=first,
        text=next(m for m in markers.shown if "dissent" in m),
        version=1,
        by=cast.co_lead,
        at=NOW,
    )
    late = ResponseContent(
        state="answered",
        level=1,
        reason=markers.hide("late"),
        evidence=(EvidenceContent(title=markers.hide("latepiece"), type="document"),),
    )
    with pytest.raises(EditConflict):
        answer(response=first, content=late, version=0, by=cast.contributor, at=NOW)
    post_comment(
        response=first, text=markers.hide("comment"), tell=[], by=cast.lead, at=NOW
    )
    ask_for_another_look(
        response=first, why=markers.hide("look"), by=cast.co_lead, at=NOW
    )
    keep_draft(
        response=first,
        writing=Writing(uuid4()),
        typed=markers.hide("draft"),
        by=cast.contributor,
        at=NOW,
    )
    rows = [("PR1", 1, markers.hide("sheet"))]
    keep_sheet(assessment=assessment, rows=rows, by=cast.contributor, at=NOW)
    people = [cast.lead, cast.co_lead]
    ask_for_ratings(
        assessment=assessment,
        principles=["principles"],
        people=people,
        by=cast.lead,
        at=NOW,
    )
    for rating in Rating.objects.filter(round__response=first):
        rate(rating=rating, level=4, by=rating.person, at=NOW)


def make_world():
    cast, markers = make_cast(), Markers()
    name, team, people = map(markers.show, ("organisation", "team", "people"))
    fields = signed_up() | {"name": name, "people_called": people}
    Organisation.objects.filter(pk=cast.riverside.pk).update(**fields)
    cast.riverside.refresh_from_db()
    unit = add_unit(
        organisation=cast.riverside, name=team, parent=None, by=cast.lead, at=NOW
    )
    assessment = start_assessment(
        organisation=cast.riverside,
        by=cast.lead,
        at=NOW,
        scope="service",
        unit=unit,
        set_up=SetUp(
            domains=("OC", "SD"),
            period_from=DAYS["from"],
            period_until=DAYS["until"],
        ),
    )
    answer_with_markers(assessment, markers, cast.lead)
    work_on_it(cast, assessment, markers)
    lock(assessment=assessment, by=cast.lead, at=NOW)
    assessment.refresh_from_db()
    why = markers.show("unlocked")
    unlock(
        assessment=assessment,
        reason=why,
        locked_at=assessment.locked_at,
        by=cast.co_lead,
        at=NOW,
    )
    lock(assessment=assessment, by=cast.co_lead, at=NOW)
    assessment.refresh_from_db()
    membership = cast.riverside.memberships.get(user=cast.co_lead)
    reason = markers.hide("liftedhold")
    hold = hold_back(
        assessment=assessment, membership=membership, reason=reason, at=NOW
    )
    held = make_report(assessment, cast.lead)
    lift_hold(hold=hold, membership=membership, at=NOW)
    own_view = OwnView(*(markers.show(w) for w in ("why", "strong", "gap", "act")))
    publish_own_view(assessment=assessment, own_view=own_view, by=cast.lead, at=NOW)
    Report.objects.update(status="failed", failure="Not needed here.")
    report = request_report(assessment=assessment, by=cast.lead, at=LATER)
    return World(cast, markers, report, held)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with made_once(django_db_blocker):
        yield make_world()


def fetched(world, name):
    client = Client()
    client.force_login(world.cast.viewer)
    place = ["riverside", world.report.public_id]
    page = client.get(reverse(f"reports:{name}", args=place))
    assert page.status_code == 200
    return page


def as_pdf(world):
    made = engine.make_pdf(read_document(world.report.document), version=1)
    pages = pypdf.PdfReader(io.BytesIO(made.pdf)).pages
    whole = "".join(page.extract_text() for page in pages)
    return re.sub(r"[\s\u200b]", "", whole)


def as_page(world):
    whole = fetched(world, "read").content.decode()
    return re.sub(r"<[^>]*>", " ", whole[whole.index("<main") :])


def as_sheet(world):
    workbook = load_workbook(io.BytesIO(fetched(world, "sheet").content))
    cells = [
        cell
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    return "\n".join(str(cell.value) for cell in cells)


def as_json(world):
    whole = fetched(world, "json").content.decode()
    assert json.loads(whole)["principles"]
    return whole


FORMATS = {"pdf": as_pdf, "page": as_page, "sheet": as_sheet, "json": as_json}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_says_all_in_one_order_and_nothing_private(world, db, name):
    said = FORMATS[name](world)

    places = {marker: said.find(marker) for marker in world.markers.shown}
    assert [marker for marker, place in places.items() if place < 0] == []
    assert list(places) == sorted(places, key=lambda marker: places[marker])
    assert [marker for marker in world.markers.hidden if marker in said] == []
    for person in ("Asha Lead", "Maureen Colead", "Tom Contributor"):
        assert person.replace(" ", "") not in said.replace(" ", "")
    for day, by_hand in (("2025-01-07", "7January2025"), ("2026-03-08", "8March2026")):
        assert day in said or by_hand in said.replace(" ", "")


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_says_what_is_left_out_in_the_same_sentences(world, db, name):
    said = re.sub(r"\s", "", unescape(FORMATS[name](world)))

    document = read_document(world.report.document)
    assert len(document.not_in_it) == 5
    for sentence in (document.not_asked, *document.not_in_it):
        assert re.sub(r"\s", "", sentence) in said, sentence


def test_the_answers_as_csv_are_those_of_the_spreadsheet(world, db):
    csv_page = fetched(world, "csv")
    lines = list(csv.reader(io.StringIO(csv_page.content.decode("utf-8-sig"))))

    workbook = load_workbook(io.BytesIO(fetched(world, "sheet").content))
    rows = list(workbook["Answers"].iter_rows(values_only=True))
    assert lines[0] == list(rows[0])
    assert len(lines) == len(rows)
    for line, row in zip(lines[1:], rows[1:], strict=True):
        assert line == [as_in_csv(value) for value in row]


def as_in_csv(value):
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


def test_a_formula_in_the_csv_is_text():
    record = make_record(make_principle(make_standard(reason="=1+1")))

    said = record_csv(read_document(build_document(record, at=NOW)))

    assert ",'=1+1," in said


def test_every_field_for_words_is_shown_or_said_to_be_private():
    found = {
        field_name
        for model in apps.get_app_config("assessments").get_models()
        for field_name in fields_for_words(model)
    }

    assert found == SHOWN | set(PRIVATE)


def fields_for_words(model):
    """Name the fields of a model that hold what a person typed."""
    for field in model._meta.fields:
        is_text = isinstance(field, CharField | TextField | JSONField)
        if is_text and not field.choices:
            yield f"{model._meta.label}.{field.name}"


def test_what_holds_publishing_back_is_in_the_record_while_it_does(world):
    reason = next(m for m in world.markers.hidden if "liftedhold" in m)

    held = read_document(world.held.document).background.held_back

    assert (held.reason, held.placed_as) == (reason, "Lived-experience co-lead")


def test_it_says_by_role_who_took_part_and_never_whose_level(world):
    how = read_document(world.report.document).background

    assert [(p.role, p.answered, p.rated) for p in how.roles] == [
        ("Lead", 1, 1),
        ("Lived-experience co-lead", 0, 1),
    ]
    assert how.rated == 1
    assert how.locked_as == "Lived-experience co-lead"
    assert "spread" not in json.dumps(world.report.document)
