import hashlib
import io
import os
import time
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

LATER = timedelta(seconds=30)


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
    making = child.run

    def overtaken(work, **options):
        pages = making(work, **options)
        monkeypatch.setattr(child, "run", making)
        rendering.render(report.pk, now=NOW + LATER)
        return pages

    monkeypatch.setattr(child, "run", overtaken)

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


FLEX = "<div style='display:flex'>" * 26 + "x" + "</div>" * 26
HUGE = "<p style='font-size:10000000px'>x</p>"
DEEP = "<div>" * 3000
WIDE = "<table>" + "<tr>" + "<td>x</td>" * 400_000


@pytest.mark.parametrize(
    "bomb", [FLEX, HUGE, DEEP, WIDE], ids=["flex", "huge", "deep", "wide"]
)
def test_a_bomb_forced_past_the_document_ends_and_the_next_report_is_made(
    bomb, cast, media, settings, templates
):
    settings.REPORT_DEADLINE_SECONDS = 2
    settings.REPORT_LEASE_RENEWAL_SECONDS = 0.5
    settings.REPORT_MAX_ATTEMPTS = 1
    templates(99, bomb)
    report = make_report(cast.assessment, cast.lead)
    Report.objects.filter(pk=report.pk).update(template_version=99)
    begun = time.monotonic()

    rendering.render(report.pk, now=NOW)

    assert time.monotonic() - begun < 15
    report.refresh_from_db()
    assert report.is_failed()
    assert report.failure in {
        child.TOO_LONG,
        child.TOO_MUCH_MEMORY,
        child.WENT_WRONG,
    }
    settings.REPORT_DEADLINE_SECONDS = 60
    after = make_report(cast.assessment, cast.lead)
    rendering.render(after.pk, now=NOW)
    after.refresh_from_db()
    assert after.is_ready()


@pytest.fixture
def templates(tmp_path, settings):
    """Put a version of the templates beside ours, as a later release would."""

    def write(version, body):
        folder = tmp_path / "templates" / "reports" / "pdf" / str(version)
        folder.mkdir(parents=True)
        (folder / "report.html").write_text(
            f"<html lang=en><title>x</title><body>{body}"
        )
        (folder / "report.css").write_text("")
        [engine] = settings.TEMPLATES
        settings.TEMPLATES = [
            engine | {"DIRS": [*engine["DIRS"], tmp_path / "templates"]}
        ]

    return write


def test_a_report_keeps_the_templates_it_was_asked_for_with(cast, templates):
    templates(98, "<h1>Another look</h1>")
    report = make_report(cast.assessment, cast.lead)
    Report.objects.filter(pk=report.pk).update(template_version=98)

    rendering.render(report.pk, now=NOW)

    report.refresh_from_db()
    assert report.pages == 1


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
