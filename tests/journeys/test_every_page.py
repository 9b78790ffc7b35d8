"""Each page in a real browser: accessible, narrow enough, and asking no other host."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import Person


PUBLIC = [
    "/",
    "/help/",
    "/accessibility/",
    "/privacy/",
    "/cookies/",
    "/sign-in/",
    "/forgot/",
    "/sign-up/",
    "/standards/",
    "/standards/principles/",
    "/standards/process/",
    "/standards/duties/",
    "/standards/duties/REG9/",
    "/mailbox/",
    "/no/such/page/",
]


@pytest.fixture(scope="module")
def work(live_site, browser):
    """An assessment with two answers and a report, and where their pages are."""
    context = browser.new_context(base_url=live_site.url)
    person = Person(context.new_page())
    page = person.page
    person.sign_in("lead@riverside.example")
    person.press("Start an assessment")
    page.get_by_label("The whole organisation").check()
    person.press("Start")
    overview = urlsplit(page.url).path
    person.press("Start with Principles")
    page.get_by_label("2 Partly in place").check()
    page.get_by_label("In a sentence or two, why?").fill("We wrote it together. " * 9)
    page.get_by_text("Evidence 1").click()
    page.get_by_label("Title").first.fill("A charter")
    page.get_by_label("Link, if there is one").first.fill("https://riverside.example/")
    person.press("Save and go to next question")
    page.goto(overview)
    person.press("Make a report")
    download = page.get_by_role("button", name="Download")
    expect(download).to_be_visible(timeout=60_000)
    report = urlsplit(page.url).path
    state = context.storage_state()
    context.close()
    return {"overview": overview, "report": report, "state": state}


def addresses(work):
    overview, report = work["overview"], work["report"]
    organisation = overview.split("/assessments/")[0]
    return [
        "/o/",
        f"{organisation}/",
        f"{organisation}/assessments/new/",
        overview,
        f"{overview}lock/",
        f"{overview}principles/",
        f"{overview}principles/check/",
        f"{overview}principles/1/",
        f"{overview}principles/2/",
        f"{overview}presence/6/",
        f"{organisation}/reports/",
        report,
        f"{report}read/",
        "/o/no-such-organisation/",
        "/sign-out/",
    ]


def inspect(page, address):
    """Open a page and list what is wrong with it."""
    hosts = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.goto(address)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    faults = [
        f"{address}: {v['id']}: {v['nodes'][0]['html'][:160]}"
        for v in found.response["violations"]
    ]
    if not hosts <= {"127.0.0.1", None}:
        faults.append(f"{address}: asked {sorted(map(str, hosts))}")
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if overflow > 0:
        faults.append(f"{address}: {overflow} px too wide")
    return faults


@pytest.mark.parametrize("width", [320, 1280])
def test_public_pages(browser, live_site, width):
    context = browser.new_context(
        base_url=live_site.url, viewport={"width": width, "height": 800}
    )

    faults = [f for address in PUBLIC for f in inspect(context.new_page(), address)]

    context.close()
    assert faults == []


@pytest.mark.parametrize("width", [320, 1280])
def test_members_pages(browser, live_site, work, width):
    context = browser.new_context(
        base_url=live_site.url,
        viewport={"width": width, "height": 800},
        storage_state=work["state"],
    )

    faults = [
        f for address in addresses(work) for f in inspect(context.new_page(), address)
    ]

    context.close()
    assert faults == []


@pytest.mark.parametrize("width", [320, 1280])
def test_question_with_errors_and_in_conflict(browser, live_site, work, width):
    context = browser.new_context(
        base_url=live_site.url,
        viewport={"width": width, "height": 800},
        storage_state=work["state"],
    )
    first, second = context.new_page(), context.new_page()
    address = f"{work['overview']}impact/{1 if width == 320 else 2}/"
    first.goto(address)
    second.goto(address)
    first.get_by_label("In a sentence or two, why?").fill("First")
    first.get_by_role("button", name="Save and go to next question").click()
    second.get_by_label("In a sentence or two, why?").fill("Second")
    second.get_by_role("button", name="Save and go to next question").click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("You saved this")
    expect(second.get_by_label("In a sentence or two, why?")).to_have_value("Second")

    conflict = Axe().run(second).response["violations"]
    second.get_by_text("Evidence 1").click()
    second.get_by_label("Link, if there is one").first.fill("javascript:alert(1)")
    second.get_by_role("button", name="Save what I wrote").click()
    expect(second.get_by_role("alert")).to_contain_text("There is a problem")
    errors = Axe().run(second).response["violations"]

    context.close()
    assert [v["id"] for v in conflict] == []
    assert [v["id"] for v in errors] == []
