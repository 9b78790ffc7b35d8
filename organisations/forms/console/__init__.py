"""What the console asks stewards."""

from .access import AccessForm
from .decisions import ApproveForm, AskForm, DeclineForm, FindSignUpForm, NoteForm
from .organisations import FindOrganisationForm


__all__ = [
    "AccessForm",
    "ApproveForm",
    "AskForm",
    "DeclineForm",
    "FindOrganisationForm",
    "FindSignUpForm",
    "NoteForm",
]
