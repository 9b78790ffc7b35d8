"""Take a picture of each page at phone and desktop width: `make screenshots`.

For people to look at (docs/look.md); nothing is compared by a program. The one
picture in the README is made here too.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from openpyxl import Workbook, load_workbook
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import ARGUMENTS, chromium
from tests.journeys.conftest import STEWARD, Person, set_up_app
from tests.live_site import ROOT, LiveSite, started


PICTURES = ROOT / "var" / "screenshots"
WIDTHS = {"phone": 320, "desktop": 1280}
README_PICTURE = ROOT / "docs" / "picture.png"

PUBLIC = {
    "home": "/",
    "standards": "/standards/",
    "principle": "/standards/process/",
    "duties": "/standards/duties/",
    "duty": "/standards/duties/REG9/",
    "register": "/organisations/",
    "register-narrowed": "/organisations/?q=ty&nation=wales",
    "register-nothing-found": "/organisations/?q=no-such-organisation",
    "register-organisation": "/organisations/riverside-support/",
    "badge": "/organisations/riverside-support/badge/",
    "check-a-report": "/check/",
    "help": "/help/",
    "accessibility": "/accessibility/",
    "privacy": "/privacy/",
    "cookies": "/cookies/",
    "sign-in": "/sign-in/",
    "sign-up": "/sign-up/",
    "sign-up-organisation": "/sign-up/organisation/",
    "forgot": "/forgot/",
    "not-found": "/no/such/page/",
}


ACCOUNT = ("", "name", "email", "password", "devices", "mail", "data", "two-steps")
ORGANISATION = (
    *("people", "people/invite", "people/lead", "people/leave", "teams"),
    *("activity", "access", "settings/milestones/add"),
)
TOGETHER = (
    *("set-up", "share", "share/process", "own-levels", "mine", "process/one-page"),
    *("process/2/history", "process/2/dissent", "process/2/another-look"),
    "meeting/process/2",
)
DOCUMENTS = ("board_paper", "plain_summary", "easy_read", "duties")
CONSOLE = (
    *("sign-ups", "organisations", "organisations/tide-together", "numbers", "users"),
    *("audit", "notices", "add-organisation", "organisations/tide-together/lead"),
    *("organisations/tide-together/edit", "organisations/tide-together/extend"),
    *("organisations/tide-together/merge", "organisations/tide-together/access"),
)


def main() -> None:
    """Start the product, walk through it, and leave the pictures in var/."""
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        started(Path(folder), {}) as site,
        sync_playwright() as playwright,
    ):
        site.manage("make_sample", "--organisations", "60")
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for name, width in WIDTHS.items():
            _public(browser, site, name, width)
        _work(browser, site)
        _console(browser, site)
        browser.close()
    print(f"The pictures are in {PICTURES}")  # noqa: T201


def _context(browser: Browser, site: LiveSite, width: int) -> BrowserContext:
    return browser.new_context(
        base_url=site.url, viewport={"width": width, "height": 800}
    )


def _shoot(page: Page, title: str, size: str) -> None:
    page.screenshot(path=PICTURES / f"{title}-{size}.png", full_page=True)


def _public(browser: Browser, site: LiveSite, size: str, width: int) -> None:
    context = _context(browser, site, width)
    page = context.new_page()
    for title, address in PUBLIC.items():
        page.goto(address)
        _shoot(page, title, size)
    context.close()


def _everywhere(page: Page, title: str) -> None:
    """Picture the page as it stands at both widths."""
    for size, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 800})
        _shoot(page, title, size)


def _work(browser: Browser, site: LiveSite) -> None:
    context = _context(browser, site, WIDTHS["desktop"])
    page = context.new_page()
    Person(page).sign_in("lead@riverside.example")
    _everywhere(page, "workspace-empty")
    page.get_by_role("button", name="Start an assessment").click()
    _everywhere(page, "start")
    page.get_by_label("The whole organisation").check()
    page.get_by_role("button", name="Start", exact=True).click()
    _everywhere(page, "share")
    page.get_by_role("link", name="Not now, go to the assessment").click()
    _everywhere(page, "overview-empty")
    site.manage("make_sample", "--answers")
    page.reload()
    overview = page.url
    _everywhere(page, "overview-answered")
    page.goto(f"{overview}process/")
    _everywhere(page, "principle-questions")
    page.goto(f"{overview}process/check/")
    _everywhere(page, "principle-check")
    _questions(context, page, overview)
    _each(page, "assessment", urlsplit(overview).path, TOGETHER)
    _sheet(page, overview)
    page.goto(f"{overview}evidence/")
    _everywhere(page, "evidence")
    page.goto(f"{overview}quality/")
    _everywhere(page, "quality")
    page.goto(f"{overview}lock/")
    _everywhere(page, "lock")
    _report(page, overview)
    _documents(page, overview)
    _trouble(page, site, overview)
    _publish(page, overview)
    _settings(page, overview.split("/assessments/")[0])
    context.close()


def _console(browser: Browser, site: LiveSite) -> None:
    """Walk through the console as the sample steward."""
    source = "from tests.factories import make_waiting_sign_up; make_waiting_sign_up()"
    site.manage("shell", "-c", source)
    context = _context(browser, site, WIDTHS["desktop"])
    steward = Person(context.new_page())
    page = steward.page
    steward.sign_in(STEWARD)
    set_up_app(steward)
    page.goto("/console/")
    _everywhere(page, "console-waiting")
    steward.follow("Tide Together")
    _everywhere(page, "console-sign-up")
    steward.press("Approve")
    _everywhere(page, "console-approve")
    steward.press("Approve and send the email")
    _everywhere(page, "console-decided")
    _each(page, "console", "/console/", CONSOLE)
    context.close()


def _each(page: Page, kind: str, start: str, names: tuple[str, ...]) -> None:
    for name in names:
        page.goto(f"{start}{name}/".replace("//", "/"))
        last = name.removeprefix("organisations/tide-together/").replace("/", "-")
        _everywhere(page, f"{kind}-{last}".rstrip("-"))


def _questions(context: BrowserContext, page: Page, overview: str) -> None:
    address = f"{overview}process/2/"
    page.goto(address)
    _everywhere(page, "question")
    page.set_viewport_size({"width": WIDTHS["desktop"], "height": 860})
    page.screenshot(path=README_PICTURE)
    other = context.new_page()
    other.goto(address)
    page.get_by_text("Evidence 2").click()
    page.locator("[name=evidence_2_link]").fill("javascript:alert(1)")
    page.get_by_role("button", name="Save and go to next question").click()
    _everywhere(page, "question-errors")
    other.get_by_label("In a sentence or two, why?").fill("Changed by a colleague.")
    other.get_by_role("button", name="Save and go to next question").click()
    page.locator("[name=evidence_2_link]").fill("")
    page.get_by_label("In a sentence or two, why?").fill("Mine, written meanwhile.")
    page.get_by_role("button", name="Save and go to next question").click()
    _everywhere(page, "question-conflict")


def _sheet(page: Page, overview: str) -> None:
    """Fill in the spreadsheet, and picture it before it is saved."""
    page.goto(f"{overview}spreadsheet/")
    _everywhere(page, "spreadsheet")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the spreadsheet").click()
    workbook = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    level, because, why = (
        *("Where are you now?", "If it does not apply, why?"),
        "In a sentence or two, why?",
    )
    _fill(workbook, "PC1", {level: "3 In place and felt", why: "Filled in on a train."})
    _fill(workbook, "PC3", {level: "Does not apply", because: "We have no staff"})
    _fill(workbook, "PC3", {why: None})
    for title in ("spreadsheet-errors", "spreadsheet-changes"):
        file = PICTURES / "answers.xlsx"
        workbook.save(file)
        page.get_by_label("The spreadsheet that you filled in").set_input_files(file)
        page.get_by_role("button", name="Upload and look at the changes").click()
        page.wait_for_load_state()
        _everywhere(page, title)
        _fill(workbook, "PC3", {why: "Volunteers do it all."})
    file.unlink()
    page.get_by_role("button", name="Do not save it").click()


def _fill(workbook: Workbook, code: str, cells: dict[str, str | None]) -> None:
    sheet = workbook["Our answers"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    row = next(cell.row for cell in sheet["A"] if cell.value == code)
    for heading, value in cells.items():
        sheet.cell(row, columns[heading]).value = value


def _publish(page: Page, overview: str) -> None:
    page.goto(f"{overview}lock/")
    page.get_by_role("button", name="Yes, lock our view").click()
    page.wait_for_url(overview)
    _everywhere(page, "overview-locked")
    page.goto(f"{overview}unlock/")
    _everywhere(page, "unlock")
    page.goto(f"{overview}publish/")
    _everywhere(page, "publish")
    page.get_by_label("Why were people").fill("Our panel starts in March.")
    page.get_by_label("What is missing?").fill("Carers.\n\nThe people on nights.")
    page.get_by_role("button", name="See it before it is public").click()
    _everywhere(page, "publish-preview")
    page.goto(f"{overview}hold/")
    page.get_by_label("Why should it not").fill("Nobody asked the panel yet.")
    page.get_by_role("button", name="Hold it back").click()
    _everywhere(page, "publish-held-back")


def _settings(page: Page, organisation: str) -> None:
    page.goto(f"{organisation}/")
    _everywhere(page, "workspace")
    page.goto(f"{organisation}/settings/")
    _everywhere(page, "settings")
    page.goto(f"{organisation}/settings/entry/")
    _everywhere(page, "settings-entry")
    _each(page, "organisation", f"{urlsplit(organisation).path}/", ORGANISATION)
    _each(page, "account", "/account/", ACCOUNT)


def _report(page: Page, overview: str) -> None:
    page.goto(overview)
    page.get_by_role("button", name="Make a report").click()
    _everywhere(page, "report-waiting")
    download = page.get_by_role("button", name="Download")
    expect(download).to_be_visible(timeout=60_000)
    _everywhere(page, "report-ready")
    with page.expect_download() as pdf:
        download.click()
    pdf.value.save_as(PICTURES / "report.pdf")
    pages = ["pdftoppm", "-r", "100", "-png", "report.pdf", "report-page"]
    subprocess.run(pages, cwd=PICTURES, check=True)
    page.get_by_role("link", name="read it as a web page").click()
    _everywhere(page, "report-read")
    page.goto(overview.split("/assessments/")[0] + "/reports/")
    _everywhere(page, "reports")
    _certificate(page)


def _documents(page: Page, overview: str) -> None:
    """Choose each of the other documents, and picture its page to read."""
    page.goto(overview)
    page.get_by_role("link", name="workshop pack").click()
    _everywhere(page, "workshop")
    for kind in DOCUMENTS:
        page.goto(overview)
        page.get_by_role("link", name="make another document").click()
        if kind == DOCUMENTS[0]:
            _everywhere(page, "report-choose")
        page.locator(f"[name=kind][value={kind}]").check()
        page.get_by_label("Evidence by duty: which").select_option("REG9")
        page.get_by_role("button", name="Make it").click()
        page.wait_for_url(re.compile(r"/reports/[\w-]+/$"))
        page.goto(f"{page.url}read/")
        _everywhere(page, f"{kind.replace('_', '-')}-read")


# As when the disk is full.
FAILED = """
from reports.models import Report
newest = Report.objects.documents().order_by("pk").last()
Report.objects.filter(pk=newest.pk).update(
    status="failed", failure="There was no room to keep it.", attempts=3,
    owner="", lease_until=None, file="", sha256="", ready_at=None,
)
print(newest.get_absolute_url())
"""
CODE = """
from reports.models import Report
print(Report.objects.documents().order_by("pk").first().check_code_in_groups)
"""


def _trouble(page: Page, site: LiveSite, overview: str) -> None:
    """Picture what goes wrong, what is checked, and what is taken out."""
    expect_ready = "Your evidence by duty is ready"
    page.goto(page.url.removesuffix("read/"))
    expect(page.get_by_role("heading", name=expect_ready)).to_be_visible(timeout=60_000)
    page.goto(site.manage("shell", "--no-imports", "-c", FAILED).split()[-1])
    _everywhere(page, "report-failed")
    page.goto("/check/")
    page.get_by_label("Check code").fill("ABCD-EFGH-JKLM")
    page.get_by_role("button", name="Check", exact=True).click()
    _everywhere(page, "check-not-found")
    code = site.manage("shell", "--no-imports", "-c", CODE).split()[-1]
    page.get_by_label("Check code").fill(code)
    page.get_by_role("button", name="Check", exact=True).click()
    _everywhere(page, "check-found")
    page.goto(overview.split("/assessments/")[0] + "/reports/take-out/")
    _everywhere(page, "take-out")
    page.get_by_role("button", name="Make the archive").click()
    link = page.get_by_role("link", name="Download the archive")
    expect(link).to_be_visible(timeout=60_000)
    _everywhere(page, "take-out-ready")


def _certificate(page: Page) -> None:
    page.get_by_role("button", name="Make a certificate", exact=True).click()
    download = page.get_by_role("button", name="Download")
    expect(download).to_be_visible(timeout=60_000)
    _everywhere(page, "certificate-ready")
    with page.expect_download() as pdf:
        download.click()
    pdf.value.save_as(PICTURES / "certificate.pdf")
    picture = ["pdftoppm", "-r", "100", "-png", "certificate.pdf", "certificate-page"]
    subprocess.run(picture, cwd=PICTURES, check=True)
    page.get_by_role("link", name="read it as a web page").click()
    _everywhere(page, "certificate-read")


if __name__ == "__main__":
    main()
