"""What people do with an assessment: each operation one transaction, audited."""

from .assessment import (
    AlreadyUnderWay,
    EditConflict,
    answer,
    finish_principle,
    lock,
    start_assessment,
)


__all__ = [
    "AlreadyUnderWay",
    "EditConflict",
    "answer",
    "finish_principle",
    "lock",
    "start_assessment",
]
