"""Five hundred texts come back from each place as they were typed.

Page, draft, conflict page, history, spreadsheet, and the text of the PDF. docs/typed-text.md says
what is made the same on the way.
"""

import re
import subprocess

import pytest

from assessments.models import Evidence, Response
from assessments.queries import assessment_record
from reports.document import build_document, read_document
from reports.rendering import engine
from tests.assessments import sheets
from tests.assessments.test_one_page import boxes
from tests.assessments.typed_texts import (
    generated,
    letters,
    normalised,
    user_texts,
    with_two_marks,
)
from tests.factories import NOW


pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CODES = ("PC1", "PC2", "PC3", "PC4", "PC5", "PC6", "PC7")
TEXTS = generated(500)
# Some at the edges of a box, where a browser or a tidy mind would take something off.
AWKWARD = (
    "\r\n\r\n  two blank lines before it",
    "spaces and lines after it   \r\n\r\n\r\n",
    "one\r\n\r\n\r\n\r\nfour line ends",
    "an old Mac\rline end",
    "\ttab first, <b>&amp; markup</b> {{ 7*7 }}",
    "\u0301 a mark on nothing",
)


@pytest.fixture
def lead(cast, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(cast.lead)
    return client


@pytest.fixture
def address(cast):
    return cast.assessment.one_page_address("process")


def whole_texts():
    """Put all texts into the reasons of seven standards, each on a line of its own."""
    lines = [f"No {number:03}» {text}" for number, text in enumerate(TEXTS)]
    size = -(-len(lines) // len(CODES))
    return {
        f"{code}-reason": "\r\n".join(lines[n * size : (n + 1) * size])
        for n, code in enumerate(CODES)
    }


def box_by_box():
    """Put a text into each box of seven standards, the awkward ones among them."""
    texts = iter([*AWKWARD, *with_two_marks(10), *generated(49, seed=5)])
    return {
        f"{code}-{name}": next(texts)
        for code in CODES
        for name in (
            *("reason", "evidence_1_note", "evidence_2_note", "evidence_3_note"),
            *(f"evidence_{n}_title" for n in (1, 2, 3)),
        )
    }


def as_kept(typed):
    return {
        name: normalised(text, is_one_line=name.endswith("_title"))
        for name, text in typed.items()
    }


def shown(page, names):
    found = boxes(page)
    return {name: found.get(name) for name in names}


def in_database(cast):
    kept = {}
    for response in Response.objects.of(cast.assessment).filter(
        standard__code__in=CODES
    ):
        code = response.standard.code
        kept[f"{code}-reason"] = response.reason
        for piece in Evidence.objects.filter(response=response):
            start = f"{code}-evidence_{piece.position}"
            kept |= {f"{start}_title": piece.title, f"{start}_note": piece.note}
    return kept


def squeezed(text):
    """Pages that only show a text show it in paragraphs."""
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize("make", [whole_texts, box_by_box])
def test_through_draft_page_conflict_and_history(cast, client, lead, address, make):
    typed = make()
    kept = as_kept(typed)
    client.force_login(cast.contributor)
    stale = boxes(client.get(address))
    client.force_login(cast.lead)
    first = boxes(client.get(address)) | typed

    client.post(address, first | {"draft": "yes", "turn": "1"})
    back = client.get(address)
    assert as_kept(shown(back, typed)) == kept

    assert client.post(address, boxes(back)).status_code == 302
    assert in_database(cast).items() >= kept.items()
    assert shown(client.get(address), typed) == kept

    client.force_login(cast.contributor)
    conflict = client.post(address, stale | typed | {"PC1-choice": "1"})
    assert conflict.status_code == 409
    assert as_kept(shown(conflict, typed)) == kept
    theirs = {squeezed(text) for text in user_texts(conflict.content.decode())}
    assert theirs >= {
        squeezed(text) for name, text in kept.items() if name.endswith("reason")
    }

    for number, code in enumerate(CODES, start=1):
        history = client.get(cast.assessment.history_address("process", number))
        texts = user_texts(history.content.decode())
        # The version that stands, and her own that came too late.
        assert texts.count(kept[f"{code}-reason"]) >= 2
        notes = {kept.get(f"{code}-evidence_{n}_note") for n in (1, 2, 3)} - {None}
        assert notes <= set(texts)


def test_through_the_spreadsheet(cast, lead):
    typed = whole_texts()
    workbook = sheets.downloaded(lead, cast.assessment)
    for name, text in typed.items():
        sheets.fill(workbook, name.partition("-")[0], why=text)

    sheets.upload(lead, cast.assessment, workbook)
    sheets.confirm(lead, cast.assessment)
    assert in_database(cast) == as_kept(typed)

    # And out of it again.
    again = sheets.downloaded(lead, cast.assessment)
    column = sheets.column_of(again, "In a sentence or two, why?")
    for name, text in as_kept(typed).items():
        row = sheets.row_of(again, name.partition("-")[0])
        assert again["Our answers"].cell(row, column).value == text


@pytest.mark.same_on_both
def test_through_the_pdf(cast, lead, address, tmp_path):
    typed = whole_texts()
    lead.post(address, boxes(lead.get(address)) | typed)
    document = build_document(assessment_record(cast.assessment), at=NOW)
    made = engine.make_pdf(read_document(document), version=1)
    (tmp_path / "report.pdf").write_bytes(made.pdf)

    command = ["pdftotext", "-layout", tmp_path / "report.pdf", "-"]
    said = subprocess.run(command, capture_output=True, check=True).stdout.decode()

    parts = re.split(r"No \d{3}»", _without_margins(said))[1:]
    lost = [
        (text, part)
        for text, part in zip(TEXTS, parts, strict=True)
        if not _is_there(normalised(text), part)
    ]
    assert lost == []


def _without_margins(said):
    """Take out the head and foot of each page, and the signs that turn a line."""
    said = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", said)
    said = re.sub(r"^.*Page \d+ of \d+.*$", "", said, flags=re.MULTILINE)
    return re.sub(r"\f\s*Process\s*$", "", said, flags=re.MULTILINE)


def _is_there(text, part):
    """Compare letter by letter; a letter may have a mark more, and never one less."""
    wanted = letters(text.replace("ال", "لا"))
    # The two letters of this ligature come out the other way round.
    found = letters(part.replace("ال", "لا"))[: len(wanted)]
    return len(found) == len(wanted) and all(
        letter == other and marks <= others
        for (letter, marks), (other, others) in zip(wanted, found, strict=True)
    )
