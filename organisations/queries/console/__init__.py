"""Reads for the stewards' console: the register's fields and counts, no answers."""

from .numbers import Month, months_until, numbers
from .organisation import (
    Difference,
    differences,
    entry_of,
    leads_of,
    open_invitation,
    organisation_of,
    organisation_page,
)
from .organisations import (
    Needs,
    OrganisationLine,
    Sought,
    organisation_lines,
    search_organisations,
)
from .sign_ups import (
    SignUpPage,
    Which,
    check_domain,
    next_waiting,
    search_sign_ups,
    sign_up_lines,
    sign_up_page,
    sign_ups,
    sign_ups_ever_sent,
    similar_entries,
)
from .users import search_users, user_lines, user_page
from .waiting import what_waits


__all__ = [
    "search_users",
    "user_lines",
    "user_page",
    "Difference",
    "Month",
    "Needs",
    "OrganisationLine",
    "SignUpPage",
    "Sought",
    "Which",
    "check_domain",
    "differences",
    "entry_of",
    "leads_of",
    "months_until",
    "next_waiting",
    "numbers",
    "open_invitation",
    "organisation_lines",
    "organisation_of",
    "organisation_page",
    "search_organisations",
    "search_sign_ups",
    "sign_up_lines",
    "sign_up_page",
    "sign_ups",
    "sign_ups_ever_sent",
    "similar_entries",
    "what_waits",
]
