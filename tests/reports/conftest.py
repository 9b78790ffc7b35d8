import pytest

from reports import rendering
from reports.models import Report
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
