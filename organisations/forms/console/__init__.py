"""What the console asks stewards."""

from .decisions import ApproveForm, AskForm, DeclineForm, FindSignUpForm, NoteForm
from .organisations import FindOrganisationForm


__all__ = [
    "ApproveForm",
    "AskForm",
    "DeclineForm",
    "FindOrganisationForm",
    "FindSignUpForm",
    "NoteForm",
]
