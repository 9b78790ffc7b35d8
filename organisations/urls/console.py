"""Addresses of the stewards' console."""

from django.urls import path

from organisations.views.console import access, waiting


app_name = "console"

urlpatterns = [
    path("", waiting.waiting, name="waiting"),
    path(
        "organisations/<slug:organisation_slug>/access/",
        access.access,
        name="access",
    ),
]
