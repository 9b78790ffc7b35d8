"""Many organisations of the sample, in bulk: as many rows as a busy site has.

The same every time, but for the dates, which count from the day they are made.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.text import slugify

from assessments.models import Assessment, Response
from organisations.models import Membership, Milestone, Organisation, User
from organisations.rules import first_due, months_after, next_due
from standards.models import Edition

from .accounts import PASSWORD
from .names import Invented, invented


MOST = 10_000
AT_ONCE = 500
Stage = Organisation.Stage
Role = Membership.Role

SHARES = {
    Stage.SIGNED_UP: 25,
    Stage.UNDER_WAY: 30,
    Stage.OWN_VIEW: 20,
    Stage.JOINT_VIEW: 15,
    Stage.LAPSED: 10,
}
FIRST_NAMES = (
    *("Aisha", "Bríd", "Chloë", "Dafydd", "Efa", "Fergus", "Grace", "Hamza", "Ieuan"),
    *("José", "Kwame", "Łucja", "Màiri", "Niamh", "Olu", "Priya", "Rónán", "Siân"),
)
LAST_NAMES = (
    *("Ahmed", "Bell", "Campbell", "Dube", "Evans", "Ferreira", "García", "Hughes"),
    *("Iqbal", "Jones", "Kowalska", "Lennox", "Müller", "Nwosu", "Ó Briain", "Rees"),
)
SERVES = (
    "Adults who use mental health services, and the people who care for them.",
    "Young people from 14 to 25, and their families.",
    "People who hear voices, whatever they call it.",
    "Older people at home and in care homes, and their carers.",
)
SPONSORS = ("Chief executive", "Director of nursing", "Chair of trustees", "Treasurer")
OWN_WORDS = (
    "We will not plan another service without the people it is for.",
    "We have asked often and told people too little. That ends now.",
    "Two people who use our services will sit on every panel.",
    "",
)
PROMISES = (
    "Pay people who advise us, at the same rate as anybody else",
    "Two people with lived experience on the board",
    "Publish what changed after each meeting",
    "Read all our letters with a group of carers",
)
STRENGTHS = "People say that they are heard in their own care."
GAPS = "Carers hear of meetings too late to come.\n\nWe pay for some work only."
ACTIONS = "Write to carers a month before each meeting. Pay for all work from April."


def make_many(count: int, *, today: date) -> int:
    """Make the first `count` sample organisations that are not there yet.

    Shape: gives how many it made; a second time, none.
    Effects: rows only; no mail, no audit event.
    """
    there = set(Organisation.objects.values_list("name", flat=True))
    with transaction.atomic():
        made = [
            _organisation(one, number, today)
            for number, one in enumerate(islice(invented(), count))
            if one.name not in there
        ]
        Organisation.objects.bulk_create(made, batch_size=AT_ONCE)
        _make_people(made, _noon(today))
        _make_milestones(made, today)
        _make_assessments(made, _noon(today))
    return len(made)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def _organisation(one: Invented, number: int, today: date) -> Organisation:
    chance = random.Random(number)
    is_paused = number % 97 == 13
    is_service = number % 9 == 4
    short = slugify(one.name)[:50].strip("-")
    stage = _stage(chance, today)
    return Organisation(
        slug=f"{short}-{number}",
        name=one.name,
        kind=one.kind,
        nation=one.nation,
        area=one.area,
        website=f"https://{short}.example/" if number % 3 else "",
        serves=chance.choice(SERVES),
        scope="service" if is_service else "whole",
        scope_name="The crisis team" if is_service else "",
        domains=sorted(chance.sample(Organisation.Domain.values, chance.randint(1, 4))),
        sponsor_role=chance.choice(SPONSORS),
        own_words=chance.choice(OWN_WORDS),
        status="paused" if is_paused else "active",
        paused_at=_noon(today) if is_paused else None,
        **_payment(chance),
        **stage,
        **_co_lead(stage, chance, today),
    )


def _co_lead(
    stage: dict[str, Any], chance: random.Random, today: date
) -> dict[str, Any]:
    if stage["stage"] == Stage.JOINT_VIEW or chance.random() < 0.6:
        return {"co_lead": "named"}
    return {"co_lead": "recruiting", "co_lead_by": today + timedelta(days=90)}


def _payment(chance: random.Random) -> dict[str, Any]:
    if chance.random() < 0.8:
        return {"payment": "yes"}
    return {"payment": "no", "why_not_paid": "We have no money for it yet."}


def _stage(chance: random.Random, today: date) -> dict[str, Any]:
    stage = chance.choices(list(SHARES), list(SHARES.values()))[0]
    if stage in {Stage.OWN_VIEW, Stage.JOINT_VIEW}:
        return _published(chance, today, stage)
    if stage == Stage.LAPSED:
        signed_up_on = today - timedelta(days=chance.randint(400, 1200))
        due_on = first_due(signed_up_on)
        since = due_on + timedelta(days=1)
    else:
        signed_up_on = today - timedelta(days=chance.randint(1, 240))
        due_on = first_due(signed_up_on)
        days = 0 if stage == Stage.SIGNED_UP else (today - signed_up_on).days // 2
        since = signed_up_on + timedelta(days=days)
    return {
        "stage": stage,
        "signed_up_on": signed_up_on,
        "stage_since": since,
        "due_on": due_on,
    }


def _published(chance: random.Random, today: date, stage: Stage) -> dict[str, Any]:
    published_on = today - timedelta(days=chance.randint(1, 500))
    says = chance.random() < 0.5
    return {
        "stage": stage,
        "signed_up_on": months_after(published_on, -chance.randint(2, 9)),
        "stage_since": published_on,
        "published_on": published_on,
        "due_on": next_due(published_on),
        "assessed_by": chance.choice(Organisation.Band.values),
        "public_strengths": STRENGTHS if says else "",
        "public_gaps": GAPS if says else "",
        "public_actions": ACTIONS if says else "",
    }


def _make_people(organisations: list[Organisation], at: datetime) -> None:
    """Give each organisation two or three members, all with the sample's password."""
    password = make_password(PASSWORD)
    roles = [
        (organisation, role)
        for number, organisation in enumerate(organisations)
        for role in (Role.LEAD, Role.CONTRIBUTOR, Role.CO_LEAD)[: 2 + number % 2]
    ]
    users = [
        _user(organisation, role, number, password, at)
        for number, (organisation, role) in enumerate(roles)
    ]
    User.objects.bulk_create(users, batch_size=AT_ONCE)
    EmailAddress.objects.bulk_create(
        [
            EmailAddress(user=u, email=u.email, verified=True, primary=True)
            for u in users
        ],
        batch_size=AT_ONCE,
    )
    Membership.objects.bulk_create(
        [
            Membership(organisation=organisation, user=user, role=role, joined_at=at)
            for user, (organisation, role) in zip(users, roles, strict=True)
        ],
        batch_size=AT_ONCE,
    )


