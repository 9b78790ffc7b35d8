"""The many organisations of the sample: plausible, whole, the same every time."""

from datetime import date
from itertools import islice

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from assessments.models import Assessment, Response
from fourpi.samples.many import make_many
from fourpi.samples.names import invented
from organisations.models import Membership, Milestone, Organisation


pytestmark = pytest.mark.usefixtures("edition")

TODAY = date(2026, 11, 23)
COUNT = 120


def test_names_are_invented_once_each_and_always_the_same():
    names = [one.name for one in islice(invented(), 10_000)]

    assert len({name.casefold() for name in names}) == len(names)
    assert max(map(len, names)) <= Organisation._meta.get_field("name").max_length
    assert [one.name for one in islice(invented(), 50)] == names[:50]
    assert any(not name.isascii() for name in names[:COUNT])


@pytest.mark.slow
@pytest.mark.database
def test_every_kind_nation_and_stage_is_there():
    assert make_many(COUNT, today=TODAY) == COUNT

    for field in ("kind", "nation", "stage"):
        found = set(Organisation.objects.values_list(field, flat=True))
        assert found == set(dict(Organisation._meta.get_field(field).choices))
    sizes = Organisation.objects.annotate(people=Count("memberships"))
    assert set(sizes.values_list("people", flat=True)) == {2, 3}
    leads = Membership.objects.filter(role="lead").values("organisation").distinct()
    assert leads.count() == COUNT
    assert Organisation.objects.filter(search_text="").count() == 0
    whole = Assessment.objects.annotate(standards=Count("responses"))
    assert set(whole.values_list("standards", flat=True)) == {30}
    assert not Response.objects.exclude(version=0).exists()


@pytest.mark.slow
def test_dates_are_those_of_a_commitment():
    make_many(COUNT, today=TODAY)

    for organisation in Organisation.objects.all():
        organisation.full_clean()
        is_due = organisation.due_on > TODAY
        assert is_due == (organisation.stage != Organisation.Stage.LAPSED)
        assert organisation.signed_up_on <= organisation.stage_since <= TODAY
    for milestone in Milestone.objects.all():
        milestone.full_clean()


@pytest.mark.slow
def test_a_second_time_makes_only_what_is_missing():
    make_many(20, today=TODAY)
    slugs = set(Organisation.objects.values_list("slug", flat=True))

    assert make_many(30, today=TODAY) == 10
    assert make_many(30, today=TODAY) == 0
    assert slugs < set(Organisation.objects.values_list("slug", flat=True))
    assert Organisation.objects.count() == 30


@pytest.mark.slow
def test_the_command_makes_them_beside_the_sample(capsys):
    call_command("make_sample", organisations=5)

    assert "5 organisations made" in capsys.readouterr().out
    assert Organisation.objects.registered().count() == 7


@pytest.mark.parametrize("count", [-1, 10_001])
def test_the_command_refuses_too_many(count):
    with pytest.raises(CommandError, match="0 to 10,000"):
        call_command("make_sample", organisations=count)
