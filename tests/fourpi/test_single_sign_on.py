"""An organisation's own sign-in lets in its members, and nobody else."""

import re
import time
from html import unescape
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from organisations.models import (
    AuditEvent,
    Invitation,
    Membership,
    SignInIdentity,
    SignInProvider,
    User,
)
from organisations.operations import (
    DomainTaken,
    cancel_invitation,
    invite,
    pause_organisation,
    secret_of,
    set_sign_in,
)
from tests.factories import NOW
from tests.fourpi import provider as small
from tests.fourpi.provider import CLIENT_ID, SECRET


pytestmark = pytest.mark.django_db

ASK = "/sign-in/organisation/"
HERE = "/o/riverside/"
LEAD = "asha.lead@people.example"


@pytest.fixture(scope="module")
def _server():
    with small.started() as provider:
        yield provider


@pytest.fixture
def provider(_server):
    """The provider of Riverside, as it is when nothing is wrong."""
    _server.__init__(_server.address)
    _server.knows(LEAD)
    return _server


@pytest.fixture
def trusted(cast, provider):
    return trust(cast, cast.riverside, provider)


def trust(cast, organisation, provider, **overrides):
    fields = {
        "issuer": provider.address,
        "client_id": CLIENT_ID,
        "secret": SECRET,
        "domains": ["people.example"],
        "is_enabled": True,
    }
    return set_sign_in(
        organisation=organisation, by=cast.steward, at=NOW, **fields | overrides
    )


def leave(client, email=LEAD, there=""):
    """Give an address, and find where the page leads on to."""
    page = client.post(ASK, {"email": email, "next": there}).content.decode()
    found = re.search(r'href="(http[^"]*/authorise[^"]*)"', page)
    return unescape(found[1]) if found else None


def visit(address):
    """Go to the provider as a browser does, and say where it sends one back to."""
    place = urlsplit(address)
    connection = HTTPConnection(place.hostname, place.port)
    connection.request("GET", f"{place.path}?{place.query}")
    back = connection.getresponse().getheader("Location")
    connection.close()
    return back.removeprefix("http://localhost:8000")


def sign_in(client, email=LEAD, there=""):
    return client.get(visit(leave(client, email, there)))


def is_in(client, address=HERE):
    return client.get(address).status_code == 200


def assert_refused(client, page, caplog, code):
    assert page.status_code == 403
    assert "t sign in this way" in page.content.decode()
    assert not is_in(client)
    assert "_auth_user_id" not in client.session
    assert f"refused: {code}" in caplog.text
    assert "@" not in caplog.text.split("refused: ")[1].split("\n")[0]


def test_member_signs_in_and_goes_on_to_where_she_was_going(client, cast, trusted):
    page = sign_in(client, there="/o/riverside/people/")

    assert page.status_code == 302
    assert page.url == "/o/riverside/people/"
    assert is_in(client)
    assert int(client.session["_auth_user_id"]) == cast.lead.pk
    assert client.session.get_expire_at_browser_close()


def test_first_time_is_noted_and_the_next_is_not(client, cast, trusted):
    sign_in(client)
    sign_in(Client())

    assert SignInIdentity.objects.get().user == cast.lead
    [event] = AuditEvent.objects.filter(verb="linked")
    assert event.actor == cast.lead.public_id


def test_nobody_is_led_to_another_site_afterwards(client, trusted):
    assert sign_in(client, there="https://evil.example/").url.startswith("/o/")


def test_page_names_the_host_before_anybody_leaves(client, trusted, provider):
    page = client.post(ASK, {"email": LEAD}).content.decode()

    assert urlsplit(provider.address).netloc in page
    assert "never see the password" in page


def test_answer_is_the_same_for_who_is_known_and_who_is_not(client, trusted):
    def words(email):
        page = client.post(ASK, {"email": email})
        changing = r'csrfmiddlewaretoken" value="\w+"|href="http[^"]*"'
        return page.status_code, re.sub(changing, "", page.content.decode())

    assert words(LEAD) == words("nobody@people.example")
    assert words("a@elsewhere.example") == words("b@elsewhere.example")


def test_address_without_a_provider_is_told_to_use_a_password(client, db):
    page = client.post(ASK, {"email": "a@elsewhere.example"}).content.decode()

    assert "Use your password here" in page
    assert "elsewhere.example" in page


@pytest.mark.parametrize("email", ["", "no address", "a@b@c", "<b>@people.example"])
def test_bad_address_is_explained_and_kept(client, trusted, email):
    page = client.post(ASK, {"email": email})

    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()


# What the provider has to prove

