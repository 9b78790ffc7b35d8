"""Write down for readers what may be done with an assessment in which status."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.models import Assessment
from assessments.rules import TRANSITIONS


PAGE = Path("docs", "assessment-states.md")
TOP = """\
# What may be done with an assessment, and when

`make states` writes this page from `TRANSITIONS` in `assessments/rules/states.py`, which the
operations themselves ask; `make check` refuses it when it is old.
"""
END = """\
What is not allowed is refused with a sentence. An answer that comes too late is kept
for whoever wrote it.

The status is not all that is asked. Who may do what goes by the role: the help page
lists it. An assessment with an unanswered standard is not locked, and one that is
published is neither unlocked nor published again. What somebody holds back is not
published meanwhile.

Two more statuses come with agreeing together and with the signatures. They are not
built yet.
"""


class Command(BaseCommand):
    help = "Write docs/assessment-states.md, or only compare it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing")

    def handle(self, **options: Any) -> None:
        page = settings.BASE_DIR / PAGE
        if not options["check"]:
            page.write_text(states(), encoding="utf-8")
        elif not page.is_file() or page.read_text(encoding="utf-8") != states():
            raise CommandError(f"{PAGE} is not what assessments/rules/states.py says.")


def states() -> str:
    """Say the declared table as a page: a diagram, and a line for each operation."""
    return "\n".join([TOP, *_diagram(), "", *_table(), "", END])


def _diagram() -> list[str]:
    moves = [
        f"    {status} --> {after}: {operation}"
        for (status, operation), after in TRANSITIONS.items()
        if after != status
    ]
    first = Assessment._meta.get_field("status").default
    start = f"    [*] --> {first}: start_assessment"
    return ["```mermaid", "stateDiagram-v2", start, *moves, "```"]


def _table() -> list[str]:
    names = [label for _, label in Assessment.Status.choices]
    operations = dict.fromkeys(operation for _, operation in TRANSITIONS)
    return [
        _line("operation", *names),
        _line(*["---"] * (len(names) + 1)),
        *(_line(f"`{each}`", *_cells(each)) for each in operations),
    ]


def _cells(operation: str) -> list[str]:
    return [_cell(status, operation) for status in Assessment.Status.values]


def _cell(status: str, operation: str) -> str:
    after = TRANSITIONS.get((status, operation))
    if after is None:
        return "no"
    if after == status:
        return "yes"
    return f"yes, and then: {Assessment.Status(after).label}"


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
