"""What a steward finds of an organisation's answers, at every address of the site.

Without a grant nothing; with one our own view and no more. The addresses are those of
the URLconf and their arguments those of the access matrix, so that a new page is tried
here without anybody thinking of it.
"""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import SESSION_KEY
from django.urls import NoReverseMatch, reverse

from assessments.operations import (
    EditConflict,
    answer,
    ask_for_another_look,
    note_dissent,
    post_comment,
)
from assessments.rules import EvidenceContent
from organisations.models import AccessGrant
from organisations.operations import grant_access
from reports.models import Report
from tests.factories import NOW, content, the_response
from tests.test_access import arguments, client_of, every_address, make_report


pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# A search asks for the first word; a page that says the second has found an answer.
CANARY, SECRET = "quokka", "zanzibar"
# All that a grant opens. A new address is not among them until somebody says so.
OUR_VIEW = {
    "workspace",
    "assessments:overview",
    "assessments:evidence",
    "assessments:quality",
    "assessments:principle",
    "assessments:check",
    "assessments:question",
    "assessments:meeting_question",
    "assessments:history",
}
# Of these the start of an assessment and the list of them say how many, not what.
WITH_ANSWERS = {
    f"assessments:{page}"
    for page in (
        "check",
        "evidence",
        "history",
        "meeting_question",
        "quality",
        "question",
    )
}
# One way of asking a page for each that a list, a search or an export may know.
QUERIES = (
    {},
    {"q": CANARY, "words": CANARY, "search": CANARY, "format": "csv"},
)
# What people said in a round. The app that will hold it has no table yet; its first
# one fails the test below, until its words are put beside those of our view.
PEOPLES_APP = "voices"


def said(place):
    return f"{CANARY} {SECRET} {place}"


@pytest.fixture
def answers(cast, time_machine):
    """Riverside's answer to the standard that the matrix opens, in every text of it."""
    time_machine.move_to(NOW, tick=False)
    evidence = EvidenceContent(
        title=said("title"),
        type="other",
        link=f"https://riverside.example/{CANARY}/{SECRET}",
        note=said("note"),
    )
    standard = cast.assessment.edition.standards.get(
        principle__slug="process", position=3
    )
    for by, reason in ((cast.lead, "reason"), (cast.co_lead, "rejected")):
        response = the_response(cast.assessment, standard.code)
        told = content(reason=said(reason), evidence=(evidence,))
        try:
            answer(response=response, content=told, version=0, by=by, at=NOW)
        except EditConflict:
            assert by == cast.co_lead
    response = the_response(cast.assessment, standard.code)
    post_comment(response=response, text=said("comment"), tell=[], by=cast.lead, at=NOW)
    ask_for_another_look(response=response, why=said("why"), by=cast.lead, at=NOW)
    note_dissent(
        response=the_response(cast.assessment, standard.code),
        text=said("dissent"),
        version=1,
        by=cast.lead,
        at=NOW,
    )


@pytest.fixture
def ready(cast, answers, settings, tmp_path):
    """A report with those answers, and its file."""
    report = make_report(cast)
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "report.pdf").write_text(said("file"))
    assert SECRET in str(report.document)
    Report.objects.filter(pk=report.pk).update(
        status="ready",
        file="report.pdf",
        sha256="0" * 64,
        bytes=10,
        pages=1,
        ready_at=NOW,
    )
    return report


@pytest.fixture
def grant(cast, ready):
    asked = AccessGrant.objects.get()
    grant_access(grant=asked, by=cast.lead, at=NOW)
    return asked


def places(cast, report):
    """Pair every address of the site with its name."""
    for name in sorted(every_address() - {"admin:None"}):
        taken = (
            admin_arguments(name)
            if name.startswith("admin:")
            else [
                arguments(
                    name, cast.riverside, cast.assessment.public_id, report.public_id
                )
            ]
        )
        for place in taken:
            yield name, reverse(name, args=place)


def admin_arguments(name):
    """List what an address of Django's admin takes: each row of its table."""
    if name in {"admin:view_on_site", "admin:app_list"}:
        return [["1", "1"] if name == "admin:view_on_site" else ["organisations"]]
    for model in admin.site._registry:
        label = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
        match name.removeprefix(label):
            case "change" | "delete" | "history":
                return [[pk] for pk in keys(model)] or [["1"]]
            case "simple_history":
                return [[row.id, row.pk] for row in model.history.all()[:20]] or [
                    ["1", "1"]
                ]
    return [[]]


def keys(model):
    return model.objects.order_by("pk").values_list("pk", flat=True)[:20]


EVERY_WAY = (*(("get", query) for query in QUERIES), ("post", {}))


def find(cast, person, report, *, names=None, ways=EVERY_WAY):
    """Ask each address in every way, and name those that say what Riverside wrote."""
    client, found = client_of(cast, person), set()
    for name, address in places(cast, report):
        if names is not None and name not in names:
            continue
        for method, query in ways:
            page = getattr(client, method)(address, query)
            body = b"".join(page) if page.streaming else page.content
            if SECRET.encode() in body or SECRET in str(page.headers):
                found.add((name, method))
            if SESSION_KEY not in client.session:
                client = client_of(cast, person)  # It was the address to sign out.
    return found


@pytest.mark.parametrize("person", ["steward", "superuser"])
def test_without_a_grant_no_page_says_an_answer(cast, ready, person):
    assert find(cast, person, ready) == set()


def test_with_a_grant_our_view_and_nothing_else(cast, grant, ready):
    found = find(cast, "steward", ready)

    assert found == {(name, "get") for name in WITH_ANSWERS}


def test_the_search_would_find_it(cast, ready):
    """The lead reads at the same addresses what the steward must not."""
    read = {
        *WITH_ANSWERS,
        *("assessments:evidence_csv", "reports:read", "reports:download"),
    }

    found = find(cast, "lead", ready, names=read, ways=EVERY_WAY[:1])

    assert found == {(name, "get") for name in read}


def test_grant_opens_our_view_alone(cast, grant, ready):
    client = client_of(cast, "steward")
    below = {
        (name, address)
        for name, address in places(cast, ready)
        if "/o/river" in address
    }

    opened = {name for name, address in below if client.get(address).status_code == 200}

    assert opened == OUR_VIEW


def test_grant_of_one_steward_opens_nothing_to_another(cast, grant, ready):
    client = client_of(cast, "superuser")

    for name, address in places(cast, ready):
        if name in OUR_VIEW:
            assert client.get(address).status_code == 404


def test_no_table_holds_what_people_say_yet():
    assert not list(apps.get_app_config(PEOPLES_APP).get_models())


def test_every_address_can_be_asked_for(cast, ready):
    """An address whose arguments nobody declared would be left out without a word."""
    try:
        named = {name for name, _ in places(cast, ready)}
    except NoReverseMatch as unknown:
        pytest.fail(f"Say in tests/test_access.py what it takes: {unknown}")

    assert named == every_address() - {"admin:None"}
