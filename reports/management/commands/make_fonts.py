"""Make the PDF's fonts from the site's: plain TTF, one file for each weight.

The site's font is one variable WOFF2, which the PDF engine would unpack again for
every report.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from reports.rendering import FACES, FONTS


SOURCES = (
    settings.BASE_DIR
    / "node_modules/@fontsource-variable/atkinson-hyperlegible-next/files"
)


class Command(BaseCommand):
    help = "Make the fonts of the PDF from the fonts of the site."

    def handle(self, *args: Any, **options: Any) -> None:
        FONTS.mkdir(parents=True, exist_ok=True)
        for face in FACES:
            source = SOURCES / face.source
            if not source.exists():
                raise CommandError(f"{source.name} is missing: run `make assets`.")
            if _is_older(FONTS / face.file, source):
                _make(source, FONTS / face.file, face.weight)


def _is_older(made: Path, source: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def _make(source: Path, target: Path, weight: int) -> None:
    font = TTFont(source)
    instantiateVariableFont(font, {"wght": weight}, inplace=True)
    font.flavor = None
    # Written aside first: a build that is cut short must not leave half a font
    # that looks up to date.
    aside = target.with_suffix(".part")
    font.save(aside)
    aside.replace(target)
