"""Freeze an organisation's commitment into a certificate, and read it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from organisations.content import COMMITMENT
from organisations.models import Organisation

from .freezing import freeze
from .text import direction


# How much of its own fits on one page at full size, and then at the size below.
ROOM, ROOM_IF_CROWDED = 230, 400


@dataclass(frozen=True)
class Certificate:
    """The whole of one certificate, with nothing left to look up."""

    template: ClassVar[str] = "certificate"

    organisation: str
    scope: str
    sponsor_role: str
    stage: str
    signed_up_on: date
    until: date
    points: tuple[str, ...]
    reference: str
    page: str
    made_on: date
    # Certificates that are older than this field are in normal print.
    is_large: bool = False

    @property
    def title(self) -> str:
        return f"4Pi commitment of {self.organisation}"

    @property
    def name_direction(self) -> str:
        return direction(self.organisation)

    @property
    def size(self) -> str:
        """Name the classes that keep it on one page; the name is the largest print.

        Large print is never set smaller. It takes more pages.
        """
        if self.is_large:
            return "large"
        own = (*(self.organisation,) * 2, self.scope, self.sponsor_role, self.page)
        letters = sum(map(len, own))
        if letters <= ROOM:
            return ""
        return "crowded" if letters <= ROOM_IF_CROWDED else "crowded packed"


def build_certificate(
    organisation: Organisation, *, is_large: bool, at: datetime
) -> dict[str, Any]:
    """Freeze what an organisation has signed up to, as it stands.

    Shape: what `json` can hold; `read_certificate` gives the dataclass back.
    """
    assert organisation.signed_up_on
    assert organisation.due_on
    is_whole = organisation.scope == Organisation.Scope.WHOLE
    address = reverse("register_organisation", args=[organisation.slug])
    certificate = Certificate(
        organisation=organisation.name,
        scope=organisation.get_scope_display() if is_whole else organisation.scope_name,
        sponsor_role=organisation.sponsor_role,
        stage=organisation.get_stage_display(),
        signed_up_on=organisation.signed_up_on,
        until=organisation.due_on,
        points=COMMITMENT,
        reference=_reference(organisation),
        page=f"{settings.PUBLIC_ADDRESS}{address}",
        made_on=timezone.localdate(at),
        is_large=is_large,
    )
    return freeze(certificate)


def read_certificate(frozen: dict[str, Any]) -> Certificate:
    """Give a frozen certificate its types back."""
    dates = {
        name: date.fromisoformat(frozen[name])
        for name in ("signed_up_on", "until", "made_on")
    }
    return Certificate(**{**frozen, **dates, "points": tuple(frozen["points"])})


def _reference(organisation: Organisation) -> str:
    """Give the reference of the sign-up; who never used the form has none."""
    sign_up = getattr(organisation, "sign_up", None)
    return sign_up.reference if sign_up else ""
