"""What is asked of who shares the work: whose each part is, and by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.http import QueryDict
from django.utils.text import get_text_list

from assessments.models import Assessment
from assessments.queries import SharedStandard, SharingPage, names_of
from organisations.forms import Ask, DatePartsField, VersionField
from organisations.models import Membership


NOBODY = ""
AS_IT_IS = "as_it_is"


@dataclass(frozen=True)
class ShareRow:
    """Something that is given to one person: a principle, or a single standard."""

    name: str
    label: str
    standards: tuple[SharedStandard, ...]

    @property
    def owners(self) -> set[int | None]:
        return {s.owner.membership if s.owner else None for s in self.standards}


def rows_of(page: SharingPage, *, is_single: bool) -> Iterator[ShareRow]:
    for principle in page.principles:
        if not is_single:
            count = f"{len(principle.standards)} standards"
            if len(principle.standards) == 1:
                count = "1 standard"
            label = f"{principle.name}: {principle.gloss} ({count})"
            yield ShareRow(f"who_{principle.slug}", label, principle.standards)
            continue
        for standard in principle.standards:
            label = f"{standard.code} {standard.title}"
            yield ShareRow(f"who_{standard.code}", label, (standard,))


class ShareForm(forms.Form):
    version = VersionField()
    due_on = DatePartsField(
        label="By when? (optional)",
        help_text="For everybody whose name you choose above.",
        about="the day for the answers",
        required=False,
    )

    def __init__(
        self,
        typed: QueryDict | None = None,
        *,
        assessment: Assessment,
        page: SharingPage,
        today: date,
        is_single: bool = False,
    ) -> None:
        self.rows = tuple(rows_of(page, is_single=is_single))
        self.people = {str(member.user.public_id): member for member in page.people}
        self.today = today
        self.is_single = is_single
        super().__init__(typed, initial=self._shown(assessment))
        for row in self.rows:
            self.fields[row.name] = self._field(row)
        self.helper = FormHelper()
        self.helper.form_tag = False
        names = [Ask(row.name, size="s") for row in self.rows]
        self.helper.layout = Layout("version", *names, Ask("due_on", size="m"))

    def _shown(self, assessment: Assessment) -> dict[str, Any]:
        ids = {member.pk: public_id for public_id, member in self.people.items()}
        shown: dict[str, Any] = {"version": assessment.version}
        for row in self.rows:
            shown[row.name] = AS_IT_IS
            if len(row.owners) == 1:
                shown[row.name] = ids.get(next(iter(row.owners)) or 0, NOBODY)
        owners = [s.owner for row in self.rows for s in row.standards if s.owner]
        days = {owner.due_on for owner in owners} or {assessment.answer_by}
        shown["due_on"] = next(iter(days)) if len(days) == 1 else None
        return shown

    def _field(self, row: ShareRow) -> forms.ChoiceField:
        people = [
            (public_id, f"{member.user} ({member.get_role_display()})")
            for public_id, member in self.people.items()
        ]
        choices = [(NOBODY, "Nobody yet"), *people]
        if len(row.owners) > 1:
            names = names_of(standard.owner for standard in row.standards)
            now = get_text_list(list(names), "and")
            choices.insert(0, (AS_IT_IS, f"As it is now: {now}"))
        return forms.ChoiceField(
            label=row.label,
            choices=choices,
            required=False,
            error_messages={
                "invalid_choice": "Choose somebody who can answer, from the list."
            },
        )

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        if day and day < self.today and day != self.initial["due_on"]:
            raise forms.ValidationError(
                "The day for the answers must be in the future."
            )
        return day

    def given(self) -> dict[str, Membership | None]:
        """Say whose the standards are from now on, of those that change hands or day."""
        has_new_day = self.cleaned_data["due_on"] != self.initial["due_on"]
        given: dict[str, Membership | None] = {}
        # What did not come with the form is left as it is.
        for row in (row for row in self.rows if row.name in self.data):
            chosen = self.cleaned_data[row.name]
            member = self.people.get(chosen)
            is_new = chosen != self.initial[row.name]
            if chosen != AS_IT_IS and (is_new or (member and has_new_day)):
                given |= {standard.code: member for standard in row.standards}
        return given

    def chosen(self) -> Sequence[str]:
        """Say what was chosen, in words, for who has to choose again."""
        names = {NOBODY: "nobody yet", AS_IT_IS: "as it was"}
        return [
            f"{row.label}: {self.people.get(value, names.get(value, ''))}"
            for row in self.rows
            if row.name in self.data
            and (value := self.cleaned_data.get(row.name)) is not None
        ]
