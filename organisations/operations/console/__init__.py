"""What stewards do: each operation one transaction, audited."""

from .decisions import add_note, approve, ask, decline


__all__ = ["add_note", "approve", "ask", "decline"]
