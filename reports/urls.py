"""Addresses of the reports of one organisation."""

from django.urls import path

from . import views


app_name = "reports"
urlpatterns = [
    path("", views.index, name="index"),
    path("newest/", views.newest, name="newest"),
    path("certificate/", views.request_certificate, name="certificate"),
    path("take-out/", views.take_out, name="take_out"),
    path(
        "take-out/<uuid:public_id>/",
        views.take_out_download,
        name="take_out_download",
    ),
    path("<uuid:public_id>/workshop/", views.workshop, name="workshop"),
    path("<uuid:public_id>/new/", views.request_report, name="request"),
    path("<uuid:public_id>/", views.progress, name="progress"),
    path("<uuid:public_id>/read/", views.read, name="read"),
    path("<uuid:public_id>/download/", views.download, name="download"),
    path("<uuid:public_id>/record.xlsx", views.sheet, name="sheet"),
    path("<uuid:public_id>/record.json", views.as_json, name="json"),
    path("<uuid:public_id>/words.docx", views.words, name="words"),
    path("<uuid:public_id>/retry/", views.retry, name="retry"),
]
