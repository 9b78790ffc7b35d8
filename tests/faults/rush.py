"""Let many people be signed in and about to ask: `python -m tests.faults.rush NUMBER`.

Prints for each the page of her assessment and the cookie of her session, as JSON.
"""

import json
import sys

import django


django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from tests.factories import (  # noqa: E402
    Role,
    make_assessment,
    make_member,
    make_organisation,
)
from tests.reports.factories import answer_all  # noqa: E402


# As many as may ask within the hour.
OF_EACH = settings.REPORTS_AN_HOUR


def main(number: int) -> list[dict[str, str]]:
    people = []
    while len(people) < number:
        slug = f"rush-{len(people)}"
        organisation = make_organisation(slug)
        lead = make_member(organisation, Role.LEAD, f"{slug} lead")
        assessment = make_assessment(organisation, lead)
        answer_all(assessment, lead, reason="Most teams do. " * 20)
        for index in range(min(OF_EACH, number - len(people))):
            person = make_member(organisation, Role.CONTRIBUTOR, f"{slug} {index}")
            people.append({"page": assessment.get_absolute_url(), **session(person)})
    return people


def session(person):
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    return {"cookie": f"{name}={client.cookies[name].value}"}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]))))
