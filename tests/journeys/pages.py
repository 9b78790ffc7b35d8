"""The addresses of the site's pages, and who opens each in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import UUID

from django.urls import Resolver404, resolve


RIVERSIDE = "/o/riverside-support/"
HELD = "/console/organisations/riverside-support/"

# Whoever comes by, without an account.
PUBLIC = [
    "/",
    "/help/",
    "/accessibility/",
    "/privacy/",
    "/cookies/",
    "/security/",
    "/sign-in/",
    "/sign-in/organisation/",
    "/account/new/",
    "/account/closed/",
    "/confirm-email/",
    "/confirm-email/no-such-key/",
    "/forgot/",
    "/forgot/sent/",
    "/reset/1-no-such-key/",
    "/reset/done/",
    "/mail/stop/no-such-key/",
    "/sign-up/",
    "/sign-up/organisation/",
    "/sign-up/organisation/?group=1",
    "/sign-up/find/",
    "/sign-up/known/riverside-support/",
    "/sign-up/no-such-key/",
    "/sign-up/no-such-key/withdraw/",
    "/sponsor/no-such-key/",
    "/check/",
    "/organisations/",
    "/organisations/?q=no-such-organisation",
    "/organisations/?kind=nonsense",
    "/organisations/riverside-support/",
    "/organisations/riverside-support/badge/",
    "/standards/",
    "/standards/principles/",
    "/standards/process/",
    "/standards/duties/",
    "/standards/duties/REG9/",
    "/mailbox/",
    "/invite/no-such-token/",
    "/no/such/page/",
]
# The lead of Riverside. Names in braces are of what has been made before.
MEMBERS = [
    "/o/",
    RIVERSIDE,
    f"{RIVERSIDE}assessments/new/",
    "{overview}",
    "{overview}evidence/",
    "{overview}evidence/?old=on&private=on",
    "{overview}spreadsheet/",
    "{overview}quality/",
    "{overview}set-up/",
    "{overview}share/",
    "{overview}share/presence/",
    "{overview}mine/",
    "{overview}lock/",
    "{overview}unlock/",
    "{overview}publish/",
    "{overview}hold/",
    "{overview}principles/",
    "{overview}principles/check/",
    "{overview}principles/one-page/",
    "{overview}principles/1/",
    "{overview}principles/1/history/",
    "{overview}principles/1/another-look/",
    "{overview}principles/1/own-level/",
    "{overview}principles/1/dissent/",
    "{overview}own-levels/",
    "{overview}meeting/principles/1/",
    "{overview}comments/{comment}/edit/",
    "{overview}comments/{comment}/delete/",
    "{overview}principles/2/",
    "{overview}presence/6/",
    f"{RIVERSIDE}teams/",
    f"{RIVERSIDE}teams/{{unit}}/",
    f"{RIVERSIDE}people/",
    f"{RIVERSIDE}people/invite/",
    f"{RIVERSIDE}people/lead/",
    f"{RIVERSIDE}people/leave/",
    f"{RIVERSIDE}people/{{viewer}}/role/",
    f"{RIVERSIDE}people/{{viewer}}/remove/",
    f"{RIVERSIDE}access/",
    f"{RIVERSIDE}activity/",
    f"{RIVERSIDE}settings/",
    f"{RIVERSIDE}settings/entry/",
    f"{RIVERSIDE}settings/words/",
    f"{RIVERSIDE}settings/leave-register/",
    f"{RIVERSIDE}settings/milestones/add/",
    f"{RIVERSIDE}settings/milestones/{{milestone}}/drop/",
    f"{RIVERSIDE}reports/",
    f"{RIVERSIDE}reports/take-out/",
    "{report}",
    "{report}read/",
    "{certificate}",
    "{certificate}read/",
    f"{RIVERSIDE}reports/{{assessment}}/new/",
    "{board_paper}read/",
    "{plain_summary}read/",
    "{easy_read}read/",
    "{duties}read/",
    f"{RIVERSIDE}reports/{{assessment}}/workshop/",
    "{pack}read/",
    "/account/",
    "/account/name/",
    "/account/email/",
    "/account/password/",
    "/account/devices/",
    "/account/mail/",
    "/account/data/",
    "/account/close/",
    "/account/two-steps/",
    "/account/two-steps/app/",
    "/account/passkeys/",
    "/account/passkeys/add/",
    "/reauthenticate/",
    "/o/no-such-organisation/",
    "/sign-out/",
]
STEWARDS = [
    "/console/",
    "/console/sign-ups/",
    "/console/sign-ups/?words=nobody",
    "/console/sign-ups/{sign_up}/",
    "/console/sign-ups/{sign_up}/approve/",
    "/console/sign-ups/{sign_up}/ask/",
    "/console/sign-ups/{sign_up}/decline/",
    "/console/sign-ups/{withdrawn}/",
    "/console/organisations/",
    "/console/organisations/?needs=one_lead",
    "/console/organisations/?words=nobody",
    "/console/add-organisation/",
    HELD,
    f"{HELD}edit/",
    f"{HELD}extend/",
    f"{HELD}lead/",
    f"{HELD}pause/",
    f"{HELD}merge/?words=harbour",
    f"{HELD}merge/harbour-peer-network/",
    f"{HELD}access/",
    "/console/organisations/harbour-peer-network/access/",
    f"{HELD}sign-in/",
    "/console/users/",
    "/console/users/?words=nobody",
    "/console/users/{viewer}/",
    "/console/users/{steward}/",
    "/console/users/{viewer}/second-step/",
    "/console/numbers/",
    "/console/audit/",
    "/console/audit/?person=nobody-at-all",
    "/console/notices/",
    "/console/notices/new/",
    "/console/notices/{notice}/",
    "/account/two-steps/",
    "/account/two-steps/app/remove/",
    "/account/two-steps/recovery-codes/",
    "/account/two-steps/recovery-codes/new/",
    "/reauthenticate/code/",
]
NOT_A_PAGE = "a file, a picture or a number"
SIGNING_UP = "needs a draft: test_sign_up.py"
# Pages of the table that nobody above opens, and why not.
ELSEWHERE = {
    "activity_csv": NOT_A_PAGE,
    "assessments:evidence_csv": NOT_A_PAGE,
    "assessments:sheet_download": NOT_A_PAGE,
    "assessments:answers_csv": NOT_A_PAGE,
    "assessments:answers_json": NOT_A_PAGE,
    "console:csv": NOT_A_PAGE,
    "console:numbers_csv": NOT_A_PAGE,
    "console:trail_csv": NOT_A_PAGE,
    "register_badge": NOT_A_PAGE,
    "reports:csv": NOT_A_PAGE,
    "reports:json": NOT_A_PAGE,
    "reports:sheet": NOT_A_PAGE,
    "register_csv": NOT_A_PAGE,
    "register_feed": NOT_A_PAGE,
    "robots": NOT_A_PAGE,
    "security_txt": NOT_A_PAGE,
    "session_ending": NOT_A_PAGE,
    "sign_up_serves": SIGNING_UP,
    "sign_up_people": SIGNING_UP,
    "sign_up_commitment": SIGNING_UP,
    "sign_up_check": SIGNING_UP,
    "sign_up_later": SIGNING_UP,
}


DOCUMENTS = ("board_paper", "plain_summary", "easy_read", "duties")


class _Anything(dict[str, str]):
    """Fill every gap of an address with what an address takes there."""

    def __missing__(self, name: str) -> str:
        number = str(UUID(int=0))
        places = {"overview": "assessments", "report": "reports"}
        made = {"certificate", "pack", *DOCUMENTS}
        place = places.get(name) or ("reports" if name in made else "")
        return f"{RIVERSIDE}{place}/{number}/" if place else number


def names_of_pages() -> Iterator[str]:
    """Give the name of each address above."""
    for address in PUBLIC + MEMBERS + STEWARDS:
        path = urlsplit(address.format_map(_Anything())).path
        try:
            yield resolve(path).view_name
        except Resolver404:
            continue
