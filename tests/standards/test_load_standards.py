"""The one door by which editions come in."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError

from standards.models import Duty, Edition, Indicator, LevelSentence, Question, Standard
from tests import factories
from tests.standards.source import Files, files, row, write


pytestmark = pytest.mark.django_db


def load(*folder: Path) -> str:
    said = StringIO()
    call_command("load_standards", *folder, stdout=said)
    return said.getvalue()


def rows() -> dict[str, list[dict[str, Any]]]:
    """Return every row of the app; of a link between tables, what it links."""
    everything = {}
    for model in apps.get_app_config("standards").get_models(include_auto_created=True):
        fields = [field.attname for field in model._meta.fields]
        if model._meta.auto_created:
            fields.remove("id")
        found = model._default_manager.order_by(*fields).values(*fields)
        everything[model._meta.label] = list(found)
    return everything


@pytest.fixture
def new_edition() -> Files:
    """A draft of next year's edition, whole."""
    source = files()
    source["edition"] |= {
        "code": "england-2027-1",
        "title": "4Pi self-assessment, England, 2027.1",
        "version": "2027.1",
        "status": "draft",
        "published_on": None,
    }
    return source


def test_everything_is_stored(edition: Edition) -> None:
    assert edition.code == "england-2026-1"
    assert edition.status == Edition.Status.PUBLISHED
    assert Standard.objects.filter(edition=edition).count() == 30
    assert Standard.objects.filter(edition=edition, is_core=True).count() == 12
    assert Indicator.objects.filter(standard__edition=edition).count() == 90
    assert LevelSentence.objects.filter(standard__edition=edition).count() == 150
    assert Question.objects.filter(standard__edition=edition).count() == 90 + 20
    assert Duty.objects.filter(edition=edition).count() == 65
    assert [p.code for p in edition.principles.order_by("position")] == [
        "PR", "PU", "PS", "PC", "IM",
    ]  # fmt: skip


def test_what_is_stored_is_what_the_source_says(edition: Edition) -> None:
    source = row(files(), "standards", "PR2")

    standard = edition.standards.get(code="PR2")

    assert standard.statement == source["statement"]
    assert standard.principle.code == "PR"
    assert standard.position == 2
    assert standard.example_evidence == source["example_evidence"]
    assert {d.code for d in standard.domains.all()} == {"OC", "CO", "SD", "GS"}
    assert {d.code for d in standard.duties.all()} == set(source["duties"])
    sentences = standard.level_sentences.select_related("level")
    assert {str(s.level.value): s.text for s in sentences} == source["levels"]
    questions = {q.audience: q.text for q in standard.questions.all()}
    assert questions == source["questions"]


def test_loading_again_writes_nothing(edition: Edition) -> None:
    before = rows()

    said = load()

    assert "already loaded, nothing changed" in said
    assert rows() == before


def test_a_published_edition_refuses_changed_files(
    edition: Edition, tmp_path: Path
) -> None:
    source = files()
    row(source, "standards", "PR1")["statement"] = "Something else."
    before = rows()

    with pytest.raises(CommandError, match="published and does not change") as refusal:
        load(write(source, tmp_path / "changed"))

    assert "new code, title and version" in str(refusal.value)
    assert rows() == before


def test_a_version_belongs_to_one_code(edition: Edition, tmp_path: Path) -> None:
    source = files()
    source["edition"]["code"] = "another-code"

    with pytest.raises(CommandError, match="is taken by the edition “england-2026-1”"):
        load(write(source, tmp_path / "other"))

    assert Edition.objects.count() == 1


def test_a_faulty_source_writes_nothing_and_says_why(
    edition: Edition, tmp_path: Path, new_edition: Files
) -> None:
    row(new_edition, "standards", "PR1")["duties"] = ["NOWHERE"]
    before = rows()

    with pytest.raises(CommandError) as refusal:
        load(write(new_edition, tmp_path / "faulty"))

    assert str(refusal.value) == (
        "Nothing was loaded from faulty:\n"
        "standards.json: PR1, duties: NOWHERE is not in duties.json"
    )
    assert rows() == before


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="edition.json: cannot be read"):
        load(tmp_path / "nowhere")


@pytest.mark.slow
def test_a_draft_is_replaced(
    edition: Edition, tmp_path: Path, new_edition: Files
) -> None:
    folder = write(new_edition, tmp_path / "draft")
    load(folder)
    row(new_edition, "standards", "PR1")["statement"] = "We say it better."

    said = load(write(new_edition, folder))

    assert "replaced the draft" in said
    draft = Edition.objects.get(code="england-2027-1")
    assert draft.standards.get(code="PR1").statement == "We say it better."
    assert draft.standards.count() == 30
    assert Standard.objects.count() == 60


def test_a_draft_is_not_the_current_edition(
    edition: Edition, tmp_path: Path, new_edition: Files
) -> None:
    load(write(new_edition, tmp_path / "draft"))

    assert Edition.objects.current() == edition


@pytest.mark.slow
def test_a_draft_in_use_is_kept(
    edition: Edition, tmp_path: Path, new_edition: Files
) -> None:
    folder = write(new_edition, tmp_path / "draft")
    load(folder)
    acme = factories.make_organisation("acme")
    assessment = factories.make_assessment(acme, factories.make_user("Asha"))
    assessment.edition = Edition.objects.get(code="england-2027-1")
    assessment.save(update_fields=["edition"])
    before = rows()
    row(new_edition, "standards", "PR1")["statement"] = "We say it better."

    with pytest.raises(CommandError, match="something refers to already"):
        load(write(new_edition, folder))

    assert rows() == before


@pytest.mark.slow
def test_a_draft_becomes_published(
    edition: Edition, tmp_path: Path, new_edition: Files
) -> None:
    folder = write(new_edition, tmp_path / "draft")
    load(folder)
    new_edition["edition"] |= {"status": "published", "published_on": "2027-11-23"}

    load(write(new_edition, folder))

    assert Edition.objects.current().code == "england-2027-1"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_dump_loads_into_an_empty_database(tmp_path: Path) -> None:
    """Source: rulings 19."""
    dump = tmp_path / "standards.json"
    call_command("dumpdata", "standards", output=str(dump), verbosity=0)
    before = rows()
    assert len(before["standards.Standard"]) == 30
    call_command("flush", interactive=False, verbosity=0)
    assert not Edition.objects.exists()

    call_command("loaddata", str(dump), verbosity=0)

    assert rows() == before
    assert len(json.loads(dump.read_text())) > 400
    assert "already loaded" in load()
