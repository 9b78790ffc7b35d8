"""Every address of the site, each person, each method: from one declared table.

An address that is not in the table fails the build.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from assessments.models import Comment, Hold, RatingRound
from assessments.operations import ask_for_ratings, hold_back, post_comment
from organisations.models import (
    AccessGrant,
    Invitation,
    LeadOffer,
    Milestone,
    Organisation,
    SignUp,
    Unit,
    User,
)
from organisations.operations import (
    add_milestone,
    add_unit,
    ask_for_access,
    hash_of,
    invite,
    offer_lead,
)
from reports.models import Report
from reports.operations import request_report
from tests.factories import (
    NOW,
    make_cast,
    make_draft,
    make_notice,
    make_sign_up,
    make_waiting_sign_up,
    signed_up,
    the_response,
)
from tests.made_once import made_once


pytestmark = pytest.mark.django_db

SIGN_IN = 302
OK, MOVED, TOO_JUNIOR, NOTHING_HERE, WRONG_METHOD = 200, 302, 403, 404, 405
STALE = 409

PEOPLE = (
    "anonymous",
    # Her browser holds a draft; she has no account.
    "applicant",
    "stranger",
    "removed",
    "viewer",
    "contributor",
    "co_lead",
    "lead",
    "steward",
    "steward_without_second_step",
    "superuser",
)


def everyone(status, **others):
    """Who signs up an organisation is anonymous everywhere else."""
    also = {"applicant": others["anonymous"]} if "anonymous" in others else {}
    return dict.fromkeys(PEOPLE, status) | also | others


def signed_in(status, **others):
    """Open to whoever is signed in, but for her who must set up a second step."""
    first = {"anonymous": SIGN_IN, "steward_without_second_step": MOVED}
    return everyone(status, **first | others)


def setting_up(status, **others):
    """Open to her as well: it is a page that sets the second step up."""
    return everyone(status, **{"anonymous": SIGN_IN} | others)


def members(status, *, viewer=None, contributor=None):
    """Open to members, each refusal of the kind the person should get."""
    return signed_in(
        NOTHING_HERE,
        viewer=viewer or status,
        contributor=contributor or status,
        co_lead=status,
        lead=status,
    )


def stewards(status):
    """To everybody else the console is not there."""
    return signed_in(NOTHING_HERE, steward=status, superuser=status)


PUBLIC_PAGE = {"GET": everyone(OK), "POST": everyone(WRONG_METHOD, anonymous=405)}
READ = {"GET": members(OK), "POST": signed_in(WRONG_METHOD)}
FOR_LEADS = {
    "GET": members(OK, viewer=TOO_JUNIOR, contributor=TOO_JUNIOR),
    "POST": members(OK, viewer=TOO_JUNIOR, contributor=TOO_JUNIOR),
}
# An empty form changes nothing, and leads on.
FOR_LEADS_AND_ON = {
    "GET": members(OK, viewer=TOO_JUNIOR, contributor=TOO_JUNIOR),
    "POST": members(MOVED, viewer=TOO_JUNIOR, contributor=TOO_JUNIOR),
}
READ_FOR_LEADS = {
    "GET": members(OK, viewer=TOO_JUNIOR, contributor=TOO_JUNIOR),
    "POST": signed_in(WRONG_METHOD),
}
POST_FOR_LEADS = {
    "GET": signed_in(WRONG_METHOD),
    "POST": members(MOVED, viewer=TOO_JUNIOR, contributor=TOO_JUNIOR),
}
ONLY_TO_CONTRIBUTOR = {
    "GET": signed_in(WRONG_METHOD),
    "POST": signed_in(NOTHING_HERE, contributor=MOVED),
}
POST_BY_STEWARDS = {"GET": stewards(WRONG_METHOD), "POST": stewards(MOVED)}
READ_BY_STEWARDS = {"GET": stewards(OK), "POST": stewards(WRONG_METHOD)}
# An empty form comes back with what is missing.
FOR_STEWARDS = {"GET": stewards(OK), "POST": stewards(OK)}
POST_FOR_STEWARDS = {"GET": stewards(WRONG_METHOD), "POST": stewards(MOVED)}
WITH_A_DRAFT = {
    "GET": everyone(MOVED, applicant=OK),
    # An empty page is not what she saw: she is told so.
    "POST": everyone(MOVED, applicant=STALE),
}
GUEST_ONLY = {
    # Somebody who is signed in already is sent on to her own pages.
    "GET": everyone(MOVED, anonymous=OK),
    "POST": everyone(MOVED, anonymous=OK),
}
SIGNING_IN = {
    # Only between the password and the second step; then it is too late.
    "GET": everyone(MOVED),
    "POST": everyone(MOVED),
}
ASKED_FIRST = {"GET": setting_up(MOVED), "POST": setting_up(MOVED)}
WITH_APP = {
    "GET": signed_in(MOVED, steward=OK, superuser=OK),
    "POST": signed_in(MOVED, steward=OK, superuser=OK),
}
NOBODY_HAS_A_PASSKEY = {"GET": signed_in(MOVED), "POST": signed_in(MOVED)}
NO_CODES_YET = {"GET": signed_in(NOTHING_HERE), "POST": signed_in(WRONG_METHOD)}
# They send a guest on, but not to come back to where she was.
WITHOUT_WAY_BACK = {
    "account_confirm_login_code",
    "account_logout",
    "admin_sign_in",
    "mfa_authenticate",
}

# What each address answers to an empty GET and an empty POST.
TABLE = {
    "home": PUBLIC_PAGE,
    "help": PUBLIC_PAGE,
    "accessibility": PUBLIC_PAGE,
    "privacy": PUBLIC_PAGE,
    "cookies": PUBLIC_PAGE,
    "security": PUBLIC_PAGE,
    "security_txt": PUBLIC_PAGE,
    # It answers everybody with a number; tests/fourpi/test_sittings.py.
    "session_ending": {"GET": everyone(OK), "POST": everyone(OK)},
    "session_save": {"GET": everyone(WRONG_METHOD), "POST": everyone(MOVED)},
    "robots": PUBLIC_PAGE,
    # On one machine only; tests/fourpi/test_mailbox.py.
    "mailbox": PUBLIC_PAGE,
    "mailbox_mail": {
        "GET": everyone(NOTHING_HERE),
        "POST": everyone(WRONG_METHOD),
    },
    # An empty form says what is missing.
    "check_report": {"GET": everyone(OK), "POST": everyone(OK)},
    "register": PUBLIC_PAGE,
    "register_csv": PUBLIC_PAGE,
    "register_feed": PUBLIC_PAGE,
    "register_organisation": PUBLIC_PAGE,
    "register_badge": PUBLIC_PAGE,
    "register_badge_page": PUBLIC_PAGE,
    "standards:index": PUBLIC_PAGE,
    "standards:principle": PUBLIC_PAGE,
    "standards:duties": PUBLIC_PAGE,
    "standards:duty": PUBLIC_PAGE,
    "account_login": GUEST_ONLY,
    "account_signup": GUEST_ONLY,
    "organisation_sign_in": GUEST_ONLY,
    # Of no provider; tests/fourpi/test_single_sign_on.py.
    "organisation_back": {
        "GET": everyone(NOTHING_HERE),
        "POST": everyone(WRONG_METHOD),
    },
    "account_logout": {
        "GET": everyone(OK, anonymous=MOVED),
        "POST": everyone(MOVED),
    },
    "account_inactive": {"GET": everyone(OK), "POST": everyone(WRONG_METHOD)},
    "account_reset_password": {"GET": everyone(OK), "POST": everyone(OK)},
    "account_reset_password_done": {
        "GET": everyone(OK),
        "POST": everyone(WRONG_METHOD),
    },
    "account_reset_password_from_key": {"GET": everyone(OK), "POST": everyone(OK)},
    "account_reset_password_from_key_done": {
        "GET": everyone(OK),
        "POST": everyone(WRONG_METHOD),
    },
    "account_email_verification_sent": {
        "GET": everyone(OK),
        "POST": everyone(WRONG_METHOD),
    },
    "account_confirm_email": {"GET": everyone(OK), "POST": everyone(NOTHING_HERE)},
    # Whoever has a second step may use it here, instead of the password.
    "account_reauthenticate": {"GET": setting_up(OK), "POST": setting_up(OK)},
    "account": {"GET": signed_in(OK), "POST": signed_in(WRONG_METHOD)},
    "account_name": {"GET": signed_in(OK), "POST": signed_in(OK)},
    "account_email": {"GET": signed_in(OK), "POST": signed_in(MOVED)},
    "account_change_password": {"GET": signed_in(OK), "POST": signed_in(OK)},
    # Only for whoever has none yet; the others change theirs.
    "account_set_password": {"GET": signed_in(MOVED), "POST": signed_in(MOVED)},
    "account_mails": {"GET": signed_in(OK), "POST": signed_in(OK)},
    # The link says whose mails: who opens it does not matter.
    "mail_stop": {"GET": everyone(NOTHING_HERE), "POST": everyone(NOTHING_HERE)},
    "account_devices": {"GET": signed_in(OK), "POST": signed_in(MOVED)},
    "account_data": {"GET": signed_in(OK), "POST": signed_in(OK)},
    # Each is asked for the password again first.
    "account_close": {"GET": signed_in(MOVED), "POST": signed_in(MOVED)},
    "account_confirm_login_code": SIGNING_IN,
    "mfa_authenticate": SIGNING_IN,
    "mfa_reauthenticate": WITH_APP,
    "mfa_reauthenticate_webauthn": NOBODY_HAS_A_PASSKEY,
    "mfa_index": {"GET": setting_up(OK), "POST": setting_up(WRONG_METHOD)},
    # Nobody has just signed in by a password: each is asked for it first.
    "mfa_activate_totp": ASKED_FIRST,
    "mfa_add_webauthn": ASKED_FIRST,
    "mfa_deactivate_totp": {
        "GET": signed_in(NOTHING_HERE, steward=MOVED, superuser=MOVED),
        "POST": signed_in(NOTHING_HERE, steward=MOVED, superuser=MOVED),
    },
    "mfa_view_recovery_codes": NO_CODES_YET,
    "mfa_download_recovery_codes": {
        "GET": signed_in(NOTHING_HERE),
        "POST": signed_in(NOTHING_HERE),
    },
    "mfa_generate_recovery_codes": {"GET": signed_in(MOVED), "POST": signed_in(MOVED)},
    "mfa_list_webauthn": {"GET": signed_in(OK), "POST": signed_in(WRONG_METHOD)},
    "mfa_edit_webauthn": {"GET": signed_in(MOVED), "POST": signed_in(MOVED)},
    "mfa_remove_webauthn": {"GET": signed_in(MOVED), "POST": signed_in(MOVED)},
    "admin_sign_in": {
        "GET": everyone(TOO_JUNIOR, anonymous=SIGN_IN),
        "POST": everyone(TOO_JUNIOR, anonymous=SIGN_IN),
    },
    "admin_password": {"GET": signed_in(MOVED), "POST": signed_in(MOVED)},
    "workspaces": {
        "GET": signed_in(MOVED, removed=OK),
        "POST": signed_in(WRONG_METHOD),
    },
    "console:waiting": READ_BY_STEWARDS,
    "console:sign_ups": READ_BY_STEWARDS,
    "console:sign_up": FOR_STEWARDS,
    "console:ask_sponsor": POST_FOR_STEWARDS,
    "console:approve": FOR_STEWARDS,
    "console:ask": FOR_STEWARDS,
    "console:decline": FOR_STEWARDS,
    # Nothing is decided yet: back to the sign-up.
    "console:decided": {"GET": stewards(MOVED), "POST": stewards(WRONG_METHOD)},
    "console:organisations": READ_BY_STEWARDS,
    "console:organisation": READ_BY_STEWARDS,
    "console:csv": READ_BY_STEWARDS,
    "console:add": FOR_STEWARDS,
    "console:edit": FOR_STEWARDS,
    "console:extend": FOR_STEWARDS,
    "console:replace_lead": FOR_STEWARDS,
    "console:merge": READ_BY_STEWARDS,
    "console:merge_into": {"GET": stewards(OK), "POST": stewards(MOVED)},
    "console:pause": {"GET": stewards(OK), "POST": stewards(MOVED)},
    "console:resume": POST_FOR_STEWARDS,
    "console:resend": POST_FOR_STEWARDS,
    "console:access": FOR_STEWARDS,
    "console:organisation_sign_in": FOR_STEWARDS,
    "console:users": READ_BY_STEWARDS,
    "console:user": READ_BY_STEWARDS,
    "console:user_second_step": FOR_STEWARDS,
    "console:user_sign_out": POST_BY_STEWARDS,
    "console:user_suspend": POST_BY_STEWARDS,
    "console:user_let_in": POST_BY_STEWARDS,
    "console:user_make_steward": POST_BY_STEWARDS,
    "console:user_unmake_steward": POST_BY_STEWARDS,
    "console:numbers": READ_BY_STEWARDS,
    "console:numbers_csv": READ_BY_STEWARDS,
    "console:trail": READ_BY_STEWARDS,
    "console:trail_csv": READ_BY_STEWARDS,
    "console:notices": READ_BY_STEWARDS,
    "console:notice_new": FOR_STEWARDS,
    "console:notice": FOR_STEWARDS,
    "console:notice_end": POST_BY_STEWARDS,
    "workspace": READ,
    "people": READ,
    "settings": READ,
    "settings_entry": FOR_LEADS,
    "settings_leave": {
        "GET": members(OK, viewer=TOO_JUNIOR, contributor=TOO_JUNIOR),
        # The page showed no stage, so nothing is left.
        "POST": members(MOVED, viewer=TOO_JUNIOR, contributor=TOO_JUNIOR),
    },
    "settings_come_back": POST_FOR_LEADS,
    "milestone_add": FOR_LEADS,
    "milestone_keep": POST_FOR_LEADS,
    "milestone_drop": FOR_LEADS,
    "people_invite": FOR_LEADS,
    "people_role": FOR_LEADS,
    "people_lead": FOR_LEADS,
    "people_resend": POST_FOR_LEADS,
    "people_cancel": POST_FOR_LEADS,
    "lead_withdraw": POST_FOR_LEADS,
    "people_remove": {
        # It is the lead whom the table would remove: she can only leave herself.
        "GET": members(OK, viewer=TOO_JUNIOR, contributor=TOO_JUNIOR) | {"lead": MOVED},
        "POST": members(MOVED, viewer=TOO_JUNIOR, contributor=TOO_JUNIOR),
    },
    "people_leave": {"GET": members(OK), "POST": members(MOVED)},
    # The lead is offered to the contributor, and to nobody else.
    "lead_accept": ONLY_TO_CONTRIBUTOR,
    "lead_decline": ONLY_TO_CONTRIBUTOR,
    "activity": READ_FOR_LEADS,
    "activity_csv": READ_FOR_LEADS,
    # That it opens to a steward with a grant: tests/test_break_glass.py.
    "access": READ_FOR_LEADS,
    "access_grant": POST_FOR_LEADS,
    "access_refuse": POST_FOR_LEADS,
    "access_end": POST_FOR_LEADS,
    # Somebody who is signed in reads that it is for another address.
    "invitation": {"GET": everyone(OK), "POST": everyone(OK)},
    "invitation_held": {
        "GET": everyone(NOTHING_HERE),
        "POST": everyone(NOTHING_HERE),
    },
    "invitation_ask": {"GET": everyone(WRONG_METHOD), "POST": everyone(OK)},
    "sign_up": {"GET": everyone(OK), "POST": everyone(MOVED)},
    "sign_up_organisation": {
        "GET": everyone(OK),
        "POST": everyone(OK, applicant=STALE),
    },
    "sign_up_serves": WITH_A_DRAFT,
    "sign_up_people": WITH_A_DRAFT,
    "sign_up_commitment": WITH_A_DRAFT,
    # Nothing is alike, so that there is nothing to ask.
    "sign_up_alike": {"GET": everyone(MOVED), "POST": everyone(MOVED)},
    "sign_up_known": PUBLIC_PAGE,
    "sign_up_check": {
        "GET": everyone(MOVED, applicant=OK),
        "POST": everyone(MOVED),
    },
    # Nothing is sent yet.
    "sign_up_sent": {"GET": everyone(MOVED), "POST": everyone(MOVED)},
    "sign_up_later": {
        "GET": everyone(MOVED, applicant=OK),
        "POST": everyone(MOVED, applicant=OK),
    },
    "sign_up_find": {"GET": everyone(OK), "POST": everyone(OK)},
    # Whoever has the link may use it.
    "sign_up_link": {"GET": everyone(OK), "POST": everyone(OK)},
    "sign_up_withdraw": {"GET": everyone(OK), "POST": everyone(MOVED)},
    "sponsor": {"GET": everyone(OK), "POST": everyone(OK)},
    "assessments:start": {
        "GET": members(OK, viewer=TOO_JUNIOR, contributor=TOO_JUNIOR),
        "POST": members(OK, viewer=TOO_JUNIOR, contributor=TOO_JUNIOR),
    },
    "assessments:overview": READ,
    "assessments:evidence": READ,
    "assessments:evidence_csv": READ,
    "assessments:quality": READ,
    "assessments:sheet": {
        "GET": members(OK, viewer=TOO_JUNIOR),
        # No file: the page says so.
        "POST": members(OK, viewer=TOO_JUNIOR),
    },
    "assessments:sheet_download": READ,
    "assessments:answers_csv": READ,
    "assessments:answers_json": READ,
    # Nothing is uploaded, so the way leads back to where it can be.
    "assessments:sheet_changes": {
        "GET": members(MOVED, viewer=TOO_JUNIOR),
        "POST": members(MOVED, viewer=TOO_JUNIOR),
    },
    "assessments:sheet_throw_away": {
        "GET": signed_in(WRONG_METHOD),
        "POST": members(MOVED, viewer=TOO_JUNIOR),
    },
    "assessments:principle": READ,
    "assessments:check": {
        "GET": members(OK),
        "POST": members(OK, viewer=TOO_JUNIOR),
    },
    "assessments:question": {
        "GET": members(OK),
        # An empty form changes nothing and goes on to the next question.
        "POST": members(MOVED, viewer=TOO_JUNIOR),
    },
    # The comment is the lead's own.
    "assessments:comment_edit": {
        "GET": members(TOO_JUNIOR) | {"lead": OK},
        "POST": members(TOO_JUNIOR) | {"lead": OK},
    },
    "assessments:comment_delete": {
        "GET": members(TOO_JUNIOR) | {"lead": OK},
        "POST": members(TOO_JUNIOR) | {"lead": MOVED},
    },
    "assessments:another_look": FOR_LEADS,
    "assessments:one_page": {
        "GET": members(OK, viewer=TOO_JUNIOR),
        # An empty form changes nothing and goes on to the check of the answers.
        "POST": members(MOVED, viewer=TOO_JUNIOR),
    },
    "assessments:meeting": {
        "GET": members(MOVED),
        "POST": signed_in(WRONG_METHOD),
    },
    "assessments:meeting_question": {
        "GET": members(OK),
        "POST": members(MOVED, viewer=TOO_JUNIOR),
    },
    "assessments:own_levels": FOR_LEADS,
    # Nobody has recorded an own level: there is nothing to show yet.
    "assessments:show_own_levels": POST_FOR_LEADS,
    # Nobody else is asked, so that their way leads back to the question.
    "assessments:own_level": {
        "GET": members(MOVED, viewer=TOO_JUNIOR) | {"lead": OK, "co_lead": OK},
        "POST": members(MOVED, viewer=TOO_JUNIOR) | {"lead": OK, "co_lead": OK},
    },
    # There is no answer yet from which anybody could dissent.
    "assessments:dissent": {
        "GET": members(NOTHING_HERE, viewer=TOO_JUNIOR),
        "POST": members(NOTHING_HERE, viewer=TOO_JUNIOR),
    },
    "assessments:history": READ,
    "assessments:restore": {
        "GET": signed_in(WRONG_METHOD),
        # Nothing is saved yet, so that there is nothing to restore.
        "POST": signed_in(NOTHING_HERE, viewer=TOO_JUNIOR),
    },
    # There is no draft, so the way leads back to the question.
    "assessments:throw_away": {
        "GET": members(MOVED, viewer=TOO_JUNIOR),
        "POST": members(MOVED, viewer=TOO_JUNIOR),
    },
    "assessments:lock": {
        "GET": members(OK, viewer=TOO_JUNIOR, contributor=TOO_JUNIOR),
        # Not ready: back to the overview with the reason.
        "POST": members(MOVED, viewer=TOO_JUNIOR, contributor=TOO_JUNIOR),
    },
    # It is not locked, which the page says.
    "settings_words": FOR_LEADS_AND_ON,
    "units": FOR_LEADS,
    "unit_change": FOR_LEADS,
    "unit_close": POST_FOR_LEADS,
    "unit_reopen": POST_FOR_LEADS,
    "assessments:set_up": FOR_LEADS,
    "assessments:share": FOR_LEADS_AND_ON,
    "assessments:share_principle": FOR_LEADS_AND_ON,
    "assessments:mine": {
        "GET": members(OK, viewer=TOO_JUNIOR),
        "POST": signed_in(WRONG_METHOD),
    },
    "assessments:carry_on": {
        "GET": members(MOVED, viewer=TOO_JUNIOR),
        "POST": signed_in(WRONG_METHOD),
    },
    "assessments:unlock": FOR_LEADS,
    "assessments:publish": FOR_LEADS,
    "assessments:hold": FOR_LEADS,
    # The lead holds it back, so the co-lead reads that she cannot lift it.
    "assessments:lift": POST_FOR_LEADS,
    "reports:index": READ,
    # It leads on to the file, or to the list.
    "reports:newest": {"GET": members(MOVED), "POST": signed_in(WRONG_METHOD)},
    "reports:progress": READ,
    "reports:read": READ,
    "reports:sheet": READ,
    "reports:csv": READ,
    "reports:json": READ,
    # The report of the table is a full record; tests/reports/test_words_to_edit.py.
    "reports:words": {
        "GET": signed_in(NOTHING_HERE),
        "POST": signed_in(WRONG_METHOD),
    },
    # The report of the table is still waiting, so there is nothing to fetch yet.
    "reports:download": {
        "GET": members(MOVED),
        "POST": signed_in(WRONG_METHOD),
    },
    "reports:request": {
        "GET": members(OK, viewer=TOO_JUNIOR),
        "POST": members(MOVED, viewer=TOO_JUNIOR),
    },
    "reports:workshop": {
        "GET": members(OK, viewer=TOO_JUNIOR),
        "POST": members(MOVED, viewer=TOO_JUNIOR),
    },
    # Riverside stands on the register.
    "reports:certificate": {
        "GET": signed_in(WRONG_METHOD),
        "POST": members(MOVED, viewer=TOO_JUNIOR),
    },
    "reports:take_out": FOR_LEADS_AND_ON,
    "reports:take_out_download": {
        # Nobody has asked for an archive yet.
        "GET": members(NOTHING_HERE, viewer=TOO_JUNIOR, contributor=TOO_JUNIOR),
        "POST": signed_in(WRONG_METHOD),
    },
    "reports:retry": {
        "GET": signed_in(WRONG_METHOD),
        "POST": members(MOVED, viewer=TOO_JUNIOR),
    },
}

# Django's admin: who gets in. What a superuser may do there is in its own tests.
ADMIN_FOR_ALL = {"admin:login", "admin:jsi18n", "admin:logout", "admin:view_on_site"}
ADMIN_ADDRESS = re.compile(
    r"admin:(index|app_list|autocomplete|password_change|password_change_done"
    r"|organisations_(organisation|membership|user)"
    r"_(changelist|add|change|delete|history|simple_history)"
    r"|auth_group_(changelist|add|change|delete|history)"
    r"|account_(emailaddress|emailconfirmation)_(changelist|add|change|delete|history))"
)


def addresses(
    patterns: list[URLPattern | URLResolver], space: str = ""
) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            deeper = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, deeper)
        else:
            yield f"{space}{pattern.name}"


def every_address() -> set[str]:
    return set(addresses(get_resolver().url_patterns))


def undeclared(names: set[str]) -> set[str]:
    return {
        name
        for name in names
        if name not in TABLE
        and name not in ADMIN_FOR_ALL
        and not ADMIN_ADDRESS.fullmatch(name)
        and name != "admin:None"  # the catch-all, which answers 404
    }


def test_every_address_is_declared():
    assert undeclared(every_address()) == set()
    assert set(TABLE) <= every_address()


def test_an_undeclared_address_is_noticed():
    assert undeclared({"home", "reports:forgotten"}) == {"reports:forgotten"}


TOKEN = "a-token-of-the-table"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The cast, their report, and the cookie of each: made once for all tests.

    Each test takes back what it did, as always, and this what it made.
    """
    with made_once(django_db_blocker):
        cast = make_cast()
        yield (
            cast,
            make_report(cast),
            {who: client_of(cast, who).cookies for who in PEOPLE},
        )


