"""What is asked of each standard, built from the edition's scale."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils import timezone

from assessments.models import REASON_LENGTH, Evidence, Response
from assessments.queries import QuestionPage
from assessments.rules import EvidenceContent, ResponseContent
from organisations.forms import Ask, Paragraphs, PlainTextField, Radios, VersionField

from .drafts import put_piece
from .pieces import (
    EVIDENCE_FIELDS,
    EVIDENCE_HEADING,
    MOST_PIECES_SHOWN,
    PIECES,
    SHORT_EVIDENCE_HEADING,
    TOO_MANY,
    evidence_fields,
    evidence_names,
    holds_text,
    is_typed,
    title_from,
    typed_names,
)


State = Response.State


class ResponseForm(forms.Form):
    """What the organisation says of one standard, built from the edition's scale."""

    version = VersionField()

    def __init__(
        self,
        *args: Any,
        page: QuestionPage,
        is_draft: bool = False,
        is_one_of_many: bool = False,
        is_in_a_room: bool = False,
        **kwargs: Any,
    ) -> None:
        """Show all boxes, or on a page with other standards those that are needed.

        In a room the evidence is folded away, because few can read it there. On a page
        with others the names of the boxes begin with the standard's code, an empty piece of
        evidence follows those there are, and the page that comes next asks whether
        all of them are finished.
        """
        self.page = page
        self.is_one_of_many = is_one_of_many
        self.is_in_a_room = is_in_a_room
        if is_one_of_many:
            kwargs["prefix"] = page.standard.code
        kwargs.setdefault("initial", _shown(page))
        super().__init__(*args, **kwargs)
        if is_draft:
            # Nobody is told that what she has not finished is wrong.
            self._errors = ErrorDict()
        self.fields["choice"] = _choice_field(page)
        if not page.standard.is_core:
            self.fields["not_applicable_because"] = forms.ChoiceField(
                label="If it does not apply, why?",
                help_text="Then say why in the box below too: it cannot stay empty. "
                "Both are in the report.",
                choices=[("", "Choose a reason"), *Response.NotApplicable.choices],
                required=False,
                error_messages={"invalid_choice": "Choose one of the reasons."},
            )
        self.fields["reason"] = PlainTextField(
            label="In a sentence or two, why?",
            help_text="There is room for more. Please do not name people.",
            max_length=REASON_LENGTH,
            required=False,
            widget=Paragraphs(rows=5),
        )
        for number in self._numbers():
            self.fields.update(evidence_fields(number))
        if not is_one_of_many:
            self.fields["is_finished"] = _finished_field()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = self._layout()

    def _numbers(self) -> range:
        """Number the pieces that are shown: all that hold something, and room for more."""
        posted = [n for n in range(1, MOST_PIECES_SHOWN + 1) if self._is_posted(n)]
        if not self.is_one_of_many:
            return range(1, max([PIECES, *posted]) + 1)
        there = [number for number in posted if self._is_filled(number)]
        kept = len(self.page.evidence)
        return range(1, max([min(PIECES, max([kept, *there]) + 1), *posted]) + 1)

    def _is_posted(self, number: int) -> bool:
        start = self.add_prefix(f"evidence_{number}_")
        return any(key.startswith(start) for key in self.data)

    def _is_filled(self, number: int) -> bool:
        return any(
            self.data.get(self.add_prefix(f"evidence_{number}_{name}"))
            for name in ("title", "link", "note")
        )

    def _layout(self) -> Layout:
        # Shown once "Does not apply" is chosen; always where a browser cannot tell.
        because = Div("not_applicable_because", css_class="only-if-not-applicable")
        finished = [] if self.is_one_of_many else [Ask("is_finished", size="m")]
        size = "s" if self.is_one_of_many else "m"
        return Layout(
            "version",
            Div(
                Ask("choice", size=size),
                *([] if self.page.standard.is_core else [because]),
                css_class="choice-and-why-not",
            ),
            Ask("reason", size=size),
            *self._evidence_layout(),
            *finished,
        )

    def _evidence_layout(self) -> list[Any]:
        pieces = _one_empty_at_a_time(
            [self._piece_layout(number) for number in self._numbers()]
        )
        if not self.is_in_a_room:
            return [HTML(self._evidence_heading()), *pieces]
        folded = Div(*pieces, template="assessments/_evidence_folded.html")
        folded.is_open = any(piece.is_open for piece in pieces)
        folded.pieces = len(self.page.evidence)
        return [folded]

    def _evidence_heading(self) -> str:
        if not self.is_one_of_many:
            return EVIDENCE_HEADING
        return SHORT_EVIDENCE_HEADING.format(code=self.page.standard.code)

    def _piece_layout(self, number: int) -> Div:
        piece = Div(
            *evidence_names(number), template="assessments/_evidence_piece.html"
        )
        piece.number = number
        piece.is_open = self._is_piece_open(number)
        values = [self[name].value() for name in typed_names(number)]
        piece.is_empty = not any(holds_text(value) for value in values)
        shown = (
            self[f"evidence_{number}_{n}"].value() for n in ("title", "note", "link")
        )
        title, note, link = (str(words or "").strip() for words in shown)
        piece.title = title or title_from(note, link) or link
        return piece

    def _is_piece_open(self, number: int) -> bool:
        """Tell whether the piece holds what is not saved yet, or stands in the way.

        What is saved has a title, which stands on the fold.
        """
        names = evidence_names(number)
        if any(name in self.errors for name in names):
            return True
        if not self.is_bound:
            return False
        return any(
            holds_text(self[name].value()) and self[name]._has_changed()  # type: ignore[attr-defined]  # as in changed_data
            for name in typed_names(number)
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self._check_does_not_apply(cleaned)
        self._check_finished(cleaned)
        self._check_nothing_is_cut_off()
        for number in self._numbers():
            self._check_piece(number, cleaned)
        return cleaned

    def _check_does_not_apply(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("choice") != State.NOT_APPLICABLE:
            if cleaned.get("not_applicable_because") and cleaned.get("choice") == "":
                said = 'Choose "Does not apply" as well, or take away why it does not.'
                self.add_error("choice", said)
            cleaned["not_applicable_because"] = ""
            return
        if not cleaned.get("not_applicable_because"):
            self.add_error("not_applicable_because", "Choose why it does not apply.")
        if not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Say in a sentence why it does not apply.")

    def _check_finished(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("is_finished") == "yes" and cleaned.get("choice") == "":
            self.add_error(
                "choice",
                'Choose a level, or "Don\'t know yet", before you finish with this '
                "question.",
            )

    def _check_nothing_is_cut_off(self) -> None:
        """Refuse more evidence than could even be shown again."""
        for key in self.data:
            match = re.fullmatch(self.add_prefix(r"evidence_(\d+)_\w+"), key)
            if match and int(match[1]) > MOST_PIECES_SHOWN:
                self.add_error(None, f"{TOO_MANY} Nothing is saved yet.")
                return

    def _check_piece(self, number: int, cleaned: dict[str, Any]) -> None:
        name = f"evidence_{number}_title"
        if not is_typed(number, cleaned):
            return
        if number > PIECES:
            self.add_error(
                name, f"{TOO_MANY} Nothing is saved yet, and what you typed is below."
            )
        elif not cleaned.get(name) and name not in self.errors:
            cleaned[name] = self._title_from(number, cleaned)
        dated_on = cleaned.get(f"evidence_{number}_dated_on")
        if dated_on and dated_on > timezone.localdate():
            self.add_error(
                f"evidence_{number}_dated_on",
                f"The date of evidence {number} is still to come.",
            )

    def _title_from(self, number: int, cleaned: dict[str, Any]) -> str:
        note, link = (cleaned.get(f"evidence_{number}_{n}") for n in ("note", "link"))
        title = title_from(note or "", link or "")
        if not title and not {f"evidence_{number}_{n}" for n in ("note", "link")} & set(
            self.errors
        ):
            name = f"evidence_{number}_title"
            self.add_error(name, f"Give evidence {number} a title, a link or a note.")
        return title

    def content(self) -> ResponseContent:
        """Turn a valid form into what the operation takes."""
        cleaned = self.cleaned_data
        choice = cleaned["choice"]
        said = cleaned.get("is_finished", _finished_said(self.page.response))
        is_level = choice.isdigit()
        state = State.ANSWERED if is_level else choice or State.UNANSWERED
        return ResponseContent(
            state=str(state),
            level=int(choice) if is_level else None,
            not_applicable_because=cleaned["not_applicable_because"],
            reason=cleaned["reason"],
            is_finished=said == "yes" and bool(choice),
            is_later=said == "later",
            evidence=tuple(self._pieces()),
        )

    def _pieces(self) -> Iterator[EvidenceContent]:
        for number in range(1, PIECES + 1):
            if is_typed(number, self.cleaned_data):
                yield EvidenceContent(
                    **{
                        field: self.cleaned_data[f"evidence_{number}_{field}"]
                        for field in EVIDENCE_FIELDS
                    }
                )


def _one_empty_at_a_time(pieces: list[Div]) -> list[Div]:
    """Mark room for more that shows once the room before it is opened.

    Shape: what is open or holds something always shows, and so does the first that
    holds nothing.
    """
    filled = [
        at for at, piece in enumerate(pieces) if piece.is_open or not piece.is_empty
    ]
    first = max(filled, default=-1) + 1
    for at, piece in enumerate(pieces):
        piece.is_more = at > first
    return pieces


def _finished_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Have you finished with this question?",
        help_text="If you choose neither, it stays “In progress” until somebody does.",
        choices=[
            ("yes", "Yes, I have finished"),
            ("later", "I'll come back to it"),
        ],
        required=False,
        widget=Radios(),
        error_messages={"invalid_choice": "Choose whether you have finished."},
    )


def _choice_field(page: QuestionPage) -> forms.ChoiceField:
    choices = [(str(c.value), f"{c.value} {c.word}") for c in page.choices]
    choices.append((State.DONT_KNOW.value, str(State.DONT_KNOW.label)))
    if not page.standard.is_core:
        choices.append((State.NOT_APPLICABLE.value, str(State.NOT_APPLICABLE.label)))
    hints = {str(c.value): c.sentence for c in page.choices}
    hints[State.DONT_KNOW.value] = (
        "We still have to find out. This is never counted as low."
    )
    usual = "This can be so for organisations like yours."
    hints[State.NOT_APPLICABLE.value] = " ".join(
        filter(
            None,
            [
                usual if page.is_often_left_out else "",
                page.standard.not_applicable_rule,
                page.partial_warning,
            ],
        )
    )
    return forms.ChoiceField(
        label="Where are you now?",
        help_text="From low to high. Choose the highest sentence that is true.",
        choices=choices,
        required=False,
        widget=Radios(hints=hints, divider_before=State.DONT_KNOW.value),
        error_messages={"invalid_choice": "Choose one of the levels on this page."},
    )


def initial_of(content: ResponseContent, *, version: int) -> dict[str, Any]:
    """Fill the boxes with a text that does not stand, over the version that does."""
    return _initial(content, content.evidence) | {"version": version}


def as_sent(page: QuestionPage) -> QueryDict:
    """Give what stands, as its page sends it when nobody has typed anything."""
    sent = QueryDict(mutable=True)
    for name, words in _shown(page).items():
        if not name.startswith("evidence_"):
            sent[name] = str(words)
    for number, piece in enumerate(page.evidence, start=1):
        put_piece(piece, sent, number)
    return sent


def _shown(page: QuestionPage) -> dict[str, Any]:
    response = page.response
    return _initial(response, page.evidence) | {"version": response.version}


def _initial(
    said: Response | ResponseContent, evidence: Sequence[Evidence | EvidenceContent]
) -> dict[str, Any]:
    answered = said.state == State.ANSWERED
    unanswered = said.state == State.UNANSWERED
    initial: dict[str, Any] = {
        "choice": str(said.level) if answered else ("" if unanswered else said.state),
        "not_applicable_because": said.not_applicable_because,
        "reason": said.reason,
        "is_finished": _finished_said(said),
    }
    for number, piece in enumerate(evidence, start=1):
        for name in EVIDENCE_FIELDS:
            initial[f"evidence_{number}_{name}"] = getattr(piece, name)
    return initial


def _finished_said(said: Response | ResponseContent) -> str:
    if said.is_finished:
        return "yes"
    return "later" if said.is_later else ""
