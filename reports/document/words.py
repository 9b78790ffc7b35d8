"""A document's words as a Word file, to edit: the same HTML, in another format.

Written by hand, since a Word file is a few XML files in a ZIP. What it knows of HTML
is what our own templates for it use: headings, paragraphs, lists, one kind of table.
"""

from __future__ import annotations

import io
import zipfile
from html.parser import HTMLParser
from typing import ClassVar

from django.template.loader import render_to_string

from .board_paper import BoardPaper
from .word_parts import (
    LINK,
    List,
    attribute,
    core,
    footer,
    header,
    numbering,
    relations,
    static_parts,
    styles,
    table,
    text_of,
    whole_document,
)


def board_words(paper: BoardPaper) -> bytes:
    """Write the words of a board paper as a Word file."""
    html = render_to_string("reports/words/board_paper.html", {"document": paper})
    body = _Body()
    body.feed(html)
    body.close()
    parts = static_parts() | {
        "docProps/core.xml": core(paper.title),
        "word/styles.xml": styles(is_large=paper.is_large),
        "word/numbering.xml": numbering(body.lists),
        "word/header1.xml": header("Draft" if paper.is_draft else ""),
        "word/footer1.xml": footer(paper.organisation),
        "word/document.xml": whole_document("".join(body.blocks)),
        "word/_rels/document.xml.rels": relations(body.links),
    }
    return _zipped(parts)


def _zipped(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, content in parts.items():
            # With one time, so that the same words are the same file.
            about = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0))
            whole.writestr(about, content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


class _Body(HTMLParser):
    """The body of a Word file, as the tags of our HTML come by."""

    STYLES: ClassVar[dict[str, str]] = {
        "h1": "Heading1",
        "h2": "Heading2",
        "h3": "Heading3",
        "p": "Normal",
        "caption": "Caption",
        "li": "ListParagraph",
        "th": "Normal",
        "td": "Normal",
    }

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.links: list[str] = []
        self.lists: list[List] = []
        self._runs: list[str] = []
        self._rows: list[list[str]] = []
        self._is_bold = self._is_rtl = self._is_head_cell = self._is_caption = False
        self._link = self._caption = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in self.STYLES:
            self._runs = []
            self._is_rtl = said.get("dir") == "rtl"
            self._is_head_cell = tag == "th"
            self._is_caption = tag == "caption"
        elif tag in {"ul", "ol"}:
            self.lists.append(List(is_numbered=tag == "ol"))
        elif tag == "strong":
            self._is_bold = True
        elif tag == "a":
            self._link = said.get("href") or ""
        elif tag == "table":
            self._rows, self._caption = [], ""
        elif tag == "tr":
            self._rows.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag in {"th", "td"}:
            self._rows[-1].append(self._paragraph(tag))
        elif tag in self.STYLES:
            self.blocks.append(self._paragraph(tag))
        elif tag == "strong":
            self._is_bold = False
        elif tag == "a":
            self._link = ""
        elif tag == "table":
            self.blocks.append(table(self._rows, named=self._caption))

    def handle_data(self, data: str) -> None:
        # Where a word may break on a printed page; Word breaks it by itself.
        words = " ".join(data.replace("\u200b", "").split())
        before = " " if data[:1].isspace() and self._runs else ""
        after = " " if data[-1:].isspace() else ""
        if self._is_caption:
            self._caption += data
        if words:
            self._runs.append(self._run(f"{before}{words}{after}"))
        elif before and data:
            self._runs.append(self._run(" "))

    def _run(self, words: str) -> str:
        is_bold = self._is_bold or self._is_head_cell
        bold = "<w:b/><w:bCs/>" if is_bold else ""
        rtl = "<w:rtl/>" if self._is_rtl else ""
        style = '<w:rStyle w:val="Hyperlink"/>' if self._link else ""
        run = (
            f"<w:r><w:rPr>{style}{bold}{rtl}</w:rPr>"
            f'<w:t xml:space="preserve">{text_of(words)}</w:t></w:r>'
        )
        if not self._link:
            return run
        if self._link not in self.links:
            self.links.append(self._link)
        name = f"{LINK}{self.links.index(self._link)}"
        return f'<w:hyperlink r:id="{name}">{run}</w:hyperlink>'

    def _paragraph(self, tag: str) -> str:
        number = ""
        if tag == "li":
            number = (
                f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{len(self.lists)}"/>'
                "</w:numPr>"
            )
        bidi = "<w:bidi/>" if self._is_rtl else ""
        style = attribute(self.STYLES[tag])
        about = f"<w:pPr><w:pStyle w:val={style}/>{number}{bidi}</w:pPr>"
        runs, self._runs = "".join(self._runs), []
        self._is_rtl = self._is_head_cell = self._is_caption = False
        return f"<w:p>{about}{runs}</w:p>"
