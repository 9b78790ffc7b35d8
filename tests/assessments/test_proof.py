"""A high level without proof: said to who chose it, in kind words, and never blocked."""

import pytest

from assessments.rules import EvidenceContent, advice_on_proof
from tests.factories import content, the_response


pytestmark = pytest.mark.django_db
CHARTER = EvidenceContent(title="Charter", type="document")
LOG = EvidenceContent(title="Log", type="number")


@pytest.mark.parametrize(
    "said",
    [
        {"level": 2},
        {"state": "dont_know", "level": None},
        {"level": 3, "evidence": (CHARTER, LOG)},
    ],
)
def test_nothing_is_said_where_nothing_is_missing(said):
    assert advice_on_proof("PR1", content(**said)) == ""


def test_it_says_what_would_count():
    assert advice_on_proof("PR1", content(level=3)) == (
        "PR1 has level 3 and no evidence yet. You can leave it so. Readers may ask what "
        "shows it. This would count: a document that says how you work and an example "
        "of it in use."
    )
    assert advice_on_proof("PR1", content(level=4, evidence=(CHARTER, LOG))).endswith(
        "Beside the evidence you gave, this would count: a change that people can point to."
    )


@pytest.fixture
def lead(cast, client):
    client.force_login(cast.lead)
    return client


def test_author_is_told_once_after_the_save_and_on_the_question(cast, lead):
    address = cast.assessment.question_address("principles", 1)
    typed = {"version": "0", "choice": "4", "reason": "Nearly all our groups do."}

    following = lead.post(address, typed, follow=True)

    assert the_response(cast.assessment).level == 4
    told = "PR1 has level 4 and no evidence yet."
    assert told in following.content.decode()
    assert told not in lead.get(following.request["PATH_INFO"]).content.decode()
    question = lead.get(address).content.decode()
    assert "Readers may ask what shows it." in question
    assert "a change that people can point to" in question


def test_lower_level_is_saved_without_a_word(cast, lead):
    address = cast.assessment.question_address("principles", 1)

    following = lead.post(
        address, {"version": "0", "choice": "2", "reason": "Some do."}, follow=True
    )

    assert "Readers may ask" not in following.content.decode()
    assert "Readers may ask" not in lead.get(address).content.decode()


def test_nobody_is_told_of_what_was_not_saved(cast, client, lead):
    address = cast.assessment.question_address("principles", 1)
    lead.post(address, {"version": "0", "choice": "2", "reason": "Asha was first."})
    client.force_login(cast.contributor)

    page = client.post(address, {"version": "0", "choice": "4", "reason": "Later."})

    assert page.status_code == 409
    assert "PR1 has level" not in page.content.decode()
