"""Do one piece of work in a child process that can be stopped.

A fork of the warm worker, because importing the PDF engine costs as much as a small
report, and `multiprocessing` refuses to start a process inside Celery's own.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import json
import logging
import os
import resource
import select
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.conf import settings

from . import scratch


logger = logging.getLogger(__name__)

TOO_LONG = "Making the file took too long."
TOO_MUCH_MEMORY = "Making the file needed more memory than we allow."
TOO_LARGE = "The file grew larger than we allow."
NO_ROOM = "There was no room to keep the file."
WENT_WRONG = "Something went wrong while we made the file."

PR_SET_PDEATHSIG = 1
POLITE = 10
_libc = ctypes.CDLL(None, use_errno=True)


class Stopped(Exception):
    """The child made nothing: a sentence for the person, and a detail for us."""

    def __init__(self, sentence: str, detail: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.detail = detail


@contextmanager
def done(
    work: Callable[[], int],
    *,
    every: float,
    beat: Callable[[], object],
    most_bytes: int | None = None,
) -> Iterator[int]:
    """Fork, do the work there within limits, and give its number back.

    Shape: the child has done all by then; that it is gone too is waited for at the
    end, since giving back so much memory takes a while.
    Unit: `every` seconds, `beat` is called in the parent until the child is done;
    `most_bytes` of a file, or as many as a report may have.
    Raises: Stopped; whatever `beat` raises, with the child killed.
    """
    most = most_bytes or settings.REPORT_FILE_BYTES
    with _folder() as folder:
        parent, (reading, writing) = os.getpid(), os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            tempfile.tempdir = folder
            _be_the_child(work, writing, parent, most)
        os.close(writing)
        try:
            _wait(reading, every, beat)
            with os.fdopen(os.dup(reading), "rb") as pipe:
                message = pipe.readline()
            yield _number(message, pid)
        finally:
            os.close(reading)
            _make_sure_it_is_gone(pid)


def _folder() -> tempfile.TemporaryDirectory[str]:
    try:
        return scratch.for_an_attempt()
    except OSError as error:
        sentence = SENTENCES.get(error.errno, WENT_WRONG)
        raise Stopped(sentence, str(error)) from error


def _wait(reading: int, every: float, beat: Callable[[], object]) -> None:
    """Hold on until the child has answered or died."""
    deadline = time.monotonic() + settings.REPORT_DEADLINE_SECONDS
    while not select.select([reading], [], [], every)[0]:
        if time.monotonic() > deadline:
            raise Stopped(TOO_LONG, f"over {settings.REPORT_DEADLINE_SECONDS} s")
        beat()


def _number(message: bytes, pid: int) -> int:
    """Read the child's number.

    Raises: Stopped, with what the child said of itself or how it ended.
    """
    if not message.endswith(b"\n"):
        raise Stopped(WENT_WRONG, f"the child ended with status {_end(pid)}")
    answer = json.loads(message)
    if "number" in answer:
        return int(answer["number"])
    raise Stopped(answer["sentence"], answer["detail"])


def _end(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _make_sure_it_is_gone(pid: int) -> None:
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _be_the_child(
    work: Callable[[], int], writing: int, parent: int, most_bytes: int
) -> None:
    """Do the work and end, running nothing that the parent left to clean up."""
    # A short life: its garbage goes with it, and looking for it is a fifth of the time.
    gc.disable()
    os.nice(POLITE)  # Who waits for a page comes before who waits for a report.
    try:
        _die_with(parent)
        _limit(most_bytes)
        message = _result(work)
        os.write(writing, json.dumps(message).encode() + b"\n")
    finally:
        os._exit(0)


def _die_with(parent: int) -> None:
    for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    # Ctrl-C reaches the whole group; the parent decides what becomes of the work.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _limit(most_bytes: int) -> None:
    seconds = int(settings.REPORT_DEADLINE_SECONDS) + 1
    # What the worker has mapped already counts as the child's, so it comes on top.
    memory = _mapped_bytes() + settings.REPORT_MEMORY_BYTES
    for kind, most in [
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, most_bytes),
        (resource.RLIMIT_CORE, 0),
    ]:
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (_least(most, hard), hard))


def _least(most: int, hard: int) -> int:
    return most if hard == resource.RLIM_INFINITY else min(most, hard)


def _mapped_bytes() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _result(work: Callable[[], int]) -> dict[str, object]:
    try:
        return {"number": work()}
    except MemoryError:
        return {"sentence": TOO_MUCH_MEMORY, "detail": "MemoryError"}
    except OSError as error:
        logger.exception("The child could not write")
        return {
            "sentence": SENTENCES.get(error.errno, WENT_WRONG),
            "detail": str(error),
        }
    except Exception as error:
        logger.exception("The child failed")
        return {"sentence": WENT_WRONG, "detail": f"{type(error).__name__}: {error}"}


SENTENCES: dict[int | None, str] = {
    errno.EFBIG: TOO_LARGE,
    errno.ENOSPC: NO_ROOM,
    errno.EDQUOT: NO_ROOM,
    errno.ENOMEM: TOO_MUCH_MEMORY,
}
