"""Ask for reports in a deployment: `python -m tests.faults.ask NUMBER`."""

import sys

import django


django.setup()

from django.utils import timezone  # noqa: E402

from assessments.models import Response  # noqa: E402
from organisations.models import Organisation, User  # noqa: E402
from reports.operations import request_report  # noqa: E402
from tests.factories import (  # noqa: E402
    Role,
    make_assessment,
    make_member,
    make_organisation,
)


def main(number: int) -> None:
    """Ask for a number of reports, each by a person of its own and of other words.

    What says the same as a report that is made would not be made again.
    """
    assessment = _assessment()
    said = Response.objects.of(assessment).earliest("pk").pk
    begun = User.objects.count()
    for index in range(begun, begun + number):
        person = make_member(assessment.organisation, Role.LEAD, f"P{index}")
        Response.objects.filter(pk=said).update(reason=f"Said {index} times.")
        request_report(assessment=assessment, by=person, at=timezone.now())


def _assessment():
    organisation = Organisation.objects.filter(slug="riverside").first()
    if organisation is not None:
        return organisation.assessments.get()
    organisation = make_organisation("riverside")
    lead = make_member(organisation, Role.LEAD, "Asha Lead")
    return make_assessment(organisation, lead)


if __name__ == "__main__":
    main(int(sys.argv[1]))
