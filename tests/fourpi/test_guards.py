"""The guards that every test stands behind do bite."""

from __future__ import annotations

import socket
import warnings

import pytest
from django.conf import settings
from django.template import Context, Origin, Template, engines
from pytest_socket import SocketConnectBlockedError


def template(source: str, *, folder: str) -> Template:
    origin = Origin(str(settings.BASE_DIR / folder / "page.html"))
    return Template(source, origin=origin, engine=engines["django"].engine)


@pytest.mark.parametrize(
    "source", ["{{ nothing }}", "{% with it=nothing.there %}{{ it }}{% endwith %}"]
)
def test_own_template_fails_when_it_uses_what_is_not_there(source):
    page = template(source, folder="templates")

    with pytest.raises(pytest.fail.Exception, match=r"uses nothing.*not there"):
        page.render(Context({}))


def test_other_peoples_template_may_use_what_is_not_there():
    page = template("{{ nothing|default:'a default' }}", folder="elsewhere")

    assert page.render(Context({})) == "a default"


def test_network_is_out_of_reach():
    # The guard warns before it refuses, and a warning is an error here.
    with pytest.raises((SocketConnectBlockedError, UserWarning), match="192.0.2.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_warning_is_an_error():
    with pytest.raises(DeprecationWarning):
        warnings.warn("old", DeprecationWarning, stacklevel=1)