@pytest.fixture
def cast(world, db):
    return deepcopy(world[0])


@pytest.fixture
def report(world, db) -> Report:
    return deepcopy(world[1])


def make_report(cast) -> Report:
    """Make a report, a hold, a comment, an invitation, an offer, a steward's wish.

    All at Riverside, which stands on the register.
    """
    Organisation.objects.filter(pk=cast.riverside.pk).update(**signed_up())
    invitation = invite(
        organisation=cast.riverside,
        email="new@people.example",
        role="viewer",
        by=cast.lead,
        at=timezone.now(),
    )
    Invitation.objects.filter(pk=invitation.pk).update(token_hash=hash_of(TOKEN))
    offer_lead(
        to=cast.riverside.memberships.get(user=cast.contributor),
        by=cast.riverside.memberships.get(user=cast.lead),
        hands_over=False,
        at=NOW,
    )
    ask_for_access(
        organisation=cast.riverside, reason="They asked us.", by=cast.steward, at=NOW
    )
    add_unit(
        organisation=cast.riverside, name="Wards", parent=None, by=cast.lead, at=NOW
    )
    add_milestone(
        organisation=cast.riverside,
        text="Pay people",
        due_on=date(2027, 3, 31),
        by=cast.lead,
        at=NOW,
    )
    hold_back(
        assessment=cast.assessment,
        membership=cast.riverside.memberships.get(user=cast.lead),
        reason="Not yet.",
        at=NOW,
    )
    post_comment(
        response=the_response(cast.assessment),
        text="Is it so on each ward?",
        tell=[cast.contributor],
        by=cast.lead,
        at=NOW,
    )
    ask_for_ratings(
        assessment=cast.assessment,
        principles=["process"],
        people=[cast.lead, cast.co_lead],
        by=cast.lead,
        at=NOW,
    )
    sign_up = make_sign_up(at=timezone.now())
    hashes = dict.fromkeys(("token_hash", "sponsor_token_hash"), hash_of(TOKEN))
    SignUp.objects.filter(pk=sign_up.pk).update(**hashes)
    return request_report(assessment=cast.assessment, by=cast.lead, at=NOW)


