"""How an assessment is set up: its domains, its time, its date, and who changes them."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Response
from assessments.operations import (
    answer,
    change_set_up,
    finish_principle,
    lock,
    start_assessment,
)
from assessments.queries import assessment_lines, assessment_record, starting_point
from assessments.rules import ArrangedMeanwhile, NotAllowed, SetUp
from organisations.models import AuditEvent, Organisation
from reports.document import build_document, read_document
from tests.factories import NOW, content, make_organisation, the_response


pytestmark = pytest.mark.django_db

# With own care alone these are left out; three core ones of other domains are not.
OWN_CARE_ONLY = ("PR1", "PU3", "PU5", "PS2", "PS5", "PS6", "PC1")


@pytest.fixture
def lead(cast, client):
    client.force_login(cast.lead)
    return client


@pytest.fixture
def set_up_address(cast):
    return reverse("assessments:set_up", args=["riverside", cast.assessment.public_id])


def start(cast, *domains, name="Ward 4"):
    return start_assessment(
        organisation=cast.riverside,
        by=cast.lead,
        at=NOW,
        scope="service",
        scope_name=name,
        set_up=SetUp(domains=domains),
    )


def asked(assessment):
    codes = Response.objects.of(assessment).values_list("standard__code", flat=True)
    return set(codes)


def left_out(assessment):
    return [each.code for each in assessment_record(assessment).outside]


# What is left out


def test_standards_of_other_domains_are_left_out_and_the_core_never(cast):
    assessment = start(cast, "OC")

    record = assessment_record(assessment)

    assert tuple(left_out(assessment)) == OWN_CARE_ONLY
    assert len(record.standards) == len(asked(assessment)) == 23
    assert sum(standard.is_core for standard in record.standards) == 12
    assert record.other_domains == (
        "Communities",
        "Service delivery and evaluation",
        "Governance and strategy",
    )
    # What is left out this way is not "does not apply".
    assert not record.left_out.is_partial
    line = assessment_lines(cast.riverside)[0]
    assert (line.title, line.progress.standards) == ("Ward 4", 23)
    core = Response.objects.filter(assessment=assessment, is_core=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        core.update(is_outside=True)


def test_what_is_left_out_is_said_on_each_page_and_in_the_report(cast, lead):
    assessment = start(cast, "OC", "CO")
    sentence = (
        "2 standards are left out: PU5 A plan, a budget and someone at the top; "
        "PS6 Lived experience in paid and leading roles. They are only about what does "
        "not apply here: Service delivery and evaluation; Governance and strategy."
    )
    place = ["riverside", assessment.public_id]
    for code in sorted(asked(assessment)):
        say(the_response(assessment, code), cast)

    for name in ("overview", "quality", "lock"):
        page = lead.get(reverse(f"assessments:{name}", args=place))
        assert sentence in " ".join(page.content.decode().split())
    frozen = build_document(assessment_record(assessment), at=NOW)
    document = read_document(frozen)
    assert document.outside[0] == "PU5 A plan, a budget and someone at the top"
    assert len(document.standards) == 28
    # An older report knows nothing of it.
    for name in ("outside", "other_domains", "period_from", "period_until"):
        del frozen[name]
    assert read_document(frozen).outside == ()


def say(response, cast):
    answer(response=response, content=content(), version=0, by=cast.lead, at=NOW)


def test_questions_go_on_over_what_is_left_out(cast, lead):
    assessment = start(cast, "OC")

    page = lead.get(assessment.question_address("presence", 3)).content.decode()
    saved = lead.post(
        assessment.question_address("presence", 4),
        {"version": "0", "choice": "2", "reason": "Most teams do."},
    )

    # PS2, PS5 and PS6 are left out: three are asked, and PS4 is the last of them.
    assert "Presence, question 2 of 3" in page
    assert saved.url == assessment.check_address("presence")
    outside = lead.get(assessment.question_address("presence", 2)).content.decode()
    assert "left out of this assessment" in outside
    assert "<textarea" not in outside


def test_text_for_what_was_left_out_meanwhile_is_not_lost(cast, lead):
    assessment = start(cast, *Organisation.Domain.values)
    address = assessment.question_address("purpose", 5)
    change(assessment, cast, "OC")

    page = lead.post(
        address, {"version": "0", "choice": "2", "reason": "Typed for an hour"}
    )

    text = page.content.decode()
    assert "left this standard out" in text
    assert "Typed for an hour" in text
    assert the_response(assessment, "PU5").version == 0


# It can change


def change(assessment, cast, *domains, version=None, **overrides):
    change_set_up(
        assessment=assessment,
        set_up=SetUp(domains=domains, **overrides),
        version=assessment.version if version is None else version,
        by=cast.lead,
        at=NOW,
    )


def test_an_answer_that_is_left_out_stays_and_comes_back(cast):
    assessment = start(cast, *Organisation.Domain.values)
    say(the_response(assessment, "PU5"), cast)

    change(assessment, cast, "OC")
    assert "PU5" not in asked(assessment)
    assert the_response(assessment, "PU5").level == 2
    with pytest.raises(NotAllowed, match="left this standard out"):
        say(the_response(assessment, "PU5"), cast)
    change(assessment, cast, "GS")

    assert "PU5" in asked(assessment)
    assert assessment_record(assessment).progress.responded == 1
    assert left_out(assessment) == ["IM2"]
    event = AuditEvent.objects.filter(verb="set_up").latest("pk")
    assert event.details == {"domains": ["GS"], "left_out": 1}


def test_locking_and_finishing_ask_for_no_more_than_is_asked(cast):
    assessment = start(cast, "OC")
    for code in asked(assessment):
        say(the_response(assessment, code), cast)
    presence = assessment.edition.principles.get(slug="presence")

    finish_principle(
        assessment=assessment, principle=presence, codes=[], by=cast.lead, at=NOW
    )
    lock(assessment=assessment, by=cast.lead, at=NOW)

    assert Response.objects.filter(assessment=assessment, is_locked=True).count() == 30
    with pytest.raises(NotAllowed, match="Our view is locked"):
        change(assessment, cast, "GS")


def test_the_first_of_two_who_change_it_wins(cast, lead, set_up_address):
    shown = cast.assessment.version
    change(cast.assessment, cast, "SD", answer_by=date(2027, 3, 1))
    with pytest.raises(ArrangedMeanwhile):
        change(cast.assessment, cast, "GS", version=shown)

    late = lead.post(
        set_up_address, {"version": shown, "domains": ["GS"], "answer_by_day": "1"}
    )
    assert late.status_code == 200  # The date is not whole.
    typed = {"version": shown, "domains": ["GS", "CO"]}
    late = lead.post(set_up_address, typed)

    text = " ".join(late.content.decode().split())
    assert late.status_code == 409
    assert "Where people could be involved: Service delivery and evaluation." in text
    assert "All answers by 1 March 2027." in text
    again = typed | {"version": cast.assessment.version}
    assert lead.post(set_up_address, again).url == cast.assessment.get_absolute_url()
    cast.assessment.refresh_from_db()
    assert set(cast.assessment.domains) == {"CO", "GS"}
    assert cast.assessment.answer_by is None


# What is asked


@pytest.mark.parametrize(
    ("kind", "scope", "has_own_care"),
    [
        ("nhs_trust", "organisation", True),
        ("commissioner", "organisation", False),
        ("council", "service", True),
        ("care_charity", "organisation", True),
        ("other_charity", "organisation", False),
        ("user_led", "organisation", False),
        ("other", "service", True),
    ],
)
def test_what_is_offered_fits_the_kind_of_organisation(kind, scope, has_own_care):
    organisation = make_organisation("meadow", kind=kind)

    offered = starting_point(organisation, date(2028, 2, 29))

    assert (offered.scope, "OC" in offered.domains) == (scope, has_own_care)
    assert {"CO", "SD", "GS"} <= set(offered.domains)
    assert offered.period_from == date(2027, 3, 1)
    assert offered.period_until == date(2028, 2, 29)
    service = {"scope": "service", "scope_name": "Mill ward"}
    said = make_organisation("mill", kind=kind, domains=["SD"], **service)
    own = starting_point(said, date(2028, 2, 29))
    assert (own.scope, own.scope_name, own.domains) == ("service", "Mill ward", ("SD",))


def test_a_start_without_typing_takes_what_is_offered(cast, lead):
    Assessment.objects.filter(pk=cast.assessment.pk).delete()
    address = reverse("assessments:start", args=["riverside"])
    form = lead.get(address).context["form"]

    page = lead.post(address, sent(form))

    assessment = Assessment.objects.of(cast.riverside).get()
    assert page.status_code == 302
    assert assessment.domains == ["OC", "CO", "SD", "GS"]
    assert assessment.period_until == timezone.localdate()
    assert assessment.answer_by is None


def sent(form):
    """Give what a browser sends of a page that nobody has touched."""
    fields = {}
    for name, start in form.initial.items():
        if isinstance(start, date):
            fields |= day(name, start)
        else:
            fields[name] = start
    return fields


def test_each_mistake_has_its_sentence(cast, lead, set_up_address):
    yesterday = timezone.localdate() - timedelta(days=1)
    mistakes = [
        ({}, "Tick one of the places at least."),
        ({"domains": ["XX"]}, "Choose from the list."),
        (day("period_from", date(2026, 1, 1)), "Enter the last day as well"),
        (day("period_until", date(2026, 1, 1)), "Enter the first day as well"),
        (
            day("period_from", date(2026, 2, 1))
            | day("period_until", date(2026, 1, 1)),
            "The last day must be after the first.",
        ),
        (day("answer_by", yesterday), "must be in the future"),
        ({"domains": ["SD"], "version": "nonsense" * 9}, "Somebody changed this"),
    ]
    change(cast.assessment, cast, "OC")
    for typed, sentence in mistakes:
        fields = {"version": "1", "domains": ["OC"]} if "domains" not in typed else {}
        page = lead.post(set_up_address, (fields if typed else {}) | typed)
        assert sentence in page.content.decode(), typed
    cast.assessment.refresh_from_db()
    assert (cast.assessment.version, cast.assessment.domains) == (1, ["OC"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.update(period_from=date(2026, 2, 1))


def day(name, when):
    parts = ("day", "month", "year")
    return {f"{name}_{part}": str(getattr(when, part)) for part in parts}
