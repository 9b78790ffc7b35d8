"""What every shorter document says of itself: whose it is, of what, and from when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .text import direction


@dataclass(frozen=True)
class Paper:
    """The head of a document made from a full record."""

    organisation: str
    scope: str
    edition: str
    edition_version: str
    is_large: bool
    locked_at: datetime | None
    frozen_at: datetime

    @property
    def is_draft(self) -> bool:
        return self.locked_at is None

    @property
    def name_direction(self) -> str:
        return direction(self.organisation)
