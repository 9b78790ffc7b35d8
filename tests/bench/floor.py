"""Floor R: the same content as a full record, laid out by hand as fast as we know how.

Joined strings, tables of a fixed layout, no leaders of dots, one style sheet and one
font configuration a process, the garbage collector off.
Source: performance.md, "What a report costs".
"""

from __future__ import annotations

import gc
from functools import cache
from html import escape

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from reports.document import ReportDocument
from reports.document.record import PrincipleEntry, StandardEntry
from reports.rendering.engine import FACES, VARIANT, BundledOnly


STYLE = """
@page { size: A4; margin: 20mm 22mm 18mm;
  @top-left { content: string(section) }
  @bottom-right { content: "Page " counter(page) " of " counter(pages) } }
html { font: 11.5pt/1.4 Hyperlegible, Noto Sans, sans-serif; orphans: 3; widows: 3 }
h2 { font-size: 24pt; string-set: section content(); bookmark-level: 1 }
h3 { font-size: 14pt; bookmark-level: 2; break-after: avoid }
.page { break-before: page }
.standard { break-inside: avoid }
table { width: 100%; table-layout: fixed; border-collapse: collapse }
th, td { border-bottom: 1pt solid #ccc; padding: 1.5mm; text-align: left }
th { width: 25% }
li a::after { content: " " target-counter(attr(href), page) }
"""


@cache
def style() -> tuple[CSS, FontConfiguration]:
    fonts = FontConfiguration()
    faces = "".join(
        f"@font-face {{ font-family: Hyperlegible; src: url(bundled:{face.file});"
        f" font-weight: {face.weight}; font-style: {face.style} }}"
        for face in FACES
        if face.subset == "latin"
    )
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


def _html(document: ReportDocument) -> str:
    parts = "".join(map(_principle, document.principles))
    codes = "".join(
        f'<li><a href="#{s.code}">{s.code} {escape(s.title)}</a></li>'
        for s in document.standards
    )
    bars = "".join(map(_bar, document.principles))
    return (
        f"<!doctype html><html lang=en-GB><title>{escape(document.title)}</title>"
        f"<h1>{escape(document.organisation)}</h1>"
        f"<h2 class=page>Contents</h2><ul>{codes}</ul>"
        f"<h2 class=page>The five principles</h2>{bars}{parts}</html>"
    )


def _bar(principle: PrincipleEntry) -> str:
    mean = float(principle.mean or 0)
    return (
        f'<svg width=600 height=50 role=img aria-label="{principle.name}: {mean}">'
        f"<text x=0 y=15>{principle.name}</text><rect y=20 height=18 width={mean * 150}"
        ' fill="#4c1b40"/></svg>'
    )


def _principle(principle: PrincipleEntry) -> str:
    standards = "".join(map(_standard, principle.standards))
    return (
        f"<h2 class=page>{escape(principle.name)}</h2>"
        f"<p>{escape(principle.question)}</p><p>{escape(principle.why)}</p>{standards}"
    )


def _standard(standard: StandardEntry) -> str:
    evidence = "".join(
        f"<li>{escape(item.title)}. {escape(item.note)}</li>"
        for item in standard.evidence
    )
    return (
        f'<div class=standard><h3 id="{standard.code}">{standard.code} '
        f"{escape(standard.title)}</h3><p>{escape(standard.statement)}</p><table>"
        f"<tr><th scope=row>Level<td>{standard.level} {escape(standard.level_sentence)}"
        f"<tr><th scope=row>Why<td>{escape(standard.reason)}"
        f"<tr><th scope=row>Evidence<td><ul>{evidence}</ul></table></div>"
    )
