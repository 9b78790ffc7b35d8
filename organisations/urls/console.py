"""Addresses of the stewards' console."""

from django.urls import path

from organisations.views.console import waiting


app_name = "console"

urlpatterns = [
    path("", waiting.waiting, name="waiting"),
]
