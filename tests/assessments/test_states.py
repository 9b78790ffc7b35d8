"""Every operation on an assessment, in each status, by each person: one table.

What is tried is the page that people use, and what counts is whether it was done.
"""

import json
from copy import deepcopy
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import reverse

from assessments import operations
from assessments.models import (
    AnotherLook,
    Assessment,
    Comment,
    RatingRound,
    Response,
    UploadedSheet,
)
from assessments.operations import (
    answer,
    ask_for_another_look,
    ask_for_ratings,
    hold_back,
    lock,
    post_comment,
    publish_own_view,
    rate,
    resolve_comment,
)
from assessments.queries import SHEET, rating_of
from assessments.rules import TRANSITIONS, NotAllowed, OwnView, status_after
from fourpi.management.commands.assessment_states import PAGE, states
from organisations.models import AuditEvent, Membership, Organisation, User
from organisations.operations import ask_for_access, grant_access
from organisations.sealing import seal
from tests.factories import (
    NOW,
    content,
    make_assessment,
    make_cast,
    signed_up,
    the_response,
)
from tests.made_once import made_once


pytestmark = pytest.mark.django_db

ANSWERING, LOCKED = Assessment.Status.values
# Locked, and published as an own view: a row of its own and not a status.
PUBLISHED = "published"

LEADS = {"lead", "co_lead"}
WRITERS = LEADS | {"contributor"}
NOBODY: set[str] = set()
TOO_JUNIOR, NOTHING_HERE = 403, 404
# The steward has been let in, which is to read and nothing else.
PEOPLE = (*sorted(WRITERS), "viewer", "steward", "stranger", "removed")

