"""Eight scripts in every field of every document: each letter is drawn, none is a box."""

import re

import pikepdf
import pytest

from reports.rendering import READERS, engine
from tests.reports.attack import filled
from tests.reports.factories import make_principle, make_record, make_standard
from tests.reports.poppler import boxes_of, words_of
from tests.reports.tags import assert_sound, empty_boxes
from tests.reports.test_engine import document


pytestmark = pytest.mark.slow

SCRIPTS = {
    "Welsh": "Tŷ Ŵyn a’r llyfr ŷd, tô, sêr, dŵr",
    "Polish": "Zażółć gęślą jaźń ŻÓŁĆ ŚŃĄĘ",
    "Urdu": "ہم سب ٹھیک لوگوں کی سنتے ہیں",
    "Arabic": "نحن نعمل معا ونستمع إلى الناس",
    "Chinese": "我们一起工作，倾听人们的意见。語言體驗",
    "Korean": "우리는 함께 일하고 뷁똠 의견을 듣습니다",
    "Japanese": "わたしたちは一緒に働き、カタカナの声を聞きます",
    "emoji": "😀👍🏽❤️🚀🧡🙏🇬🇧👩🏾‍🦽🫂",
}
RIGHT_TO_LEFT = ("Urdu", "Arabic")
LEFT, RIGHT = "left", "right"
# What says how letters and emoji are joined, and is nothing to look at.
SILENT = re.compile("[\\s\u200b\u200d\ufe0f]")


@pytest.mark.parametrize("report", sorted(READERS), indirect=True)
def test_every_letter_is_drawn_and_all_is_tagged(report):
    written = READERS[report.kind](filled(report.document, list(SCRIPTS.values())))

    pdf = engine.make_pdf(written, version=1, check_code="ABCD-EFGH-JKLM").pdf

    assert_sound(pdf, title=written.title)
    said = words_of(pdf)
    for script, text in SCRIPTS.items():
        assert set(SILENT.sub("", text)) <= set(said), script
    lines = lines_of(pdf)
    for script in RIGHT_TO_LEFT:
        steps = [step for line in lines for step in steps_in(line, SCRIPTS[script])]
        assert len(steps) >= 3
        assert set(steps) == {LEFT}, script


def test_paragraphs_from_right_to_left_begin_at_the_right_edge():
    words = [SCRIPTS[script] for script in RIGHT_TO_LEFT]
    record = make_record(
        make_principle(make_standard(reason="\n\n".join(["Plain words.", *words])))
    )

    lines = lines_of(engine.make_pdf(document(record), version=1).pdf)

    [plain] = [line for line in lines if [w.text for w in line] == ["Plain", "words."]]
    width = 595 - 2 * plain[0].left
    for text in words:
        [line] = [line for line in lines if len(steps_in(line, text)) > 3]
        assert set(steps_in(line, text)) == {LEFT}
        assert line[-1].right == pytest.approx(plain[0].left + width, abs=1)
        assert line[0].left > plain[0].right


def test_a_letter_that_no_font_has_would_be_noticed(tmp_path):
    record = make_record(make_principle(make_standard(reason="A \U000f1234 letter")))
    file = tmp_path / "box.pdf"
    file.write_bytes(engine.make_pdf(document(record), version=1).pdf)

    with pikepdf.open(file) as pdf:
        assert empty_boxes(pdf)


def lines_of(pdf):
    """Put the words of a PDF together that stand in one line, from the left."""
    lines = {}
    for word in boxes_of(pdf):
        lines.setdefault((word.page, round(word.bottom)), []).append(word)
    return [sorted(line, key=lambda word: word.left) for line in lines.values()]


def steps_in(line, text):
    """Say of each two words of a text that stand side by side which way they run.

    Poppler gives the letters of a word as they stand, so they are compared sorted.
    """
    stands = ["".join(sorted(word.text)) for word in line]
    meant = ["".join(sorted(word)) for word in text.split()]
    forward = set(zip(meant, meant[1:], strict=False))
    return [
        RIGHT if pair in forward else LEFT
        for pair in zip(stands, stands[1:], strict=False)
        if pair in forward or pair[::-1] in forward
    ]
