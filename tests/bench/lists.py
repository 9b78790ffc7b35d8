"""Lists, and a member's pages, at 2,000 organisations against the same at 100.

Each size has a database of its own, and the requests go to them in turn, so that
what else the machine does falls on all alike. Only the ratio of the medians counts.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlsplit

import tests.environment


# Before anything reads the settings.
assert tests.environment
os.environ["DJANGO_SETTINGS_MODULE"] = "fourpi.settings"
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django


django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Assessment
from fourpi.samples.many import make_many
from organisations.models import Organisation, User
from tests import servers
from tests.factories import make_assessment, make_member, make_steward


FEW, SOME, MANY = SIZES = (20, 100, 2_000)
# Source: performance.md, targets 4 and 14.
MOST = 1.3
QUERIES = 12
ROUNDS = 40

# A search is for what a full page answers at each size, or nothing at any.
PAGES = {
    "Register": "/organisations/",
    "Register, last page": "/organisations/?page=1000",
    "Register, searched": "/organisations/?q=o+e",
    "Register, nothing found": "/organisations/?q=zyzzyva",
    "Register, narrowed": "/organisations/?nation=england",
    "Console, organisations": "/console/organisations/",
    "Console, searched": "/console/organisations/?q=o+e",
    "Console, nothing found": "/console/organisations/?q=zyzzyva",
}

# What one organisation answers, however many others there are.
MEMBERS_PAGES = {
    "Workspace": lambda view: view.organisation.get_absolute_url(),
    "Assessment, overview": Assessment.get_absolute_url,
    "Assessment, principle": lambda view: view.principle_address("process"),
    "Assessment, question": lambda view: view.question_address("process", 3),
    "Assessment, on one page": lambda view: view.one_page_address("process"),
}


@dataclass(frozen=True)
class Measured:
    page: str
    queries: dict[int, int]
    milliseconds: dict[int, float]

    @property
    def ratio(self) -> float:
        return self.milliseconds[MANY] / self.milliseconds[SOME]

    @property
    def holds(self) -> bool:
        few, many = self.queries[FEW], self.queries[MANY]
        return self.ratio <= MOST and few == many < QUERIES

    def __str__(self) -> str:
        times = "  ".join(f"{self.milliseconds[size]:7.2f}" for size in SIZES)
        counts = "  ".join(f"{self.queries[size]:3}" for size in (FEW, MANY))
        verdict = "" if self.holds else "  MISSED"
        return f"{self.page:26}{times}   {self.ratio:5.2f}   {counts}{verdict}"


@contextmanager
def databases() -> Iterator[dict[int, str]]:
    """Make a database for each size and name it."""
    if connection.vendor == "sqlite":
        yield {size: str(settings.DATA_DIR / f"{size}.sqlite3") for size in SIZES}
        return
    server = os.environ["DATABASE_URL"]
    with ExitStack() as stack:
        made = {
            size: stack.enter_context(servers.empty_database(server)) for size in SIZES
        }
        yield {size: urlsplit(url).path.lstrip("/") for size, url in made.items()}
        connections.close_all()


class Sized:
    """A site with so many organisations; a steward and a lead are signed in."""

    def __init__(self, size: int, name: str) -> None:
        whole = connections.databases["default"]
        connections.databases["default"] = whole | {"NAME": name}
        self.connection = connections.create_connection("default")
        self.use()
        # Whitenoise would look at every collected file first.
        settings.STATIC_ROOT = settings.DATA_DIR / "no-static-files"
        settings.STATIC_ROOT.mkdir(exist_ok=True)
        call_command("migrate", verbosity=0)
        call_command("load_standards", verbosity=0)
        make_many(size, today=timezone.localdate())
        steward = signed_in(make_steward("Jo Steward"))
        self.places = {page: (steward, address) for page, address in PAGES.items()}
        organisation = Organisation.objects.order_by("pk").first()
        assert organisation
        lead = make_member(organisation, "lead", "Asha Lead")
        view = make_assessment(organisation, lead, "The team that is measured")
        member = signed_in(lead)
        self.places |= {
            page: (member, address(view)) for page, address in MEMBERS_PAGES.items()
        }
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def use(self) -> None:
        connections["default"] = self.connection

    def milliseconds(self, page: str) -> float:
        self.use()
        client, address = self.places[page]
        begun = time.perf_counter()
        answer = client.get(address)
        taken = time.perf_counter() - begun
        assert answer.status_code == 200, (address, answer.status_code)
        return taken * 1000

    def queries(self, page: str) -> int:
        """Count what a page asks once the process is warm."""
        self.milliseconds(page)
        # The fewest of three: once a minute any page also notes that somebody is there.
        return min(self._queries(*self.places[page]) for _ in range(3))

    def _queries(self, client: Client, address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)


def signed_in(user: User) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def measure(page: str, sites: dict[int, Sized]) -> Measured:
    """Ask each site for a page in turn, and take the medians."""
    queries = {size: site.queries(page) for size, site in sites.items()}
    taken: dict[int, list[float]] = {size: [] for size in SIZES}
    for _ in range(ROUNDS):
        for size in random.sample(SIZES, len(SIZES)):
            taken[size].append(sites[size].milliseconds(page))
    return Measured(page, queries, {size: median(taken[size]) for size in SIZES})


def main() -> int:
    with databases() as names:
        sites = {size: Sized(size, name) for size, name in names.items()}
        print(f"{'ms at':26}" + "  ".join(f"{size:7,}" for size in SIZES), end="")
        print(f"   ratio   queries at {FEW} and {MANY:,}")
        held = True
        for page in (*PAGES, *MEMBERS_PAGES):
            measured = measure(page, sites)
            print(measured, flush=True)
            held = held and measured.holds
        for site in sites.values():
            site.connection.close()
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
