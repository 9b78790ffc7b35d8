"""Shape a form's fields for the templates of the pack, which only print them.

Nothing here is marked safe: each word reaches the page through autoescaping.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.forms.formsets import BaseFormSet
from django.forms.widgets import Input
from django.template import Context
from django.utils.safestring import SafeString

from organisations.forms import Checkboxes, Radios


register = template.Library()

# The classes of govuk-frontend, by the kind of widget: the first that fits.
KINDS: list[tuple[type[forms.Widget], str]] = [
    (forms.HiddenInput, "hidden"),
    (forms.MultipleHiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.MultiWidget, "date"),
    (forms.FileInput, "file-upload"),
    (Input, "input"),
]
GROUPS = {"radios", "checkboxes", "date"}
# Ten times what is asked for: a number this high reads like a demand.
ROOMY = 5_000
WIDTHS = {"day": 2, "month": 2, "year": 4}


@dataclass(frozen=True)
class Option:
    id: str
    name: str
    value: str
    label: str
    is_checked: bool
    is_disabled: bool = False
    hint: str = ""
    divider: str = ""
    described_by: str = ""


@dataclass(frozen=True)
class Part:
    label: str
    id: str
    html: SafeString


@dataclass(frozen=True)
class Fault:
    id: str
    message: str


@dataclass(frozen=True)
class Control:
    """One field as the page shows it."""

    kind: str
    id: str
    label: str
    label_class: str
    is_heading: bool
    hint: str
    errors: list[Fault]
    limit: int | None
    described_by: str
    html: SafeString
    options: list[Option]
    parts: list[Part]
    group_class: str

    @property
    def is_hidden(self) -> bool:
        return self.kind == "hidden"

    @property
    def is_roomy(self) -> bool:
        """Say whether few ever come near the limit: it is said to those who do."""
        return self.limit is not None and self.limit >= ROOMY

    @property
    def template(self) -> str:
        named = self.kind in GROUPS or self.kind == "checkbox"
        return f"fourpi/_{self.kind}.html" if named else "fourpi/_control.html"


def kind_of(widget: forms.Widget) -> str:
    for widget_class, kind in KINDS:
        if isinstance(widget, widget_class):
            return kind
    raise TypeError(f"The pack has no template for {type(widget).__name__}.")


def field_id(field: BoundField) -> str:
    return str(field.field.widget.attrs.get("id") or field.auto_id)


def first_control_id(field: BoundField) -> str:
    """Name the element that a link of the error summary must land on."""
    kind = kind_of(field.field.widget)
    return f"{field_id(field)}_0" if kind in GROUPS else field_id(field)


def _described_by(field: BoundField, hint: str, limit: int | None) -> str:
    own_id = field_id(field)
    ids = [f"{own_id}_hint"] if hint else []
    ids += [fault.id for fault in _faults(field)]
    ids += [f"{own_id}_info"] if limit else []
    return " ".join(ids)


def _faults(field: BoundField) -> list[Fault]:
    own_id = field_id(field)
    return [
        Fault(
            f"{own_id}_error" if place == 0 else f"{own_id}_error_{place}", str(message)
        )
        for place, message in enumerate(field.errors)
    ]


def _limit(field: BoundField, kind: str) -> int | None:
    limit = getattr(field.field, "max_length", None)
    return limit if kind == "textarea" else None


def _attributes(field: BoundField, kind: str, described_by: str) -> dict[str, Any]:
    """Say what is ours in the control's tag; False takes an attribute away."""
    block = "govuk-checkboxes__input" if kind == "checkbox" else f"govuk-{kind}"
    error = f"govuk-{kind}--error" if field.errors and kind != "checkbox" else ""
    own = field.field.widget.attrs.get("class", "")
    return {
        "id": field_id(field),
        "class": " ".join(filter(None, [block, error, own])),
        "aria-describedby": described_by or False,
        "disabled": field.field.disabled,
        # A placeholder goes when somebody types; a label stays.
        "placeholder": False,
        "cols": False,
    }


def _options(field: BoundField) -> list[Option]:
    widget = field.field.widget
    shape = widget.get_context(field.html_name, field.value(), {"id": field_id(field)})
    choices = [
        choice for _, group, _ in shape["widget"]["optgroups"] for choice in group
    ]
    return [_option(widget, choice) for choice in choices]


def _option(widget: forms.Widget, choice: dict[str, Any]) -> Option:
    value = str(choice["value"])
    own_id = choice["attrs"]["id"]
    hint = (
        widget.hints.get(value, "") if isinstance(widget, Radios | Checkboxes) else ""
    )
    is_odd_one = isinstance(widget, Radios) and widget.divider_before == value
    return Option(
        id=own_id,
        name=choice["name"],
        value=value,
        label=str(choice["label"]),
        is_checked=choice["selected"],
        is_disabled=bool(choice["attrs"].get("disabled")),
        hint=hint,
        divider=widget.divider if isinstance(widget, Radios) and is_odd_one else "",
        described_by=f"{own_id}_hint" if hint else "",
    )


