"""Turn a document into a PDF. The only module that knows the PDF engine."""

from __future__ import annotations

import gc
import io
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.urls import reverse
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reports.charts import level_mark
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
    style = _style(version, document.template)
    with _no_collection():
        laid_out = HTML(
            string=make_html(document, version=version, check_code=check_code),
            url_fetcher=BundledOnly(),
        ).render(stylesheets=[style.css], font_config=style.fonts, pdf_variant=VARIANT)
        content = laid_out.write_pdf(pdf_variant=VARIANT)
    return Made(pdf=_touched_up(content), pages=len(laid_out.pages))


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
    """Load the engine's fonts and code, so that the first report waits for none."""
    style = _style(TEMPLATE_VERSION, ReportDocument.template)
    page = HTML(string="<html lang=en><title>x</title><p>x", url_fetcher=BundledOnly())
    page.write_pdf(
        stylesheets=[style.css], font_config=style.fonts, pdf_variant=VARIANT
    )


@dataclass(frozen=True)
class Style:
    css: CSS
    fonts: FontConfiguration
    copies: tuple[Path, ...]


def _style(version: int, template: str) -> Style:
    """Give a version's style sheet and fonts, read once a process.

    The engine keeps copies of the fonts among the temporary files. Once those are
    tidied away it would draw an empty box for every letter, and say nothing.
    """
    style = _read_style(version, template)
    if all(copy.exists() for copy in style.copies):
        return style
    _read_style.cache_clear()
    return _read_style(version, template)


@lru_cache
def _read_style(version: int, template: str) -> Style:
    _bundled()  # Here its error is heard; the engine swallows it.
    fonts = FontConfiguration()
    text = render_to_string(f"reports/pdf/{version}/{template}.css")
    css = CSS(string=text, font_config=fonts, url_fetcher=BundledOnly())
    folder = fonts._folder  # None for a style sheet without fonts.
    return Style(css, fonts, tuple(folder.iterdir()) if folder else ())


@lru_cache
def _bundled() -> dict[str, bytes]:
    fonts = {f"bundled:{face.file}": _font(face) for face in FACES}
    marks = {f"bundled:mark-{n}.svg": level_mark(n).encode() for n in range(5)}
    return fonts | marks


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


@contextmanager
def _no_collection() -> Iterator[None]:
    """Leave the garbage until the layout is done: it is a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _touched_up(content: bytes) -> bytes:
    """Add what PDF/UA asks for and the engine leaves out."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        places = _places(pdf)
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary):
                _mend(item, places)
        pdf.save(target)
    return target.getvalue()


def _places(pdf: pikepdf.Pdf) -> dict[str, int]:
    """Find on which page each name lies that a link leads to."""
    if "/Names" not in pdf.Root:
        return {}
    pages = {page.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    pairs = list(pdf.Root.Names.Dests.Names)
    return {
        str(name): pages[pikepdf.Page(place[0]).objgen]
        for name, place in zip(pairs[::2], pairs[1::2], strict=True)
    }


def _mend(item: pikepdf.Dictionary, places: Mapping[str, int]) -> None:
    if item.get("/Subtype") == "/Link":
        item.F = int(item.get("/F", 0)) | PRINT
        if "/Dest" in item:
            # The engine describes a link within by its anchor, which nobody knows.
            item.Contents = f"Page {places[str(item.Dest)]}"
    if item.get("/S") == "/TH":
        _scope(item)


def _scope(header: pikepdf.Dictionary) -> None:
    """Say what a header cell heads: a column inside a table's head, else a row."""
    group = header.P.P
    in_head = group.S == "/THead"
    scope = pikepdf.Name.Column if in_head else pikepdf.Name.Row
    attributes = header.get("/A", pikepdf.Dictionary(O=pikepdf.Name.Table))
    attributes.Scope = scope
    header.A = attributes
