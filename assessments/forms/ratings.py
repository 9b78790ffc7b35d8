"""What is asked of who asks for own levels, gives one, or notes a dissent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from assessments.models import DISSENT_LENGTH
from assessments.queries import Colleague, LevelChoice
from organisations.forms import (
    Ask,
    Checkboxes,
    Paragraphs,
    PlainTextField,
    Radios,
    VersionField,
)
from organisations.models import User


CANNOT_SAY = "cannot_say"


class AskForRatingsForm(forms.Form):
    """Of whom and of what; everybody and everything unless somebody is left out."""

    def __init__(
        self,
        *args: Any,
        colleagues: Sequence[Colleague],
        principles: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        self.people = {str(each.person.public_id): each.person for each in colleagues}
        super().__init__(*args, **kwargs)
        self.fields["people"] = forms.MultipleChoiceField(
            label="Whom do you ask?",
            help_text="Two people at least. Count yourself in if you take part.",
            choices=[
                (str(each.person.public_id), f"{each.name}, {each.role}")
                for each in colleagues
            ],
            initial=list(self.people),
            widget=Checkboxes(),
            error_messages={
                "required": "Choose two people at least.",
                "invalid_choice": "One of those you chose does not belong here any more.",
            },
        )
        self.fields["principles"] = forms.MultipleChoiceField(
            label="About which parts?",
            choices=principles,
            initial=[slug for slug, _ in principles],
            widget=Checkboxes(),
            error_messages={
                "required": "Choose one part at least.",
                "invalid_choice": "Choose parts of this list.",
            },
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Ask("people", size="m"), Ask("principles", size="m")
        )

    def chosen_people(self) -> list[User]:
        return [self.people[key] for key in self.cleaned_data["people"]]


class RateForm(forms.Form):
    def __init__(self, *args: Any, choices: Sequence[LevelChoice], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["level"] = forms.ChoiceField(
            label="Where do you think you are, all of you together?",
            help_text="From low to high. Choose the highest sentence that is true.",
            choices=[
                *((str(c.value), f"{c.value} {c.word}") for c in choices),
                (CANNOT_SAY, "I cannot say"),
            ],
            widget=Radios(
                hints={str(c.value): c.sentence for c in choices},
                divider_before=CANNOT_SAY,
            ),
            error_messages={
                "required": "Choose a level, or “I cannot say”.",
                "invalid_choice": "Choose one of the levels on this page.",
            },
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Ask("level", size="m"))

    def level(self) -> int | None:
        chosen = self.cleaned_data["level"]
        return None if chosen == CANNOT_SAY else int(chosen)


class DissentBox(forms.Form):
    """What some see differently, in the form of the answer."""

    # Which of them the page showed.
    dissent_seen = VersionField()
    dissent = PlainTextField(
        label="What do some see differently?",
        help_text="Say what and why, without names. It stays beside the answer, and is "
        "in the report. Leave it empty when nobody does.",
        max_length=DISSENT_LENGTH,
        required=False,
        widget=Paragraphs(rows=4),
    )

    def __init__(self, *args: Any, has_answer: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_answer = has_answer
        self.helper = FormHelper()
        self.helper.form_tag = False
        # The form of the answer brings its script along.
        self.helper.include_media = False
        self.helper.layout = Layout("dissent_seen", Ask("dissent", size="m"))

    def clean_dissent(self) -> str:
        text: str = self.cleaned_data["dissent"]
        if text and not self.has_answer:
            raise forms.ValidationError(
                "Choose a level first, or say why. Then note what some see differently."
            )
        return text


class DissentForm(DissentBox):
    """The same on a page of its own, with the version of the answer that it showed."""

    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout.fields.insert(0, "version")
        self.helper.include_media = True
