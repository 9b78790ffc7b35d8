"""All that an organisation owns: taken out, looked at, and loaded somewhere empty."""

import csv
import hashlib
import io
import json
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from assessments.models import Draft, Response
from assessments.operations import answer, post_comment
from organisations.models import Organisation, SignUpMessage, Unit, User
from organisations.operations import add_unit, invite
from organisations.operations.console import approve
from reports import operations, rendering
from reports.chores import remove_old_reports
from reports.document import read_document, take_out
from reports.models import Report
from reports.rendering import engine, lease
from tests.at_once import all_at_once
from tests.factories import (
    NOW,
    content,
    make_assessment,
    make_cast,
    make_steward,
    make_waiting_sign_up,
    the_response,
)
from tests.made_once import made_once
from tests.reports.factories import answer_all, lock_it, make_report


pytestmark = pytest.mark.django_db

PERSON = "organisations.user"
REPORT = "reports.report"
FORMULAS = ["=1+1", "+44 20 7946 0000", "-2+3", "@SUM(A1)", "\tx", "＝1+1"]


@pytest.fixture(scope="module")
def taken(django_db_setup, django_db_blocker, tmp_path_factory):
    """An archive of Riverside, which is gone again with all others when it is made."""
    folder = tmp_path_factory.mktemp("taken")
    with made_once(django_db_blocker), override_settings(MEDIA_ROOT=folder):
        cast = make_cast()
        fill(cast)
        record = make_report(cast.assessment, cast.lead)
        rendering.render(record.pk, now=NOW)
        archive = operations.request_take_out(
            organisation=cast.riverside, by=cast.lead, at=NOW
        )
        rendering.render(archive.pk, now=NOW)
        archive.refresh_from_db()
        record.refresh_from_db()
        assert archive.is_ready(), archive.failure
        made = SimpleNamespace(
            archive=archive,
            path=folder / archive.file,
            media=folder,
            record=record,
            text=text_of((folder / record.file).read_bytes()),
            others=[cast.stranger.email, cast.stranger.name, cast.steward.email],
        )
    # By now there is nobody again.
    return made


def fill(cast):
    """Let everything be there that an archive has, and what it must not have."""
    answer_all(cast.assessment, cast.lead, reason="Most teams do.")
    lock_it(cast.assessment, cast.lead)
    ward = make_assessment(cast.riverside, cast.lead, "A ward")
    for response, typed in zip(
        Response.objects.of(ward).select_related("standard"), FORMULAS, strict=False
    ):
        answer(
            response=the_response(ward, response.standard.code),
            content=content(reason=typed, level=1),
            version=0,
            by=cast.contributor,
            at=NOW,
        )
    post_comment(
        response=the_response(ward), text="Is it so?", tell=[], by=cast.lead, at=NOW
    )
    Draft.objects.create(
        response=the_response(ward),
        author=cast.contributor,
        writing="0b6f8a0e-0000-4000-8000-000000000000",
        turn=1,
        typed="never to be taken out",
        typed_at=NOW,
    )
    add_unit(
        organisation=cast.riverside, name="Wards", parent=None, by=cast.lead, at=NOW
    )
    invite(
        organisation=cast.riverside,
        email="new@people.example",
        role="viewer",
        by=cast.lead,
        at=NOW,
    )


def text_of(pdf):
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def load(path):
    call_command("load_take_out", path, verbosity=0, stdout=io.StringIO())


def member(taken, name):
    with ZipFile(taken.path) as archive:
        return archive.read(name)


def manifest_of(taken):
    return json.loads(member(taken, "manifest.json"))


# What is in it


def test_the_manifest_counts_every_row_and_names_every_file_by_its_hash(taken):
    manifest = manifest_of(taken)
    rows = json.loads(member(taken, "data.json"))

    assert manifest["rows"] == {name: len(found) for name, found in rows.items()}
    assert manifest["rows"]["assessments.response"] == 60
    assert manifest["rows"][REPORT] == 1
    assert manifest["missing"] == []
    with ZipFile(taken.path) as archive:
        names = set(archive.namelist())
        assert names == {"manifest.json", *manifest["files"]}
        for name, said in manifest["files"].items():
            raw = archive.read(name)
            assert said == {
                "sha256": hashlib.sha256(raw).hexdigest(),
                "bytes": len(raw),
            }
    assert manifest["files"][f"files/{taken.record.file}"]["sha256"] == (
        taken.record.sha256
    )
    assert taken.archive.pages == len(names)
    assert taken.path.suffix == ".zip"


