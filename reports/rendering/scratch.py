"""A folder of the worker's own for what its libraries put aside while they work.

The PDF engine writes its fonts there. Whatever is killed cleans up nothing, so each
attempt has a folder of its own in the worker's, and the next worker to start removes
those of workers that are dead.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from multiprocessing.util import Finalize
from pathlib import Path


PREFIX = "fourpi-worker-"
ATTEMPT = "fourpi-attempt-"
# After multiprocessing's own, which lies in ours.
LAST = -1000


def settle_in() -> Path:
    """Take a folder for this process and all that it forks.

    Effects: what they put aside lies there, and goes when this process ends; the
    folders of dead workers go now.
    """
    for folder in _folders():
        _remove_if_left(folder)
    ours = _taken()
    tempfile.tempdir = str(ours)
    Finalize(None, shutil.rmtree, (ours, True), exitpriority=LAST)
    return ours


def make_sure_it_is_there() -> None:
    """Make our folder again, where somebody has tidied it away meanwhile."""
    Path(tempfile.gettempdir()).mkdir(mode=0o700, exist_ok=True)


def for_an_attempt() -> tempfile.TemporaryDirectory[str]:
    """Make a folder that its maker's parent removes, whatever becomes of the maker."""
    return tempfile.TemporaryDirectory(prefix=ATTEMPT, ignore_cleanup_errors=True)


def remove_left_behind(limit: datetime) -> int:
    """Remove what attempts left whose makers were killed, and give their number.

    Shape: in a worker, that is; who has no folder of its own removes nothing.
    """
    ours = Path(tempfile.gettempdir())
    if not ours.name.startswith(PREFIX):
        return 0
    left = [
        folder
        for folder in ours.glob(f"{ATTEMPT}*")
        if _is_ours(folder) and folder.stat().st_mtime < limit.timestamp()
    ]
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)


def _taken() -> Path:
    """Make a folder and hold it: the lock ends with the last process that has it."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # Before we held it, another that starts may have taken it for a dead one's.
        if folder.exists():
            return folder
        os.close(descriptor)


def _folders() -> Iterator[Path]:
    found = Path(tempfile.gettempdir()).glob(f"{PREFIX}*")
    return (folder for folder in found if _is_ours(folder))


def _is_ours(folder: Path) -> bool:
    """Say whether it is a folder and we made it: others may write there too."""
    with suppress(FileNotFoundError):
        found = folder.lstat()
        return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return False


def _remove_if_left(folder: Path) -> None:
    with suppress(FileNotFoundError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        else:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(descriptor)
