"""Whatever people type is only words, in every document and in every field of it.

Two guards stand alone: what is typed is escaped, and the engine fetches nothing that is
not ours. Each is taken away in turn, and with both gone the same markup does call out
and does read the file.
"""

import io
import json
import re
import zipfile
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from reports.document import (
    board_words,
    read_board_paper,
    record_json,
    record_sheet,
)
from reports.rendering import READERS, engine
from tests.reports.attack import MARKER, attacked, typed_fields
from tests.reports.listening import CANARY, trap
from tests.reports.poppler import words_of
from tests.reports.test_engine import squeezed
from tests.reports.vectors import vectors


pytestmark = pytest.mark.slow

KINDS = sorted(READERS)
# Which document it is is nothing to the fetcher.
FEW = ("board_paper", "certificate", "workshop")
LONG = sorted(set(KINDS) - set(FEW))
MARGIN = 45


class Fetching(URLFetcher):
    """Fetch anything, as the engine does by itself, with our own names first."""

    ours = engine.BundledOnly()

    def fetch(self, url, headers=None):
        if url.startswith("bundled:"):
            return self.ours.fetch(url, headers)
        return super().fetch(url, headers)


@pytest.fixture(scope="module")
def snare():
    # A short path: longer ones are broken for the line, and would lead nowhere.
    with TemporaryDirectory(prefix="") as folder, trap(Path(folder)) as snare:
        yield snare


@pytest.fixture
def typed(snare):
    """The markup; what was heard of other tests is forgotten."""
    snare.visits.clear()
    snare.opened()
    return vectors(snare.address, snare.secret)


def of(*kinds):
    return pytest.mark.parametrize("report", kinds, indirect=True)


def read(report, texts):
    return READERS[report.kind](attacked(report.document, texts))


def harmless(texts):
    """Letters of no meaning, as many and broken as the markup is."""
    return [re.sub(r"[^\s\u200b]", "x", text) for text in texts]


class Page(HTMLParser):
    """The elements of a page, and the words that it shows."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.words, self._silent = [], [], 0
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, [name for name, _ in attributes]))
        self._silent += tag in {"head", "style", "script"}

    def handle_endtag(self, tag):
        self._silent -= tag in {"head", "style", "script"}

    def handle_data(self, words):
        if not self._silent:
            self.words.append(words)

    @property
    def text(self):
        return squeezed("".join(self.words))


def reached(snare, pdf):
    """Say what markup got hold of: who was called, what was read and taken along."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        attached = len(opened.attachments)
    return {
        "visits": len(snare.visits),
        "read": snare.opened(),
        "attached": attached,
        "said": CANARY in words_of(pdf) or CANARY.encode() in pdf,
    }


NOTHING = {"visits": 0, "read": 0, "attached": 0, "said": False}


def test_there_are_sixty_kinds_of_markup_and_more(typed):
    assert len(set(typed)) == len(typed) >= 60


@of("full_record")
def test_every_field_that_people_fill_in_is_attacked(typed_world, report, typed):
    """Each of test_parity's, which has all there are: a new one is attacked here."""
    fields = {MARKER.match(m)[1] for m in typed_world.markers.shown}

    assert {m[1] for m in MARKER.finditer(json.dumps(report.document))} >= fields
    attack = json.dumps(attacked(report.document, typed))
    assert not MARKER.search(attack)
    for markup in typed:
        assert attack.count(json.dumps(markup)[1:-1]) >= len(fields), markup


@of(*KINDS)
def test_escaping_holds_without_the_fetcher(report, snare, typed, monkeypatch):
    monkeypatch.setattr(engine, "BundledOnly", Fetching)
    document = read(report, typed)

    made = engine.make_pdf(document, version=1)

    assert reached(snare, made.pdf) == NOTHING
    page = Page(engine.make_html(document, version=1))
    plain = Page(engine.make_html(read(report, harmless(typed)), version=1))
    assert page.elements == plain.elements
    text = squeezed(words_of(made.pdf, within=MARGIN))
    missing = [v for v in typed if squeezed(v) not in text]
    assert [v for v in missing if squeezed(v) in page.text] == []
    assert len(missing) < len(typed) or not typed_fields(report.document)


