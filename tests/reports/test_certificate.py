"""The certificate of commitment: one tagged page, true when made, for members."""

import io
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pikepdf
import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pdfua import Validator

from organisations.content import COMMITMENT
from organisations.models import AuditEvent, Membership, Organisation, SignUp
from reports import rendering
from reports.document import (
    Certificate,
    build_certificate,
    read_certificate,
    same_words,
)
from reports.models import Report
from reports.operations import NotSignedUp, request_certificate, retry_report
from reports.rendering import engine
from tests.factories import NOW, make_waiting_sign_up, signed_up
from tests.reports.factories import make_report, pdf_of
from tests.reports.test_engine import (
    fonts_with_gaps,
    smallest_print,
    squeezed,
    text_of,
)


pytestmark = pytest.mark.django_db


@pytest.fixture
def riverside(cast) -> Organisation:
    Organisation.objects.filter(pk=cast.riverside.pk).update(
        **signed_up(), sponsor_role="Chief executive"
    )
    cast.riverside.refresh_from_db()
    return cast.riverside


def ask(riverside, by, at=NOW) -> Report:
    return request_certificate(organisation=riverside, by=by, at=at)


def made(riverside, by) -> Report:
    report = ask(riverside, by)
    rendering.render(report.pk, now=NOW)
    report.refresh_from_db()
    return report


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(name, report) -> str:
    return reverse(f"reports:{name}", args=[report.organisation.slug, report.public_id])


# What it says


def test_it_is_frozen_as_it_stood(riverside, settings):
    settings.PUBLIC_ADDRESS = "https://4pi.example"

    certificate = read_certificate(build_certificate(riverside, is_large=False, at=NOW))

    assert certificate == Certificate(
        organisation="Riverside",
        scope="The whole organisation",
        sponsor_role="Chief executive",
        stage="Signed up",
        signed_up_on=date(2026, 11, 23),
        until=date(2027, 8, 23),
        points=COMMITMENT,
        reference="",
        page="https://4pi.example/organisations/riverside/",
        made_on=date(2026, 11, 23),
    )
    assert len(certificate.points) == 7


def test_it_bears_the_reference_of_the_sign_up(cast, riverside):
    sign_up = make_waiting_sign_up()
    SignUp.objects.filter(pk=sign_up.pk).update(
        state="approved",
        organisation=riverside,
        decided_at=NOW,
        decided_by=cast.steward,
    )

    certificate = read_certificate(build_certificate(riverside, is_large=False, at=NOW))

    assert certificate.reference == sign_up.reference
    assert sign_up.reference in engine.make_html(certificate, version=1)


def test_page_and_pdf_say_the_same(cast, riverside):
    report = ask(riverside, cast.lead)
    certificate = read_certificate(report.document)

    page = client_of(cast.viewer).get(address("read", report)).content.decode()
    pdf = engine.make_html(certificate, version=1)

    for words in (
        "has made the 4Pi commitment",
        "Chief executive",
        "23 August 2027",
        "This is a commitment, not an award.",
        "It is not NSUN’s certificate.",
        "/organisations/riverside/",
        "keep to them.",
    ):
        assert words in page
        assert words in pdf


@pytest.mark.slow
def test_a_worker_makes_one_tagged_page(cast, riverside):
    report = made(riverside, cast.lead)

    assert (report.status, report.pages) == ("ready", 1)
    with pikepdf.open(io.BytesIO(pdf_of(report))) as pdf:
        assert pdf.Root.Lang == "en-GB"
        assert pdf.Root.MarkInfo.Marked
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "4Pi commitment of Riverside"
        scopes = {
            str(item.A.Scope)
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/TH"
        }
        assert scopes == {"/Row"}


WHOLE = Certificate(
    organisation="Riverside",
    scope="The whole organisation",
    sponsor_role="Chief executive",
    stage="Published: joint view",
    signed_up_on=date(2026, 11, 23),
    until=date(2027, 12, 30),
    points=COMMITMENT,
    reference="4PI-ABCDEFG",
    page=f"https://self-assessment.4pi.example.org/organisations/{'w' * 60}/",
    made_on=date(2026, 11, 23),
)


@pytest.mark.slow
@pytest.mark.parametrize("letter", ["W", "i ", "ŵ", "ش"])
def test_all_rows_stand_on_one_page_whatever_their_length(letter, settings):
    settings.PUBLIC_ADDRESS = "https://self-assessment.4pi.example.org"
    names = [(letter * 150)[:length] for length in (1, 40, 55, 60, 85, 119, 150)]
    certificates = [replace(WHOLE, organisation=name) for name in names]
    certificates.append(
        replace(certificates[-1], scope=names[-1], sponsor_role=names[-1][:100])
    )

    pages = [
        engine.make_pdf(each, version=1, check_code="7KQF-3M2X-9TRW").pages
        for each in certificates
    ]
    assert pages == [1] * 8


