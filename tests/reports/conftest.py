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
