"""The steward's page of an organisation's own sign-in."""

import pytest
from django.urls import reverse

from organisations.models import SignInProvider
from tests.factories import NOW


pytestmark = pytest.mark.django_db

FORM = {
    "issuer": "https://login.riverside.example/tenant",
    "client_id": "four-pi",
    "secret": "between us",
    "domains": "Riverside.example\n@second.example\n\n",
    "is_enabled": "on",
}


@pytest.fixture
def address(cast):
    return reverse("console:organisation_sign_in", args=["riverside"])


@pytest.fixture
def steward(cast, client):
    client.force_login(cast.steward)
    return client


def words(page):
    return page.content.decode()


def test_steward_sets_it_and_never_sees_the_secret_again(steward, address):
    page = steward.post(address, FORM, follow=True)

    provider = SignInProvider.objects.get()
    assert "is saved" in words(page)
    assert [str(d) for d in provider.domains.order_by("name")] == [
        "riverside.example",
        "second.example",
    ]
    assert f"/sign-in/organisation/{provider.public_id}/" in words(page)
    assert "between us" not in words(page)
    assert provider.is_enabled


def test_empty_secret_keeps_the_one_there_is(steward, address):
    steward.post(address, FORM)
    before = SignInProvider.objects.get().secret

    steward.post(address, FORM | {"secret": "", "is_enabled": ""})

    provider = SignInProvider.objects.get()
    assert (provider.secret, provider.is_enabled) == (before, False)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"issuer": "http://login.riverside.example"}, "whole address"),
        ({"issuer": "https://user@login.example"}, "whole address"),
        ({"issuer": "https://login.example/?a=b"}, "whole address"),
        ({"issuer": "login.example"}, "whole address"),
        ({"issuer": "https://[oops"}, "whole address"),
        ({"issuer": ""}, "Enter the issuer"),
        ({"client_id": ""}, "Enter the client ID"),
        ({"secret": ""}, "Enter the client secret"),
        ({"domains": ""}, "at least one domain"),
        ({"domains": "\n \n"}, "at least one domain"),
        ({"domains": "riverside"}, "domains such as"),
        ({"domains": "*.riverside.example"}, "domains such as"),
        ({"domains": "Gmail.com"}, "People of many organisations"),
        ({"domains": "\n".join(f"d{n}.example" for n in range(21))}, "at most 20"),
    ],
)
def test_what_cannot_be_is_explained_and_changes_nothing(
    steward, address, change, said
):
    page = steward.post(address, FORM | change)

    assert page.status_code == 200
    assert "There is a problem" in words(page)
    assert said in words(page)
    assert not SignInProvider.objects.exists()
    assert "between us" not in words(page)


def test_domain_of_another_organisation_is_refused(cast, steward, address):
    steward.post(address, FORM)
    other = reverse("console:organisation_sign_in", args=["harbour"])

    page = steward.post(other, FORM)

    assert "Another organisation" in words(page)
    assert SignInProvider.objects.get().organisation == cast.riverside


def test_database_refuses_half_a_provider(cast):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        SignInProvider.objects.create(
            organisation=cast.riverside,
            issuer="https://login.example",
            client_id="us",
            secret="",
            changed_at=NOW,
            changed_by=cast.steward,
        )
