"""The longest record that people can bring about is soon made, and nothing is cut off."""

import sys

import pytest

from tests.faults.deployment import Deployment
from tests.faults.test_bombs import look
from tests.reports.longest import longest_thirty
from tests.reports.poppler import words_of
from tests.reports.sides import words_that_stick_out
from tests.reports.test_engine import squeezed


WITHIN_SECONDS, WITHIN_BYTES = 10, 400 * 1024**2


@pytest.mark.clock
def test_the_longest_record_is_made_soon_and_whole(tmp_path):
    deployment = Deployment(tmp_path, {"REPORTS_AN_HOUR": "100"})
    deployment.run("manage.py", "migrate", "--verbosity=0")
    deployment.run("manage.py", "load_standards", "--verbosity=0")
    deployment.ask_for_reports(1)
    deployment.run("-m", "tests.faults.ask_longest")
    keys = [key for (key,) in deployment.select("SELECT id FROM reports_report")]

    worker = deployment.start_worker()
    try:
        seen = look(deployment, worker, keys)[keys[-1]]
    finally:
        deployment.stop()

    said = "SELECT file, pages FROM reports_report ORDER BY id DESC LIMIT 1"
    [(file, pages)] = deployment.select(said)
    sys.stdout.write(
        f"{pages} pages after {seen.seconds:.1f} s "
        f"with {seen.most_bytes / 1024**2:.0f} MiB\n"
    )
    pdf = (deployment.folder / "media" / file).read_bytes()
    assert list(words_that_stick_out(pdf)) == []
    there = squeezed(words_of(pdf))
    for text in longest_thirty():
        assert set(squeezed(text)) <= set(there)
    assert seen.status == "ready"
    assert seen.seconds < WITHIN_SECONDS
    assert seen.most_bytes < WITHIN_BYTES