def _parts(field: BoundField) -> list[Part]:
    widget = field.field.widget
    shape = widget.get_context(field.html_name, field.value(), {"id": field_id(field)})
    return [
        _part(field, subwidget, shown["name"], shown["value"], shown["attrs"]["id"])
        for subwidget, shown in zip(
            widget.widgets, shape["widget"]["subwidgets"], strict=True
        )
    ]


def _part(
    field: BoundField, widget: forms.Widget, name: str, value: str | None, own_id: str
) -> Part:
    word = name.rpartition("_")[2]
    classes = "govuk-input govuk-date-input__input govuk-input--width-"
    html = widget.render(
        name,
        value,
        attrs={
            "id": own_id,
            "class": f"{classes}{WIDTHS.get(word, 4)}"
            + (" govuk-input--error" if field.errors else ""),
            "disabled": field.field.disabled,
        },
        renderer=field.form.renderer,
    )
    return Part(label=word.capitalize(), id=own_id, html=html)


def _group_class(field: BoundField, kind: str) -> str:
    widget = field.field.widget
    modifiers = [
        f"govuk-{kind}--{word}"
        for word in ("small", "inline")
        if getattr(widget, f"is_{word}", False)
    ]
    return " ".join([f"govuk-{kind}", *modifiers])


def _label_class(kind: str, size: str) -> str:
    block = "govuk-fieldset__legend" if kind in GROUPS else "govuk-label"
    return f"{block} {block}--{size}" if size else block


@register.simple_tag(takes_context=True)
def control(context: Context, field: BoundField) -> Control:
    """Shape one field.

    The page may set field_label, field_hint, label_size ("" to "xl") and
    label_is_heading in the context.
    """
    kind = kind_of(field.field.widget)
    said = context.get("field_hint", None)
    hint = str(field.help_text if said is None else said)
    limit = _limit(field, kind)
    described_by = _described_by(field, hint, limit)
    return Control(
        kind=kind,
        id=field_id(field),
        label=str(context.get("field_label", None) or field.label),
        label_class=_label_class(kind, str(context.get("label_size", "s"))),
        is_heading=bool(context.get("label_is_heading", False)),
        hint=hint,
        errors=_faults(field),
        limit=limit,
        described_by=described_by,
        html=_html(field, kind, described_by),
        options=_options(field) if kind in {"radios", "checkboxes"} else [],
        parts=_parts(field) if kind == "date" else [],
        group_class=_group_class(field, kind),
    )


def _html(field: BoundField, kind: str, described_by: str) -> SafeString:
    if kind in GROUPS:
        return SafeString("")
    if kind == "hidden":
        return SafeString(field.as_hidden())
    html: SafeString = field.field.widget.render(
        field.html_name,
        field.value(),
        attrs=_attributes(field, kind, described_by),
        renderer=field.form.renderer,
    )
    return html


@register.filter
def beside(row: Iterable[object], columns: Iterable[str]) -> list[tuple[str, object]]:
    """Pair each cell of a table's row with the heading of its column."""
    return list(zip(columns, row, strict=True))


@dataclass(frozen=True)
class SummaryLine:
    message: str
    target: str


@register.simple_tag(takes_context=True)
def error_lines(context: Context) -> list[SummaryLine]:
    """List what is wrong with the forms of the page, in its order."""
    shown = [context.get("forms", None) or context.get("form", None)]
    shown += [context.get("more", None)]
    return [line for form in shown for line in _lines(form)]


def _lines(shown: object) -> Iterable[SummaryLine]:
    if isinstance(shown, BaseFormSet):
        for message in shown.non_form_errors():
            yield SummaryLine(str(message), "")
        for form in shown:
            yield from _lines(form)
    elif isinstance(shown, forms.BaseForm):
        yield from _form_lines(shown)
    elif isinstance(shown, tuple):
        # Forms that ask the same, each named as its boxes are.
        for form in shown:
            for line in _form_lines(form):
                yield SummaryLine(f"{form.prefix}: {line.message}", line.target)


def _form_lines(form: forms.BaseForm) -> Iterable[SummaryLine]:
    for message in form.non_field_errors():
        yield SummaryLine(str(message), "")
    for field in form:
        target = "" if field.is_hidden else first_control_id(field)
        for message in field.errors:
            yield SummaryLine(str(message), target)


@register.filter
def quiet(messages: Iterable[Any]) -> list[Any]:
    """Pick what is said in a line of its own, such as that something is saved."""
    return [message for message in messages if _is_quiet(message)]


@register.filter
def loud(messages: Iterable[Any]) -> list[Any]:
    return [message for message in messages if not _is_quiet(message)]


def _is_quiet(message: Any) -> bool:
    return "quiet" in (getattr(message, "extra_tags", "") or "")
