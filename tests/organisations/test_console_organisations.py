"""How stewards look after organisations, and that they see no answer there."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisations import emails
from organisations.models import (
    AuditEvent,
    Invitation,
    LeadOffer,
    Membership,
    Organisation,
    Outbox,
)
from organisations.operations import (
    accept_lead,
    ask_for_new_invitation,
    hash_of,
    invite,
    join_with_new_account,
    pause_organisation,
)
from organisations.operations.console import (
    add_organisation,
    edit_entry,
    extend_due_date,
    merge_organisation,
    replace_lead,
)
from organisations.rules import (
    AlreadyDone,
    AlreadyMember,
    Changed,
    Merged,
    NameTaken,
    NotExtended,
    Paused,
    StewardCannotJoin,
)
from tests.factories import NOW, PASSWORD, content, make_organisation, the_response


pytestmark = [pytest.mark.django_db, pytest.mark.database]

DUE = date(2027, 8, 23)
ENTRY = {"name": "New Leaf", "kind": "council", "nation": "wales", "scope": "whole"}


@pytest.fixture
def signed_up(cast):
    """Riverside, on the register."""
    today = NOW.date()
    Organisation.objects.filter(pk=cast.riverside.pk).update(
        stage="signed_up", stage_since=today, signed_up_on=today, due_on=DUE
    )
    cast.riverside.refresh_from_db()
    return cast


@pytest.fixture
def console(cast, client):
    client.force_login(cast.steward)
    return client


def text(page):
    return page.content.decode()


def address(page="", slug="riverside"):
    return f"/console/organisations/{slug}/{page}"


def event(verb):
    return AuditEvent.objects.get(verb=verb)


def mails(template):
    return {
        mail.to: emails.build(mail).body
        for mail in Outbox.objects.filter(template=template)
    }


# The list


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"words": "KENT mon"}, {"Tŷ Môn"}),
        ({"nation": "wales"}, {"Tŷ Môn"}),
        ({"kind": "user_led"}, {"Peers"}),
        ({"status": "paused"}, {"Peers"}),
        ({"stage": "signed_up"}, {"Riverside"}),
        ({"needs": "one_lead"}, {"Riverside", "Harbour"}),
        ({"needs": "no_lead"}, {"Tŷ Môn"}),
        ({"words": "nothing such"}, set()),
        ({"kind": "nonsense"}, {"Riverside", "Harbour", "Tŷ Môn", "Peers"}),
    ],
)
def test_list_finds(signed_up, console, asked, found):
    make_organisation("ty", name="Tŷ Môn", nation="wales", area="Kent")
    make_organisation("peers", kind="user_led", status="paused", paused_at=NOW)

    page = text(console.get("/console/organisations/", asked))

    names = ("Riverside", "Harbour", "Tŷ Môn", "Peers")
    assert {name for name in names if f"<bdi>{name}</bdi>" in page} == found


def test_list_shows_leads_with_their_addresses_and_counts(console):
    page = text(console.get("/console/organisations/"))

    assert 'href="mailto:asha.lead@people.example"' in page
    assert "4 people, 1 assessment<" in page


@pytest.mark.parametrize("asked", ["", "?words=number", "?needs=no_lead"])
def test_list_asks_as_many_queries_for_many_as_for_few(console, asked):
    def ask():
        with CaptureQueriesContext(connection) as queries:
            page = console.get(f"/console/organisations/{asked}")
        return len(queries), text(page)

    for n in range(26):
        make_organisation(f"number-{n}")
    ask()  # The first page also notes the session.
    few, _ = ask()
    for n in range(26, 80):
        make_organisation(f"number-{n}")
    many, page = ask()

    assert few == many < 12
    assert "Showing 1 to 25 of 8" in page
    assert "page=2" in page


def test_file_holds_what_was_found_and_no_formula(console):
    make_organisation("bad", name='=HYPERLINK("x")', area="+44")

    page = console.get("/console/organisations.csv", {"words": "hyperlink"})

    rows = list(csv.reader(io.StringIO(text(page).lstrip("\ufeff"))))
    assert len(rows) == 2
    assert all(not cell.startswith(("=", "+", "-", "@")) for cell in rows[1])
    assert "HYPERLINK" in rows[1][0]


def test_file_names_leads_and_never_an_answer(cast, console):
    from assessments.operations import answer

    response = the_response(cast.assessment)
    answer(
        response=response,
        content=content(reason="A secret reason"),
        version=0,
        by=cast.lead,
        at=NOW,
    )

    for place in ("/console/organisations.csv", address(), "/console/organisations/"):
        page = text(console.get(place))
        assert "asha.lead@people.example" in page
        assert "secret reason" not in page


# One organisation


def test_page_shows_people_invitations_and_counts(cast, console):
    invite(
        organisation=cast.riverside,
        email="new@people.example",
        role="viewer",
        by=cast.lead,
        at=timezone.now(),
    )

    page = text(console.get(address()))

    assert "People: 4. Assessments: 1." in page
    assert "tom.contributor@people.example" in page
    assert "new@people.example" in page
    assert console.get(address(slug="nobody")).status_code == 404


def test_page_tells_the_history_in_words(signed_up, console):
    console.post(
        address("edit/"),
        {"version": 0, **ENTRY, "name": "Riverside East", "kind": "care_charity"},
    )

    page = text(console.get(address()))

    assert "Name: from “Riverside” to “Riverside East”" in page
    assert "Nation: from “England” to “Wales”" in page
    assert "Jo Steward" in page


def test_resend_an_invitation(cast, console):
    invitation = invite(
        organisation=cast.riverside,
        email="new@people.example",
        role="lead",
        by=cast.lead,
        at=NOW,
    )

    page = console.post(address(f"invitations/{invitation.public_id}/resend/"))

    assert page.url == address()
    assert event("resent").actor == cast.steward.public_id


def test_expired_first_invitation_asks_the_steward(cast):
    added = add_organisation(
        entry=ENTRY, lead_email="ada@leaf.example", by=cast.steward, at=NOW
    )
    late = NOW + timedelta(days=20)

    assert ask_for_new_invitation(invitation=added.invitations.get(), at=late)

    told = mails("invitation_asked_again")
    assert f"/console/organisations/{added.slug}/" in told[cast.steward.email]


def test_pause_and_resume(cast, console):
    assert "change nothing" in text(console.get(address("pause/")))

    console.post(address("pause/"))
    assert "Paused. Its members can read" in text(console.get(address()))
    console.post(address("resume/"))

    cast.riverside.refresh_from_db()
    assert cast.riverside.status == "active"
    assert {
        e.verb for e in AuditEvent.objects.filter(actor=cast.steward.public_id)
    } == {
        "paused",
        "resumed",
    }


# Adding by hand


def test_add_puts_it_on_the_register_and_invites_its_lead(cast):
    added = add_organisation(
        entry=ENTRY, lead_email="ada@leaf.example", by=cast.steward, at=NOW
    )

    assert (added.slug, added.stage, added.due_on) == ("new-leaf", "signed_up", DUE)
    token = emails.unseal(Outbox.objects.get().secret)["path"].split("/")[2]
    join_with_new_account(
        invitation=Invitation.objects.get(token_hash=hash_of(token)),
        name="Ada",
        password=PASSWORD,
        at=NOW,
    )
    assert added.memberships.get().role == "lead"
    assert event("added").details == {}


def test_add_refuses_a_name_that_is_taken(cast, console):
    with pytest.raises(NameTaken):
        add_organisation(
            entry=ENTRY | {"name": "RIVERSIDE"},
            lead_email="a@b.example",
            by=cast.steward,
            at=NOW,
        )
    typed = ENTRY | {"name": "riverside", "lead_email": "A@b.example"}
    page = text(console.post("/console/add-organisation/", typed))
    assert "is already here" in page
    assert 'value="riverside"' in page
    assert not Invitation.objects.exists()

    page = console.post("/console/add-organisation/", typed | {"name": "Other"})
    assert page.url == address(slug="other")
    assert Invitation.objects.get().email == "a@b.example"


# Editing


def edited(cast, **fields):
    entry = {"name": "Riverside", "kind": "care_charity"} | fields
    edit_entry(
        organisation=cast.riverside,
        version=fields.pop("version", 0),
        entry={k: v for k, v in entry.items() if k != "version"},
        by=cast.steward,
        at=NOW,
    )


def test_edit_changes_only_what_is_different(cast):
    edited(cast, name="Tŷ Riverside", area="Kent")

    cast.riverside.refresh_from_db()
    assert (cast.riverside.version, cast.riverside.slug) == (1, "riverside")
    assert cast.riverside.search_text == "ty riverside kent"
    assert event("edited").details == {"fields": ["area", "name"]}
    assert cast.riverside.history.latest().history_user == cast.steward


def test_edit_refuses_what_is_stale_the_same_or_taken(cast):
    with pytest.raises(AlreadyDone):
        edited(cast)
    with pytest.raises(NameTaken):
        edited(cast, name="HARBOUR")
    with pytest.raises(Changed):
        edited(cast, version=3, name="Other")

    assert not AuditEvent.objects.filter(verb="edited").exists()


def test_edit_shows_both_when_two_edit_at_once(cast, console):
    edited(cast, area="Kent")
    typed = ENTRY | {"version": 0, "name": "Riverside", "area": "Sussex"}

    page = text(console.post(address("edit/"), typed))

    assert "Somebody else changed this meanwhile." in page
    assert 'data-column="As it is now">Kent<' in page
    assert 'data-column="Yours">Sussex<' in page
    assert 'name="version" value="1"' in page
    assert console.post(address("edit/"), typed | {"version": 1}).url == address()
    cast.riverside.refresh_from_db()
    assert cast.riverside.area == "Sussex"


def test_edit_says_what_is_missing_and_keeps_the_rest(console):
    page = text(
        console.post(
            address("edit/"), {"version": 0, "scope": "service", "area": "Kent"}
        )
    )

    assert "Enter the name." in page
    assert "Enter the name of the service or team." in page
    assert 'value="Kent"' in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"ods_code": "R1"}, "3 to 9 letters and numbers"),
        ({"charity_number": "12345"}, "6 or 7 numbers"),
    ],
)
@pytest.mark.parametrize("place", ["/console/add-organisation/", address("edit/")])
def test_codes_are_checked_as_at_sign_up(cast, console, place, typed, said):
    others = {"version": 0, "lead_email": "ada@leaf.example"}

    page = console.post(place, ENTRY | others | typed)

    assert said in text(page)
    assert not AuditEvent.objects.filter(verb__in=["added", "edited"]).exists()


def test_codes_are_put_right_as_at_sign_up(cast, console):
    typed = {"version": 0, "ods_code": " rxy 01 ", "charity_number": "SCO12345"}

    assert console.post(address("edit/"), ENTRY | typed).url == address()

    cast.riverside.refresh_from_db()
    assert cast.riverside.ods_code == "RXY01"
    assert cast.riverside.charity_number == "SC012345"


# Extending


def extend(cast, due_on=date(2027, 12, 1), shown=DUE):
    extend_due_date(
        organisation=cast.riverside,
        shown=shown,
        due_on=due_on,
        reason="The building burnt.",
        by=cast.steward,
        at=NOW,
    )


def test_extend_moves_the_date_and_tells_the_leads(signed_up):
    extend(signed_up)

    signed_up.riverside.refresh_from_db()
    assert signed_up.riverside.due_on == date(2027, 12, 1)
    told = mails("due_date_extended")
    assert set(told) == {signed_up.lead.email, signed_up.co_lead.email}
    assert "1 December 2027" in told[signed_up.lead.email]
    assert "The building burnt." in told[signed_up.lead.email]
    assert event("extended").details == {"before": "2027-08-23", "after": "2027-12-01"}
    newest = signed_up.riverside.history.latest()
    assert newest.history_change_reason == "The building burnt."


@pytest.mark.parametrize(
    "due_on", [DUE, date(2026, 1, 1), date(2028, 8, 24)], ids=["same", "past", "far"]
)
def test_extend_refuses_a_date_that_is_none(signed_up, due_on):
    with pytest.raises(NotExtended):
        extend(signed_up, due_on)

    assert not Outbox.objects.exists()


def test_extend_refuses_who_has_no_date_or_changed_meanwhile(signed_up):
    with pytest.raises(Changed):
        extend(signed_up, shown=date(2027, 1, 1))
    Organisation.objects.filter(slug="riverside").update(stage="lapsed")
    with pytest.raises(NotExtended, match="bring it back"):
        extend(signed_up)


def test_extend_page(signed_up, console):
    day = {"due_on_day": "1", "due_on_month": "12", "due_on_year": "2027"}
    assert "Write the reason." in text(console.post(address("extend/"), day))

    shown = text(console.get(address("extend/"))).split('name="shown" value="')[1]
    typed = day | {"reason": "Moved house", "shown": shown.split('"')[0]}
    page = console.post(address("extend/"), typed, follow=True)

    assert "The date is moved." in text(page)
    assert "Reason: Moved house" in text(page)


# Replacing a lead


def replace(cast, *, old=None, fate="contributor", email="new@people.example"):
    replace_lead(
        organisation=cast.riverside,
        old=old,
        fate=fate,
        email=email,
        checked="phone",
        by=cast.steward,
        at=NOW,
    )


def membership(user):
    return Membership.objects.select_related("organisation", "user").get(user=user)


def test_replaced_lead_becomes_a_contributor_and_both_are_told(cast):
    replace(cast, old=membership(cast.lead))

    assert membership(cast.lead).role == "contributor"
    assert membership(cast.lead).history.latest().history_user == cast.steward
    assert "You are a contributor there now." in mails("lead_taken")[cast.lead.email]
    token = emails.unseal(Outbox.objects.get(template="invitation").secret)["path"]
    invitation = Invitation.objects.get(token_hash=hash_of(token.split("/")[2]))
    newcomer = join_with_new_account(
        invitation=invitation, name="Nia", password=PASSWORD, at=NOW
    )
    assert membership(newcomer).role == "lead"
    assert event("lead_replaced").details == {
        "checked": "phone",
        "invitation": str(invitation.public_id),
        "before": str(cast.lead.public_id),
        "fate": "contributor",
    }


def test_removed_lead_is_signed_out_everywhere(cast, client):
    client.force_login(cast.lead)
    UserSession.objects.create(
        user=cast.lead, ip="127.0.0.1", session_key=client.session.session_key
    )
    client.get("/o/riverside/people/")

    replace(cast, old=membership(cast.lead), fate="removed")

    assert not Membership.objects.filter(user=cast.lead).exists()
    assert not Session.objects.filter(session_key=client.session.session_key).exists()
    assert "/sign-in/" in client.get("/o/riverside/people/").url
    assert "We have signed you out." in mails("lead_taken")[cast.lead.email]


def test_a_member_is_offered_the_lead_and_says_yes(cast):
    replace(cast, old=membership(cast.lead), email=cast.contributor.email.upper())

    offer = LeadOffer.objects.get()
    assert (offer.offered_by, offer.offered_to) == (cast.steward, cast.contributor)
    assert (
        "A steward of this site offers you"
        in (mails("lead_offered")[cast.contributor.email])
    )
    accept_lead(offer=offer, by=cast.contributor, at=NOW)
    assert membership(cast.contributor).role == "lead"
    assert "offer" in event("lead_replaced").details


def test_when_all_leads_are_gone_nobody_else_loses_a_role(cast):
    Membership.objects.filter(user=cast.lead).delete()

    replace(cast)

    assert not mails("lead_taken")
    assert event("lead_replaced").details["before"] == "gone"


def test_an_older_invitation_of_the_address_ends(cast):
    older = invite(
        organisation=cast.riverside,
        email="new@people.example",
        role="viewer",
        by=cast.lead,
        at=NOW,
    )

    replace(cast)

    older.refresh_from_db()
    assert older.cancelled_by == cast.steward
    assert Invitation.objects.open().get().role == "lead"


def test_replace_lead_refuses(cast):
    with pytest.raises(AlreadyMember):
        replace(cast, email=cast.lead.email)
    with pytest.raises(StewardCannotJoin):
        replace(cast, email=cast.superuser.email)
    with pytest.raises(AlreadyDone):
        replace(cast, old=membership(cast.viewer))
    stale = membership(cast.lead)
    replace(cast, old=membership(cast.lead), fate="removed")
    with pytest.raises(AlreadyDone):
        replace(cast, old=stale, email="other@people.example")
    pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)
    with pytest.raises(Paused):
        replace(cast, email="third@people.example")

    assert AuditEvent.objects.filter(verb="lead_replaced").count() == 1
    assert Outbox.objects.count() == 2


def test_replacing_takes_two_steps(cast, console):
    typed = {
        "old": str(cast.lead.public_id),
        "fate": "removed",
        "email": "New@people.example",
        "checked": "sponsor",
    }

    asked = console.post(address("lead/"), typed)
    assert "Is this right?" in text(asked)
    assert "asha.lead@people.example" in text(asked)
    assert not Invitation.objects.exists()
    again = text(console.post(address("lead/"), typed | {"back": "yes"}))
    assert 'value="New@people.example"' in again

    done = console.post(address("lead/"), typed | {"confirmed": "yes"}, follow=True)
    assert "We are writing to new@people.example." in text(done)
    assert Invitation.objects.get().email == "new@people.example"


def test_who_cannot_be_asked_is_said_before_anything_is_confirmed(cast, console):
    typed = {"old": str(cast.lead.public_id), "fate": "removed", "checked": "sponsor"}

    for email in (cast.steward.email, cast.lead.email):
        page = text(console.post(address("lead/"), typed | {"email": email}))
        assert "There is a problem" in page
        assert f'value="{email}"' in page


def test_replacing_says_what_is_missing(cast, console):
    page = text(console.post(address("lead/"), {"email": "x"}))

    assert "Choose who goes." in page
    asked = {"old": str(cast.lead.public_id), "email": "a@b.example"}
    without_fate = text(console.post(address("lead/"), asked | {"checked": "phone"}))
    assert "Choose what becomes of the old lead." in without_fate
    assert "such as name@example.org" in page
    typed = {"old": "gone", "checked": "phone", "confirmed": "yes"}
    page = console.post(address("lead/"), typed | {"email": cast.steward.email})
    assert "A steward belongs to no organisation." in text(page)


# Merging


def merge(cast, **others):
    organisations = {"duplicate": cast.harbour, "into": cast.riverside} | others
    merge_organisation(by=cast.steward, at=NOW, **organisations)


def test_merge_leaves_the_other_and_tells_both(cast):
    merge(cast)

    harbour = Organisation.objects.get(pk=cast.harbour.pk)
    assert (harbour.status, harbour.merged_into) == ("merged", cast.riverside)
    assert harbour.history.latest().history_user == cast.steward
    assert set(mails("merged_away")) == {cast.stranger.email}
    told = mails("merged_here")
    assert set(told) == {cast.lead.email, cast.co_lead.email}
    assert cast.stranger.email in told[cast.lead.email]
    assert event("merged").details == {"into": "riverside"}
    assert event("merged").organisation == "harbour"


def test_nobody_gains_access_by_a_merge(cast):
    before = set(Membership.objects.values_list("organisation", "user", "role"))

    merge(cast)

    assert set(Membership.objects.values_list("organisation", "user", "role")) == before
    stranger = Client()
    stranger.force_login(cast.stranger)
    assert stranger.get("/o/riverside/").status_code == 404
    assert stranger.get("/o/harbour/people/").status_code == 200
    assert stranger.get("/o/harbour/people/invite/").status_code == 403


def test_merge_refuses_itself_and_what_is_merged(cast):
    with pytest.raises(AlreadyDone):
        merge(cast, into=cast.harbour)
    stale = Organisation.objects.get(pk=cast.harbour.pk)
    merge(cast)
    for others in ({"duplicate": stale}, {"duplicate": cast.riverside, "into": stale}):
        with pytest.raises(Merged):
            merge(cast, **others)
    with pytest.raises(Merged):
        edit_entry(
            organisation=stale, version=0, entry={"area": "x"}, by=cast.steward, at=NOW
        )

    assert AuditEvent.objects.filter(verb="merged").count() == 1


@pytest.mark.parametrize(
    "page", ["", "users/", "audit/", "sign-ups/", "organisations/harbour/merge/"]
)
def test_what_a_search_sends_holds_no_token(console, page):
    place = f"/console/{page or 'organisations/'}"
    form = re.search(r'<form method="get".*?</form>', text(console.get(place)), re.S)

    assert form
    assert "csrf" not in form.group()


def test_merging_by_its_pages(cast, console):
    found = text(console.get(address("merge/", "harbour"), {"words": "RIVER"}))
    assert address("merge/riverside/", "harbour") in found
    assert "Nothing found" in text(
        console.get(address("merge/", "harbour"), {"words": "harbour"})
    )

    asked = text(console.get(address("merge/riverside/", "harbour")))
    assert "Nobody gains access to anything." in asked
    page = console.post(address("merge/riverside/", "harbour"), follow=True)

    assert "Merged into" in text(page)
    assert reverse("console:edit", args=["harbour"]) not in text(page)


def test_who_was_invited_to_lead_the_duplicate_is_not_told_to_wait(cast):
    harbour = {"organisation": cast.harbour, "by": cast.stranger, "at": NOW}
    invite(email="new@people.example", role="lead", **harbour)
    posted = Outbox.objects.get(template="invitation")
    Membership.objects.filter(organisation=cast.harbour).delete()

    merge(cast)

    told = mails("merged_here")[cast.lead.email]
    assert "Nobody has joined Harbour yet." in told
    assert "new@people.example" in told
    page = Client().get(emails.unseal(posted.secret)["path"], follow=True)
    assert page.status_code == 410
    assert "It is one with <bdi>Riverside</bdi> now" in text(page)


def test_the_register_leads_from_the_duplicate_to_the_other(signed_up):
    today = NOW.date()
    Organisation.objects.filter(slug="harbour").update(
        stage="signed_up", stage_since=today, signed_up_on=today, due_on=DUE
    )
    merge(signed_up)

    assert Client().get("/organisations/harbour/").url == "/organisations/riverside/"
