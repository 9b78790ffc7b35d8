"""The public register: found by anybody, and no figure of an assessment in it."""

import csv
import io
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Response
from assessments.operations import answer
from assessments.rules import EvidenceContent
from fourpi.samples.many import make_many
from organisations.models import Milestone, Organisation
from tests.factories import (
    NOW,
    content,
    make_assessment,
    make_member,
    make_organisation,
    make_registered,
)
from tests.reading import grade_of


pytestmark = [pytest.mark.django_db, pytest.mark.database]

TODAY = NOW.date()
LIST = "/organisations/"
CSV = "/organisations/register.csv"
FEED = "/organisations/register.atom"
ATOM = "{http://www.w3.org/2005/Atom}"


def html_of(address, client=None, **looked_for):
    page = (client or Client()).get(address, looked_for)
    assert page.status_code == 200
    return page.content.decode()


def names_in(html):
    return re.findall(r"<bdi>(.*?)</bdi></a></th>", html)


def page_of(organisation):
    return reverse("register_organisation", args=[organisation.slug])


# The list


def test_it_says_what_it_is_and_is_not():
    html = html_of(LIST)

    assert "made a promise on this site" in html
    assert "This is not NSUN’s list. NSUN does not run it or endorse it." in html


def test_it_lists_who_signed_up_by_name_and_nobody_else():
    make_registered("zebra", name="Zebra")
    make_registered("ardal", name="Árdal")
    make_registered("paused", name="Mere", status="paused", paused_at=NOW)
    make_organisation("not-yet", name="Not yet")
    zebra = Organisation.objects.get(slug="zebra")
    make_registered(
        "gone", name="Gone", status="merged", paused_at=NOW, merged_into=zebra
    )

    html = html_of(LIST)

    assert names_in(html) == ["Árdal", "Mere", "Zebra"]
    assert "Showing 1 to 3 of 3" in html
    assert "(paused)" in html


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ty hafan", ["Tŷ Hafan"]),
        ("HAFAN tŷ", ["Tŷ Hafan"]),
        ("mon", ["Tŷ Hafan"]),
        ("haf", ["Hafod", "Tŷ Hafan"]),
        ("o’brien", ["O'Brien House"]),
        ("obrien house", ["O'Brien House"]),
        ("  ", ["Hafod", "O'Brien House", "Tŷ Hafan"]),
        ("100%", []),
        ("!!!", []),
    ],
)
def test_it_is_searched_without_accents_case_or_order(typed, found):
    make_registered("ty-hafan", name="Tŷ Hafan", area="Ynys Môn")
    make_registered("hafod", name="Hafod")
    make_registered("obrien", name="O'Brien House")

    html = html_of(LIST, q=typed)

    assert [n.replace("&#x27;", "'") for n in names_in(html)] == found
    if not found:
        assert "We found no organisation" in html


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "council"), ("nation", "wales"), ("stage", "under_way")],
)
def test_it_is_narrowed(field, value):
    make_registered("one", name="One", **{field: value})
    make_registered("other", name="Other")

    html = html_of(LIST, **{field: value})

    assert names_in(html) == ["One"]
    assert f'<option value="{value}" selected' in html
    assert names_in(html_of(LIST, **{field: value}, q="other")) == []


@pytest.mark.parametrize(
    "looked_for",
    [
        {"kind": "nonsense"},
        {"q": "x" * 101},
        {"q": "\x00"},
        {"stage": "signed_up'--"},
    ],
)
def test_what_cannot_be_looked_for_is_said(looked_for):
    make_registered("one", name="One")

    html = html_of(LIST, **looked_for)

    assert "<title>Error: " in html
    assert names_in(html) == ["One"]
    assert Client().get(CSV, looked_for).status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "²", "x", "9" * 40, "\x00"])
def test_no_page_is_an_error(page):
    make_registered("one", name="One")

    assert names_in(html_of(LIST, page=page)) == ["One"]


def test_it_has_25_on_a_page_and_keeps_what_was_looked_for():
    for number in range(26):
        make_registered(f"hall-{number}", name=f"Hall {number:02}")
    make_registered("other", name="Other")

    first = html_of(LIST, q="hall", kind="")
    second = html_of(LIST, q="hall", page="2")

    assert "Showing 1 to 25 of 26" in first
    assert 'href="?q=hall&amp;kind=&amp;page=2" rel="next"' in first
    assert "Showing 26 to 26 of 26" in second
    assert names_in(second) == ["Hall 25"]


def test_nobody_yet():
    html = html_of(LIST)

    assert "Nobody has signed up yet" in html
    assert "register.csv" not in html


