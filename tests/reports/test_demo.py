"""Each document that `make demo` makes is as a reader of it must find it."""

import os
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from reports.rendering import READERS
from tests.live_site import ROOT
from tests.reports.tags import assert_sound


@pytest.mark.clock
def test_each_document_of_the_demonstration_is_sound(tmp_path):
    made = made_by_the_demonstration(tmp_path / "demo")
    files = [file for file in made if file.suffix == ".pdf"]

    assert all(file.stat().st_size for file in made)
    assert {".docx", ".json", ".xlsx", ".zip"} < {file.suffix for file in made}
    # Of the kinds there are, one is made twice: of one duty and of a whole set.
    assert len(files) == len(READERS) + 1
    for file in files:
        subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)
        info = about(file)
        assert info["Tagged"] == "yes"
        with pikepdf.open(file) as pdf, pdf.open_metadata() as metadata:
            assert info["Title"] == metadata["dc:title"] != ""
            assert metadata["pdfuaid:part"] == "1"
        assert_sound(file.read_bytes(), title=info["Title"])


def made_by_the_demonstration(folder):
    ours = {"EMBEDDED": "1", "REPORTS_AN_HOUR": "100", "DATA_DIR": str(folder)}
    kept = {n: v for n, v in os.environ.items() if n != "DATABASE_URL"}
    told = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env=kept | ours,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    lines = [line.strip() for line in told.splitlines()]
    return [Path(line) for line in lines if line.startswith(str(folder))]


def about(file):
    """Read what Poppler says of a file, as names and values."""
    told = subprocess.run(["pdfinfo", file], check=True, capture_output=True, text=True)
    lines = [line.partition(":") for line in told.stdout.splitlines()]
    return {name: value.strip() for name, _, value in lines}
