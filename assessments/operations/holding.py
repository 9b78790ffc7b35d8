"""Hold an assessment still while something beside its answers is written."""

from __future__ import annotations

from assessments.models import Assessment
from assessments.rules import status_after
from organisations.rules import check_can_change


def hold_open(key: int, operation: str) -> None:
    """Ask the assessment as it stands, and let locking wait until this is done.

    Raises: Paused; what its status refuses.
    """
    held = (
        Assessment.objects.select_related("organisation")
        .select_for_update(of=("self",))
        .get(pk=key)
    )
    check_can_change(held.organisation)
    status_after(held, operation)
