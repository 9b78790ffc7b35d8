"""Each rule of an edition bites, and says file, code and field."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import models

from standards import models as stored
from standards.content import FaultySource, parse_edition, read_edition
from standards.content.edition import AUDIENCES, DUTY_STATUSES, EDITION_STATUSES
from standards.content.shapes import SHAPES
from tests.standards.source import FOLDER, Files, files, row, write


def put(file: str, code: str, field: str, value: Any) -> Callable[[Files], None]:
    """Return a change that puts a value into one field."""

    def change(source: Files) -> None:
        target = source[file] if file == "edition" else row(source, file, code)
        target[field] = value

    return change


def drop(file: str, code: str) -> Callable[[Files], None]:
    """Return a change that takes one row out."""

    def change(source: Files) -> None:
        source[file].remove(row(source, file, code))

    return change


def twice(file: str, code: str) -> Callable[[Files], None]:
    """Return a change that has one row twice."""

    def change(source: Files) -> None:
        source[file].append(dict(row(source, file, code)))

    return change


def without(file: str, code: str, field: str) -> Callable[[Files], None]:
    """Return a change that takes one field out."""

    def change(source: Files) -> None:
        del row(source, file, code)[field]

    return change


def inside(code: str, field: str, key: str, value: Any) -> Callable[[Files], None]:
    """Return a change inside an object of a standard; None takes the key out."""

    def change(source: Files) -> None:
        row(source, "standards", code)[field][key] = value
        if value is None:
            del row(source, "standards", code)[field][key]

    return change


def no_levels(source: Files) -> None:
    source["levels"].pop()


def level_of_true(source: Files) -> None:
    source["levels"][1]["value"] = True


def duties_in_one_object(source: Files) -> None:
    source["duties"] = {}


def a_number_for_a_duty(source: Files) -> None:
    source["duties"][0] = 7


def a_family_in_two_pieces(source: Files) -> None:
    source["duties"].append(source["duties"].pop(0))


FAULTS: list[tuple[Callable[[Files], None], str]] = [
    # The edition
    (put("edition", "", "published_on", None), "edition.json: england-2026-1, published_on: a published edition needs its date"),
    (put("edition", "", "published_on", "23 November"), "edition.json: england-2026-1, published_on: must be a date"),
    (put("edition", "", "status", "final"), "edition.json: england-2026-1, status: must be one of"),
    (put("edition", "", "code", "England 2026"), "edition.json: England 2026, code: must look like"),
    (put("edition", "", "author", "us"), "edition.json: england-2026-1, author: is no field of this file"),
    # Counts
    (drop("standards", "PC7"), "standards.json: PC, principle: has 6 standards, not 7"),
    (put("standards", "PR1", "core", True), "standards.json: core: 13 standards are core, not 12"),
    (put("standards", "PR1", "indicators", ["One."]), "standards.json: indicators: there are 88 indicators, not 90"),
    (put("standards", "PR1", "principle", "PU"), "standards.json: PR1, principle: PU is not the principle of this code"),
    (drop("principles", "IM"), "principles.json: code: must be PR, PU, PS, PC, IM in this order"),
    (drop("domains", "CO"), "domains.json: code: must be OC, CO, SD, GS in this order"),
    (no_levels, "levels.json: value: must be 0, 1, 2, 3, 4 in this order"),
    # Codes
    (twice("standards", "PS3"), "standards.json: PS3, code: is there 2 times"),
    (twice("duties", "PAY"), "duties.json: PAY, code: is there 2 times"),
    (put("principles", "PU", "slug", "process"), "principles.json: PU, slug: is taken"),
    (put("principles", "PU", "slug", "duties"), "principles.json: PU, slug: is taken"),
    (put("standards", "PR1", "code", "<b>"), "standards.json: <b>, code: must look like"),
    (without("standards", "PR3", "code"), "standards.json: number 3, code: is missing"),
    # What refers to what
    (put("standards", "PR1", "duties", ["NOWHERE"]), "standards.json: PR1, duties: NOWHERE is not in duties.json"),
    (drop("duties", "REG17"), "standards.json: PU4, duties: REG17 is not in duties.json"),
    (put("standards", "PR1", "domains", ["XX"]), "standards.json: PR1, domains: must be one of"),
    (put("standards", "PR1", "principle", "XX"), "standards.json: PR1, principle: must be one of"),
    # Levels and questions
    (inside("PC2", "levels", "3", None), "standards.json: PC2, levels: lacks 3"),
    (inside("PC2", "levels", "3", ""), "standards.json: PC2, levels: must not be empty"),
    (inside("PC2", "levels", "5", "More."), "standards.json: PC2, levels: does not know 5"),
    (inside("PR2", "questions", "own_care", None), "standards.json: PR2, questions: lacks own_care"),
    (inside("PR1", "questions", "own_care", "Well?"), "standards.json: PR1, questions: asks about own care"),
    (inside("IM1", "questions", "service_user", None), "standards.json: IM1, questions: lacks service_user"),
    (inside("IM1", "questions", "carer", None), "standards.json: IM1, questions: lacks carer"),
    (inside("IM1", "questions", "staff", None), "standards.json: IM1, questions: lacks staff"),
    (inside("IM1", "questions", "visitor", "Well?"), "standards.json: IM1, questions: does not know visitor"),
    # Duties
    (put("duties", "PAY", "status", "old"), "duties.json: PAY, status: must be one of"),
    (put("duties", "PAY", "status", ["current"]), "duties.json: PAY, status: must be one of"),
    (put("duties", "PAY", "checked_on", "2026-11-23"), "duties.json: PAY, checked_by: needs the name of the person"),
    (put("duties", "PAY", "checked_by", "Asha"), "duties.json: PAY, checked_on: needs the day"),
    (put("duties", "PAY", "address", ""), "duties.json: PAY, status: must be to_be_checked"),
    (put("duties", "PAY", "address", "javascript:alert(1)"), "duties.json: PAY, address: is no web address"),
    (put("duties", "PAY", "address", "https://cqc.org.uk./x"), "duties.json: PAY, address: is no web address"),
    (put("duties", "PAY", "address", "https://[x"), "duties.json: PAY, address: is no web address"),
    (put("duties", "PAY", "applies_to", []), "duties.json: PAY, applies_to: must not be an empty list"),
    (a_family_in_two_pieces, "duties.json: NHSA-242, family: “NHS law and guidance” must stand in one piece"),
    # Types and characters
    (without("duties", "PAY", "summary"), "duties.json: PAY, summary: is missing"),
    (put("duties", "PAY", "colour", "red"), "duties.json: PAY, colour: is no field of this file"),
    (put("standards", "PS1", "title", 7), "standards.json: PS1, title: must be text"),
    (put("standards", "PS1", "title", ""), "standards.json: PS1, title: must not be empty"),
    (put("standards", "PS1", "title", "x" * 101), "standards.json: PS1, title: must be at most 100 characters"),
    (put("standards", "PS1", "title", "a\0b"), "standards.json: PS1, title: holds a character"),
    (put("standards", "PS1", "title", "a\ud800b"), "standards.json: PS1, title: holds a character"),
    (put("standards", "PS1", "title", " a"), "standards.json: PS1, title: holds a character"),
    (put("standards", "PS1", "core", 1), "standards.json: PS1, core: must be true or false"),
    (put("standards", "PS1", "levels", []), "standards.json: PS1, levels: must be an object"),
    (put("standards", "PS1", "indicators", "One."), "standards.json: PS1, indicators: must be a list"),
    (put("standards", "PS1", "indicators", ["One.", "One."]), "standards.json: PS1, indicators: says the same thing twice"),
    (level_of_true, "levels.json: number 2, value: must be a whole number"),
    (duties_in_one_object, "duties.json: must hold a list"),
    (a_number_for_a_duty, "duties.json: number 1: must be an object"),
]  # fmt: skip


def test_the_real_source_is_whole() -> None:
    edition = read_edition(FOLDER)

    assert Counter(standard.principle for standard in edition.standards) == {
        "PR": 6, "PU": 5, "PS": 6, "PC": 7, "IM": 6,
    }  # fmt: skip
    assert sum(standard.core for standard in edition.standards) == 12
    assert sum(len(standard.indicators) for standard in edition.standards) == 90


@pytest.mark.parametrize(("change", "sentence"), FAULTS, ids=[s for _, s in FAULTS])
def test_a_fault_is_named(change: Callable[[Files], None], sentence: str) -> None:
    source = files()
    change(source)

    with pytest.raises(FaultySource) as refusal:
        parse_edition(source)

    assert any(str(fault).startswith(sentence) for fault in refusal.value.faults), str(
        refusal.value
    )


def test_a_slip_in_one_row_gives_one_fault() -> None:
    source = files()
    put("standards", "PR2", "core", "yes")(source)

    with pytest.raises(FaultySource) as refusal:
        parse_edition(source)

    assert [str(fault) for fault in refusal.value.faults] == [
        "standards.json: PR2, core: must be true or false"
    ]


def test_every_fault_is_told_at_once() -> None:
    source = files()
    put("standards", "PR2", "core", "yes")(source)
    put("duties", "PAY", "status", "old")(source)
    put("standards", "PS1", "duties", ["NOWHERE"])(source)
    put("edition", "", "published_on", None)(source)

    with pytest.raises(FaultySource) as refusal:
        parse_edition(source)

    places = {(f.file, f.code, f.field) for f in refusal.value.faults}
    assert places == {
        ("standards", "PR2", "core"),
        ("duties", "PAY", "status"),
        ("standards", "PS1", "duties"),
        ("edition", "england-2026-1", "published_on"),
    }


@pytest.mark.parametrize("name", SHAPES)
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    folder = write(files(), tmp_path / "edition")
    (folder / f"{name}.json").unlink()

    with pytest.raises(FaultySource, match=rf"^{name}\.json: cannot be read"):
        read_edition(folder)


@pytest.mark.parametrize("content", ["[", '[{"code": "A", "code": "B"}]', "\0"])
def test_a_file_that_cannot_be_read_is_named(content: str, tmp_path: Path) -> None:
    folder = write(files(), tmp_path / "edition")
    (folder / "duties.json").write_text(content)

    with pytest.raises(FaultySource, match=r"^duties\.json: cannot be read"):
        read_edition(folder)


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    folder = write(files(), tmp_path / "edition")
    (folder / "duties.json").write_bytes(b'["\xff"]')

    with pytest.raises(FaultySource, match=r"^duties\.json: cannot be read"):
        read_edition(folder)


def test_a_file_of_no_edition_is_named(tmp_path: Path) -> None:
    folder = write(files(), tmp_path / "edition")
    (folder / "answers.json").write_text("[]")

    with pytest.raises(FaultySource, match=r"^answers\.json: is no file"):
        read_edition(folder)


def test_the_fingerprint_is_of_the_content_alone(tmp_path: Path) -> None:
    source = files()
    before = parse_edition(source).fingerprint()
    source["duties"] = [dict(reversed(duty.items())) for duty in source["duties"]]

    assert parse_edition(source).fingerprint() == before
    assert read_edition(write(source, tmp_path / "edition")).fingerprint() == before


@pytest.mark.parametrize(
    "change",
    [
        put("standards", "IM6", "not_applicable_rule", "Never."),
        put("duties", "PAY", "status_note", "Changed."),
        inside("PR2", "levels", "4", "Changed."),
        put("edition", "", "published_on", "2026-11-24"),
    ],
)
def test_the_fingerprint_changes_with_any_word(
    change: Callable[[Files], None],
) -> None:
    before = parse_edition(files()).fingerprint()
    source = files()
    change(source)

    assert parse_edition(source).fingerprint() != before


def test_the_council_view_bears_on_what_its_six_statements_bear_on() -> None:
    """Source: the duties' own note that CQC-LA is made of six others."""
    six = {"CQC-LIP", "CQC-AN", "CQC-EQX", "CQC-PC", "CQC-GMS", "CQC-LII"}

    for standard in read_edition(FOLDER).standards:
        assert ("CQC-LA" in standard.duties) == bool(six & set(standard.duties))