ORGANISATION_PAGES = (
    *("organisation", "edit", "extend", "pause", "resume", "replace_lead", "merge"),
)
SIGN_UP_PAGES = {
    f"console:{page}"
    for page in ("sign_up", "ask_sponsor", "approve", "ask", "decline", "decided")
}


def arguments(name, organisation, assessment, report):
    slug = organisation.slug
    known = {
        "standards:principle": ["process"],
        "standards:duty": ["REG9"],
        "account_reset_password_from_key": ["1", "not-a-key"],
        "account_confirm_email": ["not-a-key"],
        "mail_stop": ["not-a-key"],
        "mfa_edit_webauthn": [1],
        "mfa_remove_webauthn": [1],
        "workspace": [slug],
        **{f"console:{page}": [slug] for page in ORGANISATION_PAGES},
        "register_organisation": [slug],
        "register_badge": [slug],
        "register_badge_page": [slug],
        "mailbox_mail": [uuid4()],
        "organisation_back": [uuid4()],
        "people": [slug],
        "people_invite": [slug],
        "settings": [slug],
        "settings_entry": [slug],
        "settings_leave": [slug],
        "settings_come_back": [slug],
        "milestone_add": [slug],
        "settings_words": [slug],
        "units": [slug],
        "people_leave": [slug],
        "people_lead": [slug],
        "activity": [slug],
        "activity_csv": [slug],
        "access": [slug],
        "console:access": [slug],
        "console:organisation_sign_in": [slug],
        "invitation": [TOKEN],
        "invitation_ask": [TOKEN],
        "sign_up_known": [slug],
        "sign_up_link": [TOKEN],
        "sign_up_withdraw": [TOKEN],
        "sponsor": [TOKEN],
        "assessments:start": [slug],
        "assessments:overview": [slug, assessment],
        "assessments:evidence": [slug, assessment],
        "assessments:evidence_csv": [slug, assessment],
        "assessments:quality": [slug, assessment],
        "assessments:sheet": [slug, assessment],
        "assessments:sheet_changes": [slug, assessment],
        "assessments:sheet_download": [slug, assessment],
        "assessments:answers_csv": [slug, assessment],
        "assessments:answers_json": [slug, assessment],
        "assessments:sheet_throw_away": [slug, assessment],
        "assessments:lock": [slug, assessment],
        "assessments:set_up": [slug, assessment],
        "assessments:share": [slug, assessment],
        "assessments:share_principle": [slug, assessment, "process"],
        "assessments:mine": [slug, assessment],
        "assessments:carry_on": [slug, assessment],
        "assessments:unlock": [slug, assessment],
        "assessments:publish": [slug, assessment],
        "assessments:hold": [slug, assessment],
        "assessments:principle": [slug, assessment, "process"],
        "assessments:check": [slug, assessment, "process"],
        "assessments:question": [slug, assessment, "process", 3],
        "assessments:one_page": [slug, assessment, "process"],
        "assessments:history": [slug, assessment, "process", 3],
        "assessments:restore": [slug, assessment, "process", 3, 1],
        "assessments:throw_away": [slug, assessment, "process", 3],
        "assessments:another_look": [slug, assessment, "process", 3],
        "assessments:own_levels": [slug, assessment],
        "assessments:meeting": [slug, assessment],
        "assessments:meeting_question": [slug, assessment, "process", 3],
        "assessments:own_level": [slug, assessment, "process", 3],
        "assessments:dissent": [slug, assessment, "process", 3],
        "reports:index": [slug],
        "reports:newest": [slug],
        "reports:certificate": [slug],
        "reports:take_out": [slug],
        "reports:request": [slug, assessment],
        "reports:workshop": [slug, assessment],
    }
    if name in SIGN_UP_PAGES:
        waiting = SignUp.objects.filter(
            state=SignUp.State.WAITING, sponsor_confirmed_at__isnull=False
        )
        return [(waiting.first() or make_waiting_sign_up()).public_id]
    if name in {"milestone_keep", "milestone_drop"}:
        return [slug, Milestone.objects.get().public_id]
    if name in {"unit_change", "unit_close", "unit_reopen"}:
        return [slug, Unit.objects.get().public_id]
    if name == "assessments:lift":
        return [slug, assessment, Hold.objects.get().public_id]
    if name == "assessments:show_own_levels":
        return [slug, assessment, RatingRound.objects.earliest("pk").public_id]
    if name.startswith("assessments:comment_"):
        return [slug, assessment, Comment.objects.earliest("pk").public_id]
    if name == "console:merge_into":
        return [slug, "harbour"]
    if name in {"people_resend", "people_cancel", "console:resend"}:
        return [slug, Invitation.objects.get().public_id]
    if name in {"console:notice", "console:notice_end"}:
        return [make_notice().public_id]
    if name.startswith("console:user") and name != "console:users":
        return [User.objects.get(name="Asha Lead").public_id]
    if name.startswith("access_"):
        return [slug, AccessGrant.objects.get().public_id]
    if name in {"lead_accept", "lead_decline", "lead_withdraw"}:
        return [slug, LeadOffer.objects.get().public_id]
    if name in {"people_role", "people_remove"}:
        return [slug, User.objects.get(name="Asha Lead").public_id]
    if name.startswith("reports:") and name not in known:
        return [slug, report]
    return known.get(name, [])


