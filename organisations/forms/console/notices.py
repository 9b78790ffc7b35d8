"""What a steward says to everybody, and for how long."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.timezone import localdate

from organisations.forms.fields import DatePartsField, Paragraphs, PlainTextField
from organisations.models import Notice


TEXT_LENGTH = 300


class NoticeForm(forms.Form):
    text = PlainTextField(
        label="What do you want to say?",
        help_text="One or two short sentences. Everybody sees it, above every page.",
        max_length=TEXT_LENGTH,
        widget=Paragraphs(rows=3),
        error_messages={"required": "Enter what you want to say."},
    )
    first_day = DatePartsField(
        label="First day",
        help_text="Leave it empty to show the notice now.",
        about="the first day",
        required=False,
    )
    last_day = DatePartsField(
        label="Last day",
        help_text="Leave it empty to show it until you take it down.",
        about="the last day",
        required=False,
    )
    before = PlainTextField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, notice: Notice | None = None, **kwargs: Any) -> None:
        self.notice = notice
        kwargs.setdefault("initial", _days(notice) if notice else {})
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_text(self) -> str:
        return " ".join(str(self.cleaned_data["text"]).split())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if last and last < (first or localdate()):
            self.add_error("last_day", "The last day must not be before the first.")
        return cleaned

    def starts_at(self, now: datetime) -> datetime:
        """Say when it starts: where that is today or was, it stays as it is."""
        first: date | None = self.cleaned_data["first_day"]
        if first is None or (first <= localdate(now) and self.notice is None):
            return now
        return _midnight(first)

    def ends_at(self) -> datetime | None:
        last: date | None = self.cleaned_data["last_day"]
        return _midnight(last + timedelta(days=1)) if last else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _days(notice: Notice) -> dict[str, Any]:
    ends_at = notice.ends_at
    return {
        "text": notice.text,
        "before": notice.text,
        "first_day": localdate(notice.starts_at),
        "last_day": localdate(ends_at - timedelta(microseconds=1)) if ends_at else None,
    }
