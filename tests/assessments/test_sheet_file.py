"""What people upload in place of our spreadsheet: told by cell, and nothing is done."""

import io
import resource
import struct
import time
import zipfile

import pytest
from django.core import signing
from hypothesis import given, settings, strategies
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from assessments.document import sheet_layout
from assessments.document.sheet_layout import escaped, unescaped
from assessments.forms import sheet_file
from assessments.forms.sheet_file import Cell, NotReadable, open_sheets
from assessments.models import Response, UploadedSheet
from organisations.forms import PlainTextField
from tests.assessments.sheets import (
    address,
    column_of,
    confirm,
    downloaded,
    fill,
    row_of,
    saved,
    text_of,
    upload,
)
from tests.factories import NOW, content, make_assessment, the_response


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def packed(parts, **how) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **how) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def relations(*targets) -> str:
    links = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>'


def parts_of(sheet: str, **more) -> dict[str, str]:
    """A workbook made by hand, with one sheet called S."""
    return {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        '<sheets><sheet name="S" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "/xl/worksheets/sheet1.xml"),
            ("sharedStrings", "sharedStrings.xml"),
            ("styles", "styles.xml"),
        ),
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"/>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"/>',
    } | more


def sheet_of(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def cell_of(content: str, place: str = "A1") -> Cell:
    sheet = open_sheets(
        packed(parts_of(sheet_of(f"<row r='1'>{content}</row>"))), {"S"}
    )
    return sheet["S"].cells.get(1, {}).get(1, Cell())


def test_a_sheet_made_by_hand_is_read():
    strings = f"""<sst xmlns="{MAIN}"><si><t>One</t></si>
      <si><r><t>Tw</t></r><r><rPr/><t xml:space="preserve">o </t></r>
      <rPh><t>too</t></rPh></si></sst>"""
    styles = f"""<styleSheet xmlns="{MAIN}">
      <numFmts><numFmt numFmtId="170" formatCode="d mmmm yyyy"/></numFmts>
      <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs>
      </styleSheet>"""
    row = """<row r="3"><c r="A3" t="s"><v>0</v></c><c t="s"><v>1</v></c>
      <c r="E3" s="1"><v>46023</v></c><c s="2"><v>46023.5</v></c><c><v>-0.5</v></c>
      <c t="b"><v>1</v></c><c t="e"><v>#REF!</v></c><c><f>1+1</f><v>2</v></c>
      <c t="inlineStr"><is><t>_x0041__x005F_x0041_</t></is></c>
      <c t="d"><v>2026-03-01T00:00:00</v></c><c/><c t="s"/><c s="1"><v>1e12</v></c>
      </row><row><c t="str"><v>Below</v></c></row>"""

    opened = open_sheets(
        packed(
            parts_of(
                sheet_of(row),
                **{"xl/sharedStrings.xml": strings, "xl/styles.xml": styles},
            )
        ),
        {"S", "T"},
    )

    cells = opened["S"].cells[3]
    assert set(opened) == {"S"}
    assert [cells[c].value for c in (1, 2, 7, 8, 11)] == [
        *("One", "Two ", -0.5, "Yes", "A_x0041_"),
    ]
    assert [str(cells[c].value) for c in (5, 6, 12)] == [
        *("2026-01-01", "2026-01-01", "2026-03-01"),
    ]
    assert cells[9].fault == sheet_file.WRONG_VALUE
    assert cells[10].fault == sheet_file.FORMULA
    assert cells[15].fault == sheet_file.NO_DATE
    assert set(cells) == {1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 15}
    assert opened["S"].cells[4] == {1: Cell("Below")}


# Bombs, and what is no spreadsheet

ENTITY = '<!DOCTYPE w [<!ENTITY a "{a}"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
BOMB = "A" * (sheet_file.MOST_UNPACKED + 1)
DEEP = sheet_file.MOST_ELEMENTS


def bombs():
    whole = parts_of(sheet_of("<row><c><v>1</v></c></row>"))
    text = sheet_of("<row><c t='inlineStr'><is><t>&b;</t></is></c></row>")
    many = {f"xl/media/{n}.bin": "" for n in range(sheet_file.MOST_PARTS)}
    yield "zip bomb", packed(whole | {"xl/media/a.bin": BOMB})
    yield "bomb of a sheet", packed(parts_of(BOMB))
    yield "many parts", packed(whole | many)
    yield "entities", packed(parts_of(ENTITY.format(a="x" * 1000) + text))
    yield "outside entity", packed(parts_of(OUTSIDE + text))
    utf16 = (ENTITY.format(a="x") + text).encode("utf-16")
    yield "entities in UTF-16", packed(whole | {"xl/worksheets/sheet1.xml": utf16})
    yield "deep", packed(parts_of("<a>" * DEEP + "</a>" * DEEP))
    yield "elements", packed(parts_of(sheet_of(f"<row>{'<c/>' * DEEP}</row>")))
    yield "rows", packed(parts_of(sheet_of("<row/>" * 50_000)))
    yield (
        "a number of a million figures",
        packed(parts_of(sheet_of(f"<row r='{'9' * 1_000_000}'/>"))),
    )
    yield (
        "a column that is none",
        packed(parts_of(sheet_of("<row><c r='ABCDEF1'><v>1</v></c></row>"))),
    )
    yield (
        "a string that is none",
        packed(parts_of(sheet_of("<row><c t='s'><v>99</v></c></row>"))),
    )
    yield "no workbook", packed({"[Content_Types].xml": "<Types/>"})
    yield (
        "a part that is not there",
        packed({name: text for name, text in whole.items() if "sheet1" not in name}),
    )
    yield "packed otherwise", lzma_packed(whole)
    yield "not XML", packed(parts_of("<worksheet>"))
    yield "cut off", packed(whole)[:-30]
    yield "lies about its size", lying(packed(whole | {"xl/styles.xml": "<a/>" * 9000}))
    yield "sealed", sealed(packed(whole))
    yield "old Excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
    yield "a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 100
    yield "a table", b"Code,Answer\r\nPR1,3\r\n"
    yield "a page", b"<html><table><tr><td>PR1</td></tr></table></html>"
    yield "nothing", b""


def lzma_packed(parts) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def lying(archive: bytes) -> bytes:
    """Say in the directory that every part unpacks to ten bytes."""
    changed, place = bytearray(archive), 0
    while (place := archive.find(b"PK\x01\x02", place + 1)) > 0:
        struct.pack_into("<L", changed, place + 24, 10)
    return bytes(changed)


def sealed(archive: bytes) -> bytes:
    """Say in the directory that every part needs a password."""
    changed, place = bytearray(archive), 0
    while (place := archive.find(b"PK\x01\x02", place + 1)) > 0:
        changed[place + 8] |= 1
    return bytes(changed)


def test_bombs_and_other_files_are_refused_in_a_sentence_and_soon():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, file in bombs():
        began = time.process_time()
        with pytest.raises(NotReadable) as refusal:
            open_sheets(file, {"S"})
        assert str(refusal.value).endswith("."), name
        assert time.process_time() - began < 10, name
    # In kilobytes. The bombs themselves are made in this process as well.
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 300 * 1024


def test_the_guard_against_entities_is_needed(monkeypatch):
    """Without it the reader of XML would do as the file says."""
    from xml.etree.ElementTree import iterparse

    def trusting(file, events, forbid_dtd):
        return iterparse(file, events=events)

    text = ENTITY.format(a="x" * 10) + sheet_of(
        "<row><c t='inlineStr'><is><t>&b;</t></is></c></row>"
    )
    monkeypatch.setattr(sheet_file, "iterparse", trusting)

    opened = open_sheets(packed(parts_of(text)), {"S"})

    assert opened["S"].cells[1][1].value == "x" * 60


def test_a_merge_of_everything_is_named_and_not_done():
    merged = sheet_of("<row><c><v>1</v></c></row>").replace(
        "</sheetData>",
        '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    )

    assert open_sheets(packed(parts_of(merged)), {"S"})["S"].merged == (
        "A1:XFD1048576",
    )


# Ours, filled in otherwise than it was meant


@pytest.fixture
def lead(cast, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(cast.lead)
    return client


WRONG = [
    ({"level": "=FORMULA(1)"}, "column D “Where are you now?”", "This is a formula."),
    ({"level": "Maybe"}, "column D", "“Maybe” is not one of the answers in the list."),
    ({"level": 7}, "column D", "“7” is not one of the answers"),
    ({"level": "3 Early steps"}, "column D", "“3 Early steps” is not one"),
    ({"level": "Does not apply"}, "column D", "This is a core standard."),
    ({"because": "No time"}, "column E", "“No time” is not one of the words"),
    ({"why": "x" * 10_001}, "column F", "Use 10,000 characters or fewer."),
    ({"why": "_x0000_"}, "column F", "a character that we cannot store"),
    ({"why": NOW.date()}, "column F", "The spreadsheet made a date of this."),
    ({"finished": "yes"}, "column D", "before you finish"),
    ({"link": "ftp://x.example", "title": "T"}, "column I", "must be a web address"),
    ({"cqc": "Outcomes"}, "column G “Evidence 1: title”", "a link or a note."),
    ({"kind": "Hearsay"}, "column H", "“Hearsay” is not one of the words"),
    ({"date": "31/2/2026"}, "column J “Evidence 1: date”", "must be a real date"),
    ({"date": "1/5/26", "title": "T"}, "column J", "needs a year with 4 numbers"),
    ({"date": "last week"}, "column J", "This is not a date."),
    ({"date": "1 May 2099", "title": "T"}, "column J", "is still to come"),
    ({"date": "#REF!"}, "column J", "This is not a date."),
    ({"public": "perhaps"}, "column M", "“perhaps” is not one of the words"),
]


@pytest.mark.django_db
def test_each_wrong_cell_is_told_by_sheet_row_and_column(cast, lead):
    workbook = downloaded(lead, cast.assessment)
    # A core standard, each in a row of its own as far as there are rows.
    codes = list(
        Response.objects.of(cast.assessment)
        .filter(is_core=True)
        .values_list("standard__code", flat=True)
    )
    expected = []
    for number, (cells, place, sentence) in enumerate(WRONG):
        if number and not number % len(codes):
            _check_told(cast, lead, workbook, expected)
            workbook, expected = downloaded(lead, cast.assessment), []
        code = codes[number % len(codes)]
        fill(workbook, code, **cells)
        row = row_of(workbook, code)
        expected.append((f"Our answers, row {row} ({code}), {place}", sentence))
    _check_told(cast, lead, workbook, expected)

    # All that is wrong in a row at once, and nothing that follows from it alone.
    workbook = downloaded(lead, cast.assessment)
    several = [WRONG[n] for n in (0, 6, 10, 12, 13)]
    for cells, _, _ in several:
        fill(workbook, "PR1", **cells | {"title": "Charter"})
    fill(workbook, "PR1", because="We have no staff", finished="yes")
    row = row_of(workbook, "PR1")
    told = [(f"Our answers, row {row} (PR1), {p}", said) for _, p, said in several]
    _check_told(cast, lead, workbook, told)


def _check_told(cast, lead, workbook, expected):
    page = upload(lead, cast.assessment, workbook)
    told = {fault.place: fault.sentence for fault in page.context["faults"]}
    assert len(told) == len(expected)
    for place, sentence in expected:
        found = [told[where] for where in told if where.startswith(place)]
        assert [sentence in each for each in found] == [True], (place, told)
    assert "Nothing is changed." in text_of(page)
    assert not UploadedSheet.objects.exists()


def delete_rows(sheet):
    sheet.delete_rows(3, 2)


def double(sheet):
    sheet["A4"] = "PR1"


def strange(sheet):
    sheet["A32"], sheet["A33"], sheet["F34"] = "ZZ9", "=A1", "Words without a code."


def merge(sheet):
    sheet.merge_cells("D2:E3")


def rename(sheet):
    sheet["D1"] = "Something else"


def no_headings(sheet):
    sheet.delete_rows(1)


@pytest.mark.django_db
def test_rows_columns_and_sheets_that_are_not_ours(cast, lead):
    ours = lead.get(address("sheet_download", cast.assessment)).content
    for change, *sentences in (
        (delete_rows, "We miss the rows of PR2 and PR3."),
        (double, "PR1 stands in row 2 already.", "We miss the row of PR3."),
        (
            strange,
            "row 32, column A “Code”</strong><br>There is no standard “ZZ9” here.",
            "row 33, column A “Code”</strong><br>This is a formula.",
            "row 34, column A “Code”</strong><br>The code of the standard is missing.",
        ),
        (merge, "Our answers, D2:E3</strong><br>These cells are merged."),
        (rename, "no column with the heading “Where are you now?”."),
        (no_headings, "There is no column with the heading “Code”."),
    ):
        workbook = load_workbook(io.BytesIO(ours))
        change(workbook["Our answers"])
        text = text_of(upload(lead, cast.assessment, workbook))
        for sentence in sentences:
            assert sentence in text
    another = make_assessment(cast.riverside, cast.lead, "A team")
    of_another = downloaded(lead, another)
    workbook = load_workbook(io.BytesIO(ours))
    copied = [cell.value for cell in of_another["Our answers"][2]]
    for column, value in enumerate(copied, start=1):
        workbook["Our answers"].cell(2, column).value = value
    renamed = load_workbook(io.BytesIO(ours))
    renamed["Our answers"].title = "My answers"
    for file, sentence in (
        (of_another, "This spreadsheet is of another assessment."),
        (workbook, "This row was copied from the spreadsheet of another assessment."),
        (renamed, "There is no sheet called “Our answers” in this file."),
        (Workbook(), "This is not a spreadsheet that you downloaded here."),
        (b"PK", "This is not a spreadsheet that we can read."),
        (b"", "This is not a spreadsheet that we can read."),
        (b"\0" * (3 * 1024**2), "The file is larger than 2.0"),
    ):
        page = upload(lead, cast.assessment, file)
        assert sentence in text_of(page)
        assert "<title>Error: " in text_of(page)
    empty = lead.post(address("sheet", cast.assessment), {})
    assert "Choose the spreadsheet that you filled in." in text_of(empty)
    assert not UploadedSheet.objects.exists()
    assert not Response.objects.filter(version__gt=0).exists()


@pytest.mark.django_db
def test_the_sheet_of_another_edition_is_told_so(cast, lead):
    workbook = downloaded(lead, cast.assessment)
    of = f"{sheet_layout.LAYOUT} {cast.assessment.public_id} PR1,PR2 2025.4"
    workbook["About"]["A1"] = signing.Signer(salt=sheet_layout.SALT).sign(of)

    text = text_of(upload(lead, cast.assessment, workbook))

    assert "was made from edition 2025.4 of the standards" in text
    assert f"uses edition {cast.assessment.edition.version}" in text
    assert not UploadedSheet.objects.exists()


# Every text that we can hold comes back as it went

AWKWARD = [
    "=1+1",
    '=HYPERLINK("https://elsewhere.example")',
    "+44 20 7946 0000",
    "-1",
    "@SUM(A1)",
    "'quoted",
    "#REF!",
    "0012",
    "1/5/2026",
    "TRUE",
    "e\u0301 \u00e9 \u1112\u1161\u11ab \u212b",
    "\u05e9\u05dc\u05d5\u05dd \u202eabc\u202c \u0645\u0631\u062d\u0628\u0627",
    "\U0001f469\U0001f3fd\u200d\U0001f4bb \U00020000",
    "one\r\ntwo\rthree\n\nfour",
    "_x0041_ _x005F_ _x000D_ __x0041_x0042_",
    "a\x0bb\x1fc\x7f\ufffe\uffff",
    "  leading and\ttab  ",
    "<b>&amp;</b> ]]> \u2028",
    "x" * 10_000,
]


def normalised(text: str) -> str:
    """Make a text what every box of ours makes of it."""
    return PlainTextField(required=False).clean(text)


@given(strategies.text(max_size=60))
@settings(max_examples=100)
def test_what_a_cell_holds_is_read_as_it_was_written(text):
    assert unescaped(escaped(text)) == text


@pytest.mark.django_db
def test_awkward_texts_go_out_and_come_back_the_same(cast, lead):
    codes = [r.standard.code for r in responses(cast)]
    said = dict(zip(codes, [normalised(text) for text in AWKWARD], strict=False))
    for code, text in said.items():
        save(cast, code, text)

    # Out and in again with nothing changed: nothing to save.
    workbook = lead.get(address("sheet_download", cast.assessment)).content
    upload(lead, cast.assessment, workbook)
    page = lead.get(address("sheet_changes", cast.assessment))
    assert "There is nothing to save." in text_of(page)

    # No cell is a formula, and each is the text itself.
    opened = downloaded(lead, cast.assessment)
    sheet = opened["Our answers"]
    for row in sheet.iter_rows(min_row=2):
        assert all(cell.data_type != "f" for cell in row)

    # And typed into the sheet, it is what the page would have made of it.
    column = get_column_letter(column_of(opened, "In a sentence or two, why?"))
    other = dict(zip(reversed(codes), AWKWARD[:10], strict=False))
    for code, text in other.items():
        fill(opened, code, level=2, why=escaped(text))
        assert sheet[f"{column}{row_of(opened, code)}"].data_type == "s"
    upload(lead, cast.assessment, saved(opened))
    confirm(lead, cast.assessment)
    for code, text in {**said, **other}.items():
        assert the_response(cast.assessment, code).reason == normalised(text), code


def responses(cast):
    found = Response.objects.of(cast.assessment).select_related("standard")
    return found.order_by("pk")


def save(cast, code, reason):
    from assessments.operations import answer

    response = the_response(cast.assessment, code)
    said = content(reason=reason)
    answer(response=response, content=said, version=0, by=cast.lead, at=NOW)
