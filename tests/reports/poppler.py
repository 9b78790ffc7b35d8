"""What Poppler's programs say of a PDF: another reader than the one who wrote it."""

from __future__ import annotations

import subprocess
import tempfile


PAGE = 595, 842


def words_of(pdf: bytes, *, within: int = 0) -> str:
    """Read the words of all pages, without those in margins so many points wide."""
    width, height = (each - 2 * within for each in PAGE)
    place = ["-x", within, "-y", within, "-W", width, "-H", height]
    return asked("pdftotext", "-nopgbrk", "-raw", *map(str, place), pdf=pdf, to="-")


def asked(program: str, *arguments: str, pdf: bytes, to: str = "") -> str:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        command = [program, *arguments, file.name, *filter(None, [to])]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout
