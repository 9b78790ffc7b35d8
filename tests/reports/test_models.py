"""What the database itself refuses of a report."""

import pytest
from django.db import IntegrityError, transaction

from reports.models import Report
from reports.operations import request_report
from tests.factories import NOW


pytestmark = pytest.mark.django_db

READY = {
    "status": "ready",
    "ready_at": NOW,
    "file": "reports/x.pdf",
    "sha256": "0" * 64,
    "bytes": 1000,
    "pages": 10,
}


@pytest.fixture
def report(cast):
    made = request_report(assessment=cast.assessment, by=cast.lead, at=NOW)
    return Report.objects.filter(pk=made.pk)


def test_ready_report_with_all_its_facts_is_taken(report):
    assert report.update(**READY) == 1


@pytest.mark.parametrize(
    "change",
    [
        READY | {"bytes": None},
        READY | {"pages": None},
        READY | {"pages": 0},
        READY | {"file": ""},
        READY | {"sha256": ""},
        READY | {"ready_at": None},
        {"status": "rendering"},
        {"status": "rendering", "owner": "one"},
        {"owner": "one", "lease_until": NOW},
        {"status": "failed"},
        {"failure": "A reason without a failure"},
        {"file": "reports/too-early.pdf"},
    ],
)
def test_report_that_contradicts_itself_is_refused(report, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        report.update(**change)
