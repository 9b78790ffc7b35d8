"""The sample organisations, people and answers, made through the operations."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from assessments.models import Assessment, Response
from assessments.operations import answer, start_assessment
from assessments.rules import EvidenceContent, ResponseContent
from organisations.models import Membership, Organisation, User

from .accounts import ACCOUNTS, PASSWORD, SampleAccount


RESPONSES = Path(__file__).with_name("responses.json")

ORGANISATIONS = {
    "riverside-support": ("Riverside Support", Organisation.Kind.CARE_CHARITY),
    "harbour-peer-network": ("Harbour Peer Network", Organisation.Kind.USER_LED),
}


def make_sample() -> None:
    """Make the sample organisations and accounts, unless they are there.

    Effects: rows only; no mail is sent.
    """
    with transaction.atomic():
        for slug, (name, kind) in ORGANISATIONS.items():
            Organisation.objects.get_or_create(
                slug=slug, defaults={"name": name, "kind": kind}
            )
        known = set(User.objects.values_list("email", flat=True))
        for account in ACCOUNTS:
            if account.email not in known:
                _make_account(account)


def _make_account(account: SampleAccount) -> None:
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
