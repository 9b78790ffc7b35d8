"""What we ask of every PDF: the tags, and that no letter is an empty box."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
from pdfua import Validator

from reports.rendering.engine import PRINT


HEADING = re.compile(r"/H\d$")
SHOWING = {"Tj", "TJ", "'", '"'}


def assert_sound(pdf: bytes, *, title: str) -> None:
    """Assert all that a machine can see of PDF/UA-1, with the gate's rules and ours."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "report.pdf")
        file.write_bytes(pdf)
        assert Validator().validate(file).findings == ()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        _assert_said(opened, title)
        _assert_tags(opened)
        _assert_links(opened)
        assert empty_boxes(opened) == []


def _assert_said(pdf: pikepdf.Pdf, title: str) -> None:
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert str(pdf.Root.Lang) == "en-GB"
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"].split() == title.split()
        assert metadata["pdfuaid:part"] == "1"


def _assert_tags(pdf: pikepdf.Pdf) -> None:
    elements = list(in_order(pdf))
    levels = [int(str(e.S)[2]) for e in elements if HEADING.match(str(e.S))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    steps = zip(levels, levels[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)
    for element in elements:
        kind = str(element.S)
        if HEADING.match(kind):
            assert _holds_content(element.get("/K"))
        if kind == "/Figure":
            assert len(str(element.Alt)) > 10
        if kind == "/TH":
            assert str(element.A.Scope) in {"/Column", "/Row"}


def in_order(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Walk the tags as a reader does."""
    waiting = [pdf.Root.StructTreeRoot.K]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend(reversed(list(node)))
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                yield node
            if "/K" in node:
                waiting.append(node.K)


def _holds_content(node: Any) -> bool:
    if isinstance(node, pikepdf.Array):
        return any(_holds_content(kid) for kid in node)
    if isinstance(node, pikepdf.Dictionary):
        return node.get("/Type") == "/MCR" or _holds_content(node.get("/K"))
    return node is not None


def _assert_links(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        for link in page.get("/Annots", []):
            if link.Subtype == "/Link":
                assert int(link.F) & PRINT
                assert "/StructParent" in link
                assert str(link.Contents)


# Letters


def empty_boxes(pdf: pikepdf.Pdf) -> list[str]:
    """List the fonts that draw the box which stands for a missing letter."""
    return [
        f"{name} on page {number}"
        for number, page in enumerate(pdf.pages, start=1)
        for name, font, codes in _shown(page, page.Resources)
        if _has_box(font, codes)
    ]


def _has_box(font: Any, codes: set[int]) -> bool:
    # For letters that no font has, the engine leads codes to the box by a table of
    # the font's own; all others are the numbers of the glyphs themselves.
    assert str(font.Subtype) == "/Type0"
    maps = str(font.Encoding) if isinstance(font.Encoding, pikepdf.Name) else "own"
    [within] = font.DescendantFonts
    assert str(within.get("/CIDToGIDMap", "/Identity")) == "/Identity"
    assert "/FontFile2" in within.FontDescriptor
    return maps != "/Identity-H" or 0 in codes


def _shown(content: Any, resources: Any) -> Iterator[tuple[str, Any, set[int]]]:
    """Give each font that a page sets letters in, with the codes of these letters."""
    fonts, used, current = resources.get("/Font", {}), {}, ""
    for operands, operator in pikepdf.parse_content_stream(content):
        kind = str(operator)
        if kind == "Tf":
            current = str(operands[0])
        elif kind in SHOWING:
            used.setdefault(current, set()).update(_codes(operands[-1]))
        elif kind == "Do":
            inner = resources.XObject[str(operands[0])]
            if inner.get("/Subtype") == "/Form":
                yield from _shown(inner, inner.get("/Resources", resources))
    for name, codes in used.items():
        yield str(fonts[name].BaseFont), fonts[name], codes


def _codes(shown: Any) -> Iterator[int]:
    pieces = shown if isinstance(shown, pikepdf.Array) else [shown]
    for piece in pieces:
        if isinstance(piece, pikepdf.String):
            raw = bytes(piece)
            yield from (
                int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)
            )
