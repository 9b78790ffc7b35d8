"""What stewards do: each operation one transaction, audited."""

from .decisions import add_note, approve, ask, decline
from .entries import add_organisation, edit_entry, extend_due_date
from .merging import merge_organisation
from .notices import add_notice, edit_notice, end_notice
from .succession import Check, Fate, member_asked, replace_lead
from .users import (
    let_in,
    make_steward,
    reset_second_step,
    sign_out_everywhere,
    suspend,
    unmake_steward,
)


__all__ = [
    "let_in",
    "make_steward",
    "reset_second_step",
    "sign_out_everywhere",
    "suspend",
    "unmake_steward",
    "add_notice",
    "edit_notice",
    "end_notice",
    "Check",
    "Fate",
    "add_note",
    "add_organisation",
    "approve",
    "ask",
    "decline",
    "edit_entry",
    "extend_due_date",
    "merge_organisation",
    "member_asked",
    "replace_lead",
]
