"""What a superuser does in Django's admin, and that nobody else gets in."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse

from organisations.models import AuditEvent, Membership, Organisation, User
from tests.factories import APP_SECRET


pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser(cast, client):
    client.force_login(cast.superuser)
    return client


@pytest.mark.parametrize("name", ["organisation", "membership", "user"])
def test_steward_neither_reads_nor_writes_here(cast, client, name):
    client.force_login(cast.steward)

    for page in ("changelist", "add"):
        address = reverse(f"admin:organisations_{name}_{page}")
        for method in (client.get, client.post):
            answer = method(address)
            assert answer.url == f"/admin/login/?next={address}"
            assert client.get(answer.url).status_code == 403


def test_add_an_organisation_with_history_and_audit(superuser):
    page = superuser.post(
        reverse("admin:organisations_organisation_add"),
        {
            "name": "Lakeside",
            "slug": "lakeside",
            "kind": "council",
            "nation": "wales",
            "website": "",
            "memberships-TOTAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
        },
    )

    assert page.status_code == 302
    lakeside = Organisation.objects.get(slug="lakeside")
    assert lakeside.history.count() == 1
    assert AuditEvent.objects.get(verb="added").organisation == "lakeside"


def test_edit_an_organisation(cast, superuser):
    address = reverse(
        "admin:organisations_organisation_change", args=[cast.riverside.pk]
    )

    page = superuser.post(
        address,
        {
            "name": "Riverside Renamed",
            "slug": "riverside",
            "kind": "council",
            "nation": "england",
            "website": "",
            "memberships-TOTAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
        },
    )

    assert page.status_code == 302
    assert Organisation.objects.get(slug="riverside").name == "Riverside Renamed"
    event = AuditEvent.objects.get(verb="edited")
    assert event.details == {"fields": ["kind", "name"]}


@pytest.mark.parametrize(("action", "status"), [("pause", "paused")])
def test_pause_from_the_list(cast, superuser, action, status):
    page = superuser.post(
        reverse("admin:organisations_organisation_changelist"),
        {"action": action, "_selected_action": [cast.riverside.pk]},
        follow=True,
    )

    assert "Riverside: Paused." in page.content.decode()
    assert Organisation.objects.get(slug="riverside").status == status


@pytest.mark.parametrize("query", ["river", "RIVERSIDE", "asha.lead@people.example"])
def test_find_an_organisation(superuser, query):
    page = superuser.get(
        reverse("admin:organisations_organisation_changelist"), {"q": query}
    )

    text = page.content.decode()
    assert "Riverside" in text
    assert ">Harbour<" not in text


def test_add_and_remove_a_membership(cast, superuser):
    newcomer = User.objects.create_user("new@people.example", name="New")

    superuser.post(
        reverse("admin:organisations_membership_add"),
        {"organisation": cast.harbour.pk, "user": newcomer.pk, "role": "viewer"},
    )
    membership = Membership.objects.get(user=newcomer)
    superuser.post(
        reverse("admin:organisations_membership_delete", args=[membership.pk]),
        {"post": "yes"},
    )

    assert not Membership.objects.filter(user=newcomer).exists()
    verbs = AuditEvent.objects.filter(organisation="harbour").values_list("verb")
    assert set(verbs) >= {("added",), ("removed",)}


def test_history_can_be_read_and_not_turned_back(cast, superuser):
    page = superuser.get(
        reverse("admin:organisations_organisation_history", args=[cast.riverside.pk])
    )
    record = cast.riverside.history.latest()
    old = reverse(
        "admin:organisations_organisation_simple_history",
        args=[cast.riverside.pk, record.history_id],
    )

    assert page.status_code == 200
    superuser.post(old, {"name": "Turned back", "slug": "riverside", "kind": "council"})
    assert Organisation.objects.get(pk=cast.riverside.pk).name == "Riverside"


def test_superuser_makes_a_steward_who_has_no_password_yet(superuser):
    superuser.post(
        reverse("admin:organisations_user_add"),
        {"email": "new@people.example", "name": "New", "is_staff": "on"},
    )

    newcomer = User.objects.get(email="new@people.example")
    assert newcomer.is_staff
    assert not newcomer.has_usable_password()


@pytest.mark.parametrize("name", ["organisation", "membership", "user"])
def test_lists_ask_the_same_number_of_queries_however_long(
    cast, superuser, django_assert_max_num_queries, name
):
    from tests.factories import make_member, make_organisation

    address = reverse(f"admin:organisations_{name}_changelist")
    for n in range(20):
        make_member(make_organisation(f"more-{n}"), "viewer", f"More {n}")

    with django_assert_max_num_queries(9):
        superuser.get(address)


@pytest.mark.parametrize("who", ["steward", "superuser"])
def test_no_steward_becomes_a_member(cast, superuser, who):
    page = superuser.post(
        reverse("admin:organisations_membership_add"),
        {
            "organisation": cast.harbour.pk,
            "user": getattr(cast, who).pk,
            "role": "viewer",
        },
    )

    assert "A steward belongs to no organisation" in page.content.decode()
    assert not Membership.objects.filter(user=getattr(cast, who)).exists()


def test_member_who_becomes_a_steward_is_no_longer_let_in(cast, client):
    User.objects.filter(pk=cast.lead.pk).update(is_staff=True)
    TOTP.activate(cast.lead, APP_SECRET)
    client.force_login(cast.lead)

    assert client.get(cast.riverside.get_absolute_url()).status_code == 404
