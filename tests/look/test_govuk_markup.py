"""Our form markup against govuk-frontend's own examples of each component.

Where ours differs on purpose:
- ids are Django's (id_level_0, id_level_hint), so both are numbered by appearance;
- names of the parts of a date are the field's (seen_on_day), numbered too;
- no data-module: govuk-frontend's scripts are not used;
- the error summary carries tabindex -1 and our own data attribute for focus, and has
  its script beside it;
- every group has a fieldset; nothing is revealed by another choice; no html, prefix
  or suffix: examples that need these are not ours to match.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.template import Context, Template

from organisations.forms import Checkboxes, DatePartsField, Radios
from tests.look.markup import Element, parse


NUMBERED = ("id", "for", "name", "href", "aria-describedby")
IGNORED = ("data-module", "data-error-summary", "tabindex")
ATTRIBUTES = ("autocomplete", "inputmode", "pattern", "rows")
CONTROL_KEYS = {
    *("id", "name", "label", "hint", "errorMessage", "value", "classes", "disabled"),
    *ATTRIBUTES,
}
GROUP_KEYS = {"idPrefix", "name", "fieldset", "hint", "errorMessage", "classes"}
KEYS = {
    "input": CONTROL_KEYS,
    "textarea": CONTROL_KEYS,
    "select": CONTROL_KEYS | {"items"},
    "radios": GROUP_KEYS | {"items", "value"},
    "checkboxes": GROUP_KEYS | {"items", "values"},
    "date-input": {"id", "fieldset", "hint", "errorMessage", "values"},
}
ITEM_KEYS = {"id", "value", "text", "hint", "checked", "selected", "divider"}
# Fewer examples than this and the filter below has come to hide something.
EXPECTED = {
    "input": 20,
    "textarea": 10,
    "select": 6,
    "radios": 12,
    "checkboxes": 10,
    "date-input": 3,
}


def _fixtures(folder: Path, component: str) -> list[dict[str, Any]]:
    return json.loads((folder / component / "fixtures.json").read_text())["fixtures"]


def _is_plain(words: dict[str, Any], *also: str) -> bool:
    return set(words) <= {"text", *also}


def _is_ours_to_match(component: str, options: dict[str, Any]) -> bool:
    legend = options.get("fieldset", {}).get("legend", {})
    label = options.get("label", {})
    items = [item for item in options.get("items", []) if item]
    needs_fieldset = component in {"radios", "checkboxes", "date-input"}
    modifiers = options.get("classes", "") if needs_fieldset else ""
    return (
        set(options) <= KEYS[component]
        and (bool(legend.get("text")) if needs_fieldset else bool(label.get("text")))
        and set(options.get("fieldset", {})) <= {"legend"}
        and _is_plain(legend, "classes", "isPageHeading")
        and _is_plain(label, "classes", "isPageHeading")
        and _is_plain(options.get("hint", {}))
        and _is_plain(options.get("errorMessage", {}))
        and all(set(item) <= ITEM_KEYS for item in items)
        and all(item.get("value") or item.get("divider") for item in items)
        and all(_is_plain(item.get("hint", {})) for item in items)
        and not (component == "checkboxes" and any("divider" in i for i in items))
        and all(
            word
            in {
                "govuk-radios--small",
                "govuk-radios--inline",
                "govuk-checkboxes--small",
            }
            for word in modifiers.split()
        )
    )


def _choices(options: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (str(item["value"]), item["text"])
        for item in options.get("items", [])
        if item and "value" in item
    ]


def _hints(options: dict[str, Any]) -> dict[str, str]:
    return {
        str(item["value"]): item["hint"]["text"]
        for item in options["items"]
        if item and "hint" in item
    }


def _divider_before(options: dict[str, Any]) -> str | None:
    items = options["items"]
    for item, following in zip(items, items[1:], strict=False):
        if item and "divider" in item:
            return str(following["value"])
    return None


def _chosen(options: dict[str, Any]) -> list[str]:
    given = {str(value) for value in options.get("values", [options.get("value")])}
    return [
        str(item["value"])
        for item in options.get("items", [])
        if item
        and "value" in item
        and item.get("checked", item.get("selected", str(item["value"]) in given))
    ]


def _field(component: str, options: dict[str, Any]) -> tuple[forms.Field, Any]:
    """Declare what the example shows as a Django field, with its first value."""
    attributes = {key: options[key] for key in ATTRIBUTES if key in options}
    if component in {"input", "textarea", "select"} and options.get("classes"):
        attributes["class"] = options["classes"]
    modifiers = options.get("classes", "")
    match component:
        case "input":
            field = forms.CharField(widget=forms.TextInput(attributes))
            return field, options.get("value")
        case "textarea":
            field = forms.CharField(widget=forms.Textarea({"rows": 5} | attributes))
            return field, options.get("value")
        case "select":
            chosen = _chosen(options) or [None]
            choices = _choices(options)
            widget = forms.Select(attributes)
            return forms.ChoiceField(choices=choices, widget=widget), chosen[0]
        case "radios":
            radios = Radios(
                hints=_hints(options),
                divider_before=_divider_before(options),
                is_small="small" in modifiers,
                is_inline="inline" in modifiers,
            )
            chosen = _chosen(options) or [None]
            return forms.ChoiceField(choices=_choices(options), widget=radios), chosen[
                0
            ]
        case "checkboxes":
            boxes = Checkboxes(hints=_hints(options), is_small="small" in modifiers)
            return forms.MultipleChoiceField(
                choices=_choices(options), widget=boxes
            ), _chosen(options)
        case "date-input":
            values = options.get("values", {})
            parts = [values.get(name) for name in ("day", "month", "year")]
            return DatePartsField(), parts if values else None
    raise AssertionError(component)


def _form(field: forms.Field, initial: Any, error: str) -> forms.Form:
    form = type("Example", (forms.Form,), {"example": field})(
        initial={"example": initial}
    )
    form._errors = ErrorDict({"example": ErrorList([error])} if error else {})
    return form


def _render(component: str, options: dict[str, Any]) -> Element:
    field, initial = _field(component, options)
    title = options.get("fieldset", {}).get("legend") or options["label"]
    field.label = title["text"]
    field.help_text = options.get("hint", {}).get("text", "")
    field.disabled = options.get("disabled", False)
    form = _form(field, initial, options.get("errorMessage", {}).get("text", ""))
    sizes = title.get("classes", "").rpartition("--")
    context = {
        "field": form["example"],
        "label_size": sizes[2] if sizes[1] else "",
        "label_is_heading": title.get("isPageHeading", False),
    }
    return parse(Template('{% include "fourpi/field.html" %}').render(Context(context)))


def _normal(element: Element, numbers: dict[str, str] | None = None) -> Any:
    numbers = {} if numbers is None else numbers

    def number(name: str, value: str) -> str:
        if name not in NUMBERED:
            return " ".join(sorted(value.split())) if name == "class" else value
        kind = "name" if name == "name" else "id"
        words = (word.removeprefix("#") for word in value.split())
        return " ".join(
            numbers.setdefault(f"{kind} {word}", f"{kind}{len(numbers)}")
            for word in words
        )

    attributes = {
        name: number(name, value)
        for name, value in sorted(element.attributes.items())
        if name not in IGNORED
    }
    children = [
        child if isinstance(child, str) else _normal(child, numbers)
        for child in element.children
    ]
    return element.tag, attributes, children


def _examples(folder: Path, component: str) -> Iterator[dict[str, Any]]:
    for example in _fixtures(folder, component):
        if _is_ours_to_match(component, example["options"]):
            yield example


@pytest.mark.parametrize("component", KEYS)
def test_fields_match_the_examples(component: str, govuk_components: Path) -> None:
    examples = list(_examples(govuk_components, component))

    differing = {
        example["name"]: (theirs, ours)
        for example in examples
        if (theirs := _normal(parse(example["html"])))
        != (ours := _normal(_render(component, example["options"])))
    }

    assert differing == {}
    assert len(examples) >= EXPECTED[component], [e["name"] for e in examples]


def _without_ids(element: Element) -> Element:
    """Compare a part that its example shows alone, tied to no control."""
    return Element(
        element.tag,
        {n: v for n, v in element.attributes.items() if n not in NUMBERED},
        [c if isinstance(c, str) else _without_ids(c) for c in element.children],
    )


TITLE = {"text": "Name"}
# The part, how a field is made to show it, and where it stands in the markup.
PARTS: dict[str, tuple[str, Callable[[Any], dict[str, Any]], str]] = {
    "label": ("input", lambda part: {"label": part}, "label"),
    "hint": ("input", lambda part: {"label": TITLE, "hint": part}, "div"),
    "error-message": (
        "input",
        lambda part: {"label": TITLE, "errorMessage": part},
        "p",
    ),
    "fieldset": ("radios", lambda part: {"fieldset": part, "items": []}, "legend"),
}


@pytest.mark.parametrize("component", PARTS)
def test_parts_of_a_field_match_the_examples(
    component: str, govuk_components: Path
) -> None:
    shown_by, options_for, tag = PARTS[component]
    examples = [
        example
        for example in _fixtures(govuk_components, component)
        if _is_plain_part(example["options"])
    ]

    for example in examples:
        group = _render(shown_by, options_for(example["options"]))
        ours = next(e for e in group.first().every(tag) if _is_part(component, e))
        theirs = parse(example["html"]).first(tag)
        assert _normal(_without_ids(ours)) == _normal(_without_ids(theirs)), example[
            "name"
        ]

    assert examples


def _is_plain_part(options: dict[str, Any]) -> bool:
    words = options.get("legend", options)
    return (
        set(options) <= {"text", "classes", "isPageHeading", "legend"}
        and set(words) <= {"text", "classes", "isPageHeading"}
        and bool(words.get("text"))
        and words.get("classes", "govuk-").startswith("govuk-")
    )


def _is_part(component: str, element: Element) -> bool:
    return component != "hint" or "govuk-hint" in element.attributes["class"]


def test_error_summary_matches_the_examples(govuk_components: Path) -> None:
    examples = [
        example
        for example in _fixtures(govuk_components, "error-summary")
        if set(example["options"]) <= {"titleText", "errorList"}
        and example["options"]["titleText"] == "There is a problem"
        and all(
            set(line) <= {"text", "href"} for line in example["options"]["errorList"]
        )
    ]

    for example in examples:
        ours = _summary(example["options"]["errorList"])
        theirs = parse(example["html"]).first("div", "govuk-error-summary")
        assert _normal(ours) == _normal(theirs), example["name"]

    assert len(examples) >= 3


def _summary(lines: list[dict[str, str]]) -> Element:
    linked = {f"field{n}": line for n, line in enumerate(lines) if "href" in line}
    form = type(
        "Example", (forms.Form,), {name: forms.CharField() for name in linked}
    )()
    form._errors = ErrorDict(
        {name: ErrorList([line["text"]]) for name, line in linked.items()}
    )
    form._errors["__all__"] = ErrorList(
        [line["text"] for line in lines if "href" not in line]
    )
    summary = Template('{% include "components/error_summary.html" %}')
    html = summary.render(Context({"form": form}))
    return parse(html).first("div", "govuk-error-summary")


def test_the_comparison_bites() -> None:
    ours = _render("input", {"label": {"text": "Name"}})
    theirs = parse(
        '<div class="govuk-form-group"><label class="govuk-label" for="a">Name</label>'
        '<input class="govuk-input" id="b" name="c" type="text"></div>'
    )

    assert _normal(ours) != _normal(theirs)
