"""Our answers as data: all of them, safe in a spreadsheet, for members."""

import csv
import io
import json
from datetime import date

import pytest

from assessments.operations import answer
from assessments.rules import EvidenceContent
from organisations.document import csv_text
from tests.assessments.sheets import address
from tests.factories import NOW, content, the_response


pytestmark = pytest.mark.django_db

FORMULA = '=HYPERLINK("https://elsewhere.example")'


@pytest.fixture
def lead(cast, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(cast.lead)
    item = EvidenceContent(
        title="@charter", type="document", dated_on=date(2026, 5, 1), note="-1 day"
    )
    said = content(level=3, reason=FORMULA, evidence=(item,))
    response = the_response(cast.assessment)
    answer(response=response, content=said, version=0, by=cast.lead, at=NOW)
    return client


def test_csv_has_a_row_for_each_standard_and_no_formula(cast, lead):
    file = lead.get(address("answers_csv", cast.assessment))

    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert len(rows) == 30
    assert file["Content-Disposition"].startswith("attachment")
    first = rows[0]
    assert (first["Standard"], first["Level"]) == ("PR1", "3")
    assert first["Word"] == "In place and felt"
    assert first["Reason"] == f"'{FORMULA}"
    assert first["Evidence 1: title"] == "'@charter"
    assert first["Evidence 1: note"] == "'-1 day"
    assert first["Evidence 1: date"] == "2026-05-01"
    assert first["Evidence 1: who"] == "Private"
    assert rows[1]["Answer"] == "Not answered"


def test_numbers_stay_numbers_in_any_csv():
    (line,) = csv_text(("a",), [(-1, -0.5, "-1", None)]).splitlines()[1:]

    assert line == "-1,-0.5,'-1,"


def test_json_holds_each_text_as_it_is(cast, lead):
    file = lead.get(address("answers_json", cast.assessment))

    whole = json.loads(file.content)
    assert whole["organisation"] == "Riverside"
    standards = [each for p in whole["principles"] for each in p["standards"]]
    assert len(standards) == 30
    assert (standards[0]["level"], standards[0]["reason"]) == (3, FORMULA)
    assert standards[0]["evidence"][0]["dated_on"] == "2026-05-01"
    assert standards[1]["state"] == "unanswered"


def test_both_are_for_members(cast, lead):
    for name in ("answers_csv", "answers_json"):
        lead.force_login(cast.viewer)
        assert lead.get(address(name, cast.assessment)).status_code == 200
        lead.force_login(cast.steward)
        assert lead.get(address(name, cast.assessment)).status_code == 404