def client_of(cast, person) -> Client:
    client = Client()
    if person == "applicant":
        hold_a_draft(client)
    elif person != "anonymous":
        client.force_login(getattr(cast, person))
    return client


@pytest.fixture
def browser_of(world, db):
    """Open another browser in which somebody is signed in, or holds a draft."""

    def make(person) -> Client:
        client = Client()
        client.cookies.load(world[2][person])
        return client

    return make


def hold_a_draft(client: Client) -> None:
    session = client.session
    session["sign_up"] = str(make_draft(at=timezone.now()).public_id)
    session.save()


def status_for(client, method, address):
    # They all try from one place, which is more than the limits of tries allow.
    cache.clear()
    return client.generic(method, address).status_code


@pytest.mark.parametrize("name", sorted(TABLE))
def test_table(cast, report, browser_of, name):
    place = arguments(name, cast.riverside, cast.assessment.public_id, report.public_id)
    address = reverse(name, args=place)

    found = {
        method: {
            person: status_for(browser_of(person), method, address) for person in PEOPLE
        }
        for method in TABLE[name]
    }

    assert found == TABLE[name]


@pytest.mark.parametrize("name", sorted(set(TABLE)))
def test_guest_is_sent_to_sign_in_and_back(cast, report, name):
    if TABLE[name]["GET"]["anonymous"] != SIGN_IN or name in WITHOUT_WAY_BACK:
        return
    if name.startswith("sign_up_"):
        return  # Back to where a sign-up begins: it needs no account.
    place = arguments(name, cast.riverside, cast.assessment.public_id, report.public_id)
    address = reverse(name, args=place)

    page = Client().get(address)

    assert page.url == f"{reverse('account_login')}?next={address}"