HOUR = 3600
WRONG = {
    "issuer": ({"iss": "https://evil.example"}, "InvalidIssuerError"),
    "audience": ({"aud": "somebody else"}, "InvalidAudienceError"),
    "more audiences": ({"aud": [CLIENT_ID, "another"]}, "aud"),
    "authorised party": ({"azp": "another"}, "azp"),
    "nonce": ({"nonce": "another"}, "nonce"),
    "no nonce": ({"nonce": None}, "MissingRequiredClaimError"),
    "no subject": ({"sub": None}, "MissingRequiredClaimError"),
    "no end": ({"exp": None}, "MissingRequiredClaimError"),
    "unverified": ({"email_verified": False}, "unverified"),
    "verified as a text": ({"email_verified": "true"}, "unverified"),
    "not said": ({"email_verified": None}, "unverified"),
    "foreign domain": ({"email": "asha@other.example"}, "foreign_domain"),
    "longer domain": ({"email": "a@people.example.evil.example"}, "foreign_domain"),
    "part of a domain": ({"email": "a@evilpeople.example"}, "foreign_domain"),
    "domain below": ({"email": "a@deep.people.example"}, "foreign_domain"),
    "two signs": ({"email": f"{LEAD}@evil.example"}, "foreign_domain"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_claim_is_refused(client, trusted, provider, caplog, what):
    provider.claims, code = WRONG[what]

    assert_refused(client, sign_in(client), caplog, code)


def test_identity_that_is_too_old_is_refused(client, trusted, provider, caplog):
    now = int(time.time())
    provider.claims = {"iat": now - 2 * HOUR, "exp": now - HOUR}

    assert_refused(client, sign_in(client), caplog, "ExpiredSignatureError")


def test_identity_signed_by_somebody_else_is_refused(client, trusted, provider, caplog):
    provider.key = small.OTHER_KEY

    assert_refused(client, sign_in(client), caplog, "InvalidSignatureError")


def test_identity_that_is_not_signed_is_refused(client, trusted, provider, caplog):
    provider.algorithm = "none"

    assert_refused(client, sign_in(client), caplog, "InvalidAlgorithmError")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issuer", "https://evil.example"),
        ("token_endpoint", "http://127.0.0.1:1/token"),
        ("jwks_uri", "https://evil.example/keys"),
        ("authorization_endpoint", "https://evil.example/authorise"),
        ("jwks_uri", None),
    ],
)
def test_provider_that_points_elsewhere_is_not_followed(
    client, trusted, provider, field, value
):
    provider.known = {field: value}

    page = client.post(ASK, {"email": LEAD}).content.decode()

    assert "reach your organisation" in page
    assert "evil.example" not in page
    assert provider.asked == ["/.well-known/openid-configuration"]


def test_provider_that_is_away_is_said_to_be(client, cast, provider):
    trust(cast, cast.riverside, provider, issuer="http://127.0.0.1:9")

    page = client.post(ASK, {"email": LEAD})

    assert page.status_code == 200
    assert "reach your organisation" in page.content.decode()


def test_wrong_secret_is_refused(client, cast, provider, caplog):
    trust(cast, cast.riverside, provider, secret="another")

    assert_refused(client, sign_in(client), caplog, "HTTPError")


# The way back


def test_wrong_state_is_refused(client, trusted, caplog):
    back = visit(leave(client))
    state = parse_qs(urlsplit(back).query)["state"][0]

    assert_refused(client, client.get(back.replace(state, "other")), caplog, "state")


def test_answer_of_another_issuer_is_refused(client, trusted, caplog):
    back = visit(leave(client))
    other = re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Fevil.example", back)

    assert_refused(client, client.get(other), caplog, "iss")


def test_way_back_works_once(client, trusted, caplog):
    back = visit(leave(client))
    assert client.get(back).status_code == 302
    client.post("/sign-out/")

    assert_refused(client, client.get(back), caplog, "no try")


def test_way_back_works_in_the_same_browser_only(client, trusted, caplog):
    back = visit(leave(client))
    other = Client()

    assert_refused(other, other.get(back), caplog, "no try")


def test_way_back_is_shut_after_ten_minutes(client, trusted, caplog, time_machine):
    back = visit(leave(client))
    time_machine.move_to(time.time() + 601)

    assert_refused(client, client.get(back), caplog, "too late")


def test_provider_cannot_answer_for_another(client, cast, trusted, provider, caplog):
    harbour = trust(cast, cast.harbour, provider, domains=["harbour.example"])
    back = visit(leave(client))
    elsewhere = back.replace(str(trusted.public_id), str(harbour.public_id))

    assert_refused(client, client.get(elsewhere), caplog, "no try")


# Whom it may let in


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ("steward", "steward"),
        ("superuser", "steward"),
        ("stranger", "no_member"),
        ("removed", "no_member"),
    ],
)
def test_others_are_not_let_in(client, cast, trusted, provider, caplog, person, code):
    provider.knows(getattr(cast, person).email)

    assert_refused(client, sign_in(client), caplog, code)


def test_steward_is_not_let_in_even_as_a_member(
    client, cast, trusted, provider, caplog
):
    User.objects.filter(pk=cast.lead.pk).update(is_staff=True)

    assert_refused(client, sign_in(client), caplog, "steward")


def test_who_belongs_elsewhere_too_needs_her_password(client, cast, trusted, caplog):
    Membership.objects.create(organisation=cast.harbour, user=cast.lead, role="viewer")

    assert_refused(client, sign_in(client), caplog, "member_elsewhere")


def test_closed_account_stays_shut(client, cast, trusted, caplog):
    User.objects.filter(pk=cast.lead.pk).update(is_active=False)

    assert_refused(client, sign_in(client), caplog, "closed")


