"""One page of a sign-up: what it shows, and what of it a draft can keep.

A draft takes whatever is not dangerous: what is not right yet is kept as it was
typed. All is checked when it is sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.http import QueryDict

from organisations.models import NOTHING_CHOSEN, SignUp

from .fields import DATE_PARTS, UNSTORABLE, DateParts


LONGEST_HALF_TYPED = 5000


class PageForm(forms.Form):
    """One page: its fields are columns of the sign-up, unless `columns_of` says so."""

    layout: tuple[Any, ...]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        sign_up: SignUp,
        given: Mapping[str, Any] | None = None,
    ) -> None:
        self.sign_up = sign_up
        super().__init__(data, initial=self._shown(sign_up) | dict(given or {}))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.shape()
        self.helper.layout = Layout(*self.layout)

    def shape(self) -> None:
        """Fit the questions to who is asked."""

    def columns_of(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Turn the valid answers into columns."""
        return cleaned

    def values_of(self, sign_up: SignUp) -> dict[str, Any]:
        """Turn the columns into what the fields show."""
        return {name: getattr(sign_up, name) for name in self.base_fields}

    @property
    def mark(self) -> str:
        """Name what the draft held when the page was made."""
        shown = self._shown(self.sign_up)
        held = {name: shown[name] for name in sorted(shown)}
        return sha256(json.dumps(held, default=str).encode()).hexdigest()[:16]

    def columns(self) -> dict[str, Any]:
        """List what to save now: valid answers, and nothing where nothing is said."""
        wrong = [name for name in self.errors if name in self.fields]
        typed = self._typed_wrong()
        unsaid = {name: self._nothing(name) for name in wrong if name not in typed}
        return self.columns_of(self.cleaned_data | unsaid)

    def half_typed(self) -> dict[str, Any]:
        """List all that the draft then holds half typed, this page's and the others'."""
        others = {
            name: typed
            for name, typed in self.sign_up.half_typed.items()
            if name not in self.fields and name not in self.base_fields
        }
        return others | self._typed_wrong()

    def can_be_kept(self) -> bool:
        """Say whether a draft can hold what was typed; else show those faults alone."""
        kept = self._typed_wrong()
        too_long = [n for n in kept if len(json.dumps(kept[n])) > LONGEST_HALF_TYPED]
        if not too_long:
            return True
        for name in [name for name in self.errors if name not in too_long]:
            del self.errors[name]
        return False

    def is_as_saved(self) -> bool:
        """Say whether what was typed is what the draft holds already."""
        if self.errors:
            return False
        columns = self.columns_of(self.cleaned_data)
        return all(getattr(self.sign_up, n) == value for n, value in columns.items())

    @classmethod
    def of_saved(cls, sign_up: SignUp) -> PageForm:
        """Check a page as if what the draft holds were typed now."""
        blank = cls(sign_up=sign_up)
        typed = QueryDict(mutable=True)
        for name, value in blank.initial.items():
            if name in blank.fields:
                _type(typed, name, blank.fields[name], value)
        return cls(typed, sign_up=sign_up)

    def _shown(self, sign_up: SignUp) -> dict[str, Any]:
        half = sign_up.half_typed
        typed = {name: half[name] for name in self.base_fields if name in half}
        return self.values_of(sign_up) | typed

    def _nothing(self, name: str) -> Any:
        return getattr(SignUp(**NOTHING_CHOSEN), name)

    def _typed_wrong(self) -> dict[str, Any]:
        wrong = (name for name in self.errors if name in self.fields)
        typed = {name: self._typed(name) for name in wrong}
        return {name: raw for name, raw in typed.items() if _says_something(raw)}

    def _typed(self, name: str) -> Any:
        """Read a field as it was typed, but for what no database can hold."""
        raw = self[name].data
        if isinstance(raw, list):
            return [
                UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", part or "") for part in raw
            ]
        return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", str(raw or ""))


def _says_something(raw: Any) -> bool:
    return any(raw) if isinstance(raw, list) else bool(raw)


def _type(typed: QueryDict, name: str, field: forms.Field, value: Any) -> None:
    if isinstance(field.widget, DateParts):
        parts = value if isinstance(value, list) else field.widget.decompress(value)
        for part, said in zip(DATE_PARTS, parts, strict=True):
            typed[f"{name}_{part}"] = "" if said is None else str(said)
    elif isinstance(value, list):
        typed.setlist(name, value)
    elif value is True:
        typed[name] = "on"
    elif value:
        typed[name] = str(value)
