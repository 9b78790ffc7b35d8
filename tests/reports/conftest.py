import pytest

from reports import rendering
from reports.models import Report
from tests.made_once import made_once
from tests.reports.attack import frozen_report, make_typed_world
from tests.reports.factories import make_report


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Keep each test's files apart."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "reports"


@pytest.fixture(scope="session", autouse=True)
def _warm():
    """Load the PDF engine once, as a worker does before it forks."""
    rendering.warm_up()


@pytest.fixture(scope="module")
def typed_world(django_db_setup, django_db_blocker):
    """Everything that people can type, typed in: tests/reports/test_parity.py."""
    with made_once(django_db_blocker):
        yield make_typed_world()


@pytest.fixture
def report(request, typed_world, db):
    """A report of some kind, whose document is frozen of what everybody typed."""
    return frozen_report(typed_world, request.param)


@pytest.fixture
def templates(tmp_path, settings):
    """Put a version of the templates beside ours, as a later release would."""

    def write(version, body):
        folder = tmp_path / "templates" / "reports" / "pdf" / str(version)
        folder.mkdir(parents=True)
        (folder / "report.html").write_text(
            f"<html lang=en><title>x</title><body>{body}"
        )
        (folder / "report.css").write_text("")
        [engine] = settings.TEMPLATES
        settings.TEMPLATES = [
            engine | {"DIRS": [*engine["DIRS"], tmp_path / "templates"]}
        ]

    return write


@pytest.fixture
def quick(templates):
    """Ask for a report of which only what becomes of it is looked at."""
    templates(98, "<h1>Made</h1>")

    def ask(cast):
        report = make_report(cast.assessment, cast.lead)
        Report.objects.filter(pk=report.pk).update(template_version=98)
        report.refresh_from_db()
        return report

    return ask
