"""Each page of a member in a real browser: accessible, and narrow enough."""

import re
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys import pages as pages_of_site
from tests.journeys.conftest import Person
from tests.journeys.looking import faults_of, faults_of_all, inspect
from tests.journeys.test_main_job import start_assessment


@pytest.fixture(scope="module")
def work(live_site, browser):
    """An assessment with two answers and a report, and where their pages are."""
    context = browser.new_context(base_url=live_site.url)
    person = Person(context.new_page())
    page = person.page
    person.sign_in("lead@riverside.example")
    start_assessment(person, "The team of the pages")
    page.wait_for_url("**/assessments/*-*/")
    overview = urlsplit(page.url).path
    person.press("Start with Principles")
    page.get_by_label("2 Partly in place").check()
    page.get_by_label("In a sentence or two, why?").fill("We wrote it together. " * 9)
    page.get_by_text("Evidence 1").click()
    page.get_by_label("Title").first.fill("A charter")
    page.get_by_label("Link (optional)").first.fill("https://riverside.example/")
    person.press("Save and go to next question")
    # What is typed is sent ahead first.
    page.wait_for_url("**/principles/2/")
    page.goto(f"{overview}principles/1/")
    page.get_by_text("Write a comment").click()
    page.get_by_label("Your comment").fill("Is it so on each ward? " * 9)
    person.press("Post the comment")
    change = page.get_by_role("link", name="Change your comment")
    comment = str(change.get_attribute("href")).split("/")[-3]
    page.goto(f"{overview}own-levels/")
    person.press("Ask them")
    page.goto(overview)
    person.press("Make a report")
    download = page.get_by_role("button", name="Download")
    expect(download).to_be_visible(timeout=60_000)
    report = urlsplit(page.url).path
    certificate = make_certificate(person, overview.split("/assessments/")[0])
    page.goto(overview)
    person.follow("workshop pack")
    # It can be read while it is being made.
    person.press("Make it in large print")
    page.wait_for_url(re.compile(r"/reports/[\w-]+/$"))
    pack = urlsplit(page.url).path
    documents = {
        name: make_document(person, overview, name) for name in pages_of_site.DOCUMENTS
    }
    invite_somebody(person, overview.split("/assessments/")[0])
    state = context.storage_state()
    context.close()
    return {
        "overview": overview,
        "comment": comment,
        "report": report,
        "certificate": certificate,
        "assessment": overview.rstrip("/").rpartition("/")[2],
        "pack": pack,
        "state": state,
        **documents,
        "invitation": newest_invitation(live_site),
    }


def make_document(person, overview, name):
    """Ask for a document about the assessment, and give its page."""
    page = person.page
    page.goto(overview)
    person.follow("make another document")
    page.locator(f"[name=kind][value={name}]").check()
    page.get_by_label("Evidence by duty: which").select_option("REG9")
    person.press("Make it")
    page.wait_for_url(re.compile(r"/reports/[\w-]+/$"))
    return urlsplit(page.url).path


def make_certificate(person, organisation):
    """Make a certificate of the sample's commitment, and give its page."""
    person.page.goto(f"{organisation}/reports/")
    person.press("Make a certificate")
    download = person.page.get_by_role("button", name="Download")
    expect(download).to_be_visible(timeout=60_000)
    return urlsplit(person.page.url).path


def invite_somebody(person, organisation):
    """Invite an address that is long."""
    page = person.page
    page.goto(f"{organisation}/people/invite/")
    name = "somebody.with.a.very.long.name.indeed"
    page.get_by_label("Their email address").fill(f"{name}@pages.journeys.example")
    page.get_by_label("Viewer", exact=True).check()
    person.press("Send the invitation")
    assert person.sees(re.compile("somebody.with"))


def newest_invitation(live_site):
    """Take the link out of the mail that the worker writes into the site's folder."""
    folder = live_site.folder / "var" / "mail"
    for _ in range(100):
        for mail in folder.glob("*"):
            found = re.search(
                r"To: somebody\.with.*?/invite/([\w-]+)/", mail.read_text(), re.DOTALL
            )
            if found:
                return f"/invite/{found[1]}/"
        time.sleep(0.2)
    raise AssertionError("No invitation was sent")


def test_members_pages(browser, live_site, work, made):
    context = browser.new_context(base_url=live_site.url, storage_state=work["state"])

    addresses = [address.format(**work, **made) for address in pages_of_site.MEMBERS]
    faults = faults_of_all(context, addresses)

    context.close()
    assert faults == []


def test_invitation_to_join(browser, live_site, work):
    context = browser.new_context(base_url=live_site.url)
    page = context.new_page()

    faults = inspect(page, work["invitation"])
    page.get_by_label("Your name").fill("Nia")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a password.")
    faults += faults_of(page)

    context.close()
    assert faults == []


def test_question_with_errors_and_in_conflict(browser, live_site, work):
    context = browser.new_context(base_url=live_site.url, storage_state=work["state"])
    first, second = context.new_page(), context.new_page()
    address = f"{work['overview']}impact/1/"
    first.goto(address)
    second.goto(address)
    first.get_by_label("In a sentence or two, why?").fill("First")
    first.get_by_role("button", name="Save and go to next question").click()
    first.wait_for_url("**/impact/2/")
    second.get_by_label("In a sentence or two, why?").fill("Second")
    second.get_by_role("button", name="Save and go to next question").click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("You saved this")
    expect(second.get_by_label("In a sentence or two, why?")).to_have_value("Second")

    faults = faults_of(second)
    second.get_by_text("Evidence 1").click()
    second.get_by_label("Link (optional)").first.fill("javascript:alert(1)")
    second.get_by_role("button", name="Keep mine").click()
    expect(second.get_by_role("alert")).to_contain_text("There is a problem")
    faults += faults_of(second)
    for page in (first, second):
        page.goto(f"{address}dissent/")
        page.get_by_label("What do some see differently?").fill(
            f"Noted {page == first}"
        )
    first.get_by_role("button", name="Save").click()
    first.wait_for_url(f"**{address}")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_role("button", name="Keep mine")).to_be_visible()
    faults += faults_of(second)

    context.close()
    assert faults == []
