import hashlib
import io
import os
from contextlib import contextmanager
from datetime import timedelta

import pikepdf
import pytest
from django.utils import timezone

from organisations.models import AuditEvent
from reports import rendering
from reports.models import Report
from reports.rendering import child, lease
from tests.factories import NOW, make_assessment
from tests.reports.factories import (
    answer_all,
    lock_it,
    make_poison,
    make_report,
    pdf_of,
)


pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Whatever a lease was renewed to meanwhile, on however slow a machine.
LATER = timedelta(minutes=10)


@pytest.fixture
def report(cast):
    return make_report(cast.assessment, cast.lead)


def published():
    return AuditEvent.objects.filter(
        subject_type="reports.report", verb="published"
    ).count()


def names(media):
    return sorted(file.name for file in media.iterdir())


def test_a_report_is_made_whole_and_published_once(report, media):
    rendering.render(report.pk, now=NOW)
    rendering.render(report.pk, now=NOW)

    report.refresh_from_db()
    assert report.is_ready()
    assert (report.owner, report.lease_until, report.attempts) == ("", None, 1)
    assert published() == 1
    content = pdf_of(report)
    assert report.sha256 == hashlib.sha256(content).hexdigest()
    assert report.bytes == len(content)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == report.pages
    assert names(media) == [f"{report.public_id}-1.pdf"]


def test_its_file_is_for_the_site_alone(report, media):
    rendering.render(report.pk, now=NOW)

    [file] = media.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_attempt_that_comes_too_late_deletes_only_its_own_file(
    report, media, monkeypatch
):
    """While the first attempt makes its PDF, its lease runs out and another wins."""
    making = child.done

    @contextmanager
    def overtaken(work, **options):
        with making(work, **options) as pages:
            monkeypatch.setattr(child, "done", making)
            rendering.render(report.pk, now=NOW + LATER)
            yield pages

    monkeypatch.setattr(child, "done", overtaken)

    rendering.render(report.pk, now=NOW)

    assert names(media) == [f"{report.public_id}-2.pdf"]
    report.refresh_from_db()
    assert report.file.endswith("-2.pdf")
    assert report.sha256 == hashlib.sha256(pdf_of(report)).hexdigest()
    assert published() == 1


def test_a_lease_lost_on_the_way_stops_the_work(report, media, settings, monkeypatch):
    settings.REPORT_LEASE_RENEWAL_SECONDS = 0.01

    def lost(claim, *, at):
        raise lease.Lost

    monkeypatch.setattr(lease, "renew", lost)

    rendering.render(report.pk, now=NOW)

    report.refresh_from_db()
    assert report.status == Report.Status.RENDERING
    assert names(media) == []
    assert published() == 0


def test_a_poison_report_stops_at_three_attempts_and_the_next_one_is_made(
    cast, media, settings
):
    assert settings.REPORT_MAX_ATTEMPTS == 3
    poison = make_poison(cast.assessment, cast.lead)
    other = make_assessment(cast.riverside, cast.lead, "Next")
    after = make_report(other, cast.lead)

    for _ in range(5):
        rendering.render(poison.pk, now=NOW)
    rendering.render(after.pk, now=NOW)

    poison.refresh_from_db()
    assert (poison.status, poison.attempts) == ("failed", 3)
    assert poison.failure == child.WENT_WRONG
    after.refresh_from_db()
    assert after.is_ready()
    assert names(media) == [f"{after.public_id}-1.pdf"]
    assert published() == 1


def test_a_full_report_has_ten_pages_and_every_code(cast, edition):
    answer_all(cast.assessment, cast.lead)
    lock_it(cast.assessment, cast.lead)
    report = make_report(cast.assessment, cast.lead)

    rendering.render(report.pk, now=NOW)

    pdf_of(report)
    assert report.pages >= 10


def test_strays_older_than_an_hour_go_and_reports_stay(report, media):
    rendering.render(report.pk, now=timezone.now())
    report.refresh_from_db()
    for name in ("old.part", "old-1.pdf", "young.part"):
        (media / name).write_text("x")
    for name in ("old.part", "old-1.pdf", report.file.removeprefix("reports/")):
        os.utime(media / name, (0, 0))

    removed = rendering.remove_strays(timezone.now())

    assert removed == 2
    assert names(media) == sorted([f"{report.public_id}-1.pdf", "young.part"])
