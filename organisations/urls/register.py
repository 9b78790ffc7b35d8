"""Addresses of the public register. No slug has a dot, so files are apart from them."""

from django.urls import path

from organisations.views import register as views


urlpatterns = [
    path("", views.register, name="register"),
    path("register.csv", views.register_csv, name="register_csv"),
    path("register.atom", views.register_feed, name="register_feed"),
    path(
        "<slug:organisation_slug>/",
        views.organisation,
        name="register_organisation",
    ),
    path(
        "<slug:organisation_slug>/badge.svg",
        views.badge,
        name="register_badge",
    ),
    path(
        "<slug:organisation_slug>/badge/",
        views.badge_page,
        name="register_badge_page",
    ),
]