@of(*FEW, *(pytest.param(kind, marks=pytest.mark.clock) for kind in LONG))
def test_the_fetcher_holds_without_escaping(report, snare, typed, unescaped):
    html = engine.make_html(read(report, typed), version=1)
    assert f'<img src="{snare.address}/img">' in html

    made = engine.make_pdf(read(report, typed), version=1)

    assert reached(snare, made.pdf) == NOTHING


@of("certificate")
def test_without_both_it_calls_out_and_takes_the_file(report, snare, typed, unescaped):
    html = engine.make_html(read(report, typed), version=1)
    pdf = HTML(string=html, url_fetcher=Fetching()).write_pdf()

    got = reached(snare, pdf)
    assert got["visits"] >= 10
    assert got["read"] >= 2
    assert got["attached"] >= 1
    assert got["said"]


@pytest.fixture
def unescaped(settings):
    [engines] = settings.TEMPLATES
    options = engines["OPTIONS"] | {"autoescape": False}
    settings.TEMPLATES = [engines | {"OPTIONS": options}]


def test_each_alone_is_stopped_and_most_would_do_harm(snare, typed):
    """Each on a page of its own, where nothing that stands before it hides it."""
    harmful, fonts = [], FontConfiguration()
    for markup in typed:
        page = f"<!doctype html><html lang=en><title>x</title><p>{markup}</p>"
        for fetcher in (engine.BundledOnly(), URLFetcher()):
            pdf = HTML(string=page, url_fetcher=fetcher).write_pdf(font_config=fonts)
            got = reached(snare, pdf)
            if isinstance(fetcher, engine.BundledOnly):
                assert got == NOTHING, markup
            elif got != NOTHING:
                harmful.append(markup)
        snare.visits.clear()

    assert len(harmful) >= 30, len(harmful)


# Other formats


def page_of(report, texts):
    """Read a report's page as a member does, with the texts in it."""
    report.document = attacked(report.document, texts)
    client = Client()
    client.force_login(report.requested_by)
    place = ["riverside", report.public_id]
    report.save()
    found = client.get(reverse("reports:read", args=place)).content.decode()
    return Page(found[found.index("<main") : found.index("</main>")])


@of(*KINDS)
def test_its_page_has_the_words_and_no_element_of_them(report, typed):
    frozen = report.document
    plain = page_of(report, harmless(typed))
    report.document = frozen
    page = page_of(report, typed)

    assert page.elements == plain.elements
    assert page.text != plain.text
    document = READERS[report.kind](report.document)
    printed = Page(engine.make_html(document, version=1))
    told = [markup for markup in typed if squeezed(markup) in printed.text]
    assert [markup for markup in told if squeezed(markup) not in page.text] == []


@of("full_record")
def test_a_spreadsheet_and_json_have_it_as_text(report, typed):
    document = read(report, typed)

    book = io.BytesIO(record_sheet(document, check_code=""))
    told = json.loads(record_json(document, check_code=""))

    cells = [
        cell
        for sheet in load_workbook(book)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert [cell for cell in cells if cell.hyperlink] == []
    whole = "\n".join(str(cell.value) for cell in cells)
    said = json.dumps(told, ensure_ascii=False)
    for markup in typed:
        assert squeezed(markup) in squeezed(whole), markup
        assert json.dumps(markup, ensure_ascii=False)[1:-1] in said
    with zipfile.ZipFile(book) as parts:
        for name in parts.namelist():
            if name.endswith(".rels"):
                assert b"External" not in parts.read(name)


@of("board_paper")
def test_words_to_edit_have_it_as_text(report, typed):
    content = board_words(read_board_paper(attacked(report.document, typed)))

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        links = parts.read("word/_rels/document.xml.rels").decode()
        body = parts.read("word/document.xml").decode()
    targets = re.findall(r'Target="([^"]+)"[^>]*TargetMode="External"', links)
    assert targets == ["https://www.nsun.org.uk/"]
    assert not re.search("instrText|fldSimple|w:object|w:pict|altChunk", body)
    said = squeezed(unescape(re.sub("<[^>]+>", "", body)))
    assert [v for v in typed if squeezed(v) not in said] == []
