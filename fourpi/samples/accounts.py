"""Who the sample people are. Needs no database, so that a browser test can ask."""

from __future__ import annotations

from dataclasses import dataclass


# Only with EMBEDDED=1, and printed at every start.
PASSWORD = "four-pi-sample"


@dataclass(frozen=True)
class SampleAccount:
    """Somebody of the sample; without an organisation, a steward."""

    email: str
    name: str
    role: str
    organisation: str = ""


ACCOUNTS = (
    SampleAccount("lead@riverside.example", "Asha Mistry", "lead", "riverside-support"),
    SampleAccount(
        "contributor@riverside.example", "Tom Okoro", "contributor", "riverside-support"
    ),
    SampleAccount(
        "co-lead@riverside.example", "Maureen Byrne", "co_lead", "riverside-support"
    ),
    SampleAccount(
        "viewer@riverside.example", "Leila Haddad", "viewer", "riverside-support"
    ),
    SampleAccount("lead@harbour.example", "Sam Price", "lead", "harbour-peer-network"),
    SampleAccount("steward@fourpi.example", "Jo Steward", "steward"),
)