def test_it_is_nobody_elses_while_it_is_read(cast, monkeypatch, settings):
    """To read all of an organisation takes long, and nothing is renewed meanwhile."""
    archive = operations.request_take_out(
        organisation=cast.riverside, by=cast.lead, at=NOW
    )
    seconds = [settings.REPORT_LEASE_SECONDS + 1, settings.CELERY_TASK_TIME_LIMIT - 1]
    claimed = []
    read = take_out.content_at

    def read_slowly(organisation, *, at):
        for late in seconds:
            claimed.append(lease.claim(archive.pk, at=NOW + timedelta(seconds=late)))
        return read(organisation, at=at)

    monkeypatch.setattr(take_out, "content_at", read_slowly)

    rendering.render(archive.pk, now=NOW)

    archive.refresh_from_db()
    assert (claimed, archive.status, archive.attempts) == ([None, None], "ready", 1)


@pytest.mark.django_db(transaction=True)
def test_somebody_saves_an_answer_while_all_is_read_and_the_archive_is_of_before(
    edition,
):
    cast = make_cast()
    saves = partial(
        answer,
        response=the_response(cast.assessment),
        content=content(reason="Saved meanwhile."),
        version=0,
        by=cast.lead,
        at=NOW,
    )
    saved = []

    def let_another_save(execute, sql, *rest):
        read = execute(sql, *rest)
        if not saved and sql.startswith("SELECT"):
            saved.append(None)
            saved[:] = all_at_once([saves])
        return read

    with connection.execute_wrapper(let_another_save):
        read = take_out.content_at(cast.riverside, at=NOW)

    response = the_response(cast.assessment)
    assert (response.version, response.reason) == (1, "Saved meanwhile.")
    assert len(saved) == 1
    assert "Saved meanwhile." not in str((read.rows, read.records))
    # Who writes takes the lock before she reads, as ever.
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        pass
    begun = queries[0]["sql"]
    assert begun == ("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")


def test_it_has_nothing_of_others_nor_what_is_one_persons_own(taken):
    with ZipFile(taken.path) as archive:
        whole = b"".join(
            archive.read(name)
            for name in archive.namelist()
            if name.endswith((".json", ".csv", ".txt"))
        ).decode()

    people = json.loads(member(taken, "data.json"))[PERSON]
    assert set(people[0]) == set(take_out.rows.PEOPLE)
    for never in (*taken.others, "never to be taken out", "argon2", "md5$", "Harbour"):
        assert never not in whole


def test_every_table_of_an_organisation_is_in_it_or_is_left_out_for_a_reason():
    """A new table is to be put into TABLES or NOT_TAKEN of reports/document/take_out."""
    taken = {table.model for table in take_out.TABLES}
    ours = [m for m in apps.get_models() if m._meta.app_label in OURS]

    for model in ours:
        if leads_to_an_organisation(model) and model not in taken:
            assert model._meta.label_lower in take_out.NOT_TAKEN


OURS = {"organisations", "voices", "assessments", "reports"}


def leads_to_an_organisation(model, seen=()):
    """Follow a table's references, but not through people, who belong to nobody."""
    if model is Organisation:
        return True
    targets = {
        field.related_model
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is not User
    }
    return any(
        leads_to_an_organisation(each, (*seen, model))
        for each in targets - {model, *seen}
    )


def test_its_sheets_hold_texts_as_texts_and_numbers_as_numbers(taken):
    workbook = load_workbook(io.BytesIO(member(taken, "organisation.xlsx")))
    answers = list(workbook["answers"].iter_rows(min_row=1))
    columns = {cell.value: number for number, cell in enumerate(answers[0])}
    reasons = {row[columns["Reason"]].value for row in answers[1:]}
    levels = [row[columns["Level"]] for row in answers[1:]]

    assert len(answers) == 61
    assert set(FORMULAS) - {"\tx"} <= reasons
    kinds = {cell.data_type for row in answers for cell in row}
    assert kinds <= {"s", "inlineStr", "n"}
    texts = [c for row in answers for c in row if isinstance(c.value, str)]
    assert {cell.number_format for cell in texts} == {"@"}
    assert {cell.value for cell in levels} == {0, 1, 2, 3, 4, None}
    table = csv.DictReader(
        io.StringIO(member(taken, "csv/answers.csv").decode("utf-8-sig"))
    )
    lines = list(table)
    assert {f"'{typed}" for typed in FORMULAS} <= {line["Reason"] for line in lines}
    assert {line["Level"] for line in lines} == {"0", "1", "2", "3", "4", ""}