@pytest.mark.slow
@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize("address", [LIST, f"{LIST}?q=ty&nation=wales", CSV, FEED])
def test_the_queries_are_as_many_for_20_as_for_many(address):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(address).status_code == 200
        return len(queries)

    make_many(20, today=TODAY)
    few = count()
    make_many(300, today=TODAY)

    assert count() == few <= 3


# Files


def test_the_file_holds_what_was_found():
    make_registered("ardal", name="Árdal", area="Mere", assessed_by="5-9")
    make_registered("other", name="Other", kind="council")

    page = Client().get(CSV, {"kind": "care_charity"})

    assert page["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(page.content.decode("utf-8-sig"))))
    assert len(rows) == 1
    assert rows[0]["Name"] == "Árdal"
    assert rows[0]["Next date"] == "2027-08-23"
    assert rows[0]["Assessed by"] == "5 to 9 people"
    assert rows[0]["Last published on"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_is_a_formula(start):
    make_registered("bad", name=f"{start}1+1")

    text = Client().get(CSV).content.decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(text)))[1][0] == f"'{start}1+1"


def test_files_name_the_site_and_not_the_host_that_was_asked(settings):
    settings.PUBLIC_ADDRESS = "https://4pi.example"
    settings.ALLOWED_HOSTS = ["evil.example"]
    make_registered("one", name="One")

    for address in (CSV, FEED):
        text = Client().get(address, headers={"host": "evil.example"}).content.decode()
        assert "https://4pi.example/organisations/one/" in text
        assert "evil" not in text


def test_the_feed_has_the_50_newest_changes():
    for number in range(51):
        day = TODAY - timedelta(days=number)
        make_registered(f"one-{number}", stage_since=day, signed_up_on=day)
    moved = Organisation.objects.get(slug="one-30")
    before = ids_in_feed()
    Organisation.objects.filter(pk=moved.pk).update(
        stage="under_way", stage_since=TODAY + timedelta(days=1)
    )

    ids = ids_in_feed()

    assert len(ids) == len(set(ids)) == 50
    assert "one-30" in ids[0]
    assert ids[0] not in before


