"""Every kind of field through the pack: what is said, tied together, and escaped."""

from __future__ import annotations

from typing import Any

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template

from fourpi.templatetags.look import kind_of
from organisations.forms import (
    Ask,
    Checkboxes,
    DateParts,
    DatePartsField,
    Paragraphs,
    PlainTextField,
    Radios,
)
from tests.look.markup import Element, parse


HOSTILE = "<script>alert(1)</script> & \"quotes\" 'too'"
CHOICES = [("a", HOSTILE), (HOSTILE, "B")]
WORDS: dict[str, Any] = {
    "label": HOSTILE,
    "help_text": HOSTILE,
    "error_messages": {"required": HOSTILE, "invalid": HOSTILE},
}
FIELDS = {
    "input": lambda **words: PlainTextField(is_one_line=True, **words),
    "email": forms.EmailField,
    "password": lambda **words: forms.CharField(widget=forms.PasswordInput(), **words),
    "textarea": lambda **words: PlainTextField(**words),
    "counted": lambda **words: PlainTextField(max_length=9, **words),
    "select": lambda **words: forms.ChoiceField(choices=CHOICES, **words),
    "radios": lambda **words: forms.ChoiceField(
        choices=CHOICES,
        widget=Radios(hints={"a": HOSTILE}, divider_before=HOSTILE, divider=HOSTILE),
        **words,
    ),
    "plain radios": lambda **words: forms.ChoiceField(
        choices=CHOICES, widget=forms.RadioSelect(), **words
    ),
    "checkboxes": lambda **words: forms.MultipleChoiceField(
        choices=CHOICES, widget=Checkboxes(hints={"a": HOSTILE}), **words
    ),
    "checkbox": forms.BooleanField,
    "date": DatePartsField,
}


def _form(kind: str, data: dict[str, str] | None = None, **words: Any) -> forms.Form:
    return type("Example", (forms.Form,), {"asked": FIELDS[kind](**words)})(data)


def _crispy(form: forms.Form) -> Element:
    form.helper = FormHelper(form)
    return parse(render_crispy_form(form))


def _refers_to_something(tree: Element) -> None:
    ids = [element.attributes.get("id") for element in tree.every()]
    named = [found for found in ids if found]
    assert len(named) == len(set(named))
    for element in tree.every():
        for word in element.attributes.get("aria-describedby", "").split():
            assert word in named
        if "for" in element.attributes:
            assert element.attributes["for"] in named
        if element.attributes.get("href", "").startswith("#"):
            assert element.attributes["href"][1:] in named


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("hint", ["", "A hint"])
@pytest.mark.parametrize("is_sent", [False, True])
def test_field_is_labelled_described_and_linked(
    kind: str, hint: str, is_sent: bool
) -> None:
    form = _form(kind, {} if is_sent else None, label="A name", help_text=hint)

    tree = _crispy(form)

    _refers_to_something(tree)
    group = tree.first("div", "govuk-form-group")
    assert "A name" in group.text()
    assert bool(hint) == any(
        "govuk-hint" in e.attributes.get("class", "") and e.text() == hint
        for e in group.every("div")
    )
    assert is_sent == ("govuk-form-group--error" in group.attributes["class"])
    assert is_sent == bool(list(tree.every("div", "govuk-error-summary")))
    if is_sent:
        message = form.errors["asked"][0]
        link = tree.first("ul").first("a")
        assert link.text() == message
        assert group.first("p", "govuk-error-message").text() == f"Error: {message}"
        target = link.attributes["href"][1:]
        landed = [e for e in tree.every() if e.attributes.get("id") == target]
        assert landed[0].tag in {"input", "textarea", "select"}


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("data", [{}, {"asked": HOSTILE, "asked_day": HOSTILE}])
def test_hostile_words_stay_words(kind: str, data: dict[str, str]) -> None:
    form = _form(kind, data, **WORDS)

    html = render_crispy_form(form, FormHelper(form))

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    scripts = [s for s in parse(html).every("script") if "src" not in s.attributes]
    assert scripts == []


def test_every_kind_of_the_pack_is_rendered_above() -> None:
    widgets = [Paragraphs(), Radios(), Checkboxes(), DateParts(), forms.CheckboxInput()]
    widgets += [forms.TextInput(), forms.Select(), forms.HiddenInput()]

    assert {kind_of(widget) for widget in widgets} == {
        *("textarea", "radios", "checkboxes", "date", "checkbox"),
        *("input", "select", "hidden"),
    }
    with pytest.raises(TypeError, match="SelectDateWidget"):
        kind_of(forms.SelectDateWidget())


class PlainForm(forms.Form):
    level = forms.ChoiceField(label="Level", choices=[("1", "One")], widget=Radios())
    reason = PlainTextField(label="Why", max_length=100)
    version = forms.IntegerField(widget=forms.HiddenInput)


def test_layout_sets_the_size_of_one_label_and_the_heading() -> None:
    form = PlainForm()
    form.helper = FormHelper()
    form.helper.layout = Layout(Ask("level", size="l", is_heading=True), "reason")

    tree = parse(render_crispy_form(form))

    legend = tree.first("legend")
    assert "govuk-fieldset__legend--l" in legend.attributes["class"]
    assert legend.first("h1").text() == "Level"
    assert "govuk-label--s" in tree.first("label", "govuk-label--s").attributes["class"]


def test_summary_names_a_hidden_field_without_a_link() -> None:
    tree = _crispy(PlainForm({"level": "1", "reason": "Because"}))

    assert tree.first("ul").first("li").text() == "This field is required."
    assert list(tree.first("ul").every("a")) == []


def test_a_form_of_its_own_is_whole_and_not_checked_by_the_browser() -> None:
    form = PlainForm()
    form.helper = FormHelper(form)
    form.helper.layout.append(Fieldset("More", Submit("save", "Save")))

    tree = parse(render_crispy_form(form))

    whole = tree.first("form")
    assert "novalidate" in whole.attributes
    assert whole.attributes["method"] == "post"
    assert whole.first("button").text() == "Save"
    assert whole.first("fieldset", "govuk-fieldset").text()


def test_a_form_inside_a_page_leaves_the_summary_to_the_page() -> None:
    form = PlainForm({})
    form.helper = FormHelper(form)
    form.helper.form_tag = False

    html = render_crispy_form(form)

    assert "govuk-error-summary" not in html
    assert "<form" not in html


def test_the_filter_prints_every_field_and_its_script() -> None:
    page = Template("{% load crispy_forms_filters %}{{ form|crispy }}")

    html = page.render(Context({"form": PlainForm()}))

    assert html.count("govuk-form-group") == 2
    assert "js/character_count.js" in html
    assert "You can write up to 100 characters" in html


def test_a_formset_lists_the_faults_of_all_its_forms() -> None:
    formset = forms.formset_factory(PlainForm, extra=2)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-reason": "Yes"}
    )
    summary = Template('{% include "components/error_summary.html" %}')

    tree = parse(summary.render(Context({"forms": formset})))

    hrefs = [link.attributes["href"] for link in tree.every("a")]
    assert hrefs == ["#id_form-0-level_0", "#id_form-1-level_0", "#id_form-1-reason"]
