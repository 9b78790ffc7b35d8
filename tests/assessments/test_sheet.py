"""Our answers as a spreadsheet: taken away, filled in, looked at, saved together."""

from datetime import date

import pytest
from django.contrib.messages import get_messages

from assessments.models import Response, ResponseRevision, UploadedSheet
from assessments.operations import answer, forget_drafts, lock
from assessments.queries import all_questions, waiting_sheet
from assessments.queries.my_data import my_writing
from assessments.rules import EvidenceContent
from organisations.models import AuditEvent
from tests.assessments.sheets import (
    address,
    column_of,
    confirm,
    downloaded,
    fill,
    hidden_of,
    row_of,
    text_of,
    upload,
)
from tests.factories import NOW, content, the_response
from tests.signing_in import sign_in


pytestmark = pytest.mark.django_db

CHARTER = EvidenceContent(
    title="Charter",
    type="document",
    link="https://riverside.example/charter",
    note="Written together.\n\nTwice.",
    dated_on=date(2026, 5, 1),
    is_public=True,
    cqc_category="processes",
)


@pytest.fixture
def lead(cast, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(cast.lead)
    return client


def give(cast, code, *, by=None, **said):
    response = the_response(cast.assessment, code)
    answer(
        response=response,
        content=content(**said),
        version=response.version,
        by=by or cast.lead,
        at=NOW,
    )


def stands(cast, code):
    questions = all_questions(cast.assessment)
    return next(q.content for q in questions if q.standard.code == code)


# Taken away


def test_it_holds_every_answer_in_words_and_hides_what_is_ours(cast, lead):
    give(cast, "PR1", level=3, reason="Because.", evidence=(CHARTER,), is_finished=True)
    give(cast, "PR4", state="dont_know", level=None, reason="")
    give(
        cast,
        "PR5",
        state="not_applicable",
        level=None,
        not_applicable_because="no_such_work",
        reason="Volunteers.",
    )

    workbook = downloaded(lead, cast.assessment)

    sheet = workbook["Our answers"]
    assert workbook.sheetnames[:3] == [
        *("Our answers", "How to fill it in", "What the levels mean"),
    ]
    assert {s.title for s in workbook if s.sheet_state == "hidden"} == {
        "Lists",
        "About",
    }
    assert sheet.max_row == 31
    assert sheet.freeze_panes == "C2"
    row = [cell.value for cell in sheet[row_of(workbook, "PR1")]]
    assert row[0:2] == ["PR1", "Values worked out together"]
    assert row[3] == "3 In place and felt"
    assert row[5:13] == [
        *("Because.", "Charter", "A document", "https://riverside.example/charter"),
        *(row[9], "Written together.\n\nTwice.", "Processes", "Yes"),
    ]
    assert row[9].date() == date(2026, 5, 1)
    assert row[27] == "Yes"
    assert sheet.cell(row_of(workbook, "PR4"), 4).value == "Don't know yet"
    unable = row_of(workbook, "PR5")
    assert sheet.cell(unable, 4).value == "Does not apply"
    no_such_work = "We have no groups, roles or work of this kind"
    assert sheet.cell(unable, 5).value == no_such_work
    assert sheet.cell(row_of(workbook, "IM6"), 4).value is None
    hidden = column_of(workbook, "Do not change")
    assert sheet.column_dimensions[sheet.cell(1, hidden).column_letter].hidden
    # A core standard always applies, so that its list does not offer otherwise.
    lists = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    offered = {
        code: next(
            f
            for cells, f in lists.items()
            if f"D{row_of(workbook, code)}" in cells.replace(":", " ").split()
        )
        for code in ("PR1", "PR2")
    }
    assert offered["PR1"] != offered["PR2"]
    words = [cell.value for cell in workbook["Lists"]["A"] if cell.value]
    assert words[-2:] == ["Don't know yet", "Does not apply"]


def test_it_goes_to_members_only(cast, lead):
    lead.force_login(cast.viewer)
    assert lead.get(address("sheet_download", cast.assessment)).status_code == 200
    assert lead.get(address("sheet", cast.assessment)).status_code == 403
    lead.force_login(cast.stranger)
    assert lead.get(address("sheet_download", cast.assessment)).status_code == 404


# Brought back


def test_nothing_is_changed_by_what_was_not_filled_in(cast, lead):
    give(cast, "PR1", level=3, evidence=(CHARTER,))
    workbook = downloaded(lead, cast.assessment)

    page = upload(lead, cast.assessment, workbook)

    assert page.url == address("sheet_changes", cast.assessment)
    text = text_of(lead.get(page.url))
    assert "There is nothing to save." in text
    assert "Save" not in text


def test_every_change_is_shown_and_saved_together(cast, lead):
    give(cast, "PR1", level=1, reason="Some of us do.")
    workbook = downloaded(lead, cast.assessment)
    fill(workbook, "PR1", level="3 In place and felt", why="Most of us do.")
    fill(workbook, "PR4", level=2, finished="yes")
    fill(workbook, "PR5", level="don’t know YET", finished="for later")
    fill(
        workbook,
        "PR6",
        finished="No",
        level="Does not apply",
        because="We have no staff",
        why="Volunteers do it.",
    )
    fill(
        workbook,
        "IM1",
        level="Partly in place",
        title="Log",
        kind="a number",
        date="1 May 2026",
        link="https://riverside.example/log",
        note="Every week.",
        cqc="Outcomes",
        public="YES",
    )
    events = AuditEvent.objects.filter(verb="answered").count()

    text = text_of(lead.get(upload(lead, cast.assessment, workbook).url))

    assert "Nothing is saved yet. 5 answers would change." in text
    assert "was <del>1 Early steps</del>, became <ins>3 In place and felt</ins>" in text
    assert "(taken out:) </span>Some </del>" in text
    assert "Evidence put in: <bdi>Log</bdi>" in text
    assert "Readers may ask what shows this level." in text
    assert the_response(cast.assessment).level == 1

    page = confirm(lead, cast.assessment)

    assert page.url == cast.assessment.get_absolute_url()
    assert [str(m) for m in get_messages(page.wsgi_request)] == ["5 answers saved."]
    assert stands(cast, "PR1") == content(level=3, reason="Most of us do.")
    assert stands(cast, "PR4") == content(level=2, reason="", is_finished=True)
    assert stands(cast, "PR5") == content(
        state="dont_know", level=None, reason="", is_later=True
    )
    assert stands(cast, "PR6").not_applicable_because == "no_staff"
    log = EvidenceContent(
        title="Log",
        type="number",
        link="https://riverside.example/log",
        note="Every week.",
        dated_on=date(2026, 5, 1),
        is_public=True,
        cqc_category="outcomes",
    )
    assert stands(cast, "IM1").evidence == (log,)
    assert AuditEvent.objects.filter(verb="answered").count() == events + 5
    assert the_response(cast.assessment).version == 2
    assert not UploadedSheet.objects.exists()
    # Once more, by a double click: it is saved once.
    again = lead.post(address("sheet_changes", cast.assessment), {})
    assert again.url == address("sheet", cast.assessment)
    assert the_response(cast.assessment).version == 2


def test_rows_may_be_sorted_and_columns_moved(cast, lead):
    workbook = downloaded(lead, cast.assessment)
    fill(workbook, "IM6", level=4)
    sheet = workbook["Our answers"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for number, row in enumerate(reversed(rows), start=2):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    sheet.insert_cols(3)
    sheet.cell(1, 3, "My own notes")
    sheet.cell(4, 3, "=FORMULA()")

    upload(lead, cast.assessment, workbook)
    confirm(lead, cast.assessment)

    assert stands(cast, "IM6").level == 4
    assert Response.objects.filter(version__gt=0).count() == 1


# Somebody saved meanwhile


@pytest.fixture
def conflict(cast, lead):
    """PR1 is another since the download, and PR2 too, of which the sheet has the old."""
    give(cast, "PR1", level=1, reason="First.")
    give(cast, "PR2", level=1, reason="First.")
    workbook = downloaded(lead, cast.assessment)
    fill(workbook, "PR1", level=3, why="From the train.", title="Ticket")
    fill(workbook, "PR4", level=2)
    give(
        cast,
        "PR1",
        by=cast.contributor,
        level=2,
        reason="From the office.",
        evidence=(CHARTER,),
    )
    give(cast, "PR2", by=cast.contributor, level=0, reason="Changed.")
    upload(lead, cast.assessment, workbook)
    return cast


def test_a_conflict_shows_both_texts_and_asks_what_is_to_stand(conflict, lead):
    page = lead.get(address("sheet_changes", conflict.assessment))

    text = text_of(page)
    assert "<bdi>Tom Contributor</bdi> saved this answer" in text
    assert text.count('class="card"') == 2
    for words in ("From the office.", "From the train.", "Charter", "Ticket"):
        assert words in text
    assert "From the office. From the train." in text.replace("<br>", "")
    refused = lead.post(page.request["PATH_INFO"], hidden_of(page))
    assert "Choose which answer to PR1 is to stand." in text_of(refused)
    assert not Response.objects.filter(standard__code="PR4", version__gt=0).exists()


@pytest.mark.parametrize(
    ("kept", "level", "reason", "titles"),
    [
        ("mine", 3, "From the train.", ["Ticket"]),
        ("theirs", 2, "From the office.", ["Charter"]),
        ("both", 3, "From the office.\n\nFrom the train.", ["Ticket", "Charter"]),
    ],
)
def test_what_was_chosen_stands_and_nothing_is_lost(
    conflict, lead, kept, level, reason, titles
):
    assert confirm(lead, conflict.assessment, PR1=kept).status_code == 302

    now = stands(conflict, "PR1")
    assert (now.level, now.reason) == (level, reason)
    assert [piece.title for piece in now.evidence] == titles
    assert stands(conflict, "PR2").reason == "Changed."
    assert stands(conflict, "PR4").level == 2
    revisions = ResponseRevision.objects.filter(response__standard__code="PR1")
    texts = [r.reason for r in revisions]
    assert {"From the office."} < set(texts)
    assert any("From the train." in text for text in texts)
    rejected = revisions.filter(outcome="rejected")
    assert [r.saved_by for r in rejected] == (
        [conflict.lead] if kept == "theirs" else []
    )


def test_who_saves_between_the_look_and_the_button_stops_all_of_it(conflict, lead):
    page = lead.get(address("sheet_changes", conflict.assessment))
    give(conflict, "PR4", by=conflict.co_lead, level=0, reason="Just now.")
    give(conflict, "PR5", by=conflict.co_lead, level=0, reason="Not in the sheet.")
    typed = hidden_of(page) | {"keep_PR1": "mine", "keep_PR4": "mine"}

    refused = lead.post(address("sheet_changes", conflict.assessment), typed)

    assert refused.status_code == 409
    text = text_of(refused)
    assert "Somebody saved PR4 while you were looking." in text
    assert "Just now." in text
    assert 'value="mine" checked' in text
    assert stands(conflict, "PR1").reason == "From the office."
    assert stands(conflict, "PR4").reason == "Just now."
    assert waiting_sheet(conflict.assessment, conflict.lead)

    confirm(lead, conflict.assessment, PR1="mine", PR4="mine")

    assert stands(conflict, "PR1").reason == "From the train."
    assert stands(conflict, "PR4").level == 2


def test_lock_keeps_it_for_its_author(conflict, lead):
    page = lead.get(address("sheet_changes", conflict.assessment))
    for response in Response.objects.filter(
        assessment=conflict.assessment, version=0
    ).select_related("standard"):
        give(conflict, response.standard.code, state="dont_know", level=None)
    lock(assessment=conflict.assessment, by=conflict.lead, at=NOW)
    typed = hidden_of(page) | {"keep_PR1": "mine"}

    refused = lead.post(address("sheet_changes", conflict.assessment), typed)

    text = text_of(refused)
    assert "Our view is locked" in text
    assert "From the train." in text
    assert waiting_sheet(conflict.assessment, conflict.lead)
    assert "Our view is locked" in text_of(
        lead.get(address("sheet", conflict.assessment))
    )


def test_a_row_whose_mark_is_gone_overwrites_nothing_unseen(cast, lead):
    give(cast, "PR1", level=1, reason="What stands.")
    workbook = downloaded(lead, cast.assessment)
    fill(workbook, "PR1", level=4)
    mark = column_of(workbook, "Do not change")
    workbook["Our answers"].cell(row_of(workbook, "PR1"), mark, "PR1 2")

    upload(lead, cast.assessment, workbook)

    page = lead.get(address("sheet_changes", cast.assessment))
    assert "Which answer to PR1 is to stand?" in text_of(page)


# Until it is saved


def test_it_is_sealed_hers_alone_and_can_be_forgotten(conflict, lead):
    sheet = UploadedSheet.objects.get()
    assert "train" not in sheet.rows
    (mine,) = my_writing(conflict.lead)["uploaded by you and not saved"]
    assert "From+the+train." in str(mine)
    lead.force_login(conflict.contributor)
    page = lead.get(address("sheet_changes", conflict.assessment))
    assert page.url == address("sheet", conflict.assessment)
    throw = address("sheet_throw_away", conflict.assessment)
    lead.post(throw, {"sheet": sheet.public_id})
    lead.force_login(conflict.lead)
    lead.post(throw, {"sheet": "not one"})
    assert UploadedSheet.objects.count() == 1
    waiting = lead.get(address("sheet", conflict.assessment))
    assert "not saved yet" in text_of(waiting)

    lead.post(throw, {"sheet": sheet.public_id})

    assert not UploadedSheet.objects.exists()
    upload(lead, conflict.assessment, downloaded(lead, conflict.assessment))
    forget_drafts(of=conflict.lead)
    assert not UploadedSheet.objects.exists()


def test_another_upload_is_not_saved_by_the_page_of_the_first(cast, lead):
    workbook = downloaded(lead, cast.assessment)
    fill(workbook, "PR1", level=1)
    upload(lead, cast.assessment, workbook)
    page = lead.get(address("sheet_changes", cast.assessment))
    fill(workbook, "PR1", level=2)
    upload(lead, cast.assessment, workbook)

    refused = lead.post(address("sheet_changes", cast.assessment), hidden_of(page))

    assert refused.status_code == 409
    assert the_response(cast.assessment).version == 0
    assert confirm(lead, cast.assessment).status_code == 302
    assert the_response(cast.assessment).level == 2


def test_what_was_chosen_outlives_the_session(conflict, lead):
    page = lead.get(address("sheet_changes", conflict.assessment))
    typed = hidden_of(page) | {"keep_PR1": "both", "author": page.context["author"]}
    lead.logout()
    lead.post(address("sheet_changes", conflict.assessment), typed)
    kept = lead.session["kept_typing"]
    lead.force_login(conflict.lead)
    session = lead.session
    session["kept_typing"] = kept
    session.save()

    text = text_of(lead.get(address("sheet_changes", conflict.assessment)))

    assert "We kept what you chose" in text
    assert 'value="both" checked' in text
    assert confirm(lead, conflict.assessment, PR1="both").status_code == 302


def test_a_file_that_came_after_the_session_is_not_taken_and_that_is_said(
    conflict, lead
):
    lead.logout()

    sent = upload(lead, conflict.assessment, b"the newer one")

    assert "did not take the file" in text_of(lead.get(sent.url))
    sign_in(lead, conflict.lead)
    page = text_of(lead.get(address("sheet", conflict.assessment)))
    assert "did not take the file" in page
    older = waiting_sheet(conflict.assessment, conflict.lead)
    assert older.name == "filled in.xlsx"
    assert "filled in.xlsx" in page
    assert "filled in" not in UploadedSheet.objects.get().rows
    changes = text_of(lead.get(address("sheet_changes", conflict.assessment)))
    assert (
        "These are from <strong>filled in.xlsx</strong>, which you uploaded" in changes
    )
    upload(lead, conflict.assessment, b"no spreadsheet")
    again = text_of(lead.get(address("sheet", conflict.assessment)))
    assert "did not take the file" not in again


def test_pages_ask_the_database_as_often_however_much_is_in_them(
    conflict, lead, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        lead.get(address("sheet_changes", conflict.assessment))
    with django_assert_max_num_queries(9):
        lead.get(address("sheet_download", conflict.assessment))
