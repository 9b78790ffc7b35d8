"""The PDF itself: its tags, its text, and that it fetches nothing."""

import io
import re
import shutil
from collections import defaultdict

import pikepdf
import pypdf
import pytest
from django.core.exceptions import ImproperlyConfigured
from fontTools.ttLib import TTFont
from pdfua import Validator

from assessments.queries import (
    LeftOutStandard,
)
from organisations.models import Organisation
from reports.document import build_document, read_document
from reports.rendering import engine
from tests.factories import NOW
from tests.reports.factories import (
    does_not_apply,
    dont_know,
    make_evidence,
    make_principle,
    make_record,
    make_standard,
)
from tests.reports.poppler import boxes_of
from tests.reports.tags import in_order


pytestmark = pytest.mark.slow

VERSION = 1
# Where the right margin of a page begins, in points from its left.
RIGHT = 595 - 62 + 1


def document(record, background=None):
    return read_document(build_document(record, background, at=NOW))


def text_of(pdf):
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages)


def squeezed(text):
    """Take the spaces out: a long word is broken over two lines."""
    return re.sub(r"[\s\u200b]", "", text)


def smallest_print(page):
    """Say how many points the smallest letters of a page have."""
    sizes = []

    def note(text, current, placed, font, size):
        if text.strip():
            sizes.append(abs(size * placed[3] * current[3]))

    page.extract_text(visitor_text=note)
    return min(sizes)


@pytest.fixture(scope="module")
def pdf():
    record = make_record(
        make_principle(
            make_standard("PR1", level=0),
            make_standard(
                "PR2",
                level=4,
                reason="Why.\n\nZażółć gęślą jaźń, Tŷ.",
                evidence=(make_evidence(), make_evidence(is_public=True)),
            ),
            dont_know("PR3"),
            does_not_apply("PR4"),
        ),
        make_principle(dont_know("PU1"), code="PU", name="Purpose"),
    )
    return engine.make_pdf(document(record), version=VERSION).pdf


@pytest.fixture(scope="module")
def opened(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        yield opened


def elements(pdf, kind):
    found = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
    return [o for o in found if o.get("/S") == kind and o.get("/P") is not None]


def test_it_is_tagged_and_says_its_title_and_language(opened):
    assert opened.Root.MarkInfo.Marked
    assert opened.Root.ViewerPreferences.DisplayDocTitle
    assert opened.Root.Lang == "en-GB"
    with opened.open_metadata() as metadata:
        assert metadata["dc:title"] == "4Pi self-assessment: Riverside"
        assert metadata["pdfuaid:part"] == "1"


def test_every_header_cell_says_what_it_heads(opened):
    scopes = [cell.A.Scope for cell in elements(opened, "/TH")]

    assert set(map(str, scopes)) == {"/Column", "/Row"}
    assert scopes.count("/Column") == 7


def test_every_figure_has_its_finding(opened):
    figures = elements(opened, "/Figure")

    assert len(figures) == 1
    assert str(figures[0].Alt).startswith("Average level by principle")


def test_every_link_is_printed_and_tagged(opened):
    links = [
        annotation
        for page in opened.pages
        for annotation in page.get("/Annots", [])
        if annotation.Subtype == "/Link"
    ]

    assert links
    assert all(int(link.F) & engine.PRINT for link in links)
    assert all("/StructParent" in link for link in links)
    within = [str(link.Contents) for link in links if "/Dest" in link]
    assert within[0] == "Page 3"
    assert all(re.fullmatch(r"Page \d+", described) for described in within)


def test_headings_go_down_one_step_at_a_time_from_one_title(opened):
    tags = [str(e.S) for e in in_order(opened) if re.match(r"/H\d$", str(e.S))]
    levels = [int(tag[2]) for tag in tags]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(
        after - before <= 1 for before, after in zip(levels, levels[1:], strict=False)
    )


def test_no_heading_is_empty(opened):
    def holds_content(node):
        if isinstance(node, pikepdf.Array):
            return any(holds_content(kid) for kid in node)
        if isinstance(node, pikepdf.Dictionary):
            return node.get("/Type") == "/MCR" or holds_content(node.get("/K"))
        return node is not None

    headings = [e for e in in_order(opened) if re.match(r"/H\d$", str(e.S))]
    assert all(holds_content(heading.get("/K")) for heading in headings)


def test_every_font_is_our_own_and_embedded(opened):
    fonts = [
        o
        for o in opened.objects
        if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
    ]

    names = {str(font.FontName).partition("+")[2] for font in fonts}
    assert names <= {
        "Hyperlegible",
        "Hyperlegible-Bold",
        "Hyperlegible-Extended",
        "Hyperlegible-Extended-Bold",
    }
    assert any(name.startswith("Hyperlegible-Extended") for name in names)
    assert all("/FontFile2" in font for font in fonts)


# Whose font


OURS = re.compile(r"/[A-Z]{6}\+Hyperlegible")
LATIN = re.compile(r"[ -~À-ɏ‘’“”•£]")
ARABIC = re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]")


