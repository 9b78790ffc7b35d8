"""Turn a document into a PDF. The only module that knows the PDF engine."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import pydyf
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.urls import reverse
from weasyprint import CSS, HTML
from weasyprint.document import Document as LaidOut
from weasyprint.text.ffi import ffi
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reports.charts import draft_picture, level_picture
from reports.document import (
    TEMPLATE_VERSION,
    BoardPaper,
    Certificate,
    DutyEvidence,
    EasyRead,
    PlainSummary,
    ReportDocument,
    WorkshopPack,
)

from .sample import crowded_board_paper, sample


FONTS = Path(settings.BASE_DIR) / "build" / "fonts"
VARIANT = "pdf/ua-1"
Document = (
    ReportDocument
    | BoardPaper
    | PlainSummary
    | EasyRead
    | DutyEvidence
    | Certificate
    | WorkshopPack
)
PRINT = 4
# A list of letters for each font of a file: the engine has a parser of C look at every
# length that it has not met, for 5 ms each, and a child would forget it every time.
LETTERS_OF_A_FONT = range(20, 110)
LAST_LETTER_OF_A_FONT = range(220, 248)
_BETWEEN_TAGS = re.compile(r">\s*\n\s*<")


@dataclass(frozen=True)
class Face:
    """One font file of the PDF, and the site's file that it is made from."""

    subset: str
    style: str
    weight: int

    @property
    def source(self) -> str:
        return f"atkinson-hyperlegible-next-{self.subset}-wght-{self.style}.woff2"

    @property
    def file(self) -> str:
        return f"{self.subset}-{self.style}-{self.weight}.ttf"

    @property
    def rule(self) -> str:
        """The face as the PDF's style sheets name it."""
        name = "Hyperlegible" if self.subset == "latin" else "Hyperlegible Extended"
        return (
            f"@font-face {{ font-family: {name}; src: url(bundled:{self.file});"
            f" font-weight: {self.weight}; font-style: {self.style} }}"
        )


FACES = tuple(
    Face(subset, style, weight)
    for subset in ("latin", "latin-ext")
    for style in ("normal", "italic")
    for weight in (400, 700)
)


@dataclass(frozen=True)
class Made:
    pdf: bytes
    pages: int


# The engine tells every step of every page, and every letter that no font has: no
# use in a worker's log, and no place for what people wrote. A font that is missing
# it would only mention too, so we look for that ourselves.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("weasyprint.progress").setLevel(logging.ERROR)


class BundledOnly(URLFetcher):  # type: ignore[misc]
    """Serve our own fonts and marks by name, and refuse everything else.

    Nothing is looked up by what an address says: a name is in the table or not.
    """

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        try:
            return URLFetcherResponse(url, _bundled()[url])
        except KeyError:
            raise ValueError("Only what is bundled with the report is used") from None


def make_pdf(document: Document, *, version: int, check_code: str = "") -> Made:
    """Lay out a document and give its PDF, tagged for PDF/UA-1.

    Shape: `version` names a folder of templates that is never edited again; the check
    code is empty for a report that is older than these codes.
    """
    html = make_html(document, version=version, check_code=check_code)
    # Between two tags a line break is the template's: work for the engine, nothing else.
    return _lay_out(_BETWEEN_TAGS.sub("><", html), _style(version, document.template))


def make_html(document: Document, *, version: int, check_code: str = "") -> str:
    """Write the page that the PDF engine lays out."""
    context = {
        "document": document,
        "check_code": check_code,
        "check_address": f"{settings.PUBLIC_ADDRESS}{reverse('check_report')}",
    }
    template = f"reports/pdf/{version}/{document.template}.html"
    return render_to_string(template, context)


def warm_up() -> None:
    """Lay out one report of each kind, so that the first real one waits for nothing.

    Templates, style sheets and the fonts of every size are found once, here, and the
    children that make the reports inherit them.
    """
    for length in chain(LETTERS_OF_A_FONT, LAST_LETTER_OF_A_FONT):
        ffi.typeof(f"hb_codepoint_t[{length}]")
    for document in (*map(sample, get_args(Document)), crowded_board_paper()):
        make_pdf(document, version=TEMPLATE_VERSION, check_code="x")


