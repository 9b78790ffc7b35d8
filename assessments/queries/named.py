"""What the trail of an organisation calls the standards that events are about."""

from __future__ import annotations

from collections.abc import Collection

from assessments.models import Response
from organisations.models import Organisation
from organisations.queries import Named


def standards_named(
    organisation: Organisation, wanted: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Named]:
    """Name the standards of an organisation's assessments, in one query.

    Shape: by the assessment's public id and the standard's code; without those that
    are not there any more.
    """
    found = Response.objects.filter(
        assessment__organisation=organisation,
        assessment__public_id__in={assessment for assessment, _ in wanted},
        standard__code__in={code for _, code in wanted},
    ).select_related("assessment__organisation", "standard__principle")
    return {
        (str(each.assessment.public_id), each.standard.code): _named(each)
        for each in found
    }


def _named(response: Response) -> Named:
    standard = response.standard
    address = response.assessment.question_address(
        standard.principle.slug, standard.position
    )
    return Named(f"{standard.code} {standard.title}", address)
