"""Each page in a real browser: accessible, narrow enough, and asking no other host."""

from playwright.sync_api import expect

from fourpi.samples.accounts import PASSWORD
from tests.journeys import pages as pages_of_site
from tests.journeys.conftest import Person
from tests.journeys.looking import faults_of, faults_of_all, inspect
from tests.journeys.test_people import open_mail
from tests.test_access import OK, TABLE


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
