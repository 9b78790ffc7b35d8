"""Each page in a real browser: accessible, narrow enough, and asking no other host."""

import re
import time
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
    "/security/",
    "/sign-in/",
    "/forgot/",
    "/sign-in/organisation/",
    "/sign-up/",
    "/sign-up/organisation/",
    "/sign-up/organisation/?group=1",
    "/sign-up/find/",
    "/sign-up/known/riverside-support/",
    "/sign-up/no-such-key/",
    "/sponsor/no-such-key/",
    "/organisations/",
    "/organisations/?q=no-such-organisation",
    "/organisations/?kind=nonsense",
    "/organisations/riverside-support/",
    "/organisations/riverside-support/badge/",
    "/standards/",
    "/standards/principles/",
    "/standards/process/",
    "/standards/duties/",
    "/standards/duties/REG9/",
    "/mailbox/",
    "/invite/no-such-token/",
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
    page.wait_for_url("**/assessments/*-*/")
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
    certificate = make_certificate(person, overview.split("/assessments/")[0])
    people = invite_somebody(person, overview.split("/assessments/")[0])
    state = context.storage_state()
    context.close()
    return {
        "overview": overview,
        "report": report,
        "certificate": certificate,
        "state": state,
        "people": people,
        "invitation": newest_invitation(live_site),
    }


def make_certificate(person, organisation):
    """Make a certificate of the sample's commitment, and give its page."""
    person.page.goto(f"{organisation}/reports/")
    person.press("Make a certificate")
    download = person.page.get_by_role("button", name="Download")
    expect(download).to_be_visible(timeout=60_000)
    return urlsplit(person.page.url).path


def invite_somebody(person, organisation):
    """Invite an address that is long, and list the pages about one person."""
    page = person.page
    page.goto(f"{organisation}/people/invite/")
    name = "somebody.with.a.very.long.name.indeed"
    page.get_by_label("Their email address").fill(f"{name}@pages.journeys.example")
    page.get_by_label("Viewer", exact=True).check()
    person.press("Send the invitation")
    row = page.get_by_role("row").filter(has_text="Leila Haddad")
    links = row.get_by_role("link")
    return [links.nth(place).get_attribute("href") for place in range(2)]


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
        f"{organisation}/people/",
        f"{organisation}/people/invite/",
        f"{organisation}/people/lead/",
        f"{organisation}/people/leave/",
        *work["people"],
        f"{organisation}/activity/",
        f"{organisation}/settings/",
        f"{organisation}/settings/entry/",
        f"{organisation}/settings/leave-register/",
        f"{organisation}/settings/milestones/add/",
        f"{overview}publish/",
        f"{overview}hold/",
        f"{organisation}/reports/",
        report,
        f"{report}read/",
        "/account/",
        "/account/name/",
        "/account/email/",
        "/account/password/",
        "/account/devices/",
        work["certificate"],
        f"{work['certificate']}read/",
        "/account/mail/",
        "/account/data/",
        "/account/close/",
        "/account/two-steps/",
        "/account/two-steps/app/",
        "/account/passkeys/",
        "/account/passkeys/add/",
        "/reauthenticate/",
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


LOCKED = """
from django.utils import timezone
from assessments.operations import lock
from fourpi.samples.making import make_answered_assessment
from organisations.models import Organisation, User
harbour = Organisation.objects.get(slug="harbour-peer-network")
lead = User.objects.get(email="lead@harbour.example")
now = timezone.now()
assessment = make_answered_assessment(organisation=harbour, by=lead, at=now)
lock(assessment=assessment, by=lead, at=now)
print(assessment.get_absolute_url())
"""


@pytest.mark.parametrize("width", [320, 1280])
def test_publishing_and_what_stands_in_its_way(browser, live_site, width):
    overview = live_site.manage("shell", "-v0", "-c", LOCKED).split()[-1]
    context = browser.new_context(
        base_url=live_site.url, viewport={"width": width, "height": 800}
    )
    person = Person(context.new_page())
    person.sign_in("lead@harbour.example")
    page = person.page

    faults = inspect(page, f"{overview}publish/")
    page.get_by_label("Why were people").fill("Our panel starts in March.")
    page.get_by_label("What is missing?").fill("Carers. " * 60)
    person.press("See it before it is public")
    assert person.sees("Publish this?")
    violations = Axe().run(page).response["violations"]
    page.goto(f"{overview}hold/")
    page.get_by_label("Why should it not").fill("Nobody asked the panel yet.")
    person.press("Hold it back")
    assert person.sees("holds publishing back")
    faults += inspect(page, overview)
    faults += inspect(page, f"{overview}publish/")
    faults += inspect(page, f"{overview}hold/")
    page.goto(f"{overview.split('assessments')[0]}settings/")
    person.follow("Drop it")
    assert person.sees("Drop a milestone")
    violations += Axe().run(page).response["violations"]

    context.close()
    assert faults == []
    assert [v["id"] for v in violations] == []


@pytest.fixture(scope="module")
def sign_up(live_site):
    """Where the pages of a sign-up are that waits, with a conversation."""
    public_id = live_site.manage(
        "shell",
        "-v0",
        "-c",
        "from tests.factories import NOW, make_waiting_sign_up\n"
        "waiting = make_waiting_sign_up('Riverside Support Kent')\n"
        "waiting.messages.create(kind='answer', at=NOW, text='Yes. ' * 90)\n"
        "print(waiting.public_id)",
    ).strip()
    return f"/console/sign-ups/{public_id}/"


CONSOLE = [
    "/console/",
    "/console/sign-ups/",
    "/console/sign-ups/?words=nobody",
    "/console/organisations/",
    "/console/organisations/?needs=one_lead",
    "/console/add-organisation/",
    "/console/numbers/",
    *(
        f"/console/organisations/riverside-support/{page}"
        for page in ("", "edit/", "extend/", "lead/", "pause/", "merge/?words=harbour")
    ),
    "/console/organisations/riverside-support/merge/harbour-peer-network/",
]


@pytest.mark.parametrize("width", [320, 1280])
def test_stewards_pages(browser, live_site, stewards_session, sign_up, width):
    context = browser.new_context(
        base_url=live_site.url,
        viewport={"width": width, "height": 800},
        storage_state=stewards_session,
    )
    pages = [f"{sign_up}{page}" for page in ("", "approve/", "ask/", "decline/")]

    faults = [
        f for address in CONSOLE + pages for f in inspect(context.new_page(), address)
    ]
    page = context.new_page()
    page.goto(f"{sign_up}decline/")
    page.get_by_role("button", name="Decline and send the email").click()
    expect(page.get_by_role("alert")).to_contain_text("Write your reason.")
    errors = Axe().run(page).response["violations"]

    context.close()
    assert faults == []
    assert [v["id"] for v in errors] == []


@pytest.mark.parametrize("width", [320, 1280])
def test_invitation_to_join(browser, live_site, work, width):
    context = browser.new_context(
        base_url=live_site.url, viewport={"width": width, "height": 800}
    )
    page = context.new_page()

    faults = inspect(page, work["invitation"])
    page.get_by_label("Your name").fill("Nia")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a password.")
    errors = Axe().run(page).response["violations"]

    context.close()
    assert faults == []
    assert [v["id"] for v in errors] == []


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
