"""Ask for the longest record that there can be: `python -m tests.faults.ask_longest`."""

import django


django.setup()

from django.utils import timezone  # noqa: E402

from assessments.models import Response  # noqa: E402
from assessments.operations import answer  # noqa: E402
from assessments.rules import ResponseContent  # noqa: E402
from reports.operations import request_report  # noqa: E402
from tests.factories import (  # noqa: E402
    Role,
    make_assessment,
    make_member,
    make_organisation,
)
from tests.reports.longest import longest_thirty  # noqa: E402


def main() -> None:
    organisation = make_organisation("longest")
    lead = make_member(organisation, Role.LEAD, "Asha Longest")
    assessment = make_assessment(organisation, lead)
    responses = Response.objects.of(assessment).select_related(
        "standard", "saved_by", "assessment__organisation"
    )
    now = timezone.now()
    for response, reason in zip(responses, longest_thirty(), strict=True):
        content = ResponseContent(state="answered", level=2, reason=reason)
        answer(response=response, content=content, version=0, by=lead, at=now)
    request_report(assessment=assessment, by=lead, at=now)


if __name__ == "__main__":
    main()
