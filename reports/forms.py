"""What is asked of who makes a document, and of who checks one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from organisations.forms import Ask, PlainTextField, Radios
from standards.queries import DutySet

from .document import as_kept
from .models import Report


NORMAL, LARGE = "normal", "large"
# What each is for, in a sentence.
EXPLAINED = {
    Report.Kind.FULL_RECORD: (
        "Everything: each standard with its level, the reason and the evidence, what is "
        "private too. For people inside the organisation."
    ),
    Report.Kind.BOARD_PAPER: (
        "Two pages, or more in large print: what we promised, where we stand, what we do "
        "not know yet, and what the board is asked."
    ),
    Report.Kind.PLAIN_SUMMARY: (
        "Plain words and larger print, for {people} and for carers. It holds no reasons "
        "and no evidence."
    ),
    Report.Kind.EASY_READ: (
        "One idea at a time, with a picture beside each. Easier words and pictures, not "
        "yet checked with people."
    ),
    Report.Kind.DUTIES: (
        "For a law, a rule or guidance: the standards that bear on it, their levels, and "
        "the evidence that is public. It is not proof of compliance."
    ),
}


class DocumentForm(forms.Form):
    # A form that says nothing asks for the full record: the button on the overview.
    kind = forms.ChoiceField(
        label="Which document?",
        choices=[(kind, kind.label) for kind in EXPLAINED],
        initial=Report.Kind.FULL_RECORD,
        required=False,
        widget=Radios(),
    )
    about = forms.ChoiceField(
        label="Evidence by duty: which law, rule or guidance?",
        help_text="Only if you chose evidence by duty. You can choose one, or a set.",
        required=False,
    )
    size = forms.ChoiceField(
        label="Which print?",
        help_text="Large print takes more pages.",
        choices=[(NORMAL, "Normal print"), (LARGE, "Large print")],
        initial=NORMAL,
        required=False,
        widget=Radios(),
    )

    def __init__(
        self,
        *args: Any,
        sets: Callable[[], Sequence[DutySet]],
        people: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["kind"].widget
        assert isinstance(kinds, Radios)
        kinds.hints = {
            str(k): said.format(people=people) for k, said in EXPLAINED.items()
        }
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)
        # Read only where they are shown or one was chosen: most ask for something else.
        about.choices = lambda: [("", "Choose one"), *map(_duties_of, sets())]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*(Ask(name, size="m") for name in self.fields))

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or str(Report.Kind.FULL_RECORD)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["is_large"] = cleaned.get("size") == LARGE
        if cleaned.get("kind") != Report.Kind.DUTIES:
            # What was chosen for another document is not needed for this one.
            self.errors.pop("about", None)
            cleaned["about"] = ""
        elif not (cleaned.get("about") or "about" in self.errors):
            self.add_error("about", "Choose a law, a rule or guidance, or a set.")
        return cleaned


def _duties_of(each: DutySet) -> tuple[str, list[tuple[str, str]]]:
    """List a set as a group to choose from: all of it, or one of its duties."""
    whole = (each.name, f"All {len(each.duties)}: {each.name}")
    return each.name, [whole, *((duty.code, duty.title) for duty in each.duties)]


class CheckForm(forms.Form):
    """The code of a report, as somebody reads it off paper."""

    NOT_FOUND = (
        "We have no report with this code. Look at each letter and number again. A draft "
        "is not kept for ever. If in doubt, ask who gave you the report."
    )

    code = PlainTextField(
        label="Check code",
        help_text="It has 12 letters and numbers, such as 7KQF-3M2X-9TRW.",
        max_length=100,
        is_one_line=True,
        error_messages={"required": "Type the check code."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {
            "autocomplete": "off",
            "spellcheck": "false",
            "autocapitalize": "characters",
        }
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Ask("code"))

    def clean_code(self) -> str:
        code = as_kept(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError("A check code has 12 letters and numbers.")
        return code
