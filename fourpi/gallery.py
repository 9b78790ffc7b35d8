"""Show every component and field of the site on one page, while DEBUG is on."""

from types import SimpleNamespace

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from organisations.forms import (
    Ask,
    Checkboxes,
    DatePartsField,
    PlainTextField,
    Radios,
)


LEVELS = [
    ("0", "0. Not started"),
    ("1", "1. Early steps"),
    ("2", "2. Partly in place"),
    ("3", "3. In place and felt"),
    ("4", "4. Shared and led"),
]


class EveryField(forms.Form):
    """One field of each kind; sending it empty shows every error."""

    level = forms.ChoiceField(
        label="How well is this in place?",
        help_text="The levels go from low to high.",
        choices=[
            *LEVELS,
            ("dont_know", "Don't know yet"),
            ("not_applicable", "Does not apply"),
        ],
        widget=Radios(
            hints={
                "0": "We have not begun.",
                "1": "Under a quarter of our work.",
                "3": "At least 4 out of 5, and people tell us so.",
            },
            divider_before="dont_know",
        ),
        error_messages={"required": "Choose a level"},
    )
    reason = PlainTextField(
        label="Why this level?",
        help_text="One or two sentences are plenty.",
        max_length=200,
        error_messages={"required": "Say why you chose this level"},
    )
    title = PlainTextField(
        label="Title", is_one_line=True, error_messages={"required": "Enter a title"}
    )
    kind = forms.ChoiceField(
        label="Type of evidence",
        choices=[("", "Choose one"), ("document", "A document")],
        error_messages={"required": "Choose a type of evidence"},
    )
    seen_on = DatePartsField(label="Date", help_text="For example, 27 March 2026.")
    domains = forms.MultipleChoiceField(
        label="Where does it show?",
        choices=[("own", "Own care"), ("service", "Service delivery")],
        widget=Checkboxes(hints={"own": "Between a person and those who care."}),
        error_messages={"required": "Choose at least one"},
    )
    is_public = forms.BooleanField(
        label="Anybody may read this",
        error_messages={"required": "Tick the box to go on"},
    )

    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(
        Ask("level", size="l"),
        Ask("reason", size="m"),
        "title",
        "kind",
        "seen_on",
        "domains",
        "is_public",
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def gallery(request: HttpRequest) -> HttpResponse:
    form = EveryField(request.POST if request.method == "POST" else None)
    return render(
        request,
        "components/gallery.html",
        {
            "form": form,
            "levels": LEVELS,
            "tasks": TASKS,
            "summary": SUMMARY,
            "table_columns": ["Level", "Word"],
        },
    )


def _task(title: str, hint: str, status: str, href: str, is_done: bool) -> object:
    return SimpleNamespace(
        title=title, hint=hint, status=status, href=href, is_done=is_done
    )


TASKS = [
    _task("Principles", "6 standards", "Completed", "#main", True),
    _task("Purpose", "5 standards", "In progress", "#main", False),
    _task("Lock our view", "", "Cannot start yet", "", False),
]
SUMMARY = [
    SimpleNamespace(key="Level", value="2. Partly in place", href="#main"),
    SimpleNamespace(key="Why", value="First line\nSecond line", is_multiline=True),
    SimpleNamespace(key="Evidence", value=""),
]
