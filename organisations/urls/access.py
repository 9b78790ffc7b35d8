"""Addresses of what stewards ask to read, below an organisation's own."""

from django.urls import path

from organisations.views import access as views


urlpatterns = [
    path("", views.access, name="access"),
    path("<uuid:public_id>/grant/", views.access_grant, name="access_grant"),
    path("<uuid:public_id>/refuse/", views.access_refuse, name="access_refuse"),
    path("<uuid:public_id>/end/", views.access_end, name="access_end"),
]
