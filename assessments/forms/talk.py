"""What is asked of who comments on an answer, or asks for another look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict

from assessments.models import COMMENT_LENGTH, WHY_LENGTH
from assessments.queries import Colleague
from organisations.forms import (
    Ask,
    Checkboxes,
    Paragraphs,
    PlainTextField,
    VersionField,
)
from organisations.models import User


# What stands in the boxes of a comment, beside those of the answer.
COMMENT, TELL = "comment", "tell"


class CommentForm(forms.Form):
    comment = PlainTextField(
        label="Your comment",
        help_text="For your colleagues. It is not in the report, and not public.",
        max_length=COMMENT_LENGTH,
        widget=Paragraphs(rows=3),
        error_messages={"required": "Write your comment."},
    )

    def __init__(
        self,
        *args: Any,
        colleagues: Sequence[Colleague],
        is_draft: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_draft:
            # Nobody is told that what she has not finished is wrong.
            self._errors = ErrorDict()
        self.people = {str(each.person.public_id): each.person for each in colleagues}
        self.fields["tell"] = forms.MultipleChoiceField(
            label="Who should hear of it?",
            help_text="They read of it in their next mail, once a day at most. "
            "Everybody here can read it on this page.",
            choices=[
                (str(each.person.public_id), f"{each.name}, {each.role}")
                for each in colleagues
            ],
            required=False,
            widget=Checkboxes(),
            error_messages={
                "invalid_choice": "One of those you chose does not belong here any more."
            },
        )
        whom = Div("tell", template="assessments/_whom_to_tell.html")
        whom.is_open = bool(self["tell"].value())
        self.helper = FormHelper()
        self.helper.form_tag = False
        # The form of the answer brings its script along.
        self.helper.include_media = False
        self.helper.layout = Layout("comment", *([whom] if colleagues else []))

    def tell(self) -> list[User]:
        return [self.people[key] for key in self.cleaned_data["tell"]]


class EditCommentForm(CommentForm):
    """The same, and which version of the comment the page showed."""

    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout.fields.insert(0, "version")
        self.helper.include_media = True


class AnotherLookForm(forms.Form):
    why = PlainTextField(
        label="What should be looked at again?",
        help_text="A sentence is enough. Everybody who takes part can read it.",
        max_length=WHY_LENGTH,
        widget=Paragraphs(rows=3),
        error_messages={"required": "Say in a sentence what to look at."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Ask("why", size="m"))


def has_comment(posted: QueryDict) -> bool:
    """Say whether anything stands in the box for a comment."""
    return bool(posted.get(COMMENT, "").strip())


def without_comment(posted: QueryDict) -> QueryDict:
    """Give what was sent of the answer alone."""
    rest = posted.copy()
    for name in (COMMENT, TELL):
        rest.pop(name, None)
    return rest
