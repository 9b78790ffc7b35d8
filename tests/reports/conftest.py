import pytest

from reports import rendering


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
