"""What no linter we use can see: each guard, and that it bites."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command

from assessments.models import (
    AnotherLook,
    Assessment,
    Comment,
    Dissent,
    Draft,
    Hold,
    Mention,
    Publication,
    Rating,
    RatingRound,
    Response,
    Unlocking,
)
from organisations.models import (
    AccessGrant,
    IdentityCheck,
    Invitation,
    KeptForm,
    LeadOffer,
    MailPreference,
    Membership,
    Milestone,
    Notice,
    Organisation,
    Reminder,
    SignUp,
    SignUpMessage,
    SponsorAsking,
    Unit,
)


APPS = ("fourpi", "standards", "organisations", "voices", "assessments", "reports")
TENANT_MODELS = {
    "Assessment",
    "Response",
    "Evidence",
    "ResponseRevision",
    "Publication",
    "Draft",
    "KeptForm",
    "Hold",
    "Unlocking",
    "AnotherLook",
    "Comment",
    "Mention",
    "Assignment",
    "Dissent",
    "Rating",
    "RatingRound",
    "Report",
    "Membership",
    "Invitation",
    "LeadOffer",
    "Milestone",
    "Unit",
    "Reminder",
    "AccessGrant",
}
OPEN_READS = {"get", "filter", "all", "exclude", "first", "last", "values"}


def unscoped_reads(source: str) -> list[str]:
    """Find `TenantModel.objects.get(...)` and its like in a view module's source."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(
                attr=method,
                value=ast.Attribute(attr="objects", value=ast.Name(id=model)),
            ) if model in TENANT_MODELS and method in OPEN_READS:
                found.append(f"line {node.lineno}: {model}.objects.{method}")
    return found


def view_modules() -> list[Path]:
    folders = [settings.BASE_DIR / app for app in APPS]
    return [
        module
        for folder in folders
        for module in sorted(folder.glob("views.py"))
        + sorted(folder.glob("views/*.py"))
    ]


@pytest.mark.parametrize(
    "module", view_modules(), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_views_read_tenant_rows_through_the_door_only(module):
    assert unscoped_reads(module.read_text()) == []


def test_unscoped_read_is_noticed():
    source = "def view(request, pk):\n    return Assessment.objects.get(pk=pk)\n"

    assert unscoped_reads(source) == ["line 2: Assessment.objects.get"]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_admin_shows_nothing_of_what_organisations_answer():
    shown = {model._meta.app_label for model in admin.site._registry}

    assert shown.isdisjoint({"assessments", "reports", "voices"})


@pytest.mark.parametrize("app", APPS[1:])
def test_no_model_orders_itself_or_saves_with_side_effects(app):
    for model in apps.get_app_config(app).get_models():
        if model.__name__.startswith("Historical"):
            continue
        assert not model._meta.ordering, model
        assert "save" not in vars(model), model


@pytest.mark.parametrize(
    "model",
    [
        Assessment,
        Response,
        Draft,
        Publication,
        Hold,
        Unlocking,
        AnotherLook,
        Comment,
        Mention,
        Dissent,
        Rating,
        RatingRound,
        Membership,
        Invitation,
        LeadOffer,
        Organisation,
        SignUp,
        SignUpMessage,
        SponsorAsking,
        Milestone,
        Unit,
        Reminder,
        Notice,
        AccessGrant,
        IdentityCheck,
        KeptForm,
        MailPreference,
    ],
)
def test_every_constraint_says_what_is_wrong(model):
    for constraint in model._meta.constraints:
        if constraint.name == "response_standard_once":
            continue  # made by the program, never by a person
        default = type(constraint).default_violation_error_message
        assert constraint.violation_error_message != default, constraint.name
