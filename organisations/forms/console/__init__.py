"""What the console asks stewards."""

from .access import AccessForm
from .decisions import ApproveForm, AskForm, DeclineForm, FindSignUpForm, NoteForm
from .notices import NoticeForm
from .organisations import (
    AddForm,
    EditForm,
    EntryForm,
    ExtendForm,
    FindOrganisationForm,
    FindOtherForm,
    ReplaceLeadForm,
)


__all__ = [
    "AccessForm",
    "AddForm",
    "ApproveForm",
    "AskForm",
    "DeclineForm",
    "EditForm",
    "EntryForm",
    "ExtendForm",
    "FindOrganisationForm",
    "FindOtherForm",
    "FindSignUpForm",
    "NoteForm",
    "NoticeForm",
    "ReplaceLeadForm",
]
