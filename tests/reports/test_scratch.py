"""What is put aside while a report is made is gone afterwards, whoever was killed."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from reports.rendering import child, remove_strays, render, scratch
from tests.factories import NOW
from tests.reports.test_child import run


# What a worker does first, before it forks others.
WORKER = """
import os, runpy, sys, tempfile, time
runpy.run_path(sys.argv[1])["settle_in"]()
tempfile.mkdtemp(prefix="weasyprint-")
if os.fork() == 0:
    sys.stdout.write(f"{os.getpid()}\\n")
    sys.stdout.flush()
    time.sleep(60)
    os._exit(0)
sys.stdin.read()
"""


@pytest.fixture
def aside(tmp_path, monkeypatch):
    """A folder for temporary files, of this test alone."""
    folder = tmp_path / "aside"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def left(folder):
    return sorted(each.name.rpartition("-")[0] for each in folder.iterdir())


def leave_some():
    """Put aside what the PDF engine does for a style sheet that it did not know."""
    folder = Path(tempfile.mkdtemp(prefix="weasyprint-"))
    (folder / "font").write_bytes(bytes(1000))
    return 1


def leave_some_and(end):
    def work():
        leave_some()
        end()

    return work


def be_killed():
    os.kill(os.getpid(), signal.SIGKILL)


def test_an_attempt_leaves_nothing_behind_however_it_ends(aside, settings):
    settings.REPORT_DEADLINE_SECONDS = 0.3

    assert run(leave_some) == 1
    for end in (be_killed, lambda: 1 / 0, lambda: time.sleep(60)):
        with pytest.raises(child.Stopped):
            run(leave_some_and(end))

    assert left(aside) == []


def test_it_does_what_it_does_in_a_folder_of_its_own(aside):
    seen = aside / "seen"

    run(lambda: seen.write_text(tempfile.mkdtemp()))

    place = Path(seen.read_text()).parent
    assert (place.parent, place.name.startswith(scratch.ATTEMPT)) == (aside, True)
    assert not place.exists()
    assert tempfile.gettempdir() == str(aside)


def test_where_there_is_no_room_to_begin_it_is_told(aside):
    aside.rmdir()

    with pytest.raises(child.Stopped):
        run(leave_some)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_folder_that_was_tidied_away_costs_no_report(aside, cast, quick):
    report = quick(cast)
    aside.rmdir()

    render(report.pk, now=NOW)

    report.refresh_from_db()
    assert report.is_ready()
    assert left(aside) == []


@pytest.mark.django_db
def test_what_a_killed_maker_left_goes_with_the_strays(aside, monkeypatch):
    for name, age in (("old", 7200), ("young", 0)):
        folder = aside / f"{scratch.ATTEMPT}{name}"
        folder.mkdir()
        (folder / "font").write_text("x")
        then = (timezone.now() - timedelta(seconds=age)).timestamp()
        os.utime(folder, (then, then))
    (aside / "somebody-elses").mkdir()
    os.utime(aside / "somebody-elses", (0, 0))

    assert remove_strays(timezone.now()) == 0
    settled = aside.rename(aside.with_name(f"{scratch.PREFIX}x"))
    monkeypatch.setattr(tempfile, "tempdir", str(settled))
    assert remove_strays(timezone.now()) == 1

    assert left(settled) == ["fourpi-attempt", "somebody"]


# Workers


@pytest.fixture
def start(aside):
    processes, forked = [], []

    def worker():
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, scratch.__file__],
            env=os.environ | {"TMPDIR": str(aside)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        processes.append(process)
        forked.append(int(process.stdout.readline()))
        return process, forked[-1]

    yield worker
    for process in processes:
        process.kill()
    for pid in forked:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for process in processes:
        process.stdin.close()
        process.stdout.close()
        process.wait()


@pytest.mark.slow
def test_a_worker_clears_up_after_itself_and_after_those_that_were_killed(aside, start):
    first, its_child = start()
    start()
    assert left(aside) == ["fourpi-worker"] * 2

    first.kill()
    first.wait()
    start()
    # What the dead one forked may still be at it.
    assert left(aside) == ["fourpi-worker"] * 3
    os.kill(its_child, signal.SIGKILL)
    fourth, _ = start()
    assert left(aside) == ["fourpi-worker"] * 3

    fourth.stdin.close()
    assert fourth.wait() == 0
    assert left(aside) == ["fourpi-worker"] * 2
