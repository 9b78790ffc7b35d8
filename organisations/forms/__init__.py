"""What the pages of people and organisations ask; and the fields all apps share."""

from .entry import DropMilestoneForm, EntryForm, MilestoneForm, WordsForm
from .fields import (
    Ask,
    Checkboxes,
    DateParts,
    DatePartsField,
    Paragraphs,
    PlainTextField,
    Radios,
    VersionField,
    seen,
)
from .people import ChangeRoleForm, InviteForm, JoinForm, OfferForm, RoleField
from .register import RegisterForm
from .sign_up import PAGE_FORMS
from .sign_up_beside import AddressForm, AlikeForm, AnswerForm, DisagreeForm
from .sign_up_page import PageForm
from .single_sign_on import SignInProviderForm
from .trail import FindActivityForm, FindEventForm
from .units import UnitForm


__all__ = [
    "AddressForm",
    "AlikeForm",
    "AnswerForm",
    "DisagreeForm",
    "FindActivityForm",
    "FindEventForm",
    "Ask",
    "ChangeRoleForm",
    "Checkboxes",
    "DateParts",
    "DatePartsField",
    "DropMilestoneForm",
    "EntryForm",
    "MilestoneForm",
    "InviteForm",
    "JoinForm",
    "OfferForm",
    "PAGE_FORMS",
    "PageForm",
    "Paragraphs",
    "PlainTextField",
    "Radios",
    "RegisterForm",
    "RoleField",
    "SignInProviderForm",
    "UnitForm",
    "VersionField",
    "WordsForm",
    "seen",
]
