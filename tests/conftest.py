"""What every test may ask for. The cast of people is in tests/factories.py."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models.signals import post_save
from django.db.models.sql.compiler import SQLUpdateCompiler
from django.template import engines
from django.template.base import FilterExpression, Node
from pytest_django import DjangoDbBlocker

from organisations import audit
from organisations.models import AuditEvent
from organisations.queries import ACTIVITY
from organisations.queries.notices import KEY as NOTICES
from tests import browser, servers
from tests.kept_rows import KeptRows, keep
from tests.live_site import LiveSite, started
from tests.made_once import made_once


HERE = Path(__file__).parent
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences"}
# Not "page", which is also a word for what a test is about; it asks for the others.
BROWSER_FIXTURES = {"browser", "context", "live_site"}

_blocker = pytest.StashKey[DjangoDbBlocker]()
_standards = pytest.StashKey[KeptRows]()


# Who may open which page and do what in which status, what a page says to whom and
# refuses, how it looks and how a document is laid out is asked thousands of times and
# decided in Python: once, on SQLite, is enough. That PostgreSQL understands what pages
# ask is seen where an organisation's are all opened (test_own_words.py), in the tests
# of the lists and searches, and by the journeys on servers.
SAME_ON_BOTH = {
    HERE / "test_access.py",
    HERE / "test_break_glass.py",
    HERE / "test_tokens.py",
    *(
        HERE / "fourpi" / f"test_{name}.py"
        for name in (
            *("about_pages", "account", "enumeration", "mailed_code", "second_step"),
            *("single_sign_on", "sittings", "stopping_mail"),
        )
    ),
    *(
        HERE / "assessments" / f"test_{name}.py"
        for name in (
            *("drafts", "evidence", "last_time", "meeting", "one_page", "partial"),
            *("proof", "quality", "set_up", "sheet", "sheet_file", "states", "views"),
        )
    ),
    *(
        HERE / "organisations" / f"test_{name}.py"
        for name in (
            *("access", "admin", "badge", "console_kept", "settings"),
            *("sign_in_form", "sign_up_forms", "sign_up_views", "views"),
        )
    ),
    *(
        HERE / "reports" / f"test_{name}.py"
        for name in (
            *("board_paper", "bombs", "certificate", "change", "check", "duties"),
            *("engine", "life", "operations", "parity", "plain", "rendering"),
            *("store", "take_out", "views", "words_to_edit", "workshop"),
        )
    ),
    HERE / "standards" / "test_views.py",
    *(HERE / "look").glob("*.py"),
}


# Begun before the others, which then fill the gaps at the end.
LONG_JOURNEYS = {
    "test_members_pages": -4,
    "test_every_page": -3,
    "test_nothing_lost": -2,
    "test_session_ending": -1,
}


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Look for garbage seldom: what was imported and collected stays to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it needs, so that nobody forgets to."""
    journeys = [HERE.parent / path for path in browser.JOURNEYS]
    items.sort(key=lambda item: LONG_JOURNEYS.get(item.path.stem, 0))
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.path.is_relative_to(HERE / "faults"):
            item.add_marker("fault")
        if item.path.is_relative_to(HERE / "journeys") or fixtures & BROWSER_FIXTURES:
            item.add_marker("journey")
        is_journey = item.get_closest_marker("journey")
        if is_journey and not any(map(item.path.is_relative_to, journeys)):
            raise pytest.UsageError(f"Name {item.path} in tests/browser.py")
        needs_rows = (
            item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES
        )
        if needs_rows and item.path not in SAME_ON_BOTH:
            item.add_marker("database")


