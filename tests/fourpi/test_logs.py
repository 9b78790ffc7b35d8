"""No key of a link gets into the log."""

import logging

import pytest

from fourpi.logs import hide_keys
from tests.written_log import log_lines


@pytest.mark.parametrize(
    "address",
    [
        "/reset/1-s3cret/",
        "/confirm-email/MQ:s3cret/",
        "/sign-in/?next=%2Freset%2F1-s3cret%2F",
        "/invite/s3cret/ask/",
        "/invite/s3cret",
    ],
)
def test_a_key_is_hidden(address):
    line = hide_keys(None, "info", f'"GET {address} HTTP/1.1" 404')

    assert "s3cret" not in line
    assert "[hidden]" in line


def test_other_addresses_stay_as_they_are():
    line = "GET /o/riverside/ then /forgot/sent/"

    assert hide_keys(None, "info", line) == line


def test_the_sites_log_is_written_through_it():
    record = logging.LogRecord("x", 30, "", 0, "GET /reset/1-s3cret/", (), None)

    assert "GET /reset/[hidden]/" in log_lines([record])[0]
