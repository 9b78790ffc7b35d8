"""Floor R: the same content as a full record, laid out by hand as fast as we know how.

Joined strings, tables of a fixed layout, no leaders of dots, one style sheet and one
font configuration a process, the garbage collector off. Every word of the full record
stands in it, so that a page of the one holds what a page of the other holds.
Source: performance.md, "What a report costs".
"""

from __future__ import annotations

import gc
import re
from functools import cache
from html import escape

from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from reports.document import TEMPLATE_VERSION, ReportDocument
from reports.document.record import EvidenceEntry, PrincipleEntry, StandardEntry
from reports.rendering.engine import FACES, VARIANT, BundledOnly, make_html


STYLE = """
@page { size: A4; margin: 20mm 22mm 18mm;
  @top-left { content: string(section) }
  @bottom-right { content: "Page " counter(page) " of " counter(pages) } }
html { font: 11.5pt/1.4 Hyperlegible, Noto Sans, sans-serif; orphans: 3; widows: 3 }
h2 { font-size: 24pt; string-set: section content(); bookmark-level: 1 }
h3 { font-size: 14pt; bookmark-level: 2; break-after: avoid }
.page, .contents { break-before: page }
table { width: 100%; table-layout: fixed; border-collapse: collapse }
th, td { border-bottom: 1pt solid #ccc; padding: 1.5mm; text-align: left }
th { width: 25% }
li a::after { content: " " target-counter(attr(href), page) }
"""


@cache
def style() -> tuple[CSS, FontConfiguration]:
    fonts = FontConfiguration()
    faces = "".join(face.rule for face in FACES if face.subset == "latin")
    return CSS(
        string=faces + STYLE, font_config=fonts, url_fetcher=BundledOnly()
    ), fonts


def make(document: ReportDocument) -> int:
    """Lay the floor out and give its pages."""
    css, fonts = style()
    gc.disable()
    try:
        page = HTML(string=_html(document), url_fetcher=BundledOnly())
        laid_out = page.render(
            stylesheets=[css], font_config=fonts, pdf_variant=VARIANT
        )
        laid_out.write_pdf(pdf_variant=VARIANT)
    finally:
        gc.enable()
    return len(laid_out.pages)


def share_of_words(document: ReportDocument) -> float:
    """Say how much of the full record's text stands in the floor."""
    full = make_html(document, version=TEMPLATE_VERSION)
    return _letters(_html(document)) / _letters(full)


def _letters(html: str) -> int:
    return len("".join(re.sub(r"<[^>]*>", "", html).split()))


def _html(document: ReportDocument) -> str:
    parts = "".join(map(_principle, document.principles))
    before = _as_in_the_record(document, "_cover")
    between = _as_in_the_record(document, "_how_to_read", "_five_bars")
    after = _as_in_the_record(document, "_how", "_left_out", "_about")
    return (
        f"<!doctype html><html lang=en-GB><title>{escape(document.title)}</title>"
        f"{before}{_contents(document)}{between}{parts}{after}</html>"
    )


@cache
def _as_in_the_record(document: ReportDocument, *names: str) -> str:
    """Give what does not grow with the standards; how that is joined costs no time."""
    return "".join(
        render_to_string(
            f"reports/pdf/{TEMPLATE_VERSION}/{name}.html", {"document": document}
        )
        for name in names
    )


def _contents(document: ReportDocument) -> str:
    return (
        "<h2 class=page>Contents</h2><ul>"
        + "".join(
            f'<li><a href="#{s.code}">{s.code} {escape(s.title)}</a></li>'
            for s in document.standards
        )
        + "</ul>"
    )


def _principle(principle: PrincipleEntry) -> str:
    standards = "".join(map(_standard, principle.standards))
    return (
        f"<h2>{escape(principle.name)}</h2><p>{escape(principle.gloss)}</p>"
        f"<p>{escape(principle.question)}</p><p>{escape(principle.why)}</p>"
        f"<p>Average level {principle.mean} of 4. {principle.in_place} of "
        f"{principle.applicable} standards at level 3 or above.</p>{standards}"
    )


def _standard(standard: StandardEntry) -> str:
    evidence = "".join(map(_evidence, standard.evidence))
    level = f"{standard.level} {standard.level_word}. {standard.level_sentence}"
    return (
        f'<h3 id="{standard.code}">{standard.code} {escape(standard.title)}</h3>'
        f"<p>{escape(standard.statement)}{' Core standard' * standard.is_core}</p>"
        f"<table><tr><th scope=row>Level<td>{escape(level)}"
        f"{escape(standard.not_applicable_because)}"
        f"{_row('Why we say so', standard.reason)}"
        f"{_row('Some see it differently', standard.dissent)}"
        f"<tr><th scope=row>Evidence<td><ul>{evidence}</ul></table>"
    )


def _row(head: str, words: str) -> str:
    return f"<tr><th scope=row>{head}<td>{escape(words)}" if words else ""


def _evidence(item: EvidenceEntry) -> str:
    dated = f", {item.dated_on:%-d %B %Y}" if item.dated_on else ""
    known = "Public." if item.is_public else "Private."
    return (
        f"<li>{escape(item.title)}<br>{item.type}{dated}. {item.cqc_category} {known} "
        f"{escape(item.link)} {escape(item.note)}</li>"
    )
