"""The sample organisations, people and answers, made through the operations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from assessments.models import Assessment, Response
from assessments.operations import answer, start_assessment
from assessments.rules import EvidenceContent, ResponseContent
from organisations.models import Membership, Milestone, Organisation, User
from organisations.rules import first_due

from .accounts import ACCOUNTS, PASSWORD, SampleAccount


RESPONSES = Path(__file__).with_name("responses.json")

ORGANISATIONS: dict[str, dict[str, Any]] = {
    "riverside-support": {
        "name": "Riverside Support",
        "kind": Organisation.Kind.CARE_CHARITY,
        "area": "Riverside and the villages around it",
        "website": "https://riverside.example/",
        "serves": "Adults who use mental health services, and their carers.",
        "domains": ["OC", "SD", "GS"],
        "sponsor_role": "Chief executive",
        "co_lead": "named",
        "payment": "yes",
        "own_words": "We will not plan another service without the people it is for.",
    },
    "harbour-peer-network": {
        "name": "Harbour Peer Network",
        "kind": Organisation.Kind.USER_LED,
        "area": "Harbour",
        "serves": "People who hear voices, whatever they call it.",
        "domains": ["CO"],
        "sponsor_role": "Treasurer",
        "co_lead": "named",
        "payment": "no",
        "why_not_paid": "We have no money yet. We pay for travel and food.",
    },
}
PROMISES = {
    30: "Write to every carer about how they can take part",
    120: "Two people with lived experience on the board",
}


def make_sample() -> None:
    """Make the sample organisations and accounts, unless they are there.

    Effects: rows only; no mail is sent.
    """
    today = timezone.localdate()
    with transaction.atomic():
        for slug, fields in ORGANISATIONS.items():
            _make_organisation(slug, fields, today)
        known = set(User.objects.values_list("email", flat=True))
        for account in ACCOUNTS:
            if account.email not in known:
                make_account(account)


def _make_organisation(slug: str, fields: dict[str, Any], today: date) -> None:
    """Sign up a sample organisation as of today; no assessment of it is published."""
    signed_up = {
        "stage": Organisation.Stage.SIGNED_UP,
        "signed_up_on": today,
        "stage_since": today,
        "due_on": first_due(today),
    }
    organisation, is_new = Organisation.objects.get_or_create(
        slug=slug, defaults=fields | signed_up
    )
    if is_new:
        Milestone.objects.bulk_create(
            Milestone(organisation=organisation, text=text, due_on=due_on)
            for text, due_on in _promises(today)
        )


def _promises(today: date) -> Iterator[tuple[str, date]]:
    for days, text in PROMISES.items():
        yield text, today + timedelta(days=days)


def make_account(account: SampleAccount) -> None:
    """Make one sample account; without an organisation, a steward's."""
    user = User.objects.create_user(
        account.email, PASSWORD, name=account.name, is_staff=not account.organisation
    )
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    if account.organisation:
        Membership.objects.create(
            user=user,
            organisation=Organisation.objects.get(slug=account.organisation),
            role=account.role,
        )


def make_answered_assessment(
    *, organisation: Organisation, by: User, at: datetime
) -> Assessment:
    """Start an assessment and answer all thirty standards, as a person would."""
    assessment = start_assessment(
        organisation=organisation,
        by=by,
        at=at,
        scope=Assessment.Scope.ORGANISATION,
    )
    answer_everything(assessment, by=by, at=at)
    return assessment


def answer_everything(assessment: Assessment, *, by: User, at: datetime) -> None:
    """Give the sample answer to each standard that has none yet."""
    contents = sample_contents()
    responses = (
        Response.objects.of(assessment)
        .filter(version=0)
        .select_related("standard", "assessment__organisation")
    )
    for response in responses.order_by("pk"):
        content = contents[response.standard.code]
        answer(response=response, content=content, version=0, by=by, at=at)


def sample_contents() -> dict[str, ResponseContent]:
    """Read the sample answers.

    Shape: thirty, by the code of the standard.
    """
    source = json.loads(RESPONSES.read_text(encoding="utf-8"))
    return {code: _content(entry) for code, entry in source.items()}


def _content(entry: dict[str, Any]) -> ResponseContent:
    level = entry.get("level")
    return ResponseContent(
        state=Response.State.ANSWERED if level is not None else entry["state"],
        level=level,
        reason=entry["reason"],
        is_finished=True,
        evidence=tuple(_evidence(item) for item in entry["evidence"]),
    )


def _evidence(item: dict[str, Any]) -> EvidenceContent:
    return EvidenceContent(**item | {"dated_on": date.fromisoformat(item["dated_on"])})
