import json
from dataclasses import replace
from datetime import timedelta

import pytest

from assessments.queries import EndedLock, HeldBack
from reports.document import (
    build_document,
    direction,
    paragraphs,
    read_document,
    record_json,
    record_sheet,
)
from reports.rendering import engine
from tests.factories import NOW
from tests.reports.factories import (
    does_not_apply,
    dont_know,
    make_background,
    make_evidence,
    make_principle,
    make_record,
    make_standard,
)


def frozen(record):
    return json.loads(json.dumps(build_document(record, at=NOW)))


def document(*principles, **overrides):
    return read_document(frozen(make_record(*principles, **overrides)))


def test_what_is_read_back_equals_what_was_frozen():
    record = make_record(
        make_principle(
            make_standard(reason="Why.", evidence=(make_evidence(),)),
            dont_know("PR2"),
            does_not_apply("PR3"),
        )
    )

    once = frozen(record)
    document = read_document(once)

    assert document.frozen_at == NOW
    assert document.locked_at == record.locked_at
    [principle] = document.principles
    assert [s.code for s in principle.standards] == ["PR1", "PR2", "PR3"]
    [evidence] = principle.standards[0].evidence
    assert evidence.dated_on == make_evidence().dated_on
    assert evidence.type == "A document"
    assert frozen(record) == once


# What a document of the first release does not have.
NEWER = (
    *("period_from", "period_until", "other_domains", "outside", "people"),
    *("answer_by", "background"),
)


def test_a_document_of_the_first_release_is_read_and_printed():
    whole = build_document(make_record(), make_background(), at=NOW)
    for name in NEWER:
        del whole[name]
    for standard in (s for p in whole["principles"] for s in p["standards"]):
        del standard["dissent"]

    old = read_document(whole)

    html = engine.make_html(old, version=1)
    assert "Title of PR1" in html
    assert "How it was done" not in html
    assert "What changed" not in html
    assert "Check code" not in html
    assert json.loads(record_json(old))["how_it_was_done"]["roles"] is None
    assert record_sheet(old)


def test_how_it_was_done_is_read_back_and_names_nobody():
    said = {
        "ended_locks": (EndedLock(NOW, NOW, "No longer a member", "Too early."),),
        "held_back": HeldBack("Lived-experience co-lead", NOW, "Ask us."),
    }
    whole = build_document(make_record(), make_background(**said), at=NOW)

    once = json.loads(json.dumps(whole))
    html = engine.make_html(read_document(once), version=1)

    assert read_document(once) == read_document(whole)
    assert "by somebody who is no longer a member, because" in html
    assert "By a lived-experience co-lead, since" in html
    assert "Ask us." in html
    assert "own level" not in html


def test_a_later_answer_does_not_change_a_frozen_document():
    record = make_record()
    before = build_document(record, at=NOW)
    copy = json.loads(json.dumps(before))

    later = replace(record, principles=(make_principle(make_standard(level=4)),))
    build_document(later, at=NOW + timedelta(days=1))

    assert before == copy


def test_y_leaves_out_what_does_not_apply_and_keeps_what_is_not_known():
    principle = make_principle(
        make_standard("PR1", level=3),
        make_standard("PR2", level=1),
        dont_know("PR3"),
        does_not_apply("PR4"),
    )

    read = document(principle)

    assert (read.in_place, read.applicable) == (1, 3)
    assert [s.code for s in read.dont_know] == ["PR3"]
    assert [s.code for s in read.not_applicable] == ["PR4"]
    [entry] = read.principles
    assert entry.mean == "2.0"
    assert (entry.without_level, entry.not_applicable) == (1, 1)


def test_a_principle_without_a_level_has_no_mean():
    [entry] = document(make_principle(dont_know("PR1"))).principles

    assert entry.mean is None
    assert entry.level is None


def test_nothing_in_the_document_is_an_overall_mark():
    whole = frozen(
        make_record(
            make_principle(make_standard(level=0)),
            make_principle(make_standard("PU1", level=4), code="PU", name="Purpose"),
        )
    )

    assert not {name for name in whole if "mean" in name or "level" in name} - {
        "levels"
    }
    assert [p["mean"] for p in whole["principles"]] == ["0.0", "4.0"]


def test_no_person_is_named():
    whole = json.dumps(frozen(make_record()))

    assert "Asha" not in whole
    assert "Maureen" not in whole


def test_it_is_a_draft_until_the_view_is_locked():
    assert document(locked_at=None).is_draft
    assert not document().is_draft


@pytest.mark.parametrize(
    ("counts", "is_partial"),
    [
        ([2, 2, 2], False),
        ([3, 0, 0], True),
        ([2, 2, 2, 1], True),
    ],
)
def test_it_is_partial_above_two_in_a_principle_or_six_in_all(counts, is_partial):
    principles = [
        make_principle(*[does_not_apply(f"{name}{n}") for n in range(count)], code=name)
        for name, count in zip(["PR", "PU", "PS", "PC"], counts, strict=False)
    ]

    assert document(*principles).is_partial is is_partial


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("  \n\n", []),
        ("One.", [("One.",)]),
        ("One,\ntwo.\n\n\nThree.", [("One,", "two."), ("Three.",)]),
        ("One.\r\n\r\nTwo.", [("One.",), ("Two.",)]),
    ],
)
def test_text_is_split_at_its_blank_lines(text, lines):
    assert [p.lines for p in paragraphs(text)] == lines


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Hello", "ltr"),
        ("", "ltr"),
        ("12: שלום hello", "rtl"),
        ("«مرحبا» hello", "rtl"),
        ("Hello שלום", "ltr"),
    ],
)
def test_a_text_is_read_by_its_first_letter_with_a_direction(text, way):
    assert direction(text) == way


def test_each_paragraph_has_its_own_direction():
    assert [p.direction for p in paragraphs("Hello.\n\nשלום.")] == ["ltr", "rtl"]