def _user(
    organisation: Organisation, role: str, number: int, password: str, at: datetime
) -> User:
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = LAST_NAMES[number // 3 % len(LAST_NAMES)]
    return User(
        email=f"{role.replace('_', '-')}@{organisation.slug}.example",
        name=f"{first} {last}",
        password=password,
        date_joined=at,
    )


def _make_milestones(organisations: list[Organisation], today: date) -> None:
    milestones = [
        _milestone(organisation, number + place, today)
        for number, organisation in enumerate(organisations)
        for place in range(number % 4)
    ]
    Milestone.objects.bulk_create(milestones, batch_size=AT_ONCE)


def _milestone(organisation: Organisation, number: int, today: date) -> Milestone:
    """Make one that is kept, missed, dropped or to come, in turn."""
    state, text = number % 5, PROMISES[number % len(PROMISES)]
    due_on = today + timedelta(days=90 if state > 2 else -60)
    return Milestone(
        organisation=organisation,
        text=text,
        due_on=due_on,
        kept_on=due_on - timedelta(days=7) if state == 0 else None,
        dropped_on=today if state == 1 else None,
        why_dropped="The group we planned it with has ended." if state == 1 else "",
    )


def _make_assessments(organisations: list[Organisation], at: datetime) -> None:
    """Start the assessment of every fourth that is under way, with nothing answered."""
    under_way = [o for o in organisations if o.stage == Stage.UNDER_WAY][::4]
    edition = Edition.objects.current()
    leads = {
        membership.organisation_id: membership.user
        for membership in Membership.objects.filter(
            organisation__in=under_way, role=Role.LEAD
        ).select_related("user")
    }
    assessments = Assessment.objects.bulk_create(
        [
            Assessment(
                organisation=organisation,
                edition=edition,
                scope=Assessment.Scope.ORGANISATION,
                started_at=at,
                started_by=leads[organisation.pk],
            )
            for organisation in under_way
        ],
        batch_size=AT_ONCE,
    )
    standards = list(edition.standards.order_by("pk"))
    Response.objects.bulk_create(
        [
            Response(assessment=assessment, standard=standard, is_core=standard.is_core)
            for assessment in assessments
            for standard in standards
        ],
        batch_size=AT_ONCE,
    )
