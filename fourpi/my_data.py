"""All that we hold of one person, in one file."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from assessments.queries.my_data import my_writing
from organisations.models import User
from organisations.queries.my_data import my_data
from reports.queries import reports_asked_by


ABOUT = (
    "What 4Pi self-assessment holds about you. Keys and passwords are left out, and so"
    " are the names and addresses of other people. Times are in UTC."
)


def data_file(user: User, at: datetime) -> str:
    """Write the file: JSON that a person can read."""
    return json.dumps(
        all_of(user, at), cls=DjangoJSONEncoder, indent=2, ensure_ascii=False
    )


def all_of(user: User, at: datetime) -> dict[str, Any]:
    """Gather from each app what it holds of somebody, in a constant number of queries."""
    return {
        "about": ABOUT,
        "made_at": at,
        **my_data(user),
        "what you wrote": my_writing(user),
        "reports that you asked for": reports_asked_by(user),
    }