# The database


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep SQLite in a file: in memory it locks tables and not the database."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        name = tmp_path_factory.mktemp("database") / "tests.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(name)
        if prepared := os.environ.get("PREPARED_SITE"):
            shutil.copy(Path(prepared, "fourpi.sqlite3"), name)
    elif worker := os.environ.get("PYTEST_XDIST_WORKER"):
        database.setdefault("TEST", {})["NAME"] = f"tests_{os.getpid()}_{worker}"
        database["TEST"]["TEMPLATE"] = os.environ.get("PREPARED_DATABASE")


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Begin with the tables that were made for all, where there are some."""
    is_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    return is_sqlite and "PREPARED_SITE" in os.environ


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> None:
    """Load the published standards once, beside the migrations."""
    request.config.stash[_blocker] = django_db_blocker
    with django_db_blocker.unblock():
        load = partial(call_command, "load_standards", verbosity=0)
        request.config.stash[_standards] = keep(load)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Iterator[None]:
    """Let a test's tables be emptied, and put the standards back after it."""
    marker = item.get_closest_marker("django_db")
    emptied = _blocker in item.config.stash and (
        "transactional_db" in getattr(item, "fixturenames", ())
        or (marker is not None and marker.kwargs.get("transaction"))
    )
    if emptied and connection.vendor == "sqlite":
        from fourpi import triggers

        # It deletes row by row, which triggers refuse. They are back with the
        # signal that Django sends when the tables are empty.
        with item.config.stash[_blocker].unblock():
            triggers.drop(connection)
    result = yield
    # After the last test the test database is gone, and this would be another.
    if emptied and nextitem is not None:
        from standards.models import Edition

        with item.config.stash[_blocker].unblock(), transaction.atomic():
            # A test that was left out has emptied nothing.
            if not Edition.objects.exists():
                item.config.stash[_standards].put_back()
    return result