WITH_ORGANISATION = sorted(
    name
    for name in TABLE
    if name.startswith(("assessments:", "reports:", "people", "lead_", "access_"))
    or name.startswith(("settings", "milestone_", "unit"))
    or name in {"workspace", "activity", "activity_csv", "access"}
)
WITH_OBJECT = sorted(
    set(WITH_ORGANISATION)
    - {
        "workspace",
        "assessments:start",
        "reports:index",
        "reports:newest",
        "activity",
        "activity_csv",
        "access",
    }
    - {"reports:certificate", "reports:take_out", "units", "settings_words"}
    - {"people", "people_invite", "people_leave", "people_lead", "milestone_add"}
    - {"settings", "settings_entry", "settings_leave", "settings_come_back"}
)


def without_token(page) -> bytes:
    """Leave out the form token, which is new on every page, and the time."""
    changing = rb'name="csrfmiddlewaretoken" value="\w+"|data-seconds-left="\d+"'
    return re.sub(changing, b"", page.content)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", WITH_ORGANISATION)
def test_another_organisation_is_the_same_as_none(
    cast, report, browser_of, name, method
):
    client = browser_of("stranger")
    real = arguments(name, cast.riverside, cast.assessment.public_id, report.public_id)
    made_up = ["no-such-organisation", *(str(uuid4()) for _ in real[1:2]), *real[2:]]

    others = client.generic(method, reverse(name, args=real))
    nobodys = client.generic(method, reverse(name, args=made_up))

    assert others.status_code == nobodys.status_code
    if others.status_code != WRONG_METHOD:
        assert others.status_code == NOTHING_HERE
        assert without_token(others) == without_token(nobodys)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", WITH_OBJECT)
