"""Who does what in an assessment: sharing it, the mail, and what is one's own."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assignment, Response
from assessments.operations import answer, change_set_up, lock, share
from assessments.operations.sharing import CannotAnswer
from assessments.queries import assessment_record
from assessments.queries.my_data import my_writing
from assessments.rules import AlreadyLocked, ArrangedMeanwhile, SetUp
from organisations import emails
from organisations.models import AuditEvent, Membership, Outbox
from organisations.operations import change_role, leave, remove_member
from organisations.operations.closing import close_account
from tests.factories import (
    NOW,
    content,
    make_assessment,
    make_member,
    the_response,
)
from tests.signing_in import sign_in


pytestmark = pytest.mark.django_db

PRESENCE = tuple(f"PS{n}" for n in range(1, 7))
CODES = {"process": "PC", "presence": "PS"}


@pytest.fixture
def lead(cast, client):
    client.force_login(cast.lead)
    return client


@pytest.fixture
def address(cast):
    return reverse("assessments:share", args=["riverside", cast.assessment.public_id])


def member(user):
    found = Membership.objects.select_related("organisation", "user")
    return found.get(user=user)


def give(cast, user, *codes, due_on=None, by=None):
    share(
        assessment=cast.assessment,
        given=dict.fromkeys(codes, user and member(user)),
        due_on=due_on,
        version=cast.assessment.version,
        by=by or cast.lead,
        at=NOW,
    )


def owners(cast):
    rows = Assignment.objects.of(cast.assessment).order_by("response__standard__code")
    return dict(rows.values_list("response__standard__code", "membership__user__name"))


def own_page(cast, user):
    client = Client()
    client.force_login(user)
    place = ["riverside", cast.assessment.public_id]
    return client.get(reverse("assessments:mine", args=place))


def typed(page, **chosen):
    """Give what a browser sends of the page, with what was chosen on it."""
    form = page.context["form"]
    fields = {name: form.initial[name] for name in form.fields if name != "due_on"}
    return fields | chosen


# The pages


def test_five_parts_are_given_on_one_page_and_shown_everywhere(cast, lead, address):
    others = [make_member(cast.riverside, "contributor", f"P{n} Person") for n in "12"]
    people = [cast.contributor, cast.co_lead, *others, cast.lead]
    slugs = ["principles", "purpose", "presence", "process", "impact"]
    page = lead.get(address)
    chosen = {
        f"who_{slug}": str(person.public_id)
        for slug, person in zip(slugs, people, strict=True)
    }
    soon = timezone.localdate().replace(year=timezone.localdate().year + 1, day=5)
    day = {"due_on_day": 5, "due_on_month": soon.month, "due_on_year": soon.year}

    saved = lead.post(address, typed(page, **chosen, **day))

    assert saved.url == cast.assessment.get_absolute_url()
    assert len(owners(cast)) == 30
    # One mail each, and none to oneself.
    mails = Outbox.objects.filter(template="shared").order_by("to")
    assert sorted(m.to for m in mails) == sorted(p.email for p in people[:-1])
    mail = emails.build(mails.get(to=cast.contributor.email))
    assert "Principles: all 6 standards" in mail.body
    assert f"/o/riverside/assessments/{cast.assessment.public_id}/mine/" in mail.body
    overview = lead.get(saved.url).content.decode()
    assert "We sent a mail to 4 people." in overview
    assert "0 of 6 standards answered. With <bdi>Tom Contributor</bdi>" in overview
    assert "6 standards are yours" in overview
    assert "Start with Impact" in overview
    when = f"5 {soon:%B %Y}"
    for shown, words in [
        (cast.assessment.principle_address("principles"), "With <bdi>Tom Contributor"),
        (cast.assessment.question_address("principles", 1), "with <bdi>Tom Contrib"),
        (cast.assessment.question_address("impact", 1), "This one is <strong>yours"),
    ]:
        text = lead.get(shown).content.decode()
        assert words in text
        assert when in text
    # Once more, without a change, sends nothing.
    again = typed(lead.get(address), **day)
    assert (
        "Nothing was changed."
        in lead.post(address, again, follow=True).content.decode()
    )
    assert Outbox.objects.filter(template="shared").count() == 4
    assert AuditEvent.objects.filter(verb="shared").count() == 1


def test_single_standards_of_a_part_are_anothers(cast, lead, address):
    give(cast, cast.contributor, *PRESENCE)
    single = reverse(
        "assessments:share_principle",
        args=["riverside", cast.assessment.public_id, "presence"],
    )
    page = lead.get(single)
    her = str(cast.co_lead.public_id)
    lead.post(single, typed(page, who_PS3=her, who_PS4=""))

    tom = dict.fromkeys(set(PRESENCE) - {"PS3", "PS4"}, "Tom Contributor")
    assert owners(cast) == tom | {"PS3": "Maureen Colead"}
    mail = emails.build(Outbox.objects.get(to=cast.co_lead.email))
    assert "PS3 The right mix of people" in mail.body
    # The page of whole parts leaves it as it is, unless one person is chosen.
    page = lead.get(address)
    assert "As it is now: Tom Contributor and Maureen Colead" in page.content.decode()
    lead.post(address, typed(page, who_impact=her))
    assert owners(cast)["PS3"] == "Maureen Colead"
    lead.post(address, typed(lead.get(address), who_presence=her))
    assert {owners(cast)[code] for code in PRESENCE} == {"Maureen Colead"}
    missing = single.replace("presence", "no-such-part")
    assert lead.get(missing).status_code == 404


def test_who_saves_later_sees_what_stands_and_what_she_had_chosen(cast, lead, address):
    shown = lead.get(address)
    give(cast, cast.contributor, *PRESENCE)

    late = lead.post(address, typed(shown, who_impact=str(cast.co_lead.public_id)))

    text = late.content.decode()
    assert late.status_code == 409
    assert "Somebody changed this while you had it open." in text
    assert "Impact: What changes (6 standards): Maureen Colead" in text
    assert late.context["form"].initial["who_presence"] == str(
        cast.contributor.public_id
    )
    assert set(owners(cast)) == set(PRESENCE)
    with pytest.raises(ArrangedMeanwhile):
        share(
            assessment=cast.assessment,
            given={},
            due_on=None,
            version=0,
            by=cast.lead,
            at=NOW,
        )


def test_only_who_can_answer_is_offered_and_taken(cast, lead, address):
    page = lead.get(address)
    text = page.content.decode()
    assert "Tom Contributor (Contributor)" in text
    for name in ("Leila Viewer", "Sam Stranger", "Rob Removed", "Jo Steward"):
        assert name not in text
    for nobody in (cast.viewer.public_id, cast.stranger.public_id, "nonsense"):
        refused = lead.post(address, typed(page, who_impact=str(nobody)))
        assert "Choose somebody who can answer" in refused.content.decode()
    past = {"due_on_day": "1", "due_on_month": "2", "due_on_year": "2020"}
    assert "in the future" in lead.post(address, typed(page, **past)).content.decode()
    for user in (cast.viewer, cast.stranger):
        with pytest.raises(CannotAnswer):
            give(cast, user, "PR1")
    assert not owners(cast)
    lock_all(cast)
    with pytest.raises(AlreadyLocked):
        give(cast, cast.contributor, "PR1")
    assert "nothing left to share" in lead.get(address).content.decode()


def lock_all(cast):
    for response in Response.objects.of(cast.assessment).select_related(
        "assessment__organisation", "standard"
    ):
        answer(response=response, content=content(), version=0, by=cast.lead, at=NOW)
    lock(assessment=cast.assessment, by=cast.lead, at=NOW)


# What is one's own


def test_the_link_survives_the_sign_in_and_leads_to_what_is_ones_own(cast, client):
    give(cast, cast.contributor, *PRESENCE)
    mail = emails.unseal(Outbox.objects.get(template="shared").secret)

    page = client.get(mail["path"])
    assert page.url == f"/sign-in/?next={mail['path']}"
    page = sign_in(client, cast.contributor, to=page.url)

    assert page.url == mail["path"]
    own = client.get(page.url).content.decode()
    assert "0 of your 6 standards answered." in own
    assert "Start with Presence" in own
    response = the_response(cast.assessment, "PS1")
    answer(response=response, content=content(), version=0, by=cast.contributor, at=NOW)
    workspace = client.get("/o/riverside/").content.decode()
    assert "6 are yours, 5 without an answer yet" in workspace
    go_on = cast.assessment.carry_on_address()
    assert f'href="{go_on}"' in client.get("/").content.decode()
    assert go_on in workspace
    assert client.get(go_on).url == cast.assessment.question_address("presence", 2)
    written = my_writing(cast.contributor)["yours to answer"]
    assert [row["standard_code"] for row in written] == list(PRESENCE)


def test_who_goes_on_leaves_out_what_is_anothers(cast):
    give(cast, cast.contributor, "PR1", "PR2")
    record = assessment_record(cast.assessment)

    def following(user):
        step = record.next_for(user.pk)
        return (step.standard.code, step.is_begun)

    assert following(cast.contributor) == ("PR1", False)
    assert following(cast.co_lead) == ("PR3", False)
    give(cast, cast.contributor, *(s.code for s in record.standards))
    record = assessment_record(cast.assessment)
    assert following(cast.co_lead) == ("PR1", False)
    lock_all(cast)
    record = assessment_record(cast.assessment)
    assert record.next_for(cast.co_lead.pk) is None
    text = own_page(cast, cast.contributor).content.decode()
    assert "30 of your 30 standards answered." in text
    assert (
        "Nothing here is yours alone" in own_page(cast, cast.co_lead).content.decode()
    )


def save(client, cast, slug, position, **typed):
    there = cast.assessment.question_address(slug, position)
    version = the_response(cast.assessment, f"{CODES[slug]}{position}").version
    return client.post(there, {"version": version, "choice": "2"} | typed, follow=True)


def test_who_saves_the_last_of_her_own_is_thanked_and_led_nowhere_else(cast, client):
    client.force_login(cast.contributor)
    give(cast, cast.contributor, "PC3", "PC5", *PRESENCE)
    mine = cast.assessment.mine_address()

    # From one of hers to the next of hers, past what is a colleague's.
    page = save(client, cast, "process", 3)
    assert page.request["PATH_INFO"].endswith("/process/5/")
    assert "PC3 saved at " in page.content.decode()
    # Nothing is asked of her twice in a row, though it has no answer yet.
    page = save(client, cast, "process", 5, choice="", reason="Half")
    assert page.request["PATH_INFO"].endswith("/presence/1/")
    for position in range(1, 6):
        page = save(client, cast, "presence", position)
        assert page.request["PATH_INFO"].endswith(f"/presence/{position + 1}/")
    # A whole part is looked over at its end, whatever waits elsewhere.
    page = save(client, cast, "presence", 6)
    check = cast.assessment.check_address("presence")
    assert page.request["PATH_INFO"] == check
    assert "all of yours" not in page.content.decode()
    page = client.post(check, {"finished": PRESENCE}, follow=True)
    assert "Presence is marked as complete." in page.content.decode()
    assert page.request["PATH_INFO"].endswith("/process/5/")

    page = save(client, cast, "process", 5, reason="Whole")

    assert page.request["PATH_INFO"] == mine
    text = page.content.decode()
    assert "That was all of yours. Thank you. Still open: 2 not marked as" in text
    assert "this is still open: 2 not marked as finished." in text
    assert "Help with Principles" in text
    # Looking at a part again thanks nobody once more, and still leads to what is hers.
    page = save(client, cast, "presence", 6, is_finished="yes")
    assert "That was all of yours" not in page.content.decode()
    assert "Nothing was changed." in page.content.decode()
    assert client.post(check).url == mine


# Who leaves frees what was theirs


@pytest.mark.parametrize("way", ["leaves", "is removed", "closes", "cannot answer"])
def test_what_was_theirs_is_nobodys(cast, lead, address, way):
    give(cast, cast.contributor, "PR1")
    mine = member(cast.contributor)

    if way == "leaves":
        leave(membership=mine, at=NOW)
    elif way == "is removed":
        remove_member(membership=mine, by=cast.lead, at=NOW)
    elif way == "closes":
        close_account(user=cast.contributor, at=NOW)
    else:
        change_role(membership=mine, role="viewer", by=cast.lead, at=NOW)

    record = assessment_record(cast.assessment)
    assert [s.owner for s in record.standards] == [None] * 30
    assert lead.get(address).context["form"].initial["who_principles"] == ""
    give(cast, cast.co_lead, "PR1")
    assert owners(cast) == {"PR1": "Maureen Colead"}


def test_a_standard_that_is_left_out_is_given_to_nobody(cast):
    change_set_up(
        assessment=cast.assessment,
        set_up=SetUp(domains=("OC",)),
        version=0,
        by=cast.lead,
        at=NOW,
    )

    give(cast, cast.contributor, "PU4", "PU5")

    assert owners(cast) == {"PU4": "Tom Contributor"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            response=the_response(cast.assessment, "PU4"),
            membership=member(cast.co_lead),
            assigned_at=NOW,
            assigned_by=cast.lead,
        )


def test_start_leads_to_sharing_only_where_there_is_somebody(cast, client):
    client.force_login(cast.stranger)
    form = {"scope": "service", "scope_name": "Ward", "domains": ["SD"]}
    alone = client.post(reverse("assessments:start", args=["harbour"]), form)
    client.force_login(cast.lead)
    together = client.post(reverse("assessments:start", args=["riverside"]), form)

    assert not alone.url.endswith("/share/")
    assert together.url.endswith("/share/")
    make_assessment(cast.riverside, cast.lead, "Team")
    assert "Invite somebody" not in client.get(together.url).content.decode()