def _lay_out(html: str, style: CSS) -> Made:
    page = HTML(string=html, url_fetcher=BundledOnly())
    laid_out = page.render(
        stylesheets=[style], font_config=read_fonts().found, pdf_variant=VARIANT
    )
    content = laid_out.write_pdf(finisher=_touch_up, pdf_variant=VARIANT)
    return Made(pdf=content, pages=len(laid_out.pages))


@dataclass(frozen=True)
class Fonts:
    found: FontConfiguration
    copies: tuple[Path, ...]


def read_fonts() -> Fonts:
    """Give the fonts, read once a process.

    The engine keeps copies of them among the temporary files. Once those are tidied
    away it would draw an empty box for every letter, and say nothing.
    """
    fonts = _fonts()
    if all(copy.exists() for copy in fonts.copies):
        return fonts
    _fonts.cache_clear()
    return _fonts()


@lru_cache
def _fonts() -> Fonts:
    _bundled()  # Here its error is heard; the engine swallows it.
    found = FontConfiguration()
    faces = "".join(face.rule for face in FACES)
    CSS(string=faces, font_config=found, url_fetcher=BundledOnly())
    return Fonts(found, tuple(Path(found._folder).iterdir()))


@lru_cache
def _style(version: int, template: str) -> CSS:
    """Give a version's style sheet, read once a process."""
    text = render_to_string(f"reports/pdf/{version}/{template}.css")
    return CSS(string=text, url_fetcher=BundledOnly())


@lru_cache
def _bundled() -> dict[str, bytes]:
    fonts = {f"bundled:{face.file}": _font(face) for face in FACES}
    marks = {f"bundled:mark-{n}.png": level_picture(n) for n in range(5)}
    bold = next(face for face in FACES if face.weight == 700)
    draft = draft_picture(fonts[f"bundled:{bold.file}"])
    return fonts | marks | {"bundled:draft.png": draft}


def _font(face: Face) -> bytes:
    """Read one font file.

    Raises: ImproperlyConfigured, because a report in another font is not ours.
    """
    try:
        return (FONTS / face.file).read_bytes()
    except FileNotFoundError as error:
        raise ImproperlyConfigured(
            f"The PDF's font {face.file} is missing: run `manage.py make_fonts`."
        ) from error


def _touch_up(_: LaidOut, pdf: pydyf.PDF) -> None:
    """Add what PDF/UA asks for and the engine leaves out, before the file is written."""
    objects = [each for each in pdf.objects if isinstance(each, pydyf.Dictionary)]
    places = _places(pdf)
    for item in objects:
        if item.get("Subtype") == "/Link":
            _mend_link(item, places)
        elif item.get("S") == "/TH":
            _mend_header(item, pdf)


def _places(pdf: pydyf.PDF) -> dict[bytes, int]:
    """Find on which page each name lies that a link leads to."""
    if "Names" not in pdf.catalog:
        return {}
    pages = {page: number for number, page in enumerate(pdf.page_references, start=1)}
    pairs = pdf.catalog["Names"]["Dests"]["Names"]
    return {
        name.data: pages[place[0]]
        for name, place in zip(pairs[::2], pairs[1::2], strict=True)
    }


def _mend_link(link: pydyf.Dictionary, places: Mapping[bytes, int]) -> None:
    link["F"] = link.get("F", 0) | PRINT
    if "Dest" in link:
        # The engine describes a link within by its anchor, which nobody knows.
        link["Contents"] = pydyf.String(f"Page {places[link['Dest'].data]}")


def _mend_header(header: pydyf.Dictionary, pdf: pydyf.PDF) -> None:
    """Say what a header cell heads: a column inside a table's head, else a row."""
    group = _parent(_parent(header, pdf), pdf)
    header["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"


def _parent(item: pydyf.Dictionary, pdf: pydyf.PDF) -> pydyf.Dictionary:
    return pdf.objects[int(item["P"].split()[0])]
