"""What the tests of the look share: the gallery's addresses and the built assets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings


ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def gallery_urls(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.look.urls"


@pytest.fixture(scope="session")
def stylesheet() -> Path:
    path = ROOT / "static" / "build" / "site.css"
    if not path.exists():
        pytest.fail("There is no static/build/site.css. Run `make assets` first.")
    return path


@pytest.fixture(scope="session")
def govuk_components() -> Path:
    path = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"
    if not path.exists():
        pytest.fail("govuk-frontend is not in node_modules. Run `make assets` first.")
    return path
