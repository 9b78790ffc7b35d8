"""On a full disk nothing is said to be saved that is not, and no words are lost (F-12).

SQLite itself is told that there is room for no more, and says what it says then.
"""

from html import escape

import pytest
from django.db import connection
from django.test import Client

from assessments.models import Response, ResponseRevision
from tests.factories import make_cast, the_response


pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.same_on_both,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="It asks SQLite."),
]

WORDS = "We asked the people who come here. " * 120
NO_LIMIT = 1_000_000


@pytest.fixture
def limit():
    """Let SQLite take so many pages more, and as many as it likes in the end.

    What other tests took and gave back is room too, until it is swept together.
    """

    def room_for(more):
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA page_count")
            [pages] = cursor.fetchone()
            cursor.execute(f"PRAGMA max_page_count = {pages + more}")

    yield room_for
    room_for(NO_LIMIT)


@pytest.mark.slow
@pytest.mark.parametrize("tries", [20, pytest.param(100, marks=pytest.mark.clock)])
def test_what_is_said_to_be_saved_is_and_other_words_come_back(edition, limit, tries):
    cast = make_cast()
    client = Client(raise_request_exception=False)
    client.force_login(cast.lead)
    address = cast.assessment.question_address("principles", 1)
    saved, refused = [], 0
    limit(10)

    for number in range(tries):
        words = f"{number} <{WORDS}>"
        typed = {"version": str(len(saved)), "choice": "2", "reason": words}
        page = client.post(address, typed)
        if page.status_code == 302:
            saved.append(words)
        else:
            refused += 1
            assert page.status_code == 503
            assert escape(words) in page.content.decode()

    assert saved
    assert refused > tries / 2
    revisions = ResponseRevision.objects.filter(outcome="saved").order_by("pk")
    assert [r.reason.strip() for r in revisions] == [words.strip() for words in saved]
    response = the_response(cast.assessment)
    assert response.version == len(saved)
    limit(NO_LIMIT)
    assert client.post(address, typed).status_code == 302
    assert Response.objects.get(pk=response.pk).reason == words.strip()
