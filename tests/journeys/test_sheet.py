"""Fill in the spreadsheet without a connection, bring it back, and look before saving."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.assessments.sheets import fill, saved
from tests.journeys.conftest import Person
from tests.journeys.looking import faults_of


@pytest.fixture(
    params=[pytest.param(True, marks=pytest.mark.clock), False],
    ids=["with script", "without"],
)
def has_script(request) -> bool:
    return request.param


@pytest.fixture
def browser_context_args(browser_context_args, has_script):
    return browser_context_args | {"java_script_enabled": has_script}


def test_filled_in_on_a_train(person: Person, tmp_path: Path, has_script: bool) -> None:
    page = person.page
    name = "With" if has_script else "Without"
    person.sign_in("lead@riverside.example")
    person.press("Start an assessment")
    page.get_by_label("A service or team").check()
    page.get_by_label("Name of the service, team or project").fill(f"{name} a train")
    person.press("Start")
    person.follow("Not now, go to the assessment")
    page.wait_for_url("**/assessments/*-*/")
    overview = page.url

    # Taken away, and filled in twice: the second time as it should be.
    person.follow("answer in a spreadsheet")
    with page.expect_download() as download:
        person.follow("Download the spreadsheet")
    assert download.value.suggested_filename.endswith(".xlsx")
    workbook = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    fill(workbook, "PR1", level="3 In place and felt", why="Said on a train.")
    fill(workbook, "PR4", level="Does not apply", because="We have no staff")
    file = tmp_path / "filled in.xlsx"
    file.write_bytes(saved(workbook))
    box = page.get_by_label("The spreadsheet that you filled in")
    box.set_input_files(file)
    person.press("Upload and look at the changes")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("row 5 (PR4), column F")
    expect(alert).to_contain_text("Say in a sentence why it does not apply.")
    if has_script:
        assert faults_of(page) == []

    fill(workbook, "PR4", why="Volunteers do it all.")
    file.write_bytes(saved(workbook))
    box.set_input_files(file)
    person.press("Upload and look at the changes")
    assert person.sees("Nothing is saved yet. 2 answers would change.")
    changes = page.url

    # She answers one of them on its page meanwhile.
    page.goto(f"{overview}principles/1/")
    page.get_by_label("1 Early steps").check()
    page.get_by_label("In a sentence or two, why?").fill("Said at the office.")
    person.press("Save and go back to list")
    expect(page).to_have_url(f"{overview}principles/")
    page.goto(changes)
    expect(page.get_by_text("Said at the office.").first).to_be_visible()
    if has_script:
        assert faults_of(page) == []
    person.press("Save all 2 changes")
    expect(page.get_by_role("alert")).to_contain_text("Choose which answer to PR1")
    page.get_by_label("Put both together").check()
    person.press("Save all 2 changes")

    expect(page).to_have_url(overview)
    expect(page.get_by_text("2 answers saved.")).to_be_visible()
    page.goto(f"{overview}principles/1/")
    reason = page.get_by_label("In a sentence or two, why?")
    expect(reason).to_have_value("Said at the office.\n\nSaid on a train.")
    expect(page.get_by_label("3 In place and felt")).to_be_checked()
