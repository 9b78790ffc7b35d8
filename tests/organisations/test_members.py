"""Changing roles, removing, leaving, and handing over the lead."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisations.models import AuditEvent, LeadOffer, Membership, Outbox, User
from organisations.operations import (
    AlreadyDone,
    LastLead,
    LeadByOfferOnly,
    NotALead,
    Paused,
    accept_lead,
    change_role,
    decline_lead,
    invite,
    leave,
    offer_lead,
    pause_organisation,
    remove_member,
    withdraw_lead,
)
from tests.factories import NOW, make_member
from tests.signing_in import sign_in


pytestmark = pytest.mark.django_db


def of(user) -> Membership:
    return Membership.objects.select_related("organisation", "user").get(user=user)


def events(verb):
    return AuditEvent.objects.filter(organisation="riverside", verb=verb)


def offer(cast, *, by=None, to=None, hands_over=True) -> LeadOffer:
    return offer_lead(
        to=of(to or cast.contributor),
        by=of(by or cast.lead),
        hands_over=hands_over,
        at=NOW,
    )


def test_change_role(cast):
    change_role(membership=of(cast.viewer), role="contributor", by=cast.lead, at=NOW)

    changed = of(cast.viewer)
    assert changed.role == "contributor"
    assert changed.history.latest().history_user == cast.lead
    assert events("role_changed").get().details == {
        "person": str(cast.viewer.public_id),
        "before": "viewer",
        "after": "contributor",
    }


def test_change_role_that_somebody_changed_meanwhile(cast):
    stale = of(cast.viewer)
    change_role(membership=of(cast.viewer), role="contributor", by=cast.lead, at=NOW)

    with pytest.raises(AlreadyDone):
        change_role(membership=stale, role="co_lead", by=cast.co_lead, at=NOW)

    assert of(cast.viewer).role == "contributor"
    assert events("role_changed").count() == 1


def test_change_to_the_same_role_leaves_no_event(cast):
    with pytest.raises(AlreadyDone):
        change_role(membership=of(cast.viewer), role="viewer", by=cast.lead, at=NOW)

    assert not events("role_changed").exists()


def test_nobody_becomes_a_lead_by_a_change(cast):
    with pytest.raises(LeadByOfferOnly):
        change_role(membership=of(cast.viewer), role="lead", by=cast.lead, at=NOW)


def test_last_lead_can_neither_step_down_nor_go(cast):
    with pytest.raises(LastLead, match="only lead"):
        change_role(membership=of(cast.lead), role="viewer", by=cast.lead, at=NOW)
    with pytest.raises(LastLead):
        remove_member(membership=of(cast.lead), by=cast.co_lead, at=NOW)
    with pytest.raises(LastLead):
        leave(membership=of(cast.lead), at=NOW)

    assert of(cast.lead).role == "lead"
    assert not events("left").exists()


def test_one_of_two_leads_can_go(cast):
    make_member(cast.riverside, "lead", "Second Lead")

    leave(membership=of(cast.lead), at=NOW)

    assert not Membership.objects.filter(user=cast.lead).exists()
    event = events("left").get()
    assert (event.actor, event.details["before"]) == (cast.lead.public_id, "lead")


def test_remove_keeps_history_and_leaves_one_event(cast):
    remove_member(membership=of(cast.viewer), by=cast.co_lead, at=NOW)

    assert not Membership.objects.filter(user=cast.viewer).exists()
    ended = Membership.history.filter(user=cast.viewer, history_type="-").get()
    assert ended.history_user == cast.co_lead
    assert events("removed").get().actor == cast.co_lead.public_id


def test_removed_person_is_signed_out_and_who_leaves_stays_signed_in(cast, client):
    elsewhere = Client()
    sign_in(client, cast.viewer)
    sign_in(elsewhere, cast.contributor)

    remove_member(membership=of(cast.viewer), by=cast.lead, at=NOW)
    leave(membership=of(cast.contributor), at=NOW)

    assert client.get("/account/").status_code == 302
    assert elsewhere.get("/account/").status_code == 200


def test_removed_person_is_told(cast, words):
    remove_member(membership=of(cast.viewer), by=cast.lead, at=NOW)

    told = words("membership_removed", cast.viewer.email)
    assert told["organisation"] == "Riverside"


def test_remove_twice_says_so(cast):
    stale = of(cast.viewer)
    remove_member(membership=of(cast.viewer), by=cast.lead, at=NOW)

    with pytest.raises(AlreadyDone):
        remove_member(membership=stale, by=cast.co_lead, at=NOW)

    assert events("removed").count() == 1


def test_removed_persons_open_session_finds_nothing(cast, client):
    client.force_login(cast.viewer)
    address = cast.riverside.get_absolute_url()
    assert client.get(address).status_code == 200

    remove_member(membership=of(cast.viewer), by=cast.lead, at=NOW)

    assert client.get(address).status_code == 404
    assert client.get("/o/").status_code == 200


def test_paused_organisation_changes_nobody_but_lets_go(cast):
    pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)

    with pytest.raises(Paused):
        change_role(membership=of(cast.viewer), role="co_lead", by=cast.lead, at=NOW)
    with pytest.raises(Paused):
        remove_member(membership=of(cast.viewer), by=cast.lead, at=NOW)
    with pytest.raises(Paused):
        offer(cast)
    leave(membership=of(cast.viewer), at=NOW)


def test_hand_over_the_lead(cast):
    made = offer(cast)
    assert of(cast.contributor).role == "contributor"

    accept_lead(offer=made, by=cast.contributor, at=NOW)

    assert (of(cast.contributor).role, of(cast.lead).role) == ("lead", "contributor")
    assert of(cast.lead).history.latest().role == "contributor"
    assert made.outcome == "accepted"
    told = Outbox.objects.filter(template="lead_accepted").values_list("to", flat=True)
    assert set(told) == {cast.lead.email, cast.contributor.email}
    assert Outbox.objects.get(template="lead_offered").to == cast.contributor.email
    made_events = AuditEvent.objects.filter(subject_type="organisations.leadoffer")
    assert [e.verb for e in made_events.order_by("pk")] == ["offered", "accepted"]


def test_share_the_lead(cast):
    accept_lead(offer=offer(cast, hands_over=False), by=cast.contributor, at=NOW)

    assert (of(cast.contributor).role, of(cast.lead).role) == ("lead", "lead")


def test_decline_changes_nothing_and_tells_both(cast):
    made = offer(cast)

    decline_lead(offer=made, by=cast.contributor, at=NOW)

    assert (of(cast.contributor).role, of(cast.lead).role) == ("contributor", "lead")
    assert Outbox.objects.filter(template="lead_declined").count() == 2
    with pytest.raises(AlreadyDone):
        accept_lead(offer=made, by=cast.contributor, at=NOW)
    assert events("declined").count() == 1


def test_withdrawn_offer_cannot_be_accepted(cast):
    made = offer(cast)

    withdraw_lead(offer=made, by=cast.co_lead, at=NOW)

    with pytest.raises(AlreadyDone):
        accept_lead(offer=made, by=cast.contributor, at=NOW)
    assert events("withdrew").count() == 1


def test_only_who_is_offered_the_lead_can_take_it(cast):
    made = offer(cast)

    for other in (cast.viewer, cast.co_lead, cast.stranger):
        with pytest.raises(AlreadyDone):
            accept_lead(offer=made, by=other, at=NOW)
        with pytest.raises(AlreadyDone):
            decline_lead(offer=made, by=other, at=NOW)

    assert LeadOffer.objects.get().outcome == "open"


def test_offers_that_are_refused(cast):
    with pytest.raises(NotALead):
        offer(cast, by=cast.co_lead)
    with pytest.raises(AlreadyDone, match="lead already"):
        offer(cast, by=cast.co_lead, to=cast.lead, hands_over=False)
    offer(cast)
    with pytest.raises(AlreadyDone, match="offered to somebody"):
        offer(cast, to=cast.viewer)
    assert Outbox.objects.count() == 1


@pytest.mark.parametrize("who_goes", ["lead", "contributor"])
def test_offer_ends_when_either_goes(cast, who_goes):
    make_member(cast.riverside, "lead", "Second Lead")
    made = offer(cast)

    remove_member(membership=of(getattr(cast, who_goes)), by=cast.co_lead, at=NOW)

    made.refresh_from_db()
    assert made.outcome == "withdrawn"
    with pytest.raises(AlreadyDone):
        accept_lead(offer=made, by=cast.contributor, at=NOW)


@pytest.mark.parametrize(
    "broken", [{"outcome": "accepted"}, {"ended_at": NOW}, {"offered_by": "same"}]
)
def test_database_refuses_an_impossible_offer(cast, broken):
    offer(cast)
    broken = {
        name: cast.contributor if setting == "same" else setting
        for name, setting in broken.items()
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        LeadOffer.objects.update(**broken)


# What the page of people says of each


def seen(cast, client):
    client.force_login(cast.viewer)
    page = client.get("/o/riverside/people/").content.decode()
    rows = page[page.index("<tbody") : page.index("</tbody>")].split("</tr>")
    return {
        name: row.split('data-column="Last active">')[1].split("<")[0]
        for row in rows
        for name in ("Asha", "Tom", "Maureen")
        if name in row
    }


def test_only_the_month_in_which_somebody_was_here_is_said(cast, client):
    # In this country it is October already.
    began = datetime(2026, 9, 30, 23, 30, tzinfo=UTC)
    User.objects.filter(pk__in=[cast.lead.pk, cast.contributor.pk]).update(
        last_login=began
    )
    for number, day in enumerate((NOW, NOW - timedelta(days=60))):
        UserSession.objects.create(
            user=cast.lead, ip="::1", session_key=f"s{number}", last_seen_at=day
        )

    assert seen(cast, client) == {
        "Asha": "November 2026",
        "Tom": "October 2026",
        "Maureen": "Not yet",
    }


def test_page_of_people_asks_as_many_queries_for_many_as_for_few(cast, client):
    client.force_login(cast.lead)

    def ask():
        with CaptureQueriesContext(connection) as queries:
            client.get("/o/riverside/people/")
        return len(queries)

    ask()  # The first page also notes the session.
    few = ask()
    for number in range(9):
        member = make_member(cast.riverside, "viewer", f"Number {number}")
        UserSession.objects.create(user=member, ip="::1", session_key=f"s{number}")
        email = f"n{number}@people.example"
        invite(
            organisation=cast.riverside,
            email=email,
            role="viewer",
            by=cast.lead,
            at=NOW,
        )

    assert few == ask()
