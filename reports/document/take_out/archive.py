"""The archive itself: written for an organisation, and read without trusting it."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from assessments.queries import AssessmentRecord
from reports.models import Report

from .rows import NOT_TAKEN, Rows
from .tables import csv_of, sheets_of, workbook_of


FORMAT = 1
MANIFEST, ROWS, README = "manifest.json", "data.json", "readme.txt"
FILES = "files/"
# What a year of a large trust has, many times over.
MOST_FILES = 20_000
MOST_BYTES = 2 * 1024**3
MOST_TEXT = 256 * 1024**2
# Text such as ours packs to a tenth; a bomb to a thousandth.
MOST_RATIO = 200
NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*(/[a-z0-9][a-z0-9_.-]*){0,2}")
ENCRYPTED = 1
CHUNK = 1024**2
Opened = Callable[[str], IO[bytes]]
# Whatever a file made by hand leads to.
BROKEN = (
    *(BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError),
    *(ValueError, KeyError, TypeError, AttributeError),
)
# Of every member, so that the same rows make the same archive.
DAY = (2000, 1, 1, 0, 0, 0)


class NotReadable(Exception):
    """The file is not an archive that we can load; a sentence for the person."""


@dataclass(frozen=True)
class Content:
    """All that goes into an archive but the files of reports, as read at one moment."""

    organisation: str
    slug: str
    made_at: datetime
    rows: Rows
    records: tuple[AssessmentRecord, ...]

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(row["file"] for row in self.rows[Report._meta.label_lower])


def write(content: Content, target: IO[bytes], opened: Opened) -> int:
    """Write an archive, and give the number of files in it.

    Shape: `opened` opens a report's file by its name in the store. One that is not
    there any more is named in the manifest.
    """
    members: dict[str, dict[str, Any]] = {}
    missing = []
    with ZipFile(target, "w") as archive:
        for name, raw in _texts(content):
            archive.writestr(_info(name), raw)
            members[name] = _said(hashlib.sha256(raw).hexdigest(), len(raw))
        for name in content.files:
            try:
                with opened(name) as source:
                    members[f"{FILES}{name}"] = _stored(archive, name, source)
            except FileNotFoundError:
                missing.append(name)
        manifest = _manifest(content, members, missing)
        archive.writestr(_info(MANIFEST), _json(manifest))
    return len(members) + 1


def _texts(content: Content) -> Iterator[tuple[str, bytes]]:
    yield ROWS, _json(content.rows).encode()
    yield README, _readme(content).encode()
    sheets = sheets_of(content.rows, content.records)
    yield "organisation.xlsx", workbook_of(sheets)
    for sheet in sheets:
        yield f"csv/{sheet.name}.csv", csv_of(sheet).encode()


def _stored(archive: ZipFile, name: str, source: IO[bytes]) -> dict[str, Any]:
    """Copy a file piece by piece; a PDF is packed already."""
    digest, size = hashlib.sha256(), 0
    info = _info(f"{FILES}{name}", ZIP_STORED)
    with archive.open(info, "w", force_zip64=True) as target:
        while piece := source.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            target.write(piece)
    return _said(digest.hexdigest(), size)


def _said(sha256: str, size: int) -> dict[str, Any]:
    return {"sha256": sha256, "bytes": size}


def _info(name: str, how: int = ZIP_DEFLATED) -> ZipInfo:
    info = ZipInfo(name, DAY)
    info.compress_type = how
    info.external_attr = 0o600 << 16
    return info


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _manifest(
    content: Content, members: Mapping[str, Any], missing: Sequence[str]
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "organisation": content.organisation,
        "slug": content.slug,
        "made_at": content.made_at.isoformat(),
        "rows": {name: len(rows) for name, rows in content.rows.items()},
        "files": members,
        "missing": missing,
        "left_out": NOT_TAKEN,
    }


def _readme(content: Content) -> str:
    return f"""All that {content.organisation} owns on a 4Pi self-assessment site,
as it was on {content.made_at:%Y-%m-%d} at {content.made_at:%H:%M} UTC.

It can be read without that site:

organisation.xlsx  everything as one spreadsheet; the first sheet has the answers
csv/               the same sheets as plain tables
{ROWS}          every row, as JSON
{FILES}             the reports that were made
{MANIFEST}      how many rows there are, and the SHA-256 of each file

Not in it: passwords and keys, who signed in when, what people typed and did not
save, each person's own level, and what stewards note for each other. Of people who
are not members the name is there, and no address.

It holds evidence that is not public, and names. Keep it safe.

An empty installation of the same product reads it back:
manage.py load_take_out ARCHIVE
"""


# Reading


class Archive:
    """An archive that somebody brought. Each bound is checked before it is passed."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = ZipFile(path)
            self._check_members()
            self.manifest: dict[str, Any] = json.loads(self._text(MANIFEST))
            self._check_manifest()
            self.rows: Rows = json.loads(self._text(ROWS))
        except BROKEN as error:
            raise NotReadable("This is not an archive that we made.") from error

    def close(self) -> None:
        self._zip.close()

    def files(self) -> Iterator[str]:
        """Name the files of reports, as the store knows them."""
        for name in self._zip.namelist():
            if name.startswith(FILES):
                yield name.removeprefix(FILES)

    def sha256(self, name: str) -> str:
        return str(self.manifest["files"][f"{FILES}{name}"]["sha256"])

    def open(self, name: str) -> IO[bytes]:
        return self._zip.open(f"{FILES}{name}")

    def check(self) -> None:
        """Compare each file with what the manifest says of it.

        Raises: NotReadable.
        """
        for name, said in self.manifest["files"].items():
            if self._digest(name) != said["sha256"]:
                raise NotReadable(f"{name} is not as it was when the archive was made.")
        counts = {name: len(rows) for name, rows in self.rows.items()}
        if counts != self.manifest["rows"]:
            raise NotReadable("Rows are missing, or there are too many.")

    def _check_members(self) -> None:
        members = self._zip.infolist()
        names = [member.filename for member in members]
        if len(names) > MOST_FILES or len(set(names)) != len(names):
            raise NotReadable("There are too many files in it.")
        if sum(member.file_size for member in members) > MOST_BYTES:
            raise NotReadable("There is far too much in it.")
        for member in members:
            _check_member(member)

    def _check_manifest(self) -> None:
        if self.manifest["format"] != FORMAT:
            raise NotReadable("It was made by another version of this product.")
        others = set(self._zip.namelist()) - {MANIFEST}
        if others != set(self.manifest["files"]):
            raise NotReadable("Its files are not those that its manifest names.")

    def _text(self, name: str) -> str:
        if self._zip.getinfo(name).file_size > MOST_TEXT:
            raise NotReadable("There is far too much in it.")
        return self._zip.read(name).decode()

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        with self._zip.open(name) as file:
            try:
                while piece := file.read(CHUNK):
                    digest.update(piece)
            except BROKEN:
                return "unreadable"
        return digest.hexdigest()


def _check_member(member: ZipInfo) -> None:
    # A link, a folder above, another drive: none of them is a name of ours.
    kind = member.external_attr >> 28
    if not NAME.fullmatch(member.filename) or kind not in {0, 0o10}:
        raise NotReadable("It has a file with a name that we never give.")
    if member.flag_bits & ENCRYPTED:
        raise NotReadable("It has a password. Take that off first.")
    if member.file_size > MOST_RATIO * max(member.compress_size, 1024):
        raise NotReadable("It unpacks to far more than it should.")
