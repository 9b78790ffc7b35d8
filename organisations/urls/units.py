"""Addresses of an organisation's services and teams, below its own."""

from django.urls import path

from organisations.views import units as views


urlpatterns = [
    path("", views.units, name="units"),
    path("<uuid:public_id>/", views.change_unit, name="unit_change"),
    path("<uuid:public_id>/close/", views.close_unit, name="unit_close"),
    path("<uuid:public_id>/reopen/", views.reopen_unit, name="unit_reopen"),
]
