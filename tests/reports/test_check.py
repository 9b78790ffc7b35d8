"""The code on a report, and the public page that says whether it is ours."""

import hashlib
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.models import Response
from assessments.operations import unlock
from organisations.models import Organisation
from reports.document import as_kept, check_code_of
from reports.models import Report
from reports.operations import request_certificate, request_report
from reports.queries import outlived
from reports.rules import OLD_DRAFT_KEPT_FOR
from tests.factories import NOW, signed_up
from tests.reports.factories import answer_all, lock_it, make_report


pytestmark = pytest.mark.django_db

CHECK = "/check/"


def text(page):
    return " ".join(re.sub("<[^>]*>", " ", page.content.decode()).split())


@pytest.fixture
def report(cast):
    return make_report(cast.assessment, cast.lead)


def check(client, code):
    return client.post(CHECK, {"code": code})


def test_another_word_another_report_and_another_key_give_another_code(
    report, settings
):
    codes = {report.check_code, check_code_of(report)}
    assert len(codes) == 1
    report.document["scope"] = "Another"
    codes.add(check_code_of(report))
    report.public_id = uuid4()
    codes.add(check_code_of(report))
    settings.SECRET_KEY = "another key of fifty letters and more, for this test"
    codes.add(check_code_of(report))

    assert len(codes) == 4
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{12}", code) for code in codes)


@pytest.mark.parametrize(
    "typed",
    [
        "7KQF-3M2X-91RW",
        " 7kqf 3m2x 9lrw ",
        "7KQF3M2X9IRW",
        "７KQF–3M2X—91RW".replace("７", "7"),
    ],
)
def test_a_code_is_read_as_people_copy_it(typed):
    assert as_kept(typed) == "7KQF3M2X91RW"


@pytest.mark.parametrize(
    "typed", ["", "7KQF-3M2X", "7KQF-3M2X-91RU", "é" * 12, "٣" * 12]
)
def test_what_can_be_no_code_is_none(typed):
    assert as_kept(typed) == ""


def test_each_kind_has_a_code_and_an_unchanged_report_keeps_it(cast):
    Organisation.objects.filter(pk=cast.riverside.pk).update(**signed_up())
    made = [
        make_report(cast.assessment, cast.lead),
        request_report(
            assessment=cast.assessment,
            kind=Report.Kind.BOARD_PAPER,
            is_large=True,
            by=cast.lead,
            at=NOW,
        ),
        request_certificate(organisation=cast.riverside, by=cast.lead, at=NOW),
    ]

    assert len({report.check_code for report in made} - {""}) == 3
    assert make_report(cast.assessment, cast.lead).check_code == made[0].check_code


def test_who_types_the_code_reads_what_it_is_and_nothing_of_what_it_says(
    client, cast, report
):
    Response.objects.filter(assessment=cast.assessment).update(reason="Only for us")
    grouped = report.check_code_in_groups
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", grouped)

    page = check(client, grouped.lower())

    said = text(page)
    assert page.status_code == 200
    for words in (
        "This report is real",
        grouped,
        "Full record, a draft",
        "It is not on our public list.",
        "23 November 2026 at 12:00",
        "No. This is the newest of its kind.",
    ):
        assert words in said, words
    for words in ("Riverside", "The whole organisation", "Asha", "evel", "PR1"):
        assert words not in said, words
    assert "no-store" in page["Cache-Control"]


def test_an_organisation_of_the_register_is_named(client, cast, report):
    Organisation.objects.filter(pk=cast.riverside.pk).update(**signed_up())

    page = check(client, report.check_code)

    assert "Riverside" in text(page)
    assert cast.riverside.slug in page.content.decode()


def test_a_newer_one_is_told_once_it_is_there(client, cast, report):
    Report.objects.update(status="failed", failure="Too long.")
    later = NOW + timedelta(days=3)
    Response.objects.filter(assessment=cast.assessment).update(reason="Now we know")
    other = request_report(assessment=cast.assessment, by=cast.lead, at=later)
    assert other.check_code != report.check_code
    assert "This is the newest" in text(check(client, report.check_code))

    Report.objects.filter(pk=other.pk).update(
        status="ready", file="x.pdf", sha256="ab" * 32, bytes=1, pages=1, ready_at=later
    )

    assert "Yes: Full record, a draft, from 26 November 2026 at 12:00. Ask for" in text(
        check(client, report.check_code)
    )
    newest = text(check(client, other.check_code))
    assert "This is the newest" in newest
    assert "ab" * 32 in newest


