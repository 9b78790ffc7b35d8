"""What axe and a ruler find on a page, at both widths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Request


WIDTHS = (320, 1280)


def inspect(page: Page, address: str) -> list[str]:
    """Open a page, and list what is wrong with it at either width."""
    hosts: set[str | None] = set()

    def note(request: Request) -> None:
        hosts.add(urlsplit(request.url).hostname)

    page.on("request", note)
    answer = page.goto(address)
    assert answer
    faults = [f"{address}: {fault}" for fault in faults_of(page)]
    if answer.status >= 500:
        faults.append(f"{address}: answered {answer.status}")
    page.remove_listener("request", note)
    if not hosts <= {"127.0.0.1", None}:
        faults.append(f"{address}: asked {sorted(map(str, hosts))}")
    return faults


# Dates in a table that stand on more than one line.
BROKEN_DATES = """() => {
  const cells = [...document.querySelectorAll("main table :is(td, th)")];
  return cells.flatMap(cell => {
    const words = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    const broken = [];
    for (let text; (text = words.nextNode());) {
      for (const date of text.data.matchAll(/\\d{1,2} [A-Z][a-z]+ \\d{4}(, \\d\\d:\\d\\d)?/g)) {
        const range = document.createRange();
        range.setStart(text, date.index);
        range.setEnd(text, date.index + date[0].length);
        const lines = new Set([...range.getClientRects()].map(box => box.top));
        if (lines.size > 1) broken.push(date[0]);
      }
    }
    return broken;
  });
}"""


# The rest of what axe knows of a page takes as long again to tell.
VIOLATIONS = """contrast => axe.run({
  reporter: "no-passes",
  resultTypes: ["violations"],
  rules: {"color-contrast": {enabled: contrast}},
}).then(found => found.violations)"""


def violations_of(page: Page, *, contrast: bool = True) -> list[Any]:
    """List what axe finds on a page as it is."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(Axe().axe_script)
    found: list[Any] = page.evaluate(VIOLATIONS, contrast)
    return found


def faults_of(page: Page) -> list[str]:
    """List what axe and a ruler find on a page that is open."""
    faults: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        faults += [
            f"{v['id']} at {width}: {v['nodes'][0]['html'][:160]}"
            # Contrast takes longest, and colours are the same at both widths.
            for v in violations_of(page, contrast=width == WIDTHS[0])
        ]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            faults.append(f"{wide} px wide at {width}")
    broken = page.evaluate(BROKEN_DATES)
    faults += [f"{date} takes two lines at {WIDTHS[-1]}" for date in broken[:1]]
    return faults


def faults_of_all(context: BrowserContext, addresses: Iterable[str]) -> list[str]:
    # A page that has axe from its beginning takes two thirds of the time.
    context.add_init_script(Axe().axe_script)
    # One tab for all: a new one for each takes twice as long.
    page = context.new_page()
    faults = [fault for address in addresses for fault in inspect(page, address)]
    page.close()
    return faults