@pytest.fixture(autouse=True)
def _updates_look_at_the_row_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail on an UPDATE through a join: PostgreSQL lets two at once both succeed.

    Django puts all its conditions into a subquery, and who waited for the lock is
    not asked them again. What must still hold stands in the WHERE of the row.
    """
    before = SQLUpdateCompiler.pre_sql_setup

    def look(compiler: SQLUpdateCompiler) -> None:
        compiler.query.get_initial_alias()
        if compiler.query.count_active_tables() > 1 and not _is_asked_by_a_test():
            pytest.fail(f"UPDATE through a join: {compiler.query.model.__name__}")
        before(compiler)

    monkeypatch.setattr(SQLUpdateCompiler, "pre_sql_setup", look)


def _is_asked_by_a_test() -> bool:
    frame: FrameType | None = sys._getframe(1)
    while frame and "update" not in frame.f_code.co_name:
        frame = frame.f_back
    return bool(frame and frame.f_back and _is_of_a_test(frame.f_back))


def _is_of_a_test(frame: FrameType) -> bool:
    return Path(frame.f_code.co_filename).is_relative_to(HERE)


@pytest.fixture
def edition(db: None) -> Any:
    """The edition that is loaded, with all thirty standards."""
    from standards.models import Edition

    return Edition.objects.current()


@pytest.fixture
def unguarded(db: None) -> None:
    """Let a test bring about what the triggers refuse; they are back at its end."""
    from fourpi import triggers

    triggers.drop(connection)


@pytest.fixture(autouse=True)
def _every_event_has_its_words() -> Iterator[None]:
    """Fail a test that brings about an event which the trail cannot say in words."""
    wordless: set[str] = set()

    def look(instance: AuditEvent, **signal: Any) -> None:
        # Other than by record, only a test makes one.
        frame: FrameType | None = sys._getframe(1)
        while frame and frame.f_code is not audit.record.__code__:
            frame = frame.f_back
        key = f"{instance.subject_type} {instance.verb}"
        if frame and key not in ACTIVITY:
            wordless.add(key)

    post_save.connect(look, sender=AuditEvent)
    yield
    post_save.disconnect(look, sender=AuditEvent)
    assert not wordless, f"Say these in organisations/queries/trail.py: {wordless}"


# The cast


@pytest.fixture(scope="session")
def kept_cast(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> KeptRows:
    from tests.factories import make_cast

    with made_once(django_db_blocker):
        return keep(make_cast)


@pytest.fixture
def cast(kept_cast: KeptRows, edition: Any) -> Any:
    """Riverside with its people, Harbour with a stranger, a steward."""
    from organisations.models import User
    from tests.factories import make_cast

    # Beside somebody else the kept keys could be taken.
    return make_cast() if User.objects.exists() else kept_cast.put_back()


# Pages


@pytest.fixture(autouse=True)
def _nobody_was_here() -> None:
    """Forget the tries that sign-in counts for each address of the network.

    And know that nothing is to be announced, as any process does that has shown a
    page within the minute: no test of another page counts that query.
    """
    cache.clear()
    cache.set(NOTICES, ())


@pytest.fixture(autouse=True, scope="session")
def _no_collected_files() -> None:
    """Spare whitenoise from looking at every file for every client of a test.

    With `make run`'s 350 files there, that was nine tenths of a request.
    """
    settings.STATIC_ROOT = settings.DATA_DIR / "no-static-files"


class _LoudNothing(str):
    """Fail when one of our own templates names something that does not exist.

    Django asks whether this is empty before it uses it. In other people's
    templates it is, as always: they rely on that.
    """

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        expression = frame.f_locals.get("self")
        if not isinstance(expression, FilterExpression):
            return False  # It was let through, and a filter asks.
        while not isinstance(frame.f_locals.get("self"), Node):
            frame = frame.f_back
        name = frame.f_locals["self"].origin.name
        if Path(name).is_relative_to(settings.BASE_DIR / "templates"):
            pytest.fail(f"{name} uses {expression.var}, which is not there")
        return False


@pytest.fixture(autouse=True)
def _loud_templates() -> None:
    # Every time: a test that changes settings.TEMPLATES gets new engines.
    engines["django"].engine.string_if_invalid = _LoudNothing()


# Real servers, started when the first test asks


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with ExitStack() as stack:
        server = os.environ.get("TEST_DATABASE_URL") or stack.enter_context(
            servers.postgres()
        )
        yield stack.enter_context(servers.empty_database(server))


@pytest.fixture(scope="session")
def valkey_url(worker_id: str) -> Iterator[str]:
    """The address of a queue that no other run of tests beside this one shares.

    On one queue, the worker of one site takes the jobs of another and drops them.
    """
    with ExitStack() as stack:
        address = os.environ.get("TEST_BROKER_URL") or stack.enter_context(
            servers.valkey()
        )
        number = worker_id.removeprefix("gw").replace("master", "0")
        yield urlsplit(address)._replace(path=f"/{number}").geturl()


@pytest.fixture(scope="session")
def live_site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """The product as `make run` starts it: a real web server and a real worker.

    LIVE_SITE=servers puts it on PostgreSQL and Valkey instead of SQLite alone.
    """
    environment = {}
    if os.environ.get("LIVE_SITE") == "servers":
        environment = {
            "DATABASE_URL": request.getfixturevalue("postgres_url"),
            "BROKER_URL": request.getfixturevalue("valkey_url"),
        }
    with started(tmp_path_factory.mktemp("site"), environment) as site:
        yield site


# The browser


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],
) -> dict[str, Any]:
    """Use the machine's own browser."""
    return browser_type_launch_args | {
        "executable_path": browser.chromium(),
        "args": browser.ARGUMENTS,
    }


@pytest.fixture
def browser_context_args(
    browser_context_args: dict[str, Any], request: pytest.FixtureRequest
) -> dict[str, Any]:
    """Open pages of the live site by their path; a journey always uses it."""
    is_journey = request.node.path.is_relative_to(HERE / "journeys")
    if is_journey or "live_site" in request.fixturenames:
        site: LiveSite = request.getfixturevalue("live_site")
        return browser_context_args | {"base_url": site.url, "locale": "en-GB"}
    return browser_context_args | {"locale": "en-GB"}
