"""Lists as files: tables as CSV, and the register's news as an Atom feed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html

from .queries import ActivityLine, RegisterLine, TrailLine
from .queries.console import Month, OrganisationLine


# A spreadsheet takes a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Without it spreadsheets read accents wrongly.
BYTE_ORDER_MARK = "\ufeff"

NOT_NSUNS = (
    "Commitments made on this site. It is not NSUN’s list. NSUN does not run or "
    "endorse it."
)
REGISTER_COLUMNS = (
    *("Name", "Kind", "Nation", "Area", "What it covers", "Stage", "Stage since"),
    *("Signed up on", "Next date", "Last published on", "Assessed by"),
    *("Website", "Page on the register"),
)


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table as CSV that a spreadsheet opens safely.

    Shape: dates as 2026-11-23, None as an empty cell.
    """
    file = io.StringIO()
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return file.getvalue()


def register_csv(lines: Iterable[RegisterLine]) -> str:
    """Write what the register shows of each organisation as CSV."""
    return csv_text(REGISTER_COLUMNS, (_register_row(line) for line in lines))


CONSOLE_COLUMNS = (
    *("Name", "Address on this site", "Kind", "Nation", "Area", "Website"),
    *("ODS code", "Charity number", "Status", "Stage", "Signed up on", "Next date"),
    *("Last published on", "Leads", "Email addresses of leads", "People"),
    "Assessments",
)


def console_csv(lines: Iterable[OrganisationLine]) -> str:
    """Write what stewards see of organisations as CSV: contacts, never an answer."""
    return csv_text(CONSOLE_COLUMNS, (_console_row(line) for line in lines))


def _console_row(line: OrganisationLine) -> tuple[object, ...]:
    return (
        *(line.name, line.slug, line.kind, line.nation, line.area, line.website),
        *(line.ods_code, line.charity_number, line.status, line.stage),
        *(line.signed_up_on, line.due_on, line.published_on),
        "; ".join(lead.name for lead in line.leads),
        "; ".join(lead.email for lead in line.leads),
        *(line.people, line.assessments),
    )


MONTH_COLUMNS = (
    *("Month", "Sign-ups sent", "Approved", "Declined"),
    *("Organisations signed up", "First assessments started"),
)


def months_csv(months: Iterable[Month]) -> str:
    """Write what happened in each month as CSV; a month as 2026-11."""
    rows = (
        (
            *(f"{month.first_day:%Y-%m}", month.sent, month.approved, month.declined),
            *(month.signed_up, month.started),
        )
        for month in months
    )
    return csv_text(MONTH_COLUMNS, rows)


def register_feed(lines: Sequence[RegisterLine]) -> str:
    """Write who signed up or moved on as an Atom feed.

    Shape: newest first; an entry's id holds its stage and day, so that each change
    is an entry of its own.
    """
    feed = _Feed(
        title="4Pi: signed-up organisations",
        link=_absolute(reverse("register")),
        description=NOT_NSUNS,
        subtitle=NOT_NSUNS,
        feed_url=_absolute(reverse("register_feed")),
        language="en-GB",
        author_name="4Pi self-assessment",
    )
    for line in lines:
        _add(feed, line)
    return feed.writeString("utf-8")


def badge_html(line: RegisterLine, width: int) -> str:
    """Write the HTML that shows an organisation's badge on another site.

    Shape: text, so that a page that shows it escapes it once more.
    """
    picture = reverse("register_badge", args=[line.slug])
    html = format_html(
        '<a href="{}"><img src="{}" alt="{}" width="{}"></a>',
        _absolute(line.address),
        _absolute(picture),
        f"4Pi commitment of {line.name}: read how it stands",
        # No height: it is another once the name or the stage is.
        width,
    )
    # No longer marked safe: the page shows it as text.
    return "".join(html)


class _Feed(Atom1Feed):
    """An empty feed has a date too, and not the time of each reading."""

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates) if dates else _midnight(date(2026, 1, 1))

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        # As text, because Django's own says HTML: names and areas are anybody's words.
        super().add_item_elements(handler, item | {"description": None})
        handler.addQuickElement("summary", item["description"], {"type": "text"})


def _add(feed: _Feed, line: RegisterLine) -> None:
    link = _absolute(line.address)
    day = dateformat.format(line.stage_since, "j F Y")
    host = urlsplit(settings.PUBLIC_ADDRESS).hostname
    stage = line.stage.lower().replace(":", "").replace(" ", "-")
    feed.add_item(
        title=f"{line.name}: {line.stage}",
        link=link,
        description=f"{line.name} ({line.place}). {line.stage}, since {day}.",
        unique_id=f"tag:{host},{line.stage_since}:{line.address}{stage}",
        pubdate=_midnight(line.signed_up_on),
        updateddate=_midnight(line.stage_since),
    )


def _register_row(line: RegisterLine) -> tuple[object, ...]:
    return (
        *(line.name, line.kind, line.nation, line.area, line.scope),
        *(line.stage, line.stage_since, line.signed_up_on, line.due_on),
        *(line.published_on, line.assessed_by, line.website, _absolute(line.address)),
    )


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    # A number is never a formula, and stays one that can be counted with.
    is_text = isinstance(value, str)
    return f"'{text}" if is_text and text.startswith(FORMULA) else text


def _absolute(address: str) -> str:
    """Begin an address as the site is known, whatever host a request names."""
    return f"{settings.PUBLIC_ADDRESS}{address}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


TRAIL_COLUMNS = ("When", "Who", "What", "Organisation", "Code", "About", "Id")
ACTIVITY_COLUMNS = ("When", "Who", "What")


def trail_csv(lines: Iterable[TrailLine]) -> str:
    """Write events as stewards search them as CSV; times in UTC."""
    rows = (
        (
            line.at.isoformat(timespec="seconds"),
            *(line.who, line.what, line.organisation),
            *(line.verb, line.subject_type, line.subject),
        )
        for line in lines
    )
    return csv_text(TRAIL_COLUMNS, rows)


def activity_csv(lines: Iterable[ActivityLine]) -> str:
    """Write what was done in one organisation as CSV; times in UTC."""
    rows = (
        (
            line.at.isoformat(timespec="seconds"),
            line.who,
            f"{line.what}: {line.about.name}" if line.about else line.what,
        )
        for line in lines
    )
    return csv_text(ACTIVITY_COLUMNS, rows)
