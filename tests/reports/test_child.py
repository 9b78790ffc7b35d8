import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from reports.rendering import child


BEATS = 0.05


def run(work, *, beat=lambda: None):
    with child.done(work, every=BEATS, beat=beat) as number:
        return number


def no_children_left():
    return psutil.Process().children() == []


def test_its_number_comes_back():
    assert run(lambda: 12) == 12
    assert no_children_left()


def test_the_work_is_done_in_another_process(tmp_path):
    note = tmp_path / "pid"

    run(lambda: note.write_text(str(os.getpid())))

    assert int(note.read_text()) != os.getpid()


def test_the_parent_goes_on_beating():
    beats = []

    run(lambda: time.sleep(BEATS * 5) or 1, beat=lambda: beats.append(1))

    assert len(beats) >= 2


def test_what_the_beat_raises_ends_the_child():
    def lose():
        raise KeyError

    with pytest.raises(KeyError):
        run(lambda: time.sleep(60) or 1, beat=lose)

    assert no_children_left()


def test_work_that_takes_too_long_is_killed(settings):
    settings.REPORT_DEADLINE_SECONDS = 0.3
    begun = time.monotonic()

    with pytest.raises(child.Stopped, match=child.TOO_LONG):
        run(lambda: time.sleep(60) or 1)

    assert time.monotonic() - begun < 5
    assert no_children_left()


def test_work_that_takes_too_much_memory_stops(settings):
    settings.REPORT_MEMORY_BYTES = 50 * 1024**2

    with pytest.raises(child.Stopped, match=child.TOO_MUCH_MEMORY):
        run(lambda: len(bytearray(200 * 1024**2)))


def test_work_within_its_memory_is_done_however_much_the_worker_has(settings):
    settings.REPORT_MEMORY_BYTES = 50 * 1024**2
    held = bytearray(100 * 1024**2)

    assert run(lambda: len(bytearray(20 * 1024**2))) == 20 * 1024**2
    assert held


def test_a_file_that_grows_too_large_stops(settings, tmp_path):
    settings.REPORT_FILE_BYTES = 1024

    with pytest.raises(child.Stopped, match=child.TOO_LARGE):
        run(lambda: (tmp_path / "large").write_bytes(bytes(4096)))


def test_work_that_crashes_stops():
    with pytest.raises(child.Stopped, match=child.WENT_WRONG) as stopped:
        run(lambda: os.kill(os.getpid(), signal.SIGKILL))

    assert "-9" in stopped.value.detail


def test_work_that_raises_says_what_to_us_and_not_to_the_person():
    def fail():
        raise ValueError("secret detail")

    with pytest.raises(child.Stopped) as stopped:
        run(fail)

    assert stopped.value.sentence == child.WENT_WRONG
    assert "secret detail" in stopped.value.detail


PARENT = """
import os, sys, time
import django
django.setup()
from reports.rendering import child
def work():
    open(sys.argv[1], "w").write(str(os.getpid()))
    time.sleep(60)
with child.done(work, every=10, beat=lambda: None):
    pass
"""


@pytest.mark.slow
def test_no_child_outlives_a_killed_worker(tmp_path):
    note = tmp_path / "pid"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "fourpi.settings"}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(note)], env=environment, cwd=Path.cwd()
    )
    wait_until(lambda: note.exists() and note.read_text())
    orphan = int(note.read_text())
    assert psutil.pid_exists(orphan)

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    wait_until(lambda: not is_alive(orphan))


def is_alive(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until(happens, seconds=20):
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.02)
