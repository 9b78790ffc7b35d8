"""What an organisation calls the people it serves, on each of its own pages."""

import re
from html import unescape

import pytest
from django.urls import reverse

from assessments.operations import answer
from assessments.queries import assessment_record
from assessments.queries.words import standing_alone
from organisations.content import COMMITMENT, in_own_words
from organisations.models import AuditEvent, Organisation
from reports.document import build_document, read_document
from standards.models import Duty, Standard
from standards.queries import LevelWords
from tests.factories import (
    NOW,
    content,
    make_locked_assessment,
    signed_up,
    the_response,
)


pytestmark = pytest.mark.django_db

WORDS = "residents & guests"
# Pages that only bring a file, or that leave the organisation.
NO_PAGE = re.compile(r"\.csv$|\.xlsx$|/continue/$|^/organisations/|\?")


@pytest.fixture
def lead(cast, client):
    client.force_login(cast.lead)
    return client


def call(cast, words):
    Organisation.objects.filter(pk=cast.riverside.pk).update(people_called=words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Service users and carers meet.", "Residents and carers meet."),
        ("We ask two service users.", "We ask two residents."),
        ("SERVICE USERS", "Residents"),
        ("The service user experience.", "The service user experience."),
        ("Self-service users", "Self-residents"),
    ],
)
def test_the_words_stand_where_the_standards_name_them(text, said):
    assert in_own_words(text, "residents") == said
    assert in_own_words(text, "") == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("As level 3, and more.", "As level 3, and more. Level 3 says: “We do this.”"),
        ("As level 2, and more.", "As level 2, and more."),
        ("As level 4, and more.", "As level 4, and more."),
        ("We do more, as level 3 says.", "We do more, as level 3 says."),
    ],
)
def test_a_level_that_adds_to_another_says_that_one_too(text, said):
    three, four = LevelWords(3, "In place", "We do this."), LevelWords(4, "Led", text)

    assert standing_alone(four, {3: three, 4: four}) == said


def test_every_page_of_the_organisation_says_its_own_words(cast, lead):
    Organisation.objects.filter(pk=cast.riverside.pk).update(**signed_up())
    call(cast, WORDS)
    answer(
        response=the_response(cast.assessment, "PS1"),
        content=content(level=1),
        version=0,
        by=cast.lead,
        at=NOW,
    )
    locked = make_locked_assessment(cast.riverside, cast.lead, "Ward 4")
    publish = reverse("assessments:publish", args=["riverside", locked.public_id])

    # One assessment is enough, and of the locked one what only it has.
    pages = pages_of(lead, "/o/riverside/", but=str(locked.public_id))
    pages |= pages_of(lead, publish, but="/")

    # Each question, the lists, what is arranged, and the settings were there.
    assert len(pages) > 50
    for address, text in pages.items():
        # What was signed, and the names of laws, stay as they are.
        for sentence in (*COMMITMENT, *Duty.objects.values_list("title", flat=True)):
            text = text.replace(sentence, "")
        assert not re.search(r"service users?\b", text, re.IGNORECASE), address
        if not address.endswith("settings/words/"):
            assert "people who use" not in text.lower(), address
    question = pages[cast.assessment.question_address("presence", 1)]
    assert "Residents & guests and carers take part" in question
    assert "At least a quarter" in question
    assert f"Why were {WORDS} not asked yet?" in pages[publish]


def pages_of(client, begin, *, but):
    """Follow each link of an organisation's pages to another, but for some."""
    waiting, found = [begin], {}
    while waiting:
        address = waiting.pop()
        if address in found or NO_PAGE.search(address):
            continue
        page = client.get(address)
        if page.status_code != 200:
            continue
        html = page.content.decode()
        # What a mark-up fault would show is found here as well.
        found[address] = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
        waiting += (
            unescape(link).partition("#")[0]
            for link in re.findall(r'href="(/o/riverside/[^"]*)"', html)
            if but not in link
        )
    return found


def test_without_own_words_the_standards_say_theirs(cast, lead):
    text = lead.get(cast.assessment.question_address("presence", 1)).content.decode()
    publish = ["riverside", make_locked(cast).public_id]
    page = lead.get(reverse("assessments:publish", args=publish)).content.decode()

    assert "Service users and carers take part" in text
    assert "Why were people who use the service not asked yet?" in page


def make_locked(cast):
    Organisation.objects.filter(pk=cast.riverside.pk).update(**signed_up())
    return make_locked_assessment(cast.riverside, cast.lead, "Ward 4")


def test_a_report_says_the_words_of_the_day_it_was_made(cast):
    call(cast, "members")
    cast.assessment.organisation.refresh_from_db()

    frozen = build_document(assessment_record(cast.assessment), at=NOW)
    call(cast, "guests")

    document = read_document(frozen)
    said = next(each for each in document.standards if each.code == "PS1")
    assert said.statement.startswith("Members and carers take part")
    assert document.people == "members"
    # The edition itself never changes.
    assert Standard.objects.filter(statement__startswith="Service users").exists()
    assert not Standard.objects.filter(statement__icontains="members and").exists()
    del frozen["people"]
    assert read_document(frozen).people == ""


def test_a_lead_chooses_the_words(cast, lead):
    address = reverse("settings_words", args=["riverside"])
    typed = {"people_called": "  tenants. ", "version": "0"}

    assert lead.post(address, typed).url == reverse("settings", args=["riverside"])

    cast.riverside.refresh_from_db()
    assert (cast.riverside.people_called, cast.riverside.version) == ("tenants", 1)
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.details) == ("edited", {"fields": ["people_called"]})
    assert "<bdi>tenants</bdi>" in lead.get(address).content.decode()
    late = lead.post(address, typed | {"people_called": "<b>guests</b>"})
    assert late.status_code == 409
    text = late.content.decode()
    assert "&lt;b&gt;guests" in text
    assert "<bdi>tenants</bdi>" in text
    long = lead.post(address, typed | {"people_called": "x" * 61, "version": "1"})
    assert "Use 60 characters or fewer." in long.content.decode()
    lead.post(address, {"people_called": "<b>guests</b>", "version": "1"})
    publish = ["riverside", make_locked(cast).public_id]
    page = lead.get(reverse("assessments:publish", args=publish)).content.decode()
    assert "Why were &lt;b&gt;guests&lt;/b&gt; not asked yet?" in page