def test_only_past_policy_bears_on_no_standard() -> None:
    edition = read_edition(FOLDER)
    mapped = {duty for standard in edition.standards for duty in standard.duties}

    idle = {duty.code: duty.status for duty in edition.duties} | {}
    assert {code for code in idle if code not in mapped} == {"FYFVMH", "SWBMH"}
    assert idle["FYFVMH"] == idle["SWBMH"] == "historic"


def test_no_duty_claims_a_check_that_no_person_made() -> None:
    """Source: rulings 30. Remove a code here when a person has checked its source."""
    assert not [d.code for d in read_edition(FOLDER).duties if d.checked_on]


def test_the_numbers_of_the_ten_principles_are_said_to_be_unconfirmed() -> None:
    ten = [d for d in read_edition(FOLDER).duties if d.code.startswith("WIP-")]

    assert len(ten) == 10
    assert {duty.status for duty in ten} == {"to_be_checked"}
    assert all("number" in duty.status_note for duty in ten)


@pytest.mark.parametrize(
    ("file", "model"),
    [
        ("edition", stored.Edition),
        ("levels", stored.Level),
        ("domains", stored.Domain),
        ("principles", stored.Principle),
        ("standards", stored.Standard),
        ("duties", stored.Duty),
    ],
)
def test_no_text_is_too_long_for_its_column(
    file: str, model: type[models.Model]
) -> None:
    """SQLite would keep what PostgreSQL refuses, so the check must come first."""
    for field in model._meta.get_fields():
        limit = getattr(field, "max_length", None)
        if limit and field.name in SHAPES[file] and not getattr(field, "choices", None):
            too_long = "A" * (limit + 1)
            with pytest.raises(Exception, match=r"must (be|look)"):
                SHAPES[file][field.name](too_long)


def test_the_words_of_the_source_are_those_of_the_models() -> None:
    assert set(DUTY_STATUSES) == set(stored.Duty.Status.values)
    assert set(EDITION_STATUSES) == set(stored.Edition.Status.values)
    assert list(AUDIENCES) == stored.Question.Audience.values


def test_the_files_hold_no_stray_spaces() -> None:
    for path in FOLDER.glob("*.json"):
        text = path.read_text()
        layout = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
        assert text == f"{layout}\n", path.name
