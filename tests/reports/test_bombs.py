"""Templates other than ours: those of a later release, and those that never end."""

import time

import pytest

from reports import rendering
from reports.models import Report
from reports.rendering import child
from tests.factories import NOW
from tests.reports.factories import make_report


pytestmark = [pytest.mark.django_db, pytest.mark.slow]

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


def test_a_report_keeps_the_templates_it_was_asked_for_with(cast, templates):
    templates(98, "<h1>Another look</h1>")
    report = make_report(cast.assessment, cast.lead)
    Report.objects.filter(pk=report.pk).update(template_version=98)

    rendering.render(report.pk, now=NOW)

    report.refresh_from_db()
    assert report.pages == 1