# Who gets it done, by what was done before.
TABLE = {
    # Another of the same, which is not under way any more once ours is locked.
    "start_assessment": {ANSWERING: NOBODY, LOCKED: LEADS, PUBLISHED: LEADS},
    "change_set_up": {ANSWERING: LEADS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "share": {ANSWERING: LEADS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "answer": {ANSWERING: WRITERS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "restore": {ANSWERING: WRITERS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "save_sheet": {ANSWERING: WRITERS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "finish_principle": {ANSWERING: WRITERS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "post_comment": {ANSWERING: WRITERS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    # Each her own, as below.
    "edit_comment": {ANSWERING: WRITERS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "delete_comment": {ANSWERING: WRITERS, LOCKED: WRITERS, PUBLISHED: WRITERS},
    "resolve_comment": {ANSWERING: WRITERS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "reopen_comment": {ANSWERING: WRITERS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "ask_for_ratings": {ANSWERING: LEADS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "rate": {ANSWERING: WRITERS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "show_ratings": {ANSWERING: LEADS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "note_dissent": {ANSWERING: WRITERS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "ask_for_another_look": {ANSWERING: LEADS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "look_again": {ANSWERING: WRITERS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "lock": {ANSWERING: LEADS, LOCKED: NOBODY, PUBLISHED: NOBODY},
    "unlock": {ANSWERING: NOBODY, LOCKED: LEADS, PUBLISHED: NOBODY},
    "publish_own_view": {ANSWERING: NOBODY, LOCKED: LEADS, PUBLISHED: NOBODY},
    "hold_back": {ANSWERING: LEADS, LOCKED: LEADS, PUBLISHED: NOBODY},
    # Nobody can hold back what is published, so that there is nothing to lift.
    "lift_hold": {ANSWERING: LEADS, LOCKED: LEADS, PUBLISHED: NOBODY},
}
VERBS = {
    "start_assessment": "started",
    "change_set_up": "set_up",
    "share": "shared",
    "answer": "answered",
    "restore": "restored",
    "save_sheet": "answered",
    "finish_principle": "finished",
    "post_comment": "posted",
    "edit_comment": "edited",
    "delete_comment": "deleted",
    "resolve_comment": "resolved",
    "reopen_comment": "reopened",
    "ask_for_ratings": "asked_each",
    "rate": "rated",
    "show_ratings": "shown",
    "note_dissent": "noted",
    "ask_for_another_look": "asked",
    "look_again": "looked",
    "lock": "locked",
    "unlock": "unlocked",
    "publish_own_view": "own_view",
    "hold_back": "placed",
    "lift_hold": "lifted",
}
# What one person types and has not saved is kept in any status, and leaves no event.
OF_ONE_PERSON = {
    *("keep_draft", "throw_away", "throw_away_late", "forget_drafts"),
    *("keep_sheet", "throw_away_sheet"),
}
# It makes an assessment, so that there is none yet whose status could be asked.
STARTS = "start_assessment"


@dataclass(frozen=True)
class World:
    people: dict[str, User]
    assessments: dict[str, Assessment]


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """Make an assessment in each status, once for all tests of the table."""
    with made_once(django_db_blocker):
        yield make_world()


@pytest.fixture
def world(made, db) -> World:
    return deepcopy(made)


def make_world() -> World:
    cast = make_cast()
    Organisation.objects.filter(pk=cast.riverside.pk).update(**signed_up())
    cast.riverside.refresh_from_db()
    grant_access(
        grant=ask_for_access(
            organisation=cast.riverside, reason="They asked.", by=cast.steward, at=NOW
        ),
        by=cast.lead,
        at=NOW,
    )
    assessments = {
        status: make_answered(cast.riverside, cast.lead, status)
        for status in (ANSWERING, LOCKED, PUBLISHED)
    }
    for status in (LOCKED, PUBLISHED):
        lock(assessment=assessments[status], by=cast.lead, at=NOW)
    publish_own_view(
        assessment=assessments[PUBLISHED],
        own_view=OwnView(why_not_asked="Our panel starts in March."),
        by=cast.lead,
        at=NOW,
    )
    return World({who: getattr(cast, who) for who in PEOPLE}, assessments)


def make_answered(organisation, by, name) -> Assessment:
    """Answer every standard, and the first one twice."""
    assessment = make_assessment(organisation, by, name)
    found = Response.objects.of(assessment).select_related(
        "assessment__organisation", "standard"
    )
    for response in found:
        answer(response=response, content=content(), version=0, by=by, at=NOW)
    make_talk(found.get(standard__code="PR1"))
    first = found.get(standard__code="PR1")
    answer(response=first, content=content(level=1), version=1, by=by, at=NOW)
    return assessment


def make_talk(response):
    """Let each who may comment, of which one is dealt with, and ask for another look."""
    members = response.assessment.organisation.memberships.select_related("user")
    for member in members.exclude(role="viewer"):
        for is_done in (False, True):
            comment = post_comment(
                response=response,
                text=f"Why? {is_done}",
                tell=[],
                by=member.user,
                at=NOW,
            )
            if is_done:
                resolve_comment(comment=comment, by=member.user, at=NOW)
    lead = members.get(role="lead").user
    ask_for_another_look(response=response, why="Is it so?", by=lead, at=NOW)
    writers = [member.user for member in members.exclude(role="viewer")]
    ask_for_ratings(
        assessment=response.assessment,
        principles=["principles", "presence"],
        people=writers,
        by=lead,
        at=NOW,
    )
    for person in writers[:2]:
        presence = the_response(response.assessment, "PS1")
        rate(rating=rating_of(presence, person), level=2, by=person, at=NOW)


# What each operation's page is sent.


def ask(world, operation, person, assessment):
    """Send what the button of the operation's page sends."""
    client = Client()
    client.force_login(world.people[person])
    place = ["riverside", assessment.public_id]
    first = ["principles", 1]
    said = comment_of(world, operation, person, assessment)
    name, more, typed = {
        "answer": ("question", ["principles", 1], {"version": "2", "choice": "4"}),
        "restore": ("restore", ["principles", 1, 1], {"version": "2"}),
        "change_set_up": ("set_up", [], {"version": "0", "domains": ["SD"]}),
        "share": ("share", [], {"version": "0"} | to_oneself(world, person)),
        "finish_principle": ("check", ["principles"], {}),
        "post_comment": ("question", first, {"comment": "x", "post_comment": "yes"}),
        "edit_comment": ("comment_edit", [said], {"comment": "y", "version": "1"}),
        "delete_comment": ("comment_delete", [said], {}),
        "resolve_comment": ("question", first, {"resolve": said}),
        "reopen_comment": ("question", first, {"reopen": said}),
        "ask_for_another_look": ("another_look", ["principles", 2], {"why": "x"}),
        "ask_for_ratings": (
            "own_levels",
            [],
            everybody(world) | {"principles": "purpose"},
        ),
        "rate": ("own_level", first, {"level": "4"}),
        "show_ratings": ("show_own_levels", [round_of(assessment)], {}),
        "note_dissent": (
            "dissent",
            first,
            {"version": "2", "dissent": "Not by night."},
        ),
        "look_again": ("question", first, {"looked": look_at(assessment)}),
        "save_sheet": ("sheet_changes", [], uploaded(assessment)),
        "lock": ("lock", [], {}),
        "unlock": ("unlock", [], {"reason": "x", "locked_at": NOW.isoformat()}),
        "publish_own_view": ("publish", [], {"why_not_asked": "x", "publish": "yes"}),
        "hold_back": ("hold", [], {"reason": "Not yet."}),
        "lift_hold": ("lift", [hold_of(assessment)], {}),
        STARTS: (
            "start",
            [],
            {"scope": "service", "scope_name": str(assessment), "domains": ["SD"]},
        ),
    }[operation]
    if operation == STARTS:
        place = place[:1]
    return client.post(reverse(f"assessments:{name}", args=[*place, *more]), typed)


def comment_of(world, operation, person, assessment):
    """Find a comment that the person could do this with: her own, where she has one."""
    found = Comment.objects.of(assessment).filter(
        author=world.people[person if person in WRITERS else "lead"],
        resolved_at__isnull=operation != "reopen_comment",
    )
    return found.get().public_id


def look_at(assessment):
    return AnotherLook.objects.of(assessment).get().public_id


def to_oneself(world, person):
    return {"who_impact": str(world.people[person].public_id)}


def everybody(world):
    return {"people": [str(world.people[who].public_id) for who in sorted(WRITERS)]}


def round_of(assessment):
    """Find a standard of which two have recorded their own level, and one has not."""
    rounds = RatingRound.objects.of(assessment).running()
    return rounds.get(response__standard__code="PS1").public_id


def hold_of(assessment):
    hold = assessment.holds.open().first()
    return hold.public_id if hold else uuid4()


def uploaded(assessment):
    sheet = assessment.uploaded_sheets.first()
    return {"sheet": sheet.public_id if sheet else uuid4(), "versions": "PR1:2"}


def keep_upload(world, person, assessment):
    """Keep a spreadsheet in which a person changed one level."""
    UploadedSheet.objects.create(
        assessment=assessment,
        author=world.people[person],
        rows=seal(json.dumps([["PR1", 2, "choice=4"]]), purpose=SHEET),
        uploaded_at=NOW,
    )


def place_hold(world, person, assessment):
    """Hold publishing back as who will lift it, or as the lead where she may not."""
    holder = world.people[person if person in LEADS else "lead"]
    member = Membership.objects.select_related("organisation", "user").get(user=holder)
    hold_back(assessment=assessment, membership=member, reason="Not yet.", at=NOW)


@pytest.mark.slow
@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("operation", TABLE)
@pytest.mark.parametrize("status", [ANSWERING, LOCKED, PUBLISHED])
def test_table(world, time_machine, status, operation, person):
    time_machine.move_to(NOW, tick=False)
    assessment = world.assessments[status]
    if operation == "lift_hold" and status != PUBLISHED:
        place_hold(world, person, assessment)
    if operation == "save_sheet":
        keep_upload(world, person, assessment)
    before = AuditEvent.objects.count()

    page = ask(world, operation, person, assessment)

    events = AuditEvent.objects.filter(verb=VERBS[operation])
    is_done = AuditEvent.objects.count() == before + 1
    assert is_done == (person in TABLE[operation][status])
    if is_done:
        assert events.latest("pk").actor == world.people[person].public_id
    else:
        assert AuditEvent.objects.count() == before
        # The role first: who may never do it is not told of the status.
        may = set().union(*TABLE[operation].values())
        members = {"viewer", "contributor"}
        refused = TOO_JUNIOR if person in members else NOTHING_HERE
        if person not in may:
            assert page.status_code == refused
        assert page.status_code < 500


# The table of the rules


def test_every_operation_is_declared_in_both_tables():
    named = {
        name
        for name in operations.__all__
        if not isinstance(getattr(operations, name), type)
    }

    assert named > OF_ONE_PERSON
    assert named - OF_ONE_PERSON == set(TABLE) == set(VERBS)
    assert set(TABLE) - {STARTS} == {operation for _, operation in TRANSITIONS}


@pytest.mark.parametrize("operation", sorted(set(TABLE) - {STARTS}))
@pytest.mark.parametrize("status", Assessment.Status.values)
def test_rules_allow_what_somebody_gets_done(status, operation):
    assert ((status, operation) in TRANSITIONS) == bool(TABLE[operation][status])


@pytest.mark.parametrize("operation", sorted({each for _, each in TRANSITIONS}))
@pytest.mark.parametrize("status", [*Assessment.Status.values, "no such status"])
def test_what_is_not_declared_is_refused_in_words(status, operation):
    assessment = Assessment(status=status)
    if (status, operation) in TRANSITIONS:
        assert status_after(assessment, operation) in Assessment.Status.values
        return

    with pytest.raises(NotAllowed) as refusal:
        status_after(assessment, operation)

    assert str(refusal.value).endswith(".")


def test_every_status_can_be_reached():
    assert {*TRANSITIONS.values()} == {*Assessment.Status.values}
    assert {status for status, _ in TRANSITIONS} == {*Assessment.Status.values}


# The page for readers


def test_page_says_what_the_rules_say(settings):
    assert (settings.BASE_DIR / PAGE).read_text(encoding="utf-8") == states()
    call_command("assessment_states", check=True)


def test_an_old_page_is_noticed_and_written_again(tmp_path):
    (tmp_path / PAGE).parent.mkdir()
    with override_settings(BASE_DIR=tmp_path):
        with pytest.raises(CommandError, match=r"assessment-states\.md"):
            call_command("assessment_states", check=True)
        call_command("assessment_states")
        call_command("assessment_states", check=True)
        (tmp_path / PAGE).write_text("Something else.")
        with pytest.raises(CommandError):
            call_command("assessment_states", check=True)
