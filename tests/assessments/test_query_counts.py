"""What the pages of an assessment ask the database, however much there is."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment, Comment, Mention, Response
from assessments.operations import (
    answer,
    ask_for_another_look,
    ask_for_ratings,
    keep_draft,
)
from assessments.rules import EvidenceContent, Writing
from tests.factories import NOW, content, the_response


pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Source: performance.md, target 3.
MOST = 8
MANY = 200
FEW_COMMENTS, MANY_COMMENTS = 30, 300


def fill(cast):
    """Put something of everything beside the standard that is opened."""
    evidence = (EvidenceContent(title="Charter", type="document"),)
    response = the_response(cast.assessment, "PC3")
    first = {"content": content(evidence=evidence), "version": 0}
    answer(response=response, by=cast.lead, at=NOW, **first)
    for person in (cast.lead, cast.contributor):
        keep_draft(
            response=response,
            writing=Writing(uuid4()),
            typed="version=1&reason=Half",
            by=person,
            at=NOW,
        )
    ask_for_another_look(response=response, why="Is it so?", by=cast.lead, at=NOW)
    ask_for_ratings(
        assessment=cast.assessment,
        principles=["process"],
        people=[cast.contributor, cast.co_lead],
        by=cast.lead,
        at=NOW,
    )


def add_comments(cast, number):
    """Let the contributor comment so often, each time for both leads."""
    response = the_response(cast.assessment, "PC3")
    comments = Comment.objects.bulk_create(
        Comment(response=response, author=cast.contributor, text="Yes?", written_at=NOW)
        for _ in range(number)
    )
    Mention.objects.bulk_create(
        Mention(comment=comment, person=person, told_at=NOW)
        for comment in comments
        for person in (cast.lead, cast.co_lead)
    )


def add_assessments(cast, number):
    """Add locked ones: of teams, and of the same as the one that is opened."""
    now = cast.assessment
    scopes = [("organisation", "")] + [("service", f"Team {n}") for n in range(number)]
    locked = {"status": "locked", "locked_at": NOW, "locked_by": cast.lead}
    made = Assessment.objects.bulk_create(
        Assessment(
            organisation=cast.riverside,
            edition=now.edition,
            scope=scope,
            scope_name=name,
            started_at=NOW - timedelta(days=400),
            started_by=cast.lead,
            **locked,
        )
        for scope, name in scopes[:number]
    )
    Response.objects.bulk_create(
        Response(
            assessment=one, standard=standard, is_core=standard.is_core, is_locked=True
        )
        for one in made
        for standard in now.edition.standards.all()
    )


def asked(client, addresses):
    """Count what each page asks once the process is warm."""
    counts = {}
    for name, address in addresses.items():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
        assert page.status_code == 200
        said = [query["sql"] for query in queries]
        assert len(said) == len(set(said)), (name, said)
        counts[name] = len(said)
    return counts


def test_pages_ask_the_same_at_1_and_200_assessments_30_and_300_comments(
    cast, client, time_machine
):
    time_machine.move_to(NOW, tick=False)
    client.force_login(cast.lead)
    view = cast.assessment
    addresses = {
        "workspace": cast.riverside.get_absolute_url(),
        "overview": view.get_absolute_url(),
        "principle": view.principle_address("process"),
        "check": view.check_address("process"),
        "question": view.question_address("process", 3),
        "one page": view.one_page_address("process"),
    }
    fill(cast)
    add_comments(cast, FEW_COMMENTS)
    few = asked(client, addresses)

    add_comments(cast, MANY_COMMENTS - FEW_COMMENTS)
    add_assessments(cast, MANY - 1)
    many = asked(client, addresses)

    assert "Last time" in client.get(addresses["question"]).content.decode()
    assert few == many
    too_many = {name: n for name, n in many.items() if n > MOST}
    assert too_many == {}