@pytest.mark.slow
def test_large_print_is_larger_on_every_page_and_says_the_same(tmp_path):
    letters = "ŵW" * 75
    full = replace(WHOLE, organisation=letters, scope="ش" * 150, is_large=True)

    made = engine.make_pdf(full, version=1, check_code="7KQF-3M2X-9TRW")

    file = tmp_path / "large.pdf"
    file.write_bytes(made.pdf)
    assert Validator().validate(file).findings == ()
    assert fonts_with_gaps(made.pdf) == []
    text = squeezed(text_of(made.pdf))
    for words in (letters, *COMMITMENT, "7KQF-3M2X-9TRW", "Published: joint view"):
        assert squeezed(words) in text, words
    for number, page in enumerate(pypdf.PdfReader(file).pages, start=1):
        assert smallest_print(page) >= 13
        assert f"Page {number} of {made.pages}" in page.extract_text()


# Who may have it, and when


def test_asking_twice_gives_the_one_under_way(cast, riverside):
    first = ask(riverside, cast.lead)

    assert ask(riverside, cast.lead) == first
    assert ask(riverside, cast.co_lead) != first
    assert make_report(cast.assessment, cast.lead) != first
    events = AuditEvent.objects.filter(verb="requested", subject=str(first.public_id))
    assert [event.details for event in events] == [{"kind": "certificate"}]
    assert events[0].organisation == "riverside"


def test_normal_and_large_print_are_two(cast, riverside):
    address = reverse("reports:certificate", args=["riverside"])
    client = client_of(cast.lead)

    for _ in range(2):
        client.post(address)
        client.post(address, {"large": "yes"})

    normal, large = Report.objects.order_by("pk")
    assert (normal.is_large, large.is_large) == (False, True)
    assert same_words(normal.document, large.document)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=large.pk).update(is_large=False)


def test_a_certificate_that_is_older_than_large_print_says_the_same(riverside):
    frozen = build_certificate(riverside, is_large=False, at=NOW)
    older = {name: value for name, value in frozen.items() if name != "is_large"}

    assert same_words(older, frozen)
    assert read_certificate(older) == read_certificate(frozen)


@pytest.mark.parametrize("stage", ["", "lapsed"])
def test_there_is_none_without_a_commitment_that_stands(cast, riverside, stage):
    fields = signed_up(stage=stage) if stage else dict.fromkeys(signed_up(), None)
    Organisation.objects.filter(pk=riverside.pk).update(**fields | {"stage": stage})
    riverside.refresh_from_db()

    with pytest.raises(NotSignedUp):
        ask(riverside, cast.lead)

    client = client_of(cast.lead)
    address = reverse("reports:certificate", args=["riverside"])
    page = client.post(address, follow=True).content.decode()
    assert ("has lapsed" if stage else "has not signed up yet") in page
    assert "Make a certificate" not in page
    assert not Report.objects.exists()


def test_a_certificate_that_failed_is_tried_again(cast, riverside):
    report = ask(riverside, cast.lead)
    Report.objects.filter(pk=report.pk).update(status="failed", failure="No room.")

    assert retry_report(report=report, by=cast.lead, at=NOW) == report
    report.refresh_from_db()
    assert report.is_under_way()


@pytest.mark.slow
def test_it_is_made_read_and_fetched_by_members_only(cast, riverside):
    client = client_of(cast.contributor)
    asked = client.post(reverse("reports:certificate", args=["riverside"]))
    report = Report.objects.get()
    assert asked.url == report.get_absolute_url()
    assert "making your certificate" in client.get(asked.url).content.decode()
    rendering.render(report.pk, now=NOW)

    ready = client.get(asked.url).content.decode()
    file = client.get(address("download", report))

    assert "Your certificate is ready" in ready
    assert "changed since" not in ready
    assert "4pi-certificate-riverside-" in file["Content-Disposition"]
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    for person in (cast.stranger, cast.removed, cast.steward):
        for name in ("progress", "read", "download"):
            assert client_of(person).get(address(name, report)).status_code == 404
    Membership.objects.filter(user=cast.contributor).delete()
    assert client.get(address("download", report)).status_code == 404
    listed = client_of(cast.viewer).get(reverse("reports:index", args=["riverside"]))
    assert "Certificate of commitment" in listed.content.decode()


@pytest.mark.slow
def test_its_page_says_when_the_commitment_has_changed(cast, riverside):
    report = made(riverside, cast.lead)
    riverside.due_on += timedelta(days=30)
    riverside.save()

    page = client_of(cast.lead).get(report.get_absolute_url()).content.decode()

    assert "The commitment has changed since this certificate" in page


def test_the_database_keeps_the_two_kinds_apart(cast, riverside):
    report = ask(riverside, cast.lead)
    for fields in (
        {"assessment": cast.assessment},
        {"kind": "full_record"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**fields)
    report.pk, report.public_id = None, uuid4()
    report._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        report.save()
