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
from .users import FindUserForm, IdentityForm


__all__ = [
    "FindUserForm",
    "IdentityForm",
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