def ids_in_feed():
    page = Client().get(FEED)
    assert page["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(page.content)
    return [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]


def test_a_feed_of_nothing_is_the_same_each_time():
    assert Client().get(FEED).content == Client().get(FEED).content


def test_the_feed_bears_any_name():
    area = '<b>Town</b><img src="https://evil.example/x.png">'
    make_registered("odd", name="A\x0b<b>&\ufffe “Z”", area=area)

    feed = ElementTree.fromstring(Client().get(FEED).content)

    title, words = (feed.find(f"{ATOM}entry/{ATOM}{n}") for n in ("title", "summary"))
    assert title.text == "A <b>&  “Z”: Signed up"
    assert area in words.text
    # As HTML, a reader would fetch the picture.
    assert [title.get("type", "text"), words.get("type", "text")] == ["text", "text"]


# One organisation


def test_its_page_says_what_it_said():
    riverside = make_registered(
        "riverside",
        own_words="We will.\n\nAlways.",
        serves="Adults <b>",
        scope="service",
        scope_name="The crisis team",
        domains=["GS", "OC"],
        sponsor_role="Chief executive",
        co_lead="recruiting",
        co_lead_by=date(2027, 1, 31),
        payment="no",
        why_not_paid="We have no money.",
        website="https://riverside.example/",
        public_strengths="We listen.",
    )

    html = html_of(page_of(riverside))

    for words in (
        "Signed up, since 23 November 2026.",
        "by 23 August 2027",
        "We will.\n\nAlways.",
        "Adults &lt;b&gt;",
        "The crisis team",
        "Own care<br>Governance and strategy",
        "Chief executive",
        "It looks for one, by 31 January 2027.",
        "No, or not everybody. We have no money.",
        'href="https://riverside.example/" rel="nofollow noopener"',
        "We listen.",
        "We will publish the result and our plan",
        "NSUN does not run it or endorse it.",
    ):
        assert words in html
    assert "What is missing" not in html


def test_its_milestones_are_kept_missed_dropped_or_to_come():
    riverside = make_registered("riverside")
    past, soon = date(2026, 1, 1), date(2027, 1, 1)
    for fields in (
        {"text": "Kept one", "due_on": past, "kept_on": past},
        {"text": "Missed one", "due_on": past},
        {
            "text": "Dropped one",
            "due_on": past,
            "dropped_on": past,
            "why_dropped": "No room.",
        },
        {"text": "Coming one", "due_on": soon},
    ):
        Milestone.objects.create(organisation=riverside, **fields)

    html = html_of(page_of(riverside))

    found = re.findall(r'dir="auto">(\w+ one)</th>.*?How it stands">(.*?)</td>', html)
    assert found == [
        ("Kept one", "Kept on 1 January 2026"),
        ("Missed one", "Missed so far"),
        ("Dropped one", "Dropped on 1 January 2026: <bdi>No room.</bdi>"),
        ("Coming one", "To come"),
    ]


def test_a_lapsed_one_can_come_back():
    lapsed = make_registered("lapsed", stage="lapsed", stage_since=date(2026, 5, 3))

    html = html_of(page_of(lapsed))

    assert "Lapsed on 3 May 2026." in html
    assert "can come back at any time" in html
    assert "Next, it will" not in html


def test_a_paused_one_stays():
    html = html_of(page_of(make_registered("rest", status="paused", paused_at=NOW)))

    assert "We have paused its account on 23 November 2026." in html


def test_a_merged_one_leads_to_the_other():
    other = make_registered("other")
    gone = make_registered("gone", status="merged", paused_at=NOW, merged_into=other)

    assert Client().get(page_of(gone)).url == page_of(other)


def test_who_has_not_signed_up_is_not_there():
    not_yet = make_organisation("not-yet")

    assert Client().get(page_of(not_yet)).status_code == 404
    assert Client().get("/organisations/no-such/").status_code == 404


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://files.example/"])
def test_no_link_but_to_the_web(address):
    html = html_of(page_of(make_registered("one", website=address)))

    assert address not in html


def test_a_page_takes_as_many_queries_with_twenty_milestones():
    riverside = make_registered("riverside")

    def count():
        with CaptureQueriesContext(connection) as queries:
            html_of(page_of(riverside))
        return len(queries)

    few = count()
    Milestone.objects.bulk_create(
        Milestone(organisation=riverside, text=f"No. {n}", due_on=TODAY)
        for n in range(20)
    )

    assert count() == few <= 3


@pytest.mark.parametrize("stage", Organisation.Stage.values)
def test_it_reads_at_grade_six_at_most(stage):
    """Source: rulings 36."""
    fields = {"published_on": TODAY} if stage in {"own_view", "joint_view"} else {}
    one = make_registered("hall", name="Hall", stage=stage, **fields)

    assert grade_of(html_of(LIST)) <= 6.0
    assert grade_of(html_of(page_of(one))) <= 6.0


# What is never there: rulings 28


CANARY = "canarycanary"
FIGURES = re.compile(
    r"\b(levels?|scores?|marks? of|average|mean of|points?|per ?cent|rank(ed|ing))\b"
    r"|%|\b\d+ (of|out of|/) \d+\b",
    re.IGNORECASE,
)


@pytest.fixture
def assessed(edition):
    """An organisation whose assessment holds words and levels to look for."""
    riverside = make_registered(
        "riverside", stage="own_view", published_on=TODAY, assessed_by="2-4"
    )
    lead = make_member(riverside, "lead", CANARY.title())
    assessment = make_assessment(riverside, lead)
    responses = Response.objects.of(assessment).select_related(
        "standard", "assessment__organisation"
    )
    evidence = (EvidenceContent(title=CANARY, type="document"),)
    for response in responses:
        said = content(level=3, reason=CANARY, evidence=evidence, is_finished=True)
        answer(response=response, content=said, version=0, by=lead, at=NOW)
    return riverside


def public_addresses(organisation):
    badge = reverse("register_badge", args=[organisation.slug])
    badge_page = reverse("register_badge_page", args=[organisation.slug])
    return [LIST, CSV, FEED, page_of(organisation), badge, badge_page]


def test_nothing_of_an_assessment_is_public(assessed):
    for address in public_addresses(assessed):
        text = Client().get(address).content.decode()
        own = text.split("<main", 1)[-1].split("</main>", 1)[0]
        own = own.replace("Showing 1 to 1 of 1", "").replace("We give no marks", "")
        own = own.replace("we rank nobody", "")
        own = re.sub(r'class="[^"]*"', "", own)

        assert CANARY not in text.lower(), address
        assert "@" not in own, address
        assert FIGURES.search(own) is None, (address, FIGURES.search(own))


def test_the_search_for_figures_bites():
    for words in ("Level 3", "12 of 30", "an average", "40%", "Ranked first"):
        assert FIGURES.search(words)


def test_no_public_page_reads_an_assessment(assessed):
    """No figure can be in what never asks for one."""
    for address in public_addresses(assessed):
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(address).status_code == 200
        asked = " ".join(query["sql"] for query in queries)
        assert "organisations_organisation" in asked
        for table in ("assessments_", "reports_", "membership", "organisations_user"):
            assert table not in asked, address


def test_search_engines_may_find_it():
    robots = Client().get("/robots.txt").content.decode()

    assert not any(
        LIST.startswith(line.removeprefix("Disallow: "))
        for line in robots.splitlines()
        if line.startswith("Disallow: ")
    )
    assert "noindex" not in html_of(LIST)
