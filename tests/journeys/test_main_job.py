"""The main job: sign in, answer thirty standards, lock, and download the report."""

import io
import re

import pikepdf
import pytest
from playwright.sync_api import expect


PRINCIPLES = {"Principles": 6, "Purpose": 5, "Presence": 6, "Process": 7, "Impact": 6}
CEILING_FROM_THE_OVERVIEW = 36
MARKUP = '<b onclick="x">Bold</b> & <script>alert(1)</script>'


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"java_script_enabled": False}


# How wide the window is has nothing to do with the servers.
@pytest.mark.parametrize(
    "width", [320, pytest.param(1280, marks=pytest.mark.also_on_servers)]
)
def test_lead_answers_everything_and_downloads_the_report(person, page, width):
    page.set_viewport_size({"width": width, "height": 800})
    person.sign_in("lead@riverside.example")
    start_assessment(person, f"Team at {width} px")

    person.clicks = 0
    answer_thirty_standards(person)
    assert person.clicks <= CEILING_FROM_THE_OVERVIEW

    person.clicks = 0
    person.press("Lock our view")
    person.press("Yes, lock our view")
    expect(page.get_by_role("main")).to_contain_text("Our view is locked")
    assert person.clicks == 2

    pdf = make_and_download_report(person, f"Team at {width} px")
    check_report(pdf, f"Team at {width} px")


def start_assessment(person, name):
    person.press("Start an assessment")
    person.page.get_by_label("A service or team").check()
    person.page.get_by_label("Name of the service, team or project").fill(name)
    person.press("Start")
    person.follow("Not now, go to the assessment")


def answer_thirty_standards(person):
    person.press("Start with Principles")
    for principle, standards in PRINCIPLES.items():
        for position in range(1, standards + 1):
            answer_one(person, principle, position)
        person.press(f"Mark {principle} as complete")
    expect(person.page.get_by_role("main")).to_contain_text(
        "Every standard has an answer"
    )


def answer_one(person, principle, position):
    page = person.page
    expect(page.get_by_text(f"{principle}, question {position} of")).to_be_visible()
    page.get_by_label(re.compile(rf"^{position % 5} ")).check()
    page.get_by_label("In a sentence or two, why?").fill(
        f"{principle} {position} {MARKUP}"
    )
    person.press("Save and go to next question")


def make_and_download_report(person, name) -> bytes:
    page = person.page
    page.goto("/o/riverside-support/")
    person.clicks = 0
    person.follow(name)
    person.press("Make a report")
    # Without JavaScript the page asks again by itself.
    link = page.get_by_role("main").get_by_role("button", name="Download")
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        person.press("Download")
    assert person.clicks == 3
    path = download.value.path()
    assert download.value.suggested_filename.endswith(".pdf")
    first = path.read_bytes()
    page.goto("/o/riverside-support/")
    person.clicks = 0
    with page.expect_download() as download:
        person.follow("Download the newest report")
    assert person.clicks == 1
    assert download.value.path().read_bytes() == first
    return first


def check_report(content: bytes, scope: str) -> None:
    from pypdf import PdfReader

    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en-GB"
    reader = PdfReader(io.BytesIO(content))
    text = "".join(page.extract_text() for page in reader.pages)
    assert len(reader.pages) >= 10
    joined = "".join(text.split())
    assert "".join(scope.split()) in joined
    assert "".join(MARKUP.split()) in joined
    codes = set(re.findall(r"\b(?:PR|PU|PS|PC|IM)[1-7]\b", text))
    assert len(codes) == 30
