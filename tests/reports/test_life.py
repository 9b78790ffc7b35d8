"""From asking to forgetting: what may be asked for, who is told, what is kept."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from assessments.models import Response
from assessments.operations import hold_back, lift_hold, unlock
from organisations import emails
from organisations.models import AuditEvent, Organisation, Outbox
from reports import operations, rendering
from reports.chores import remove_old_reports
from reports.models import Report
from reports.rendering import lease
from tests.factories import NOW, signed_up
from tests.reports.factories import answer_all, lock_it, make_report


pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def words(page):
    return " ".join(page.content.decode().split())


def page_of(client, person, report):
    client.force_login(person)
    return words(client.get(report.get_absolute_url()))


def list_of(client, person):
    client.force_login(person)
    return words(client.get(reverse("reports:index", args=["riverside"])))


def put(report, **columns):
    Report.objects.filter(pk=report.pk).update(**columns)
    report.refresh_from_db()
    return report


def made(report, *, at=NOW):
    """Put a file's columns in place of the PDF that nobody looks at here."""
    content = {"file": f"reports/{report.pk}.pdf", "sha256": "0" * 64}
    return put(report, status="ready", bytes=9, pages=9, ready_at=at, **content)


# How often


@pytest.fixture
def two_an_hour(cast, settings):
    """Riverside has asked at noon and ten minutes later, which is as often as it may."""
    settings.REPORTS_AN_HOUR = 2
    first = make_report(cast.assessment, cast.lead)
    second = operations.request_report(
        assessment=cast.assessment, by=cast.contributor, at=NOW + 10 * MINUTE
    )
    return first, second


def test_more_than_so_many_an_hour_are_refused_until_a_time(cast, two_an_hour):
    again = {"assessment": cast.assessment, "by": cast.co_lead}

    with pytest.raises(operations.TooMany) as refused:
        operations.request_report(**again, at=NOW + 20 * MINUTE)
    with pytest.raises(operations.TooMany):
        operations.request_report(**again, at=NOW + 59 * MINUTE)

    assert "2 reports in the last hour" in str(refused.value)
    assert "You can ask again at 13:00." in str(refused.value)
    assert operations.request_report(**again, at=NOW + 60 * MINUTE).pk
    assert make_report(cast.others_assessment, cast.stranger).pk


def test_nobody_is_refused_what_is_there(cast, two_an_hour, media):
    first, second = two_an_hour
    media.mkdir()

    assert make_report(cast.assessment, cast.lead) == first
    (media / f"{second.pk}.pdf").write_text("x")
    made(second)
    assert make_report(cast.assessment, cast.co_lead) == second


def test_every_way_to_ask_says_when_again(cast, two_an_hour, client, time_machine):
    time_machine.move_to(NOW + 20 * MINUTE, tick=False)
    Organisation.objects.filter(slug="riverside").update(**signed_up())
    first, _ = two_an_hour
    put(first, status="failed", failure="Too long.")
    client.force_login(cast.co_lead)
    assessment = ["riverside", cast.assessment.public_id]

    for address in (
        reverse("reports:request", args=assessment),
        reverse("reports:workshop", args=assessment),
        reverse("reports:certificate", args=["riverside"]),
        reverse("reports:retry", args=["riverside", first.public_id]),
    ):
        page = words(client.post(address, follow=True))
        assert "You can ask again at 13:00." in page, address

    assert Report.objects.count() == 2
    first.refresh_from_db()
    assert first.is_failed()


def test_a_refusal_keeps_the_choice_and_few_left_are_counted(
    cast, two_an_hour, client, time_machine
):
    time_machine.move_to(NOW + 20 * MINUTE, tick=False)
    client.force_login(cast.co_lead)
    address = reverse("reports:request", args=["riverside", cast.assessment.public_id])

    page = client.post(address, {"kind": "easy_read", "size": "large"})

    html = " ".join(page.content.decode().split())
    assert html.count("You can ask again at 13:00.") == 1
    assert page.context["form"]["kind"].value() == "easy_read"
    assert re.search(r'value="easy_read"[^>]* checked', html)
    assert "<title>Error: " in html
    pack = reverse("reports:workshop", args=["riverside", cast.assessment.public_id])
    for page in (client.get(address), client.get(pack)):
        assert "as many reports as we make in an hour" in words(page)
        assert "You can ask again at 13:00." in words(page)
    time_machine.move_to(NOW + 65 * MINUTE, tick=False)
    for page in (client.get(address), client.get(pack)):
        assert "can ask for 1 more within this hour" in words(page)
        assert "There is room for another at 13:" in words(page)


