"""The badge: true, escaped, readable by all, and wide enough for any name."""

import html as markup
import re
from datetime import date
from xml.etree import ElementTree

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from organisations.charts import MARGIN, NAME_SIZE, WIDTH, width_of, wrap
from organisations.models import Organisation
from tests.factories import NOW, TODAY, make_registered


SVG = "{http://www.w3.org/2000/svg}"
ROOM = (WIDTH - 2 * MARGIN) / NAME_SIZE
LONG = (
    "MWMW Wrekin & Mid-Mercia Wellbeing, Mental Health and Learning Disability "
    "Partnership of Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
)


def badge_of(slug):
    page = Client().get(f"/organisations/{slug}/badge.svg")
    assert page.status_code == 200
    return page


def words_of(slug):
    drawing = ElementTree.fromstring(badge_of(slug).content)
    return [text.text for text in drawing.iter(f"{SVG}text")]


@pytest.mark.django_db
def test_it_says_the_stage_and_until_when():
    make_registered("riverside", name="Riverside")

    assert words_of("riverside") == [
        "4Pi commitment",
        "Riverside",
        "Signed up",
        "until 23 August 2027",
        "A commitment, not an award",
    ]


@pytest.mark.django_db
def test_it_says_when_it_lapsed():
    make_registered("late", stage="lapsed", stage_since=date(2026, 5, 3))

    words = words_of("late")

    assert "Lapsed on 3 May 2026" in words
    assert not any("until" in word for word in words)


@pytest.mark.django_db
def test_it_has_words_for_who_does_not_see_it():
    make_registered("riverside", name="Riverside")

    drawing = ElementTree.fromstring(badge_of("riverside").content)

    assert drawing.attrib["role"] == "img"
    assert drawing.findtext(f"{SVG}title") == (
        "4Pi commitment of Riverside: Signed up, until 23 August 2027"
    )
    assert "It is not NSUN’s badge." in drawing.findtext(f"{SVG}desc")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["</text><script>alert(1)</script>", "A\x0b&\ufffe"])
def test_no_name_breaks_out_of_it(name):
    make_registered("odd", name=name)

    drawing = ElementTree.fromstring(badge_of("odd").content)

    tags = {element.tag.removeprefix(SVG) for element in drawing.iter()}
    assert tags <= {"svg", "title", "desc", "clipPath", "rect", "g", "text"}


@pytest.mark.django_db
def test_it_is_kept_for_an_hour_and_runs_nothing():
    make_registered("riverside")

    page = badge_of("riverside")

    assert page["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert page["Cache-Control"] == "public, max-age=3600"
    assert page["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"style=" not in page.content


@pytest.mark.django_db
@pytest.mark.parametrize("below", ["badge.svg", "badge/"])
def test_it_follows_a_merger_and_is_only_for_who_signed_up(below):
    other = make_registered("other")
    make_registered("gone", status="merged", paused_at=NOW, merged_into=other)
    Organisation.objects.create(slug="not-yet", name="Not yet", kind="council")

    assert Client().get(f"/organisations/gone/{below}").url == (
        f"/organisations/other/{below}"
    )
    assert Client().get(f"/organisations/not-yet/{below}").status_code == 404


@pytest.mark.django_db
def test_its_page_gives_the_html_and_the_rules(settings):
    settings.PUBLIC_ADDRESS = "https://4pi.example"
    make_registered("one", name='O"ne & <b>', scope="service", scope_name="The clinic")

    page = Client().get("/organisations/one/badge/").content.decode()

    pasted = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1]
    link = ElementTree.fromstring(markup.unescape(pasted).replace('"></a>', '"/></a>'))
    assert link.attrib == {"href": "https://4pi.example/organisations/one/"}
    picture = link[0].attrib
    assert picture["src"] == "https://4pi.example/organisations/one/badge.svg"
    assert picture["alt"] == '4Pi commitment of O"ne & <b>: read how it stands'
    assert "only for this part: <bdi>The clinic</bdi>" in page
    assert "It does not say how good" in page
    assert "NSUN does not run it or endorse it." in page


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=150)
)
def test_a_name_is_wrapped_whole_into_lines_that_fit(name):
    lines = wrap(name, ROOM)

    assert "".join("".join(lines).split()) == "".join(name.split())
    assert all(width_of(line) <= ROOM for line in lines)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("font", ["DejaVu Sans", "Noto Sans", "sans-serif"])
@pytest.mark.parametrize("name", [LONG, "W" * 150, "i" * 150, "Ω" * 150, "シ" * 150])
def test_every_line_fits_in_a_browser(page, font, name):
    make_registered("long", name=name, stage="under_way", stage_since=TODAY)
    svg = badge_of("long").content.decode()
    page.set_content(svg.replace("Atkinson Hyperlegible Next, Arial", font))

    edges = page.evaluate(
        "[...document.querySelectorAll('text')]"
        ".map(line => line.getBBox()).map(box => [box.x + box.width, box.y + box.height])"
    )

    height = page.evaluate("document.querySelector('svg').height.baseVal.value")
    assert max(right for right, _ in edges) <= WIDTH - MARGIN / 2
    assert max(bottom for _, bottom in edges) <= height
