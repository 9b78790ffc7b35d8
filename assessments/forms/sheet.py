"""What is asked of who uploads a spreadsheet, and what saving it would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat

from assessments.operations import SheetAnswer
from assessments.queries import (
    PastVersion,
    QuestionPage,
    WaitingSheet,
    told_change,
)
from assessments.rules import ResponseContent, missing_proof
from organisations.forms import Radios
from organisations.models import User

from .drafts import both_texts
from .response import ResponseForm


MINE, THEIRS, BOTH = "mine", "theirs", "both"
Questions = Mapping[str, QuestionPage]


class UploadForm(forms.Form):
    file = forms.FileField(
        label="The spreadsheet that you filled in",
        help_text="An Excel workbook (.xlsx), 2 MB at most. We read it and do not "
        "keep the file.",
        allow_empty_file=True,
        error_messages={"required": "Choose the spreadsheet that you filled in."},
        widget=forms.FileInput(
            attrs={
                "accept": ".xlsx,application/vnd.openxmlformats-officedocument"
                ".spreadsheetml.sheet"
            }
        ),
    )

    def __init__(self, *args: Any, sent: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sent > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            # The file was let go of before it came here.
            most = filesizeformat(settings.FILE_UPLOAD_MAX_MEMORY_SIZE)
            self.fields["file"].error_messages["required"] = (
                f"The file is larger than {most}. Ours is much smaller, so "
                "copy your answers into a new download, and upload that."
            )
        self.helper = FormHelper()
        self.helper.form_tag = False

    def content(self) -> bytes:
        content: bytes = self.cleaned_data["file"].read()
        return content

    def name(self) -> str:
        name: str = self.cleaned_data["file"].name
        return name


@dataclass(frozen=True)
class SheetChange:
    """What an upload would change of one standard.

    Where somebody saved since it was filled in, `is_conflict`; `both` is then what
    both texts put together say, if there is room for both.
    """

    question: QuestionPage
    since: int
    content: ResponseContent
    both: ResponseContent | None
    told: PastVersion
    stands: PastVersion
    joined: PastVersion | None

    @property
    def is_conflict(self) -> bool:
        return self.since != self.question.response.version

    @property
    def code(self) -> str:
        return self.question.standard.code

    @property
    def field(self) -> str:
        return f"keep_{self.code}"

    @property
    def missing_proof(self) -> tuple[str, ...]:
        kinds = {piece.type for piece in self.content.evidence}
        return missing_proof(self.content.level, kinds)


@dataclass(frozen=True)
class SheetChanges:
    """What an upload would change; `without` are the standards we cannot save now."""

    changes: tuple[SheetChange, ...]
    without: tuple[str, ...]

    @property
    def conflicts(self) -> tuple[SheetChange, ...]:
        return tuple(change for change in self.changes if change.is_conflict)

    @property
    def versions(self) -> str:
        """Write which versions a page shows as standing now."""
        shown = ((c.code, c.question.response.version) for c in self.changes)
        return " ".join(f"{code}:{version}" for code, version in shown)


def changes_of(
    sheet: WaitingSheet, questions: Questions, *, reader: User
) -> SheetChanges:
    """Compare an upload with what stands now: only what differs."""
    changes, without = [], []
    for code, version, typed in sheet.rows:
        # What is asked may be other since: a standard left out with its domain, perhaps.
        question = questions.get(code)
        if question is None:
            without.append(code)
            continue
        form = ResponseForm(QueryDict(typed), page=question)
        if not form.is_valid():
            without.append(code)
        elif form.content() != question.content:
            changes.append(_change(question, version, form, reader, sheet.uploaded_at))
    return SheetChanges(tuple(changes), tuple(without))


def _change(
    question: QuestionPage,
    since: int,
    form: ResponseForm,
    reader: User,
    at: datetime,
) -> SheetChange:
    mine, now = form.content(), question.content
    both = None
    if since != question.response.version:
        both = _both(form.data, question)
    words = {c.value: f"{c.value} {c.word}" for c in question.choices}
    told = partial(told_change, question.response, now, words=words, by=reader, at=at)
    return SheetChange(
        question=question,
        since=since,
        content=mine,
        both=both,
        told=told(mine),
        stands=told(now),
        joined=told(both) if both else None,
    )


def _both(typed: Any, question: QuestionPage) -> ResponseContent | None:
    posted = both_texts(typed, theirs=question)
    form = ResponseForm(posted, page=question)
    return form.content() if form.is_valid() else None


class KeepForm(forms.Form):
    """For each standard that somebody saved meanwhile: which text is to stand."""

    sheet = forms.UUIDField(widget=forms.HiddenInput)
    versions = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, changes: Sequence[SheetChange], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.changes = changes
        for change in changes:
            if change.is_conflict:
                self.fields[change.field] = _keep_field(change)

    def answers(self) -> list[SheetAnswer]:
        """Turn a valid form into what the operation takes."""
        shown = _read_versions(self.cleaned_data["versions"])
        return [self._answer(change, shown) for change in self.changes]

    def _answer(self, change: SheetChange, shown: Mapping[str, int]) -> SheetAnswer:
        kept = self.cleaned_data.get(change.field, MINE)
        content = change.both if kept == BOTH else change.content
        assert content is not None  # There is no such choice otherwise.
        return SheetAnswer(
            response=change.question.response,
            content=content,
            # What was not shown is over nothing, so that it overwrites nothing.
            version=shown.get(change.code, 0),
            since=change.since,
            keeps_theirs=kept == THEIRS,
        )


def _read_versions(words: str) -> dict[str, int]:
    pairs = (word.partition(":") for word in words.split())
    return {
        code: int(number)
        for code, _, number in pairs
        if number.isascii() and number.isdigit() and len(number) < 10
    }


def _keep_field(change: SheetChange) -> forms.ChoiceField:
    choices = [(MINE, "Keep what I wrote in the spreadsheet")]
    choices.append((THEIRS, "Keep what stands now"))
    if change.both:
        choices.append((BOTH, "Put both together"))
    return forms.ChoiceField(
        label=f"Which answer to {change.code} is to stand?",
        choices=choices,
        widget=Radios(
            hints={
                MINE: "The other stays in the history of this answer.",
                THEIRS: "Yours stays on the question’s page, for you alone.",
                BOTH: "The reason that stands comes first, then yours. The level is "
                "yours. You can change it afterwards.",
            }
        ),
        error_messages={
            "required": f"Choose which answer to {change.code} is to stand.",
            "invalid_choice": f"Choose which answer to {change.code} is to stand.",
        },
    )