@pytest.mark.parametrize("value", [-1, -0.5])
def test_a_negative_number_stays_a_number(value):
    sheet = take_out.tables.Sheet("x", ("n",), ((value,),))
    workbook = load_workbook(io.BytesIO(take_out.tables.workbook_of([sheet])))

    assert workbook["x"]["A2"].value == value
    assert take_out.tables.csv_of(sheet).splitlines()[1] == str(value)


# Loading it


@pytest.fixture
def elsewhere(settings, tmp_path, db):
    """An installation without people: the tables of the test, and an empty folder.

    PostgreSQL does not take back how far keys were counted: the tests after it need it.
    """
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    counted = sequences()
    yield settings.MEDIA_ROOT
    with connection.cursor() as cursor:
        for name, reached in counted:
            cursor.execute("SELECT setval(%s, %s)", [name, reached])


def sequences():
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(sequencename), last_value FROM pg_sequences "
            "WHERE schemaname = 'public' AND last_value IS NOT NULL"
        )
        return cursor.fetchall()


@pytest.mark.database
def test_loaded_somewhere_empty_every_row_and_hash_is_the_same(taken, elsewhere):
    load(taken.path)

    riverside = Organisation.objects.get()
    assert take_out.gather(riverside) == json.loads(member(taken, "data.json"))
    report = Report.objects.get()
    kept = (elsewhere / report.file).read_bytes()
    assert hashlib.sha256(kept).hexdigest() == report.sha256 == taken.record.sha256
    again = engine.make_pdf(
        read_document(report.document),
        version=report.template_version,
        check_code=report.check_code_in_groups,
    )
    assert text_of(again.pdf) == taken.text
    # The next rows get keys of their own.
    lead = User.objects.get(name="Asha Lead")
    add_unit(organisation=riverside, name="Day", parent=None, by=lead, at=NOW)
    assert Unit.objects.count() == 3


def test_its_people_come_back_by_a_new_password_and_nobody_else_does(
    taken, elsewhere, client
):
    load(taken.path)

    lead = User.objects.get(name="Asha Lead")
    assert not lead.has_usable_password()
    assert lead.emailaddress_set.get().verified
    assert not User.objects.filter(is_staff=True).exists()
    client.force_login(lead)
    assert client.get("/o/riverside/").status_code == 200
    assert client.get("/o/riverside/reports/").status_code == 200


def test_it_loads_only_where_nothing_is(taken, elsewhere, cast):
    with pytest.raises(CommandError, match="not empty"):
        load(taken.path)


