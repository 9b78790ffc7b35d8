import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from assessments.models import Response
from reports import rendering
from reports.models import Report
from reports.rules import next_look
from tests.factories import NOW, make_assessment
from tests.reports.factories import answer_all, lock_it, make_report


pytestmark = pytest.mark.django_db


@pytest.fixture
def now(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def report(cast):
    return make_report(cast.assessment, cast.lead)


@pytest.fixture
def ready(report, media):
    """A report that is ready, with a file that stands for its PDF."""
    media.mkdir()
    (media / "x.pdf").write_bytes(b"%PDF-1.7")
    Report.objects.filter(pk=report.pk).update(
        status="ready",
        file="reports/x.pdf",
        sha256="0" * 64,
        bytes=412_000,
        pages=25,
        ready_at=NOW,
    )
    report.refresh_from_db()
    return report


@pytest.fixture
def failed(report):
    Report.objects.filter(pk=report.pk).update(status="failed", failure="Too long.")
    report.refresh_from_db()
    return report


def address(name, report):
    return reverse(
        f"reports:{name}", args=[report.assessment.organisation.slug, report.public_id]
    )


def get(client, person, name, report):
    client.force_login(person)
    return client.get(address(name, report))


def words(page):
    return " ".join(page.content.decode().split())


def request_address(cast):
    return reverse("reports:request", args=["riverside", cast.assessment.public_id])


def test_asking_leads_to_the_progress_page_and_twice_to_the_same(client, cast):
    client.force_login(cast.lead)

    first = client.post(request_address(cast))
    second = client.post(request_address(cast))

    [report] = Report.objects.all()
    assert first.url == second.url == address("progress", report)


def test_a_viewer_reads_and_downloads_but_does_not_ask(client, cast, ready):
    client.force_login(cast.viewer)

    assert client.post(request_address(cast)).status_code == 403
    assert client.post(address("retry", ready)).status_code == 403
    for name in ("progress", "read", "download"):
        page = client.get(address(name, ready))
        assert page.status_code == 200
        assert page.getvalue()


@pytest.mark.parametrize("name", ["progress", "read", "download"])
def test_a_stranger_finds_nothing_even_at_her_own_organisation(
    client, cast, ready, name
):
    client.force_login(cast.stranger)

    through_ours = address(name, ready)
    through_hers = through_ours.replace("/riverside/", "/harbour/")

    assert client.get(through_ours).status_code == 404
    assert client.get(through_hers).status_code == 404


@pytest.mark.parametrize(
    ("status", "says"), [("queued", "Waiting"), ("rendering", "Being made")]
)
def test_while_it_is_made_the_page_says_so_and_looks_again(
    client, cast, report, now, status, says
):
    if status == "rendering":
        Report.objects.filter(pk=report.pk).update(
            status=status, owner="x", lease_until=NOW
        )

    page = get(client, cast.lead, "progress", report)

    assert says in words(page)
    assert page["Refresh"] == "5"


def test_the_page_can_be_told_to_be_still(client, cast, report, now):
    client.force_login(cast.lead)
    looking = client.get(address("progress", report))

    still = client.get(address("progress", report), {"still": ""})

    assert 'href="?still"' in words(looking)
    assert "Refresh" not in still
    assert "does not look by itself" in words(still)


def test_it_stops_looking_after_two_minutes(client, cast, report, now):
    now.move_to(NOW + timedelta(minutes=2), tick=False)

    page = get(client, cast.lead, "progress", report)

    assert "Refresh" not in page
    assert "longer than usual" in words(page)
    assert "Look again" in words(page)


def test_it_says_how_many_are_before_yours(client, cast, report, now):
    other = make_assessment(cast.riverside, cast.lead, "Another")
    Report.objects.filter(pk=make_report(other, cast.lead).pk).update(
        queued_at=NOW - timedelta(seconds=9)
    )

    assert "One report is before yours." in words(
        get(client, cast.lead, "progress", report)
    )


def test_a_ready_report_says_what_it_is_and_is_quiet(client, cast, ready):
    whole = get(client, cast.lead, "progress", ready)
    page = words(whole)

    assert "Your report is ready" in page
    assert "Refresh" not in whole
    assert "25 pages, made on 23 November 2026" in page
    assert "Download PDF (402.3\xa0KB)".replace("\xa0", " ") in page.replace(
        "\xa0", " "
    )
    assert address("read", ready) in page
    assert "changed since" not in page


def test_answers_that_changed_since_are_told(client, cast, ready, now):
    now.move_to(NOW + timedelta(hours=1), tick=False)
    answer_all(cast.assessment, cast.lead)
    Response.objects.of(cast.assessment).update(saved_at=NOW + timedelta(minutes=1))

    assert "changed since" in words(get(client, cast.lead, "progress", ready))


def test_a_failed_report_says_why_and_can_be_tried_again(client, cast, failed):
    page = words(get(client, cast.lead, "progress", failed))

    assert "We could not make it" in page
    assert "Too long. Your answers are safe." in page
    assert str(failed.public_id) in page

    assert client.post(address("retry", failed)).url == address("progress", failed)
    failed.refresh_from_db()
    assert failed.status == "queued"


def test_a_report_tried_again_is_looked_for_again(client, cast, failed, now):
    now.move_to(NOW + timedelta(hours=1), tick=False)
    client.force_login(cast.lead)

    page = client.post(address("retry", failed), follow=True)

    assert page["Refresh"] == "5"
    assert "as they were on 23 November 2026" in words(page)


def test_trying_again_what_is_ready_changes_nothing(client, cast, ready):
    client.force_login(cast.lead)

    page = client.post(address("retry", ready), follow=True)

    assert "not one that we could not make" in words(page)
    ready.refresh_from_db()
    assert ready.is_ready()


def test_the_download_is_private_and_inert(client, cast, ready):
    page = get(client, cast.lead, "download", ready)

    assert page.getvalue() == b"%PDF-1.7"
    assert page["Content-Type"] == "application/pdf"
    assert page["Content-Length"] == "8"
    assert page["Content-Disposition"] == (
        'attachment; filename="4pi-report-riverside-2026-11-23-1200-draft.pdf"'
    )
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert {"no-store", "private"} <= set(page["Cache-Control"].split(", "))


@pytest.mark.parametrize("name", ["progress", "read", "download"])
def test_each_page_can_be_asked_about_alone(client, cast, ready, name):
    client.force_login(cast.lead)

    page = client.head(address(name, ready))

    assert page.status_code == 200
    assert page.getvalue() == b""


def test_asking_about_the_download_opens_no_stream(client, cast, ready):
    client.force_login(cast.lead)
    whole = client.get(address("download", ready))

    page = client.head(address("download", ready))

    assert whole.streaming
    assert not page.streaming
    for header in ("Content-Type", "Content-Length", "Content-Disposition"):
        assert page[header] == whole[header]
    assert "no-store" in page["Cache-Control"]
    whole.close()


def test_a_member_who_was_removed_downloads_nothing(client, cast, ready):
    client.force_login(cast.viewer)
    cast.viewer.memberships.all().delete()

    assert client.get(address("download", ready)).status_code == 404


def test_downloading_too_early_leads_back(client, cast, report):
    page = get(client, cast.lead, "download", report)

    assert page.url == address("progress", report)


def test_a_file_that_is_gone_is_told_plainly(client, cast, ready, media):
    (media / "x.pdf").unlink()

    page = get(client, cast.lead, "download", ready)

    assert page.status_code == 404
    assert "The file is not here" in words(page)
    assert address("read", ready) in words(page)


def test_the_page_holds_the_same_words_as_the_pdf(client, cast):
    answer_all(cast.assessment, cast.lead, reason="Most teams do.")
    report = make_report(cast.assessment, cast.lead)

    page = words(get(client, cast.lead, "read", report))

    for standard in (s for p in report.document["principles"] for s in p["standards"]):
        assert f'id="{standard["code"]}"' in page
    assert page.count("Most teams do.") == 30
    assert "independent of NSUN" in page
    assert page.count("<h1") == 1
    assert "style=" not in page
    assert "<style" not in page


def test_the_list_shows_our_reports_alone_newest_first(client, cast, report):
    make_report(cast.others_assessment, cast.stranger)
    other = make_assessment(cast.riverside, cast.lead, "Crisis house")
    make_report(other, cast.contributor)
    client.force_login(cast.viewer)

    page = words(client.get(reverse("reports:index", args=["riverside"])))

    assert "Showing 1 to 2 of 2" in page
    assert "Crisis house" in page
    assert "Tom Contributor" in page
    assert "Sam Stranger" not in page


def test_the_list_says_what_the_answers_were_then(client, cast, now):
    answer_all(cast.assessment, cast.lead)
    make_report(cast.assessment, cast.lead)
    lock_it(cast.assessment, cast.lead)
    make_report(cast.assessment, cast.contributor)
    client.force_login(cast.viewer)

    page = words(client.get(reverse("reports:index", args=["riverside"])))

    # Newest first. The draft stays one, though our view is locked by now.
    cells = re.findall(r'data-column="Answers">([^<]*)<', page)
    assert cells == ["Our view was locked", "Draft"]


def test_the_list_promises_no_file_for_what_failed(client, cast, failed):
    client.force_login(cast.lead)

    page = words(client.get(reverse("reports:index", args=["riverside"])))

    assert re.findall(r'data-column="Size">([^<]*)<', page) == ["No file"]


def test_the_page_to_read_leads_back(client, cast, report):
    page = words(get(client, cast.lead, "read", report))

    for where in (
        cast.riverside.get_absolute_url(),
        cast.assessment.get_absolute_url(),
        reverse("reports:index", args=["riverside"]),
        report.get_absolute_url(),
    ):
        assert f'href="{where}"' in page


def test_an_empty_list_says_what_to_do(client, cast):
    client.force_login(cast.lead)

    page = words(client.get(reverse("reports:index", args=["riverside"])))

    assert "No reports yet" in page


def many_reports(cast, number):
    report = make_report(cast.assessment, cast.lead)
    Report.objects.filter(pk=report.pk).update(status="failed", failure="Too long.")
    Report.objects.bulk_create(
        Report(
            organisation=cast.riverside,
            assessment=cast.assessment,
            document=report.document,
            template_version=1,
            requested_at=NOW,
            queued_at=NOW,
            requested_by=cast.lead,
            status="failed",
            failure="Too long.",
        )
        for _ in range(number)
    )
    return report


def test_the_list_has_pages_of_twenty_five(client, cast):
    many_reports(cast, 29)
    client.force_login(cast.lead)
    index = reverse("reports:index", args=["riverside"])

    assert "Showing 1 to 25 of 30" in words(client.get(index))
    assert "Showing 26 to 30 of 30" in words(client.get(index, {"page": 2}))
    assert client.get(index, {"page": "x"}).status_code == 200


@pytest.mark.parametrize("name", ["index", "progress", "read"])
def test_queries_do_not_grow_with_the_reports(
    client, cast, name, django_assert_max_num_queries
):
    client.force_login(cast.lead)
    report = many_reports(cast, 1)
    where = (
        reverse("reports:index", args=["riverside"])
        if name == "index"
        else address(name, report)
    )
    with django_assert_max_num_queries(50) as few:
        client.get(where)
    many_reports(cast, 20)

    with django_assert_max_num_queries(len(few)):
        client.get(where)


@pytest.mark.slow
def test_a_real_report_can_be_downloaded(client, cast, report):
    rendering.render(report.pk, now=NOW)

    page = get(client, cast.lead, "download", report)

    content = page.getvalue()
    assert content.startswith(b"%PDF-1.7")
    report.refresh_from_db()
    assert len(content) == report.bytes == int(page["Content-Length"])
    assert Path(report.file).name == f"{report.public_id}-1.pdf"


@pytest.mark.parametrize(("ahead", "seconds"), [(0, 5), (15, 5), (45, 15), (400, 30)])
def test_who_is_far_behind_looks_less_often(ahead, seconds):
    assert next_look(ahead) == seconds
