"""Put what was made where reports are kept: a private folder, or a bucket by setting."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage

from reports.models import Report, report_store

from . import child, scratch


logger = logging.getLogger(__name__)

FOLDER = "reports"
STRAY_AFTER = timedelta(hours=1)
NOT_KEPT = "We could not put the file where we keep it."


class _Whole(File):  # type: ignore[type-arg]
    """A file that is written to its end, so that a store on this disk renames it."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        super().__init__(file)
        self._path = path

    def temporary_file_path(self) -> str:
        return str(self._path)


def workshop() -> Path:
    """Give the folder in which files are made, on the disk of a store that has one."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep(part: Path, name: str) -> str:
    """Move a whole file into the store, and give the name that it has there.

    Raises: child.Stopped with a sentence for the person.
    """
    store = report_store()
    try:
        with part.open("rb") as file:
            kept = store.save(f"{FOLDER}/{name}", _Whole(file, part))
        _settle(store, kept)
    except Exception as error:
        # A full disk, or whatever a library of somebody's store raises.
        logger.exception("The store did not take a file")
        number = error.errno if isinstance(error, OSError) else None
        sentence = child.SENTENCES.get(number, NOT_KEPT)
        raise child.Stopped(sentence, str(error)) from error
    return kept


def drop(name: str) -> None:
    report_store().delete(name)


def remove_strays(now: datetime) -> int:
    """Delete files that no report names and that nobody is writing any more.

    Effects: files and folders older than an hour go; gives their number.
    """
    limit = now - STRAY_AFTER
    store = report_store()
    unfinished = [
        part
        for part in workshop().glob("*.part")
        if part.stat().st_mtime < limit.timestamp()
    ]
    for part in unfinished:
        part.unlink(missing_ok=True)
    strays = list(_strays(store, limit))
    for name in strays:
        store.delete(name)
    return len(unfinished) + len(strays) + scratch.remove_left_behind(limit)


def _strays(store: Storage, limit: datetime) -> Iterator[str]:
    """Find what no report names: a store far away is asked for the age of that alone."""
    names = {f"{FOLDER}/{name}" for name in store.listdir(FOLDER)[1]}
    named = Report.objects.exclude(file="").values_list("file", flat=True)
    for name in sorted(names - set(named)):
        if not name.endswith(".part") and store.get_modified_time(name) < limit:
            yield name


def _settle(store: Storage, name: str) -> None:
    """Make a rename outlive a power cut, where the store is a folder of ours."""
    try:
        folder = Path(store.path(name)).parent
    except NotImplementedError:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
