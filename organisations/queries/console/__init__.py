"""Reads for the stewards' console: the register's fields and counts, no answers."""

from .organisations import (
    Needs,
    OrganisationLine,
    Sought,
    organisation_lines,
    search_organisations,
)
from .sign_ups import (
    Which,
    check_domain,
    next_waiting,
    search_sign_ups,
    sign_up_lines,
    sign_up_page,
    sign_ups,
    similar_entries,
)
from .waiting import what_waits


__all__ = [
    "Needs",
    "OrganisationLine",
    "Sought",
    "Which",
    "check_domain",
    "next_waiting",
    "organisation_lines",
    "search_organisations",
    "search_sign_ups",
    "sign_up_lines",
    "sign_up_page",
    "sign_ups",
    "similar_entries",
    "what_waits",
]