def altered(taken, path, change=None, **changed):
    """Copy an archive with some members changed, taken away or added."""
    with ZipFile(taken.path) as source, ZipFile(path, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            raw = changed.pop(name, source.read(name))
            if raw is not None:
                target.writestr(name, raw)
        for name, raw in changed.items():
            target.writestr(name, raw)
        if change:
            change(target)
    return path


def a_link(archive):
    info = ZipInfo("files/link")
    info.external_attr = 0o120777 << 16
    archive.writestr(info, "/etc/passwd")


def rows_with(taken, table, **columns):
    rows = json.loads(member(taken, "data.json"))
    rows[table][0] |= columns
    raw = json.dumps(rows).encode()
    manifest = manifest_of(taken)
    manifest["files"]["data.json"]["sha256"] = hashlib.sha256(raw).hexdigest()
    return {"data.json": raw, "manifest.json": json.dumps(manifest)}


@pytest.mark.parametrize(
    ("says", "change"),
    [
        ("a name that we never give", {"../../evil": b"x"}),
        ("a name that we never give", {"/etc/cron.d/evil": b"x"}),
        ("a name that we never give", {"files\\..\\evil": b"x"}),
        ("a name that we never give", a_link),
        ("unpacks to far more", {"files/bomb": b"0" * 30_000_000}),
        ("not those that its manifest names", {"files/more": b"x"}),
        ("not those that its manifest names", {"csv/answers.csv": None}),
        ("is not as it was", {"csv/answers.csv": b"x"}),
        ("is not as it was", {"data.json": b"{}"}),
        ("not an archive that we made", {"manifest.json": b"[]"}),
        ("not an archive that we made", None),
    ],
)
def test_an_archive_that_is_not_ours_loads_nothing(
    taken, elsewhere, tmp_path, says, change
):
    path = tmp_path / "x.zip"
    if change is None:
        path.write_bytes(b"PK\x03\x04 and nothing more")
    elif callable(change):
        altered(taken, path, change)
    else:
        altered(taken, path, **change)

    with pytest.raises(CommandError, match=says):
        load(path)

    assert not Organisation.objects.exists()
    assert not elsewhere.exists()


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        (PERSON, {"is_staff": True}),
        (PERSON, {"email": "no address"}),
        ("organisations.organisation", {"website": "javascript:alert(1)"}),
        ("organisations.membership", {"role": "owner"}),
        ("assessments.assessment", {"edition": "another"}),
        ("assessments.evidence", {"response": 999_999_999}),
        (REPORT, {"sha256": "0" * 64}),
    ],
)
def test_rows_that_are_none_of_ours_load_nothing(
    taken, elsewhere, tmp_path, table, columns
):
    path = altered(taken, tmp_path / "x.zip", **rows_with(taken, table, **columns))

    with pytest.raises(CommandError, match="Nothing was loaded"):
        load(path)

    assert not Organisation.objects.exists()


# The page


def test_a_lead_asks_downloads_and_finds_it_gone_after_a_week(
    cast, client, media, time_machine
):
    time_machine.move_to(NOW, tick=False)
    client.force_login(cast.co_lead)
    page = reverse("reports:take_out", args=["riverside"])

    before = client.get(page)
    client.post(page)
    client.post(page)
    [archive] = Report.objects.all()
    waiting = client.get(page)
    media.mkdir()
    (media / "x.zip").write_bytes(b"PK")
    Report.objects.update(
        status="ready",
        file="reports/x.zip",
        sha256="0" * 64,
        bytes=2,
        pages=9,
        ready_at=NOW,
    )
    ready = client.get(page)
    there = reverse("reports:take_out_download", args=["riverside", archive.public_id])
    file = client.get(there)

    assert b"Make the archive" in before.content
    assert waiting["Refresh"] == "5"
    assert b"Waiting" in waiting.content
    assert archive.check_code == ""
    assert there.encode() in ready.content
    assert "Refresh" not in ready
    assert file.getvalue() == b"PK"
    assert file["Content-Type"] == "application/zip"
    assert "4pi-archive-riverside-2026-11-23-1200.zip" in file["Content-Disposition"]
    # It is on no page of reports, nor is it given to who may not have it.
    as_report = reverse("reports:download", args=["riverside", archive.public_id])
    assert client.get(as_report).status_code == 404
    listed = client.get(reverse("reports:index", args=["riverside"]))
    assert b"No reports yet" in listed.content
    client.force_login(cast.contributor)
    assert client.get(there).status_code == 403
    client.force_login(cast.stranger)
    assert client.get(there).status_code == 404

    assert remove_old_reports(NOW + timedelta(days=7, minutes=1)) == 1
    client.force_login(cast.co_lead)
    assert client.get(there).status_code == 404


def test_a_stewards_notes_stay_here(cast):
    sign_up = make_waiting_sign_up()
    steward = make_steward("Nora Notes")
    SignUpMessage.objects.create(
        sign_up=sign_up, kind="note", by=steward, at=NOW, text="A private note."
    )
    SignUpMessage.objects.create(
        sign_up=sign_up, kind="question", by=steward, at=NOW, text="Which ward?"
    )
    organisation = approve(
        sign_up=sign_up, version=sign_up.version, words="", by=steward, at=NOW
    )

    rows = take_out.gather(organisation)

    [message] = rows["organisations.signupmessage"]
    assert message["text"] == "Which ward?"
    assert "token_hash" not in rows["organisations.signup"][0]
    by = {person["id"]: person for person in rows[PERSON]}[steward.pk]
    assert by["name"] == "A steward"
    assert steward.email not in json.dumps(rows)
