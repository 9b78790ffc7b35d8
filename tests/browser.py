"""The browser the machine has, and how the tests start it."""

from __future__ import annotations

import shutil


# Where the tests are that open it: conftest.py refuses one elsewhere, which `make test`
# would not find.
JOURNEYS = (
    "tests/journeys",
    "tests/look/test_in_browser.py",
    "tests/organisations/test_badge.py",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
# It runs as root in a container, and must not call home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What axe compiled for one page is there for the next.
    "--js-flags=--no-flush-bytecode",
]


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)