def test_reports_do_not_stand_in_the_way_of_an_archive_nor_it_of_them(
    cast, two_an_hour
):
    archive = {"organisation": cast.riverside, "by": cast.lead}
    for minute in range(20, 23):
        operations.request_take_out(**archive, at=NOW + minute * MINUTE)
        Report.objects.archives().under_way().update(status="failed", failure="Full.")

    with pytest.raises(operations.TooMany) as refused:
        operations.request_take_out(**archive, at=NOW + 30 * MINUTE)

    assert "asked for 3 archives in the last hour" in str(refused.value)
    assert "You can ask again at 13:20." in str(refused.value)
    again = {"assessment": cast.assessment, "by": cast.co_lead}
    assert operations.request_report(**again, at=NOW + 60 * MINUTE).pk


def test_asking_twice_freezes_the_answers_once(cast, django_assert_max_num_queries):
    first = make_report(cast.assessment, cast.lead)

    # To freeze them takes more than that alone.
    with django_assert_max_num_queries(4):
        assert make_report(cast.assessment, cast.lead) == first


# Who is told


def mails():
    return list(Outbox.objects.filter(template__startswith="report_"))


def test_what_took_long_is_mailed_to_who_asked_for_it(cast, quick, client):
    report = quick(cast)
    promised = page_of(client, cast.lead, report)
    to_another = page_of(client, cast.contributor, report)

    rendering.render(report.pk, now=NOW + 2 * MINUTE)

    assert "Yours is next." in promised
    assert "we send you a mail when it is ready" in promised
    assert "we send you a mail" not in to_another
    [mail] = mails()
    message = emails.build(mail)
    assert message.to == [cast.lead.email]
    assert message.subject == "Your report is ready"
    assert report.get_absolute_url() in message.body
    assert "List-Unsubscribe" in message.extra_headers


@pytest.mark.parametrize("why", ["quick", "stopped", "gone"])
def test_nobody_is_mailed_in_vain(cast, quick, client, why):
    report = quick(cast)
    if why == "stopped":
        cast.lead.mail_preferences.create(kind="reports", stopped_at=NOW)
        assert "we send you a mail" not in page_of(client, cast.lead, report)
    elif why == "gone":
        cast.lead.memberships.all().delete()

    rendering.render(report.pk, now=NOW + (MINUTE if why == "quick" else 9 * MINUTE))

    report.refresh_from_db()
    assert report.is_ready()
    assert mails() == []


def test_who_waited_in_vain_is_told_too_and_once(cast, settings):
    settings.REPORT_MAX_ATTEMPTS = 1
    report = make_report(cast.assessment, cast.lead)
    claim = lease.claim(report.pk, at=NOW + 3 * MINUTE)

    lease.give_up(claim, sentence="Too long.", at=NOW + 4 * MINUTE)
    lease.claim(report.pk, at=NOW + 5 * MINUTE)

    [mail] = mails()
    assert mail.template == "report_failed"
    assert "Your answers are safe" in emails.build(mail).body


# What has changed since


def test_the_list_offers_a_new_one_when_the_assessment_has_changed(cast, client):
    old = made(make_report(cast.assessment, cast.lead))
    as_it_was = list_of(client, cast.lead)
    Response.objects.of(cast.assessment).filter(standard__code="PR1").update(
        saved_at=NOW + MINUTE, saved_by=cast.lead, version=1
    )
    changed = list_of(client, cast.lead)
    to_a_viewer = list_of(client, cast.viewer)
    report = operations.request_report(
        assessment=cast.assessment, by=cast.lead, at=NOW + 2 * MINUTE
    )

    since = "The assessment has changed since."
    assert since not in as_it_was
    assert since in changed
    assert f'href="{old.get_absolute_url()}">Go to it to make a new one' in changed
    assert since in to_a_viewer
    assert "to make a new one" not in to_a_viewer
    who = "Leads, lived-experience co-leads and contributors can make a report."
    assert who in to_a_viewer
    assert who not in changed
    # Of an older one there is a newer.
    after = list_of(client, cast.lead)
    assert since not in after
    assert after.count("Draft. A newer one was asked for.") == 1
    assert "A newer one" not in changed
    assert "changed since" in page_of(client, cast.lead, old)
    read = words(client.get(f"{old.get_absolute_url()}read/"))
    assert "changed since this report was asked for" in read
    assert ">Draft</strong>" in read
    newer = page_of(client, cast.lead, made(report))
    assert "changed since" not in newer
    assert (
        f'href="{old.get_absolute_url()}">23 November 2026, 12:00</a> (draft)' in newer
    )
    assert "Older ones" not in page_of(client, cast.lead, old)