def test_another_organisations_object_below_ones_own_address(
    cast, report, browser_of, name, method
):
    client = browser_of("stranger")
    place = arguments(name, cast.harbour, cast.assessment.public_id, report.public_id)

    page = client.generic(method, reverse(name, args=place))

    assert page.status_code in {NOTHING_HERE, WRONG_METHOD}


ADMIN_PAGES = (
    "admin:index",
    "admin:organisations_organisation_changelist",
    "admin:organisations_organisation_add",
    "admin:organisations_membership_changelist",
    "admin:organisations_membership_add",
    "admin:organisations_user_changelist",
    "admin:organisations_user_add",
)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_admin_is_for_superusers(browser_of, name, person):
    page = browser_of(person).get(reverse(name))

    expected = OK if person == "superuser" else MOVED
    assert page.status_code == expected


@pytest.mark.parametrize("person", ["viewer", "lead"])
def test_paused_organisation_can_be_read_and_not_changed(cast, browser_of, person):
    from organisations.operations import pause_organisation

    pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)
    client = browser_of(person)

    assert client.get(cast.assessment.get_absolute_url()).status_code == OK
    address = cast.assessment.question_address("process", 3)
    page = client.post(address, {"version": "0", "choice": "4"})
    assert page.status_code == TOO_JUNIOR