def ready(report, at, **fields):
    """Make a report as if it was asked for and made at that time."""
    done = {"status": "ready", "file": "x.pdf", "sha256": "ab" * 32} | fields
    done |= {"bytes": 1, "pages": 1, "ready_at": at}
    Report.objects.filter(pk=report.pk).update(**done, requested_at=at)


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (b"%PDF as it was made", "same"),
        (b"%PDF as somebody changed it", "other"),
        (b"x" * 3 * 1024**2, "large"),
        (None, "none"),
    ],
)
def test_a_file_is_compared_and_kept_nowhere(client, report, settings, file, says):
    ready(report, NOW, sha256=hashlib.sha256(b"%PDF as it was made").hexdigest())
    sent = {"code": report.check_code, "compare": "yes"}
    if file:
        sent["file"] = SimpleUploadedFile("board.pdf", file)

    page = client.post(CHECK, sent)

    said = page.content.decode()
    shown = re.findall(r'data-says="(\w+)"(?! hidden)', said)
    assert (page.status_code, shown) == (200, [says])
    # A browser with JavaScript does the same without us: static/js/compare_file.js.
    before = check(client, report.check_code).content.decode()
    report.refresh_from_db()
    assert f'data-sha256="{report.sha256}"' in before
    assert not re.search(r'data-says="\w+"(?! hidden)', before)
    assert not list(settings.MEDIA_ROOT.rglob("*"))


def test_a_newer_one_in_the_other_print_is_newer_if_it_says_something_else(
    client, cast, report
):
    ready(report, NOW)
    later = NOW + timedelta(days=3)
    large = request_report(
        assessment=cast.assessment, is_large=True, by=cast.lead, at=later
    )
    ready(large, later)
    assert "This is the newest" in text(check(client, report.check_code))

    said = large.document | {"scope": "The wards"}
    Report.objects.filter(pk=large.pk).update(document=said)

    says = (
        "Yes: Full record in large print, a draft, from 26 November 2026 at 12:00. Its"
    )
    assert says in text(check(client, report.check_code))
    assert "This is the newest" in text(check(client, large.check_code))
    # Who reads the one print has no use for the other: neither goes.
    assert not outlived(later + 2 * OLD_DRAFT_KEPT_FOR).exists()
    # Made in the first print too, it is that one that is told.
    small = request_report(
        assessment=cast.assessment, kind="board_paper", by=cast.lead, at=later
    )
    ready(small, later - timedelta(days=1), kind="full_record", document=said)
    says = (
        "Yes: Full record, a draft, from 25 November 2026 at 12:00. Ask for that one."
    )
    assert says in text(check(client, report.check_code))


def test_a_certificate_in_the_other_print_that_says_the_same_is_not_newer(client, cast):
    Organisation.objects.filter(pk=cast.riverside.pk).update(**signed_up())
    first, large = (
        request_certificate(
            organisation=cast.riverside, is_large=is_large, by=cast.lead, at=NOW
        )
        for is_large in (False, True)
    )
    ready(first, NOW)
    ready(large, NOW + timedelta(days=1))

    assert "This is the newest" in text(check(client, first.check_code))


def test_the_lock_and_its_end_are_told_and_never_another_document(client, cast, report):
    answer_all(cast.assessment, cast.lead)
    ready(report, NOW - timedelta(days=1))
    lock_it(cast.assessment, cast.lead)
    paper = request_report(
        assessment=cast.assessment, kind="board_paper", by=cast.lead, at=NOW
    )
    ready(paper, NOW)

    draft = text(check(client, report.check_code))
    locked = text(check(client, paper.check_code))
    unlock(
        assessment=cast.assessment,
        reason="We forgot the wards.",
        locked_at=NOW,
        by=cast.lead,
        at=NOW + timedelta(hours=1),
    )
    opened = text(check(client, paper.check_code))

    assert "Board paper" not in draft
    assert "Yours is a draft. The answers were locked on 23 November 2026 at" in draft
    assert "You can ask for a new one." in draft
    assert "What happened since" not in locked
    says = (
        "opened again on 23 November 2026 at 13:00. They are open now, and can change."
    )
    assert says in opened
    assert "wards" not in opened
    assert "What happened since" not in text(check(client, report.check_code))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Type the check code."),
        ("7KQF", "A check code has 12 letters and numbers."),
        ("<b>\x00", "A check code"),
        ("0000-0000-0000", "We have no report with this code."),
    ],
)
def test_what_is_no_report_is_said_and_shown_again(client, report, typed, says):
    page = check(client, typed)

    assert page.status_code == 200
    assert says in text(page) or "cannot store" in text(page)
    assert "Error: " in text(page)


def test_looking_needs_no_account_and_guessing_is_slow(client, report):
    assert client.get(CHECK).status_code == 200
    assert client.head(CHECK).status_code == 200

    answers = [check(client, f"0000-0000-00{n:02}").status_code for n in range(62)]

    assert set(answers) == {200, 429}
    assert answers.count(200) == 60
    assert check(client, report.check_code).status_code == 429


def test_a_report_from_before_the_codes_is_found_by_none(client, report):
    Report.objects.update(check_code="")

    assert "no report with this code" in text(check(client, "0" * 12))


def test_the_pages_of_a_report_show_its_code(client, cast, report):
    client.force_login(cast.viewer)
    place = report.get_absolute_url()

    assert report.check_code_in_groups in text(client.get(f"{place}read/"))
    assert (
        report.check_code_in_groups
        in client.get(f"{place}record.json").content.decode()
    )