def letters_by_font(pdf):
    """Read which letters each font of a finished PDF sets."""
    letters = defaultdict(set)

    def note(text, current, placed, font, size):
        if font is not None:
            letters[font["/BaseFont"]] |= set(text) - set(" \n")

    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=note)
    return letters


def in_fonts(letters, script, *, ours):
    return {
        letter
        for font, used in letters.items()
        if bool(OURS.match(font)) is ours
        for letter in used
        if script.match(letter)
    }


def fonts_with_gaps(pdf):
    """List the fonts that draw an empty box for a letter which no font has.

    The engine gives such a font a code table of its own, which leads to the box.
    """
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [
            str(font.BaseFont)
            for font in opened.objects
            if isinstance(font, pikepdf.Dictionary)
            and font.get("/Subtype") == "/Type0"
            and font.Encoding != "/Identity-H"
        ]


def test_all_of_our_own_words_are_in_our_font(pdf):
    letters = letters_by_font(pdf)

    # Headings and figures, the margins of each page, and Polish and Welsh letters.
    assert in_fonts(letters, LATIN, ours=True) >= set("PricplesLevel0123456Pageof’ąŷ")
    assert in_fonts(letters, LATIN, ours=False) == set()
    assert fonts_with_gaps(pdf) == []


def test_the_margins_and_headings_are_in_our_font(pdf):
    said = defaultdict(set)
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size: (
                said[text.strip()].add(font["/BaseFont"]) if font else None
            )
        )
    for words in ("The five principles at a glance", "PR2 Title of PR2", "Riverside"):
        assert said[words], words
        assert all(OURS.match(font) for font in said[words]), said[words]


def test_arabic_falls_back_and_no_letter_is_missing():
    record = make_record(
        make_principle(make_standard(reason="Plain words.\n\nنحن نعمل معا"))
    )

    pdf = engine.make_pdf(document(record), version=VERSION).pdf

    letters = letters_by_font(pdf)
    assert in_fonts(letters, ARABIC, ours=False)
    assert in_fonts(letters, ARABIC, ours=True) == set()
    assert in_fonts(letters, LATIN, ours=False) == set()
    assert fonts_with_gaps(pdf) == []


@pytest.fixture
def forgotten():
    """Have the engine read its fonts anew, before and after."""
    for cache in (engine._fonts, engine._style, engine._bundled):
        cache.cache_clear()
    yield
    for cache in (engine._fonts, engine._style, engine._bundled):
        cache.cache_clear()


def test_a_tidied_temporary_folder_changes_no_font(forgotten):
    engine.warm_up()
    shutil.rmtree(engine.read_fonts().copies[0].parent)

    pdf = engine.make_pdf(document(make_record()), version=VERSION).pdf

    assert fonts_with_gaps(pdf) == []
    assert in_fonts(letters_by_font(pdf), LATIN, ours=False) == set()


@pytest.mark.parametrize("face", [f for f in engine.FACES if f.subset == "latin"])
def test_every_last_letter_of_our_font_is_known_before_the_first_report(face):
    letters = TTFont(engine.FONTS / face.file)["maxp"].numGlyphs

    assert letters in engine.LAST_LETTER_OF_A_FONT


def test_a_missing_font_stops_the_worker_from_starting(
    forgotten, monkeypatch, tmp_path
):
    monkeypatch.setattr(engine, "FONTS", tmp_path)

    with pytest.raises(ImproperlyConfigured, match=r"latin-normal-400\.ttf is missing"):
        engine.warm_up()


# Where pages end

SENTENCE = "We asked the people who come here and wrote down what they said. "
NEVER_LAST = re.compile(
    r"Why we say so|Evidence|PR\d+ Title|Level \d|Average|How we treat"
)
MARGIN = 60
HALF = 421


def long_record():
    """Make a report whose standards are of every length."""

    def standard(number, code):
        item = make_evidence(note=SENTENCE * (number % 4))
        return make_standard(
            f"{code}{number}",
            reason="\n\n".join([SENTENCE * (number % 7 + 1)] * (number % 5)),
            evidence=(item,) * (number % 3),
        )

    return make_record(
        *(
            make_principle(*(standard(n, "PR") for n in range(start, start + 8)))
            for start in (1, 9, 17, 25)
        )
    )


def lines_of(page):
    """List a page's lines within its margins, from the top, with their heights."""
    lines = defaultdict(str)

    def note(text, current, placed, font, size):
        height = round(placed[5] * current[3] + current[5])
        if text.strip() and MARGIN < height < 842 - MARGIN:
            lines[height] += text.strip("\n")

    page.extract_text(visitor_text=note)
    return sorted(lines.items(), reverse=True)


@pytest.fixture(scope="module")
def body():
    """The lines of each page from the first principle to the last but one."""
    made = engine.make_pdf(document(long_record()), version=VERSION)
    pages = pypdf.PdfReader(io.BytesIO(made.pdf)).pages
    return [lines_of(page) for page in pages[4:-1]]


def test_no_page_ends_in_a_heading(body):
    assert len(body) >= 10
    for lines in body:
        assert not NEVER_LAST.match(lines[-1][1]), lines[-1]


def test_no_page_is_half_empty(body):
    for lines in body:
        assert lines[-1][0] < HALF, lines


