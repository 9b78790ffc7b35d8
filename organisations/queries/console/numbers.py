"""Counts for stewards: sign-ups by month, organisations by kind and nation.

And how the mail and the daily run are. Of an assessment only its start is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, DateField, Min, OuterRef, Q, Subquery
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.timezone import get_current_timezone, localdate

from organisations.models import DailyRun, Organisation, Outbox, SignUp
from organisations.rules import months_after


MONTHS = 12

# The picture, in pixels down and in percent across, so that it fits a phone.
ROW = 28
BAR = 16
BARS_BEGIN = 30
LONGEST_BAR = 55


@dataclass(frozen=True)
class Month:
    """What happened in a calendar month of this country."""

    first_day: date
    sent: int
    approved: int
    declined: int
    signed_up: int
    started: int


@dataclass(frozen=True)
class Bar:
    """One row of the picture.

    Unit: pixels down, percent across.
    """

    name: str
    count: int
    text_y: int
    y: int
    length: float
    end: float


@dataclass(frozen=True)
class Picture:
    """The sign-ups by month, newest first; `finding` says in words what it shows."""

    bars: tuple[Bar, ...]
    height: int
    finding: str


@dataclass(frozen=True)
class Tally:
    name: str
    count: int


@dataclass(frozen=True)
class Health:
    """How the machine's own work stands."""

    mails_waiting: int
    waiting_since: datetime | None
    mails_given_up: int
    daily_run_on: date | None


@dataclass(frozen=True)
class Numbers:
    months: tuple[Month, ...]
    picture: Picture | None
    kinds: tuple[Tally, ...]
    nations: tuple[Tally, ...]
    organisations: int
    health: Health


def numbers(now: datetime) -> Numbers:
    """Count what stewards look at, in seven queries however many there are."""
    months = months_until(now)
    kinds: Counter[str] = Counter()
    nations: Counter[str] = Counter()
    groups = Organisation.objects.registered().order_by().values_list("kind", "nation")
    for kind, nation, count in groups.annotate(Count("pk")):
        kinds[kind] += count
        nations[nation] += count
    return Numbers(
        months=months,
        picture=_picture(months),
        kinds=_tallies(Organisation.Kind.choices, kinds),
        nations=_tallies(Organisation.Nation.choices, nations),
        organisations=kinds.total(),
        health=_health(),
    )


def months_until(now: datetime) -> tuple[Month, ...]:
    """Count the last twelve months, the present one first, in four queries.

    Shape: a sign-up counts once its address is confirmed; an organisation as long
    as it stands on the register; of its assessments only the first.
    """
    this = localdate(now).replace(day=1)
    days = [months_after(this, -back) for back in range(MONTHS)]
    since = datetime.combine(days[-1], time(), tzinfo=get_current_timezone())
    sent = _sent(since)
    decided = _decided(since)
    signed_up = _signed_up(days[-1])
    started = _started(since)
    return tuple(
        Month(
            first_day=day,
            sent=sent[day],
            approved=decided[day, SignUp.State.APPROVED],
            declined=decided[day, SignUp.State.DECLINED],
            signed_up=signed_up[day],
            started=started[day],
        )
        for day in days
    )


def _month_of(field: str) -> TruncMonth:
    """Take the month of a time here, on either side of a change of the clocks."""
    return TruncMonth(field, output_field=DateField())


def _sent(since: datetime) -> Counter[date]:
    sign_ups = SignUp.objects.for_stewards().filter(sent_at__gte=since).order_by()
    months = sign_ups.annotate(month=_month_of("sent_at")).values_list("month")
    return Counter(dict(months.annotate(Count("pk"))))


def _decided(since: datetime) -> Counter[tuple[date, str]]:
    sign_ups = SignUp.objects.filter(decided_at__gte=since).order_by()
    months = sign_ups.annotate(month=_month_of("decided_at"))
    counts = months.values_list("month", "state").annotate(Count("pk"))
    return Counter({(month, state): count for month, state, count in counts})


def _signed_up(since: date) -> Counter[date]:
    found = Organisation.objects.registered().filter(signed_up_on__gte=since)
    months = found.order_by().annotate(month=_month_of("signed_up_on"))
    return Counter(dict(months.values_list("month").annotate(Count("pk"))))


def _started(since: datetime) -> Counter[date]:
    """Count by the month in which each organisation began its first assessment."""
    # The app above has the table; here it is only counted.
    same = Organisation.objects.filter(pk=OuterRef("pk")).order_by()
    first = same.annotate(first=Min("assessments__started_at")).values("first")
    found = Organisation.objects.annotate(first=Subquery(first))
    months = found.filter(first__gte=since).order_by()
    months = months.annotate(month=_month_of("first"))
    return Counter(dict(months.values_list("month").annotate(Count("pk"))))


def _tallies(
    choices: Iterable[tuple[str, str]], counts: Counter[str]
) -> tuple[Tally, ...]:
    return tuple(Tally(name, counts[value]) for value, name in choices)


def _picture(months: tuple[Month, ...]) -> Picture | None:
    """Lay out the sign-ups sent by month; nothing when there are none."""
    most = max(month.sent for month in months)
    if not most:
        return None
    return Picture(
        bars=tuple(_bar(month, place, most) for place, month in enumerate(months)),
        height=ROW * len(months),
        finding=_finding(months, most),
    )


def _bar(month: Month, place: int, most: int) -> Bar:
    length = round(LONGEST_BAR * month.sent / most, 1)
    return Bar(
        name=date_format(month.first_day, "M Y"),
        count=month.sent,
        text_y=ROW * place + 19,
        y=ROW * place + (ROW - BAR) // 2,
        length=length,
        end=BARS_BEGIN + length,
    )


def _finding(months: tuple[Month, ...], most: int) -> str:
    total = sum(month.sent for month in months)
    fullest = [_name(month) for month in reversed(months) if month.sent == most]
    sign_ups = "1 sign-up was" if total == 1 else f"{intcomma(total)} sign-ups were"
    return (
        f"{sign_ups} sent from {_name(months[-1])} to {_name(months[0])}. "
        f"Most in a month: {intcomma(most)}, in {get_text_list(fullest, 'and')}."
    )


def _name(month: Month) -> str:
    return date_format(month.first_day, "F Y")


def _health() -> Health:
    waiting = Q(status__in=[Outbox.Status.QUEUED, Outbox.Status.SENDING])
    mail = Outbox.objects.aggregate(
        mails_waiting=Count("pk", filter=waiting),
        waiting_since=Min("queued_at", filter=waiting),
        mails_given_up=Count("pk", filter=Q(status=Outbox.Status.FAILED)),
    )
    done = DailyRun.objects.exclude(finished_at=None).order_by("-day")
    return Health(**mail, daily_run_on=done.values_list("day", flat=True).first())
