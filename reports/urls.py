"""Addresses of the reports of one organisation."""

from django.urls import path

from .views import archives, asking, downloads, listing, report


app_name = "reports"
urlpatterns = [
    path("", listing.index, name="index"),
    path("newest/", listing.newest, name="newest"),
    path("certificate/", asking.request_certificate, name="certificate"),
    path("take-out/", archives.take_out, name="take_out"),
    path(
        "take-out/<uuid:public_id>/",
        archives.take_out_download,
        name="take_out_download",
    ),
    path("<uuid:public_id>/workshop/", asking.workshop, name="workshop"),
    path("<uuid:public_id>/new/", asking.request_report, name="request"),
    path("<uuid:public_id>/", report.progress, name="progress"),
    path("<uuid:public_id>/read/", report.read, name="read"),
    path("<uuid:public_id>/download/", downloads.download, name="download"),
    path("<uuid:public_id>/record.xlsx", downloads.sheet, name="sheet"),
    path("<uuid:public_id>/record.csv", downloads.as_csv, name="csv"),
    path("<uuid:public_id>/record.json", downloads.as_json, name="json"),
    path("<uuid:public_id>/words.docx", downloads.words, name="words"),
    path("<uuid:public_id>/retry/", asking.retry, name="retry"),
]