def test_a_lock_and_its_end_are_changes_too(cast, client):
    answer_all(cast.assessment, cast.lead)
    draft = made(put(make_report(cast.assessment, cast.lead), requested_at=NOW - DAY))
    Response.objects.of(cast.assessment).update(saved_at=NOW - 2 * DAY)

    before = page_of(client, cast.lead, draft)
    lock_it(cast.assessment, cast.lead)
    after = page_of(client, cast.lead, draft)
    locked = made(make_report(cast.assessment, cast.lead))
    still = page_of(client, cast.lead, locked)
    unlock(
        assessment=cast.assessment,
        reason="We forgot the wards.",
        locked_at=NOW,
        by=cast.lead,
        at=NOW + DAY,
    )

    assert "changed since" not in before
    assert "changed since" in after
    assert "changed since" not in still
    opened = page_of(client, cast.lead, locked)
    assert "has changed since" not in opened
    says = (
        "Our view was unlocked since this report was asked for. No answer has changed"
    )
    assert says in opened
    listed = list_of(client, cast.lead)
    assert "locked. It was unlocked since, and no answer has changed yet." in listed
    Response.objects.of(cast.assessment).update(saved_at=NOW + 2 * DAY)
    assert "changed since" in page_of(client, cast.lead, locked)
    assert "unlocked since" not in list_of(client, cast.lead)


def test_what_holds_publishing_back_is_a_change_while_it_does(cast, client):
    report = made(make_report(cast.assessment, cast.lead))
    membership = cast.riverside.memberships.get(user=cast.co_lead)
    hold = hold_back(
        assessment=cast.assessment,
        membership=membership,
        reason="Ask the wards first.",
        at=NOW + MINUTE,
    )

    held = page_of(client, cast.lead, report)
    lift_hold(hold=hold, membership=membership, at=NOW + 2 * MINUTE)

    assert "changed since" in held
    assert "changed since" not in page_of(client, cast.lead, report)


# What is kept


def test_only_what_nobody_needs_is_forgotten(cast, media):
    answer_all(cast.assessment, cast.lead)
    ask = {"assessment": cast.assessment, "by": cast.lead}
    draft = made(operations.request_report(**ask, at=NOW))
    alone = made(make_report(cast.others_assessment, cast.stranger))
    pack = ask | {"kind": "workshop"}
    failed = operations.request_report(**pack, at=NOW)
    put(failed, status="failed", failure="Too long.")
    waiting = operations.request_report(**pack, is_large=True, at=NOW)
    lock_it(cast.assessment, cast.lead)
    record = made(operations.request_report(**ask, at=NOW + DAY), at=NOW + DAY)
    kept = [alone.pk, waiting.pk, record.pk]

    assert remove_old_reports(NOW + 30 * DAY) == 0
    assert remove_old_reports(NOW + 30 * DAY + MINUTE) == 1
    assert not Report.objects.filter(pk=failed.pk).exists()
    assert remove_old_reports(NOW + 91 * DAY) == 0
    assert remove_old_reports(NOW + 91 * DAY + MINUTE) == 1
    assert not Report.objects.filter(pk=draft.pk).exists()

    assert remove_old_reports(NOW + 9_000 * DAY) == 0
    assert sorted(Report.objects.values_list("pk", flat=True)) == sorted(kept)
    removed = AuditEvent.objects.filter(verb="removed")
    assert {e.subject for e in removed} == {
        str(draft.public_id),
        str(failed.public_id),
    }


def test_the_privacy_page_says_how_long(client):
    page = words(client.get("/privacy/"))

    assert "A report that we could not make: 30 days." in page
    assert "until 90 days after a newer one was made" in page


def test_a_full_disk_is_told_and_the_report_is_made_when_there_is_room(
    cast, quick, media, settings, monkeypatch
):
    """The device that is always full takes the place of the folder's (F-12)."""
    settings.REPORT_MAX_ATTEMPTS = 1
    report = quick(cast)
    media.mkdir()
    part = media / f"{report.public_id}-1.part"
    part.symlink_to("/dev/full")

    with monkeypatch.context() as for_once:
        for_once.setattr("os.O_EXCL", 0)
        rendering.render(report.pk, now=NOW)

    report.refresh_from_db()
    assert (report.status, report.failure) == ("failed", rendering.child.NO_ROOM)
    assert list(media.iterdir()) == []
    operations.retry_report(report=report, by=cast.lead, at=NOW)
    rendering.render(report.pk, now=NOW)
    report.refresh_from_db()
    assert report.is_ready()
    assert (Path(settings.MEDIA_ROOT) / report.file).stat().st_size == report.bytes
