"""What the tests of people share: the words of mails, and a token out of them."""

from __future__ import annotations

import re

import pytest

from organisations import emails
from organisations.models import Outbox
from organisations.operations import invite
from tests.factories import NOW


@pytest.fixture
def words():
    """Open the sealed words of the newest mail of a template."""

    def of(template, to=None):
        mails = Outbox.objects.filter(template=template)
        if to:
            mails = mails.filter(to=to)
        return emails.unseal(mails.latest("pk").secret)

    return of


@pytest.fixture
def token_of(words):
    """Take the token out of the newest invitation's mail."""

    def of(invitation):
        path = words("invitation", invitation.email)["path"]
        return re.fullmatch(r"/invite/([\w-]+)/", path)[1]

    return of


@pytest.fixture
def invitation(cast):
    return invite(
        organisation=cast.riverside,
        email="New@People.example",
        role="contributor",
        by=cast.lead,
        at=NOW,
    )
