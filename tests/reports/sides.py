"""What of a document stands outside its place, where it would be cut off or covered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint import HTML
from weasyprint.formatting_structure import boxes

from reports.rendering import engine
from tests.reports.poppler import PAGE, Box, boxes_of


# In points: of the full record, whose body all pages of it share.
SIDE, HEAD, FOOT = 62.36, 56.7, 51.0
# A letter of another script may rise above its line, and lean over its edge.
HAIR, RISE = 1.5, 9.0


def words_that_stick_out(pdf: bytes) -> Iterator[Box]:
    """Find words that leave the width of the text, or stand half in a margin."""
    width, height = PAGE
    for word in boxes_of(pdf):
        is_wide = word.left < SIDE - HAIR or word.right > width - SIDE + HAIR
        ends = height - FOOT
        is_low = word.top + RISE < ends < word.bottom - RISE
        is_off = word.top < 0 or word.bottom > height
        if is_wide or is_low or is_off:
            yield word


def laid_out(document: Any) -> Any:
    """Lay out a document as for its PDF, and give its pages with their boxes."""
    html = engine.make_html(document, version=1, check_code="ABCD-EFGH-JKLM")
    page = HTML(string=html, url_fetcher=engine.BundledOnly())
    return page.render(
        stylesheets=[engine._style(1, document.template)],
        font_config=engine.read_fonts().found,
        pdf_variant=engine.VARIANT,
    )


def letters_outside_their_box(pages: Any) -> Iterator[str]:
    """Find text that is wider than the cell or paragraph in which it stands."""
    for each in pages.pages:
        for child in each._page_box.children:
            # What is too long for the foot of a page is shortened there.
            if not isinstance(child, boxes.MarginBox):
                yield from _outside(child, None)


def _outside(box: Any, holder: Any) -> Iterator[str]:
    if str(box.element_tag).endswith("::marker"):
        return  # It stands beside what it marks.
    if isinstance(box, boxes.TextBox) and holder is not None and box.text.strip():
        left = holder.content_box_x()
        right = left + holder.width
        if box.position_x < left - HAIR or box.position_x + box.width > right + HAIR:
            place = f"{box.position_x:.0f}+{box.width:.0f} in {left:.0f} to {right:.0f}"
            yield f"{box.text[:40]} at {place} of {holder.element_tag}"
    if isinstance(box, boxes.BlockContainerBox):
        holder = box
    for child in getattr(box, "children", ()):
        yield from _outside(child, holder)