def test_a_long_standard_goes_on_over_the_page(body):
    assert any(lines[0][1].startswith("We asked") for lines in body)


def test_bookmarks_lead_to_every_section_and_standard(opened):
    with opened.open_outline() as outline:
        titles = [item.title for item in outline.root]
        inside = [item.title for item in outline.root[3].children]

    assert titles == [
        "Contents",
        "How to read this report",
        "The five principles at a glance",
        "Principles",
        "Purpose",
        "What is left out, and why",
        "About this edition",
    ]
    assert inside == [f"PR{n} Title of PR{n}" for n in (1, 2, 3, 4)]


def test_the_gate_finds_nothing(pdf, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf)

    assert Validator().validate(file).findings == ()


def test_it_says_every_state_in_words(pdf):
    text = text_of(pdf)

    for words in (
        "Level 0: Not started.",
        "Level 4: Shared.",
        "Don’t know yet.",
        "Does not apply. We have no staff.",
        "No level yet.",
        "Public.",
        "Private.",
        "Zażółć gęślą jaźń, Tŷ.",
        "independent of NSUN",
    ):
        assert squeezed(words) in squeezed(text), words


@pytest.mark.parametrize("letter", ["W", "语", "Wide river "])
def test_the_fullest_cover_stands_on_one_page_above_its_foot(letter, settings):
    settings.PUBLIC_ADDRESS = "https://self-assessment.4pi.example.org"
    record = make_record(
        organisation_name=(letter * 150)[:150],
        scope=(letter * 310)[:310],
        locked_at=None,
        is_locked=False,
        period_from=NOW.date(),
        period_until=NOW.date(),
        answer_by=NOW.date(),
        other_domains=tuple(str(each.label) for each in Organisation.Domain)[1:],
        outside=(LeftOutStandard("PR1", "One"),),
    )

    made = engine.make_pdf(document(record), version=VERSION, check_code="7KQF-3M2X")

    cover, contents, *_ = pypdf.PdfReader(io.BytesIO(made.pdf)).pages
    assert "approved it." in cover.extract_text()
    assert contents.extract_text().startswith("Contents")
    lowest = []
    cover.extract_text(
        visitor_text=lambda text, cm, tm, font, size: (
            lowest.append(tm[5] * cm[3] + cm[5]) if text.strip() else None
        )
    )
    assert min(lowest) > 20


def test_pages_are_numbered(pdf):
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages

    for number, page in enumerate(pages[1:], start=2):
        assert f"Page {number} of {len(pages)}" in page.extract_text()


@pytest.mark.parametrize(("locked_at", "is_draft"), [(None, True), (NOW, False)])
def test_a_draft_says_so_on_every_page(locked_at, is_draft):
    made = engine.make_pdf(document(make_record(locked_at=locked_at)), version=VERSION)

    pages = pypdf.PdfReader(io.BytesIO(made.pdf)).pages
    for page in pages:
        assert ("Draft" in page.extract_text()) is is_draft
    # Its one principle starts a page, though the page before it has room, and is named
    # at the head of it.
    assert lines_of(pages[4])[0][1].strip() == "Principles"
    head = " ".join(box.text for box in boxes_of(made.pdf) if in_head(box, page=5))
    assert head == ("Principles Draft" if is_draft else "Principles")


def in_head(box, *, page):
    return box.page == page and box.top < MARGIN


def test_each_paragraph_of_what_people_wrote_has_its_direction():
    record = make_record(make_principle(make_standard(reason="Hello.\n\nשלום.")))

    html = engine.make_html(document(record), version=VERSION)

    assert '<p class="words" dir="ltr">Hello.</p>' in html
    assert '<p class="words" dir="rtl">שלום.</p>' in html


# Nothing is fetched: tests/reports/test_injection.py


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "data:text/plain,x",
        "bundled:../../settings.py",
        "bundled:latin-normal-400.ttf/..",
        "BUNDLED:mark-0.svg",
    ],
)
def test_the_fetcher_knows_only_its_own_names(address):
    with pytest.raises(ValueError, match="bundled"):
        engine.BundledOnly().fetch(address)


def test_the_fetcher_gives_a_bundled_picture():
    assert (
        engine.BundledOnly().fetch("bundled:mark-3.png").read().startswith(b"\x89PNG")
    )


def test_large_print_is_larger_on_every_page_and_passes_the_gate(tmp_path):
    record = make_record(
        make_principle(
            make_standard("PR1", reason="Why. " * 60, evidence=(make_evidence(),)),
            dont_know("PR2"),
        ),
        locked_at=None,
    )
    large = read_document(build_document(record, at=NOW, is_large=True))

    made = engine.make_pdf(large, version=VERSION, check_code="ABCD-EFGH-JKLM")

    file = tmp_path / "large.pdf"
    file.write_bytes(made.pdf)
    assert Validator().validate(file).findings == ()
    for page in pypdf.PdfReader(io.BytesIO(made.pdf)).pages:
        assert smallest_print(page) >= 13
    # The foot holds more than its half in letters of this size.
    assert max(box.right for box in boxes_of(made.pdf)) < RIGHT
