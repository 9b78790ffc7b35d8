"""Nothing is wider than its place, however long it is: so nothing is cut off."""

import pytest
from weasyprint import HTML

from reports.rendering import READERS, engine
from tests.reports.attack import filled
from tests.reports.factories import make_principle, make_record, make_standard
from tests.reports.longest import UNBROKEN, longest
from tests.reports.sides import (
    laid_out,
    letters_outside_their_box,
    words_that_stick_out,
)
from tests.reports.test_engine import document


pytestmark = pytest.mark.slow


@pytest.mark.parametrize("report", sorted(READERS), indirect=True)
def test_no_text_leaves_its_cell_or_paragraph(report):
    written = filled(report.document, [longest(300), UNBROKEN * 8, "W" * 120])

    outside = list(letters_outside_their_box(laid_out(READERS[report.kind](written))))

    assert outside == []


def test_no_word_leaves_the_page():
    standards = [make_standard(f"PR{n}", reason=longest(3000, begin=n)) for n in (1, 3)]
    name = (UNBROKEN * 9)[:150]
    record = make_record(make_principle(*standards), organisation_name=name)

    pdf = engine.make_pdf(document(record), version=1).pdf

    assert list(words_that_stick_out(pdf)) == []


def test_what_leaves_its_place_would_be_noticed():
    page = HTML(string=f"<p style='white-space: nowrap'>{UNBROKEN * 8}").render()

    assert list(words_that_stick_out(page.write_pdf()))
    assert list(letters_outside_their_box(page))
