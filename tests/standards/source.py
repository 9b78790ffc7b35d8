"""The real source of the first edition, for tests to spoil."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from django.conf import settings

from standards.content.edition import FILES


FOLDER = settings.BASE_DIR / "standards" / "fixtures" / "england-2026-1"
_FILES = {name: json.loads((FOLDER / f"{name}.json").read_text()) for name in FILES}

Files = dict[str, Any]


def files() -> Files:
    """Return a fresh copy of what each file holds."""
    return deepcopy(_FILES)


def row(source: Files, file: str, code: str) -> dict[str, Any]:
    """Return one row of a file by its code."""
    found: dict[str, Any] = next(r for r in source[file] if r["code"] == code)
    return found


def write(source: Files, folder: Path) -> Path:
    """Write the files of an edition to a folder."""
    folder.mkdir(exist_ok=True)
    for name, content in source.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder
