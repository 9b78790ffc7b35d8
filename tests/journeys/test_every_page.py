"""Each page in a real browser: accessible, narrow enough, and asking no other host."""

import json
import re
import time
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from fourpi.samples.accounts import PASSWORD
from tests.journeys import pages as pages_of_site
from tests.journeys.conftest import Person
from tests.journeys.test_people import open_mail
from tests.test_access import OK, TABLE


WIDTHS = (320, 1280)


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
    invite_somebody(person, overview.split("/assessments/")[0])
    state = context.storage_state()
    context.close()
    return {
        "overview": overview,
        "report": report,
        "certificate": certificate,
        "state": state,
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


def inspect(page, address):
    """Open a page, and list what is wrong with it at either width."""
    hosts = set()

    def note(request):
        hosts.add(urlsplit(request.url).hostname)

    page.on("request", note)
    answer = page.goto(address)
    faults = [f"{address}: {fault}" for fault in faults_of(page)]
    if answer.status >= 500:
        faults.append(f"{address}: answered {answer.status}")
    page.remove_listener("request", note)
    if not hosts <= {"127.0.0.1", None}:
        faults.append(f"{address}: asked {sorted(map(str, hosts))}")
    return faults


def faults_of(page):
    """List what axe and a ruler find on a page that is open."""
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        faults += [
            f"{v['id']} at {width}: {v['nodes'][0]['html'][:160]}"
            for v in found.response["violations"]
        ]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            faults.append(f"{wide} px wide at {width}")
    return faults


def faults_of_all(context, addresses):
    # One tab for all: a new one for each takes twice as long.
    page = context.new_page()
    faults = [fault for address in addresses for fault in inspect(page, address)]
    page.close()
    return faults


def test_every_page_of_the_table_is_opened_or_has_a_reason():
    pages = {name for name, answers in TABLE.items() if OK in answers["GET"].values()}
    opened = set(pages_of_site.names_of_pages())

    assert pages - opened - set(pages_of_site.ELSEWHERE) == set()
    assert set(pages_of_site.ELSEWHERE) <= pages - opened


def test_public_pages(browser, live_site, made):
    context = browser.new_context(base_url=live_site.url)

    with_links = [made["new_password"], made["new_email"], made["stop"]]
    faults = faults_of_all(context, [*pages_of_site.PUBLIC, *with_links])

    context.close()
    assert faults == []


def test_code_page_and_mails(person):
    email = "contributor@riverside.example"
    person.page.goto("/sign-in/")
    person.page.get_by_label("Email address").fill(email)
    person.page.get_by_label("Password", exact=True).fill(PASSWORD)
    person.press("Sign in")
    assert person.sees("The 6 digits in our email")
    faults = faults_of(person.page)
    person.press("Continue")
    expect(person.page.get_by_role("alert")).to_be_visible()
    faults += faults_of(person.page)
    open_mail(person, email)
    faults += faults_of(person.page)

    assert faults == []


def test_members_pages(browser, live_site, work, made):
    context = browser.new_context(base_url=live_site.url, storage_state=work["state"])

    addresses = [address.format(**work, **made) for address in pages_of_site.MEMBERS]
    faults = faults_of_all(context, addresses)

    context.close()
    assert faults == []


def test_stewards_pages(browser, live_site, stewards_session, made):
    context = browser.new_context(
        base_url=live_site.url, storage_state=stewards_session
    )

    addresses = [address.format(**made) for address in pages_of_site.STEWARDS]
    faults = faults_of_all(context, addresses)
    page = context.new_page()
    page.goto(f"/console/sign-ups/{made['sign_up']}/decline/")
    page.get_by_role("button", name="Decline and send the email").click()
    expect(page.get_by_role("alert")).to_contain_text("Write your reason.")
    faults += faults_of(page)

    context.close()
    assert faults == []


MADE = """
import json
from datetime import timedelta
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.urls import reverse
from django.utils import timezone
from organisations import emails
from organisations.models import MailPreference, Organisation, User
from organisations.operations import ask_for_access
from tests.factories import NOW, make_notice, make_waiting_sign_up
now = timezone.now()
riverside = Organisation.objects.get(slug="riverside-support")
viewer = User.objects.get(email="viewer@riverside.example")
steward = User.objects.get(email="steward@fourpi.example")
waiting = make_waiting_sign_up("Riverside Support Kent")
waiting.messages.create(kind="answer", at=NOW, text="Yes. " * 90)
ask_for_access(organisation=riverside, reason="You asked us.", by=steward, at=now)
notice = make_notice(starts_at=now + timedelta(days=30))
key = EmailConfirmationHMAC(EmailAddress.objects.get(user=viewer)).key
print(json.dumps({
    "sign_up": str(waiting.public_id),
    "notice": str(notice.public_id),
    "milestone": str(riverside.milestones.first().public_id),
    "viewer": str(viewer.public_id),
    "steward": str(steward.public_id),
    "stop": emails.stop_path(viewer, MailPreference.Kind.REMINDERS),
    "new_password": emails._path_to_new_password(viewer.email),
    "new_email": reverse("account_confirm_email", args=[key]),
}))
"""


@pytest.fixture(scope="module")
def made(live_site):
    """What the console, a member and a mail have pages about, by its name."""
    said = live_site.manage("shell", "-v0", "-c", MADE)
    return json.loads(said.splitlines()[-1])


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


def test_publishing_and_what_stands_in_its_way(browser, live_site):
    overview = live_site.manage("shell", "-v0", "-c", LOCKED).split()[-1]
    context = browser.new_context(base_url=live_site.url)
    person = Person(context.new_page())
    person.sign_in("lead@harbour.example")
    page = person.page

    faults = inspect(page, f"{overview}publish/")
    page.get_by_label("Why were people").fill("Our panel starts in March.")
    page.get_by_label("What is missing?").fill("Carers. " * 60)
    person.press("See it before it is public")
    assert person.sees("Publish this?")
    faults += faults_of(page)
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
    faults += faults_of(page)

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
