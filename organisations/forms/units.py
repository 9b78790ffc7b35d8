"""What is asked of who keeps the tree of services and teams."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from organisations.models import Unit
from organisations.queries.units import UnitLine, UnitTree
from organisations.rules import MOST_STEPS

from .fields import Ask, PlainTextField, VersionField


class UnitForm(forms.Form):
    version = VersionField()
    name = PlainTextField(
        label="Name of the service or team",
        is_one_line=True,
        max_length=100,
        error_messages={"required": "Give the service or team a name."},
    )
    parent = forms.ChoiceField(
        label="What does it belong to?",
        required=False,
        error_messages={"invalid_choice": "Choose from the list."},
    )

    def __init__(
        self, *args: Any, tree: UnitTree, unit: Unit | None = None, **kwargs: Any
    ) -> None:
        if unit:
            parent = str(unit.parent.public_id) if unit.parent else ""
            shown = {"name": unit.name, "parent": parent, "version": unit.version}
            kwargs["initial"] = shown
        super().__init__(*args, **kwargs)
        above = [line for line in tree.open if _can_be_above(line, tree, unit)]
        self.units = {str(line.unit.public_id): line.unit for line in above}
        parents = self.fields["parent"]
        assert isinstance(parents, forms.ChoiceField)
        parents.choices = [
            ("", "The whole organisation"),
            *((str(line.unit.public_id), line.path) for line in above),
        ]
        self.helper = FormHelper()
        self.helper.form_tag = False
        fields = ("version", "name", "parent") if above else ("version", "name")
        self.helper.layout = Layout(*(Ask(name, size="s") for name in fields))

    def above(self) -> Unit | None:
        return self.units.get(self.cleaned_data["parent"])


def _can_be_above(line: UnitLine, tree: UnitTree, unit: Unit | None) -> bool:
    if line.depth >= MOST_STEPS:
        return False
    return unit is None or line.unit.pk not in {
        unit.pk,
        *(below.unit.pk for below in tree.below(unit)),
    }
