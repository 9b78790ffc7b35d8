"""Addresses of the stewards' console."""

from django.urls import path

from organisations.views.console import (
    access,
    organisations,
    sign_ups,
    single_sign_on,
    waiting,
)


app_name = "console"

urlpatterns = [
    path("", waiting.waiting, name="waiting"),
    path("sign-ups/", sign_ups.sign_ups, name="sign_ups"),
    path("sign-ups/<uuid:public_id>/", sign_ups.sign_up, name="sign_up"),
    path("sign-ups/<uuid:public_id>/approve/", sign_ups.approve, name="approve"),
    path("sign-ups/<uuid:public_id>/ask/", sign_ups.ask, name="ask"),
    path("sign-ups/<uuid:public_id>/decline/", sign_ups.decline, name="decline"),
    path("sign-ups/<uuid:public_id>/decided/", sign_ups.decided, name="decided"),
    path("organisations/", organisations.organisations, name="organisations"),
    path(
        "organisations/<slug:organisation_slug>/",
        organisations.organisation,
        name="organisation",
    ),
    path(
        "organisations/<slug:organisation_slug>/access/",
        access.access,
        name="access",
    ),
    path(
        "organisations/<slug:organisation_slug>/sign-in/",
        single_sign_on.sign_in,
        name="organisation_sign_in",
    ),
]
