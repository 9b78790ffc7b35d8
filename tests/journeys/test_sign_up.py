"""An organisation signs up, confirms by mail, and its sponsor confirms."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.looking import faults_of
from tests.journeys.test_people import open_mail


# From the start page to the confirmation in the mail: rulings of the issue.
CEILING_OF_SIGNING_UP = 8
CEILING_OF_THE_SPONSOR = 2


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {
        "java_script_enabled": False,
        "viewport": {"width": 320, "height": 700},
    }


def fill_organisation(page, name, *, kind="NHS trust"):
    page.get_by_label("Name of your organisation").fill(name)
    page.get_by_label(kind, exact=True).check()
    page.get_by_label("England", exact=True).check()
    page.get_by_label("Which area do you work in?").fill("Kent")


def fill_serves(page):
    page.get_by_label("Whom do you serve?").fill("People who use our services.")
    page.get_by_label("The whole organisation", exact=True).check()
    page.get_by_label("Own care", exact=True).check()


def fill_people(page, email, sponsor=""):
    page.get_by_label("Your name", exact=True).fill("Ada Applicant")
    page.get_by_label("Your role", exact=True).fill("Involvement lead")
    page.get_by_label("Your work email address").fill(email)
    if sponsor:
        page.get_by_label("Role of your senior sponsor").fill("Chief executive")
        page.get_by_label("Email address of your senior sponsor").fill(sponsor)
    page.get_by_label("We are looking for somebody").check()
    day = timezone.localdate() + timedelta(days=90)
    date = page.get_by_role("group", name="By when, if you are looking?")
    for part in ("day", "month", "year"):
        value = str(getattr(day, part))
        date.get_by_label(part.capitalize(), exact=True).fill(value)


def fill_commitment(page):
    page.get_by_label("We make this commitment").check()
    page.get_by_label("Yes", exact=True).check()


def sign_up(person, name, email, sponsor="", **organisation):
    """Go from the start page to the confirmation, and return the reference."""
    page = person.page
    page.goto("/sign-up/")
    person.clicks = 0
    person.press("Start now")
    fill_organisation(page, name, **organisation)
    person.press("Continue")
    fill_serves(page)
    person.press("Continue")
    fill_people(page, email, sponsor)
    person.press("Continue")
    fill_commitment(page)
    person.press("Continue")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check what")
    person.press("Send")
    assert person.sees(re.compile("We will reply within 5 working days"))
    return re.search(r"4PI-\w{7}", page.get_by_role("main").inner_text())[0]


def follow_mail(person, email, place, number=1):
    """Open the newest mail to an address and the link in it, counting one click."""
    clicks = person.clicks
    open_mail(person, email, number)
    link = person.page.locator(f"main a[href*='/{place}/']").first
    token = re.search(r"/([\w-]{43})/", link.get_attribute("href"))[1]
    link.click()
    person.clicks = clicks + 1
    return token


def confirm(person, email):
    """Confirm the address by the link in the mail."""
    token = follow_mail(person, email, "sign-up")
    person.press("Confirm my email address")
    assert person.sees("Your email address is confirmed.")
    return token


def sponsor_confirms(person, email):
    person.clicks = 0
    token = follow_mail(person, email, "sponsor")
    person.press("I confirm")
    assert person.sees("Thank you. You have confirmed")
    return token


@pytest.mark.also_on_servers
def test_organisation_signs_up_and_its_sponsor_confirms(person, visitor, live_site):
    email, chief = "ada@tide.journeys.example", "chief@tide.journeys.example"

    reference = sign_up(person, "Tide Trust", email, chief)
    tokens = [confirm(person, email)]
    assert person.clicks <= CEILING_OF_SIGNING_UP

    with visitor() as sponsor:
        tokens.append(sponsor_confirms(sponsor, chief))
        assert sponsor.clicks <= CEILING_OF_THE_SPONSOR
    person.page.goto(f"/sign-up/{tokens[0]}/")
    assert person.sees(re.compile("They confirmed on"))
    assert person.sees(f"Reference {reference}")
    assert not any(token in live_site.log() for token in tokens)


def test_small_group_signs_up_without_a_sponsor(person):
    email = "bo@group.journeys.example"

    kind = "User-led or peer group"
    sign_up(person, "Open Door Group", email, kind=kind)
    confirm(person, email)

    assert person.clicks <= CEILING_OF_SIGNING_UP
    assert person.misses("Your senior sponsor")


def test_half_filled_page_waits_for_whoever_comes_back(person, visitor):
    email = "cy@later.journeys.example"
    page = person.page
    page.goto("/sign-up/")
    person.press("Start now")
    fill_organisation(page, "Later Trust")
    person.press("Continue")
    page.get_by_label("Whom do you serve?").fill("Half a sentence, and")
    person.press("Save and come back later")
    page.get_by_label("Your work email address").fill(email)
    person.press("Send me the link")
    assert person.sees(f"We are sending a link to {email}.")

    with visitor() as later:
        follow_mail(later, email, "sign-up")
        later.press("Carry on")
        serves = later.page.get_by_label("Whom do you serve?")
        expect(serves).to_have_value("Half a sentence, and")
        fill_serves(later.page)
        later.press("Continue")
        expect(later.page).to_have_url(re.compile("/sign-up/people/$"))


def test_applicant_takes_it_back_and_the_sponsor_is_told(person, visitor):
    email, chief = "di@back.journeys.example", "chief@back.journeys.example"
    sign_up(person, "Back Trust", email, chief)
    confirm(person, email)
    with visitor() as sponsor:
        follow_mail(sponsor, chief, "sponsor")
        person.follow("Take this sign-up back")
        person.press("Yes, take it back")
        assert person.sees(re.compile("You have taken it back"))

        sponsor.press("I confirm")

        expect(sponsor.page.get_by_role("heading", level=1)).to_contain_text(
            "does not work"
        )


def test_every_page_of_signing_up_is_accessible(browser, live_site, visitor):
    context = browser.new_context(base_url=live_site.url)
    page = context.new_page()
    email = "ed@pages.journeys.example"
    chief = "chief@pages.journeys.example"
    fillers = [
        lambda: fill_organisation(page, "Pages Trust"),
        lambda: fill_serves(page),
        lambda: fill_people(page, email, chief),
        lambda: fill_commitment(page),
    ]
    faults = {}

    def look(name):
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        faults[name] = faults_of(page)

    page.goto("/sign-up/")
    page.get_by_role("button", name="Start now").click()
    for number, fill in enumerate(fillers):
        look(f"page {number}")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("alert")).to_contain_text("There is a problem")
        look(f"page {number} with errors")
        fill()
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("alert")).to_have_count(0)
    look("check")
    page.goto("/sign-up/later/")
    look("later")
    page.goto("/sign-up/find/")
    look("find")
    page.goto("/sign-up/check/")
    page.get_by_role("button", name="Send").click()
    look("sent")
    with visitor() as reader:
        token = follow_mail(reader, email, "sign-up")
    page.goto(f"/sign-up/{token}/")
    look("to confirm")
    page.get_by_role("button", name="Confirm my email address").click()
    look("waiting")
    page.goto(f"/sign-up/{token}/withdraw/")
    look("withdraw")
    with visitor() as reader:
        key = follow_mail(reader, chief, "sponsor")
    page.goto(f"/sponsor/{key}/")
    look("sponsor")
    page.get_by_role("button", name="I do not agree").click()
    look("sponsor looks again")
    page.get_by_role("button", name="I do not agree").click()
    look("sponsor has answered")
    page.goto(f"/sign-up/{token}/")
    look("sponsor declined")
    for address in ("/sign-up/no-such-key/", "/sponsor/no-such-key/"):
        page.goto(address)
        look(address)
    context.close()
    assert faults == dict.fromkeys(faults, [])