def test_address_that_passed_to_somebody_else_is_refused(
    client, cast, trusted, provider, caplog
):
    sign_in(Client())
    provider.knows(LEAD, sub="the next person with that address")

    assert_refused(client, sign_in(client), caplog, "another_identity")


def test_subject_that_took_another_address_is_refused(
    client, cast, trusted, provider, caplog
):
    sign_in(Client())
    provider.knows(cast.viewer.email, sub=f"subject-of-{LEAD}")

    assert_refused(client, sign_in(client), caplog, "another_identity")


def test_nobody_gets_an_account_without_an_invitation(
    client, trusted, provider, caplog
):
    provider.knows("new@people.example")

    assert_refused(client, sign_in(client), caplog, "not_invited")
    assert not User.objects.filter(email="new@people.example").exists()


def test_provider_that_is_switched_off_lets_nobody_in(client, cast, trusted, provider):
    back = visit(leave(client))
    trust(cast, cast.riverside, provider, is_enabled=False)

    assert client.get(back).status_code == 404
    assert leave(client) is None
    assert not is_in(client)


# Who is invited


@pytest.fixture
def invitation(cast, trusted, provider):
    provider.knows("new@people.example")
    return invited(cast, cast.riverside, cast.lead)


def invited(cast, organisation, by):
    from django.utils import timezone

    return invite(
        organisation=organisation,
        email="new@people.example",
        role="contributor",
        by=by,
        at=timezone.now(),
    )


def test_invited_person_joins(client, cast, invitation):
    assert sign_in(client).status_code == 302

    user = User.objects.get(email="new@people.example")
    assert str(user) == "Asha From There"
    assert not user.has_usable_password()
    assert user.memberships.get().role == "contributor"
    assert Invitation.objects.get().accepted_by == user
    assert AuditEvent.objects.filter(actor=user.public_id).count() == 1
    assert is_in(client)


@pytest.mark.parametrize("how", ["cancelled", "too old", "paused", "elsewhere"])
def test_invitation_that_does_not_hold_lets_nobody_join(
    client, cast, invitation, caplog, how
):
    if how == "cancelled":
        cancel_invitation(invitation=invitation, by=cast.lead, at=NOW)
    elif how == "too old":
        Invitation.objects.update(
            sent_at=NOW.replace(year=2025), expires_at=NOW.replace(year=2025, month=12)
        )
    elif how == "paused":
        pause_organisation(organisation=cast.riverside, by=cast.steward, at=NOW)
    else:
        cancel_invitation(invitation=invitation, by=cast.lead, at=NOW)
        invited(cast, cast.harbour, cast.stranger)

    assert_refused(client, sign_in(client), caplog, "not_invited")
    assert not User.objects.filter(email="new@people.example").exists()


# The address, where the identity has none


def test_address_is_asked_for(client, trusted, provider):
    provider.userinfo = dict(provider.person)
    provider.claims = {"email": None, "email_verified": None}

    assert sign_in(client).status_code == 302
    assert is_in(client)


def test_address_of_another_subject_is_refused(client, trusted, provider, caplog):
    provider.userinfo = provider.person | {"sub": "another"}
    provider.claims = {"email": None, "email_verified": None}

    assert_refused(client, sign_in(client), caplog, "userinfo is of somebody else")


def test_address_is_not_asked_for_on_another_host(client, trusted, provider, caplog):
    provider.known = {"userinfo_endpoint": "https://evil.example/userinfo"}
    provider.claims = {"email": None, "email_verified": None}

    assert_refused(client, sign_in(client), caplog, "userinfo_endpoint is on another")


# What the steward sets


def test_secret_lies_sealed_and_an_empty_one_keeps_it(cast, trusted, provider):
    trust(cast, cast.riverside, provider, secret="")

    row = SignInProvider.objects.get()
    assert SECRET not in row.secret
    assert secret_of(row) == SECRET
    assert SECRET not in str(list(AuditEvent.objects.values()))


def test_domain_belongs_to_one_organisation(cast, trusted, provider):
    with pytest.raises(DomainTaken, match=r"people\.example"):
        trust(cast, cast.harbour, provider)

    assert SignInProvider.objects.get().organisation == cast.riverside


def test_another_issuer_knows_nobody_yet(client, cast, trusted, provider):
    sign_in(client)
    trust(cast, cast.riverside, provider, issuer="https://other.example")

    assert not SignInIdentity.objects.exists()


def test_each_setting_is_in_the_trail(cast, trusted, provider):
    trust(cast, cast.riverside, provider, secret="", is_enabled=False)

    first, second = AuditEvent.objects.filter(verb="sign_in_set").order_by("pk")
    assert first.actor == cast.steward.public_id
    assert (first.details["is_enabled"], second.details["is_enabled"]) == (True, False)
    assert (first.details["new_secret"], second.details["new_secret"]) == (True, False)


def test_way_back_of_nobody_is_not_there(client, db):
    import uuid

    assert (
        client.get(reverse("organisation_back", args=[uuid.uuid4()])).status_code == 404
    )
