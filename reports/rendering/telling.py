"""Tell who asked for a report that it is made, when it took longer than a page waits."""

from __future__ import annotations

from datetime import datetime

from organisations.emails import stop_path
from organisations.models import MailPreference
from organisations.steps import post_mail
from reports.models import Report
from reports.queries import wants_mail
from reports.rules import PAGE_WAITS


def tell(report: Report, *, template: str, at: datetime) -> None:
    """Post the mail, within the transaction in which the report ends.

    Shape: none to who saw it on the page, left the organisation or stopped such mails.
    """
    if at - report.queued_at < PAGE_WAITS or not wants_mail(report):
        return
    person = report.requested_by
    post_mail(
        template=template,
        to=person.email,
        context={
            "noun": report.noun,
            "organisation": str(report.organisation),
            "path": report.get_absolute_url(),
            "stop": stop_path(person, MailPreference.Kind.REPORTS),
        },
        at=at,
    )
