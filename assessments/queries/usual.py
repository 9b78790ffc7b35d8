"""What is usual for organisations of a kind: which duties they look for first, and
what often does not apply to them. It is offered, and decides nothing.

Source: domain.md, section 8.11.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from organisations.models import Organisation
from standards.queries import Link


Kind = Organisation.Kind

# By how their codes begin, the nearest first.
FIRST_DUTIES: Mapping[str, tuple[str, ...]] = {
    Kind.NHS_TRUST: (
        *("NHSA-242", "REG", "CQC-", "PCREF", "AIS", "QS14", "MHA25", "TOC"),
    ),
    Kind.COMMISSIONER: ("NHSA-14Z45", "WIP", "PSED", "EDS22", "NG44"),
    Kind.COUNCIL: ("CARE", "CQC-LA", "PSED", "AIS", "NG44"),
    Kind.CARE_CHARITY: ("REG", "CQC-", "NG44"),
    Kind.OTHER_CHARITY: ("NG44", "PSED"),
    Kind.USER_LED: ("NG44",),
    Kind.OTHER: ("PSED", "EA-RA"),
}
# Of councils alone, whatever else begins like it.
OF_COUNCILS = "CQC-LA"

OFTEN_LEFT_OUT: Mapping[str, frozenset[str]] = {
    Kind.COMMISSIONER: frozenset({"IM2"}),
    Kind.OTHER_CHARITY: frozenset({"IM2"}),
    Kind.USER_LED: frozenset({"PS6", "PS2", "PU3"}),
}


def usual_first(duties: Iterable[Link], kind: str) -> tuple[Link, ...]:
    """Put the duties first that organisations of a kind look for."""
    begins = FIRST_DUTIES.get(kind, ())

    def place(duty: Link) -> int:
        code = duty.address.rstrip("/").rpartition("/")[2]
        if code == OF_COUNCILS and kind != Kind.COUNCIL:
            return len(begins)
        found = (n for n, begin in enumerate(begins) if code.startswith(begin))
        return next(found, len(begins))

    return tuple(sorted(duties, key=place))


def is_often_left_out(code: str, kind: str) -> bool:
    """Say whether a standard often does not apply to organisations of a kind."""
    return code in OFTEN_LEFT_OUT.get(kind, ())
