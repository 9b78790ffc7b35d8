"""Where finished files are kept: a folder, or a store that is no folder at all."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from reports import operations, rendering
from reports.models import report_store
from reports.rendering.store import NOT_KEPT
from tests.factories import NOW


pytestmark = pytest.mark.django_db


@pytest.fixture
def store(settings):
    """Keep reports as settings say."""

    def keep_in(backend, **options):
        alias = {"BACKEND": f"django.core.files.storage.{backend}", "OPTIONS": options}
        settings.STORAGES = settings.STORAGES | {"reports": alias}

    return keep_in


def test_a_store_without_a_folder_keeps_and_gives_a_report(
    cast, client, media, quick, store
):
    """Django's store in memory has no paths, as a bucket has none."""
    store("InMemoryStorage")
    report = quick(cast)

    rendering.render(report.pk, now=NOW)

    report.refresh_from_db()
    assert report.is_ready()
    assert report_store().listdir("reports")[1] == [f"{report.public_id}-1.pdf"]
    assert list(media.iterdir()) == []
    client.force_login(cast.viewer)
    address = reverse("reports:download", args=["riverside", report.public_id])
    page = client.get(address)
    assert hashlib.sha256(page.getvalue()).hexdigest() == report.sha256
    assert int(page["Content-Length"]) == report.bytes
    assert client.head(address)["Content-Length"] == str(report.bytes)

    assert report.has_file()
    report_store().delete(report.file)
    assert client.get(address).status_code == 404


def test_strays_leave_a_store_without_a_folder_too(cast, quick, store):
    store("InMemoryStorage")
    report = quick(cast)
    rendering.render(report.pk, now=NOW)
    report_store().save("reports/stray.pdf", ContentFile(b"x"))

    assert rendering.remove_strays(timezone.now()) == 0
    assert rendering.remove_strays(timezone.now() + timedelta(hours=2)) == 1

    report.refresh_from_db()
    assert report.has_file()


def test_a_store_that_does_not_take_it_is_told_and_may_take_it_later(
    cast, settings, quick, store, tmp_path
):
    settings.REPORT_MAX_ATTEMPTS = 1
    (tmp_path / "file").write_text("no folder")
    store("FileSystemStorage", location=tmp_path / "file")
    report = quick(cast)

    rendering.render(report.pk, now=NOW)

    report.refresh_from_db()
    assert (report.status, report.failure) == ("failed", NOT_KEPT)
    store("FileSystemStorage")
    operations.retry_report(report=report, by=cast.lead, at=NOW)
    rendering.render(report.pk, now=NOW)
    report.refresh_from_db()
    assert report.is_ready()
