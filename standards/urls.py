"""Addresses of the app."""

from django.urls import path

from . import views


app_name = "standards"
urlpatterns = [
    path("", views.index, name="index"),
    path("duties/", views.duties, name="duties"),
    path("duties/<slug:code>/", views.duty, name="duty"),
    path("<slug:slug>/", views.principle, name="principle"),
]
