import json
import socket
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest

from assessments.models import Response
from fourpi.celery import app
from organisations.models import AuditEvent
from reports import operations, rendering
from reports.models import Report
from tests.factories import NOW
from tests.reports.factories import answer_all, lock_it


pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)


def verbs():
    events = AuditEvent.objects.filter(subject_type="reports.report")
    return list(events.order_by("pk").values_list("verb", flat=True))


def request(cast, by=None, assessment=None, at=NOW):
    return operations.request_report(
        assessment=assessment or cast.assessment, by=by or cast.lead, at=at
    )


def failed(cast):
    report = request(cast)
    Report.objects.filter(pk=report.pk).update(
        status="failed", failure="Too long.", attempts=3
    )
    report.refresh_from_db()
    return report


def test_asking_freezes_the_document_and_is_audited(cast):
    report = request(cast)

    assert report.status == "queued"
    assert report.document["organisation"] == "Riverside"
    assert len([s for p in report.document["principles"] for s in p["standards"]]) == 30
    assert verbs() == ["requested"]


def test_a_later_answer_is_not_in_the_frozen_document(cast):
    report = request(cast)
    before = json.loads(json.dumps(report.document))

    Response.objects.of(cast.assessment).update(reason="Changed.")

    report.refresh_from_db()
    assert report.document == before


def test_the_audit_trail_holds_nothing_that_people_wrote(cast):
    answer_all(cast.assessment, cast.lead, reason="A private thing.")
    request(cast)

    for event in AuditEvent.objects.filter(subject_type="reports.report"):
        assert "private thing" not in json.dumps(event.details)


def test_asking_twice_gives_the_one_under_way(cast):
    first = request(cast)

    assert request(cast, at=LATER) == first
    assert verbs() == ["requested"]


def test_two_people_may_ask_at_once(cast):
    assert request(cast) != request(cast, by=cast.contributor)


@pytest.mark.same_on_both
def test_asking_again_gives_the_file_while_nothing_has_changed(cast, media):
    first = request(cast)
    rendering.render(first.pk, now=NOW)

    for person in (cast.lead, cast.contributor):
        assert request(cast, by=person, at=LATER) == first
    assert verbs().count("requested") == 1


@pytest.mark.same_on_both
@pytest.mark.parametrize("what", ["answer", "file", "failed", "template"])
def test_asking_again_makes_another_when_it_would_be_another(cast, media, what):
    first = request(cast)
    rendering.render(first.pk, now=NOW)

    if what == "answer":
        answer_all(cast.assessment, cast.lead)
    elif what == "file":
        next(media.rglob("*.pdf")).unlink()
    elif what == "template":
        Report.objects.update(template_version=0)
    else:
        none = {"file": "", "sha256": "", "ready_at": None}
        Report.objects.update(status="failed", failure="No", **none)

    assert request(cast, at=LATER) != first


def test_a_locked_assessment_says_when(cast):
    answer_all(cast.assessment, cast.lead)
    lock_it(cast.assessment, cast.lead)

    assert request(cast).document["locked_at"] is not None


def test_trying_again_keeps_the_frozen_document(cast):
    report = failed(cast)
    before = report.document

    again = operations.retry_report(report=report, by=cast.contributor, at=LATER)

    again.refresh_from_db()
    assert again == report
    assert (again.status, again.attempts, again.failure) == ("queued", 0, "")
    assert again.document == before
    assert again.requested_at == NOW
    assert again.document["frozen_at"] == NOW.isoformat()
    assert again.queued_at == LATER
    assert verbs() == ["requested", "retried"]


@pytest.mark.same_on_both
@pytest.mark.parametrize("status", ["queued", "ready"])
def test_only_what_failed_is_tried_again(cast, media, status):
    report = request(cast)
    if status == "ready":
        rendering.render(report.pk, now=NOW)
        with pytest.raises(operations.NotFailed):
            operations.retry_report(report=report, by=cast.lead, at=LATER)
    else:
        with pytest.raises(operations.NotFailed):
            operations.retry_report(report=report, by=cast.lead, at=LATER)
    report.refresh_from_db()
    assert report.status == status


def test_trying_again_gives_the_newer_one_that_is_under_way(cast):
    old = failed(cast)
    newer = request(cast, at=LATER)

    assert operations.retry_report(report=old, by=cast.lead, at=LATER) == newer
    old.refresh_from_db()
    assert old.is_failed()


# The bell


def test_no_bell_rings_without_a_broker(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        request(cast)

    assert len(callbacks) == 1


@pytest.mark.slow
@pytest.mark.parametrize("answers", [True, False])
def test_a_broker_that_is_down_neither_fails_nor_delays_the_page(
    cast, settings, django_capture_on_commit_callbacks, caplog, answers
):
    """A broker that refuses, and one that takes the call and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        if not answers:
            silent.close()
        settings.HAS_BROKER = True
        begun = time.monotonic()
        with (
            broker(f"redis://127.0.0.1:{port}/0"),
            django_capture_on_commit_callbacks(execute=True),
        ):
            report = request(cast)

    assert time.monotonic() - begun < 5
    assert report.status == "queued"
    assert "The bell did not ring" in caplog.text


@contextmanager
def broker(address):
    """Send the site's messages somewhere else."""
    before = app.conf.broker_write_url
    app.conf.broker_write_url = address
    yield
    app.conf.broker_write_url = before
