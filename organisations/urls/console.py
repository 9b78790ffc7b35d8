"""Addresses of the stewards' console."""

from django.urls import path

from organisations.views.console import (
    access,
    notices,
    numbers,
    organisations,
    sign_ups,
    single_sign_on,
    succession,
    trail,
    users,
    waiting,
)


app_name = "console"

urlpatterns = [
    path("", waiting.waiting, name="waiting"),
    path("sign-ups/", sign_ups.sign_ups, name="sign_ups"),
    path("sign-ups/<uuid:public_id>/", sign_ups.sign_up, name="sign_up"),
    path(
        "sign-ups/<uuid:public_id>/sponsor/",
        sign_ups.ask_sponsor,
        name="ask_sponsor",
    ),
    path("sign-ups/<uuid:public_id>/approve/", sign_ups.approve, name="approve"),
    path("sign-ups/<uuid:public_id>/ask/", sign_ups.ask, name="ask"),
    path("sign-ups/<uuid:public_id>/decline/", sign_ups.decline, name="decline"),
    path("sign-ups/<uuid:public_id>/decided/", sign_ups.decided, name="decided"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations.csv", organisations.organisations_csv, name="csv"),
    path("add-organisation/", organisations.add, name="add"),
    path(
        "organisations/<slug:organisation_slug>/",
        organisations.organisation,
        name="organisation",
    ),
    path(
        "organisations/<slug:organisation_slug>/edit/",
        organisations.edit,
        name="edit",
    ),
    path(
        "organisations/<slug:organisation_slug>/extend/",
        organisations.extend,
        name="extend",
    ),
    path(
        "organisations/<slug:organisation_slug>/pause/",
        organisations.pause,
        name="pause",
    ),
    path(
        "organisations/<slug:organisation_slug>/resume/",
        organisations.resume,
        name="resume",
    ),
    path(
        "organisations/<slug:organisation_slug>/invitations/<uuid:public_id>/resend/",
        organisations.resend,
        name="resend",
    ),
    path(
        "organisations/<slug:organisation_slug>/lead/",
        succession.replace_lead,
        name="replace_lead",
    ),
    path(
        "organisations/<slug:organisation_slug>/merge/",
        succession.merge,
        name="merge",
    ),
    path(
        "organisations/<slug:organisation_slug>/merge/<slug:other_slug>/",
        succession.merge_into,
        name="merge_into",
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
    path("users/", users.users, name="users"),
    path("users/<uuid:public_id>/", users.user, name="user"),
    path(
        "users/<uuid:public_id>/second-step/",
        users.user_second_step,
        name="user_second_step",
    ),
    *(
        path(
            f"users/<uuid:public_id>/{deed}/",
            users.user_do,
            {"deed": deed},
            name=f"user_{deed.replace('-', '_')}",
        )
        for deed in users.DEEDS
    ),
    path("audit/", trail.trail, name="trail"),
    path("audit.csv", trail.trail_csv, name="trail_csv"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers.csv", numbers.numbers_csv, name="numbers_csv"),
    path("notices/", notices.notices, name="notices"),
    path("notices/new/", notices.notice_new, name="notice_new"),
    path("notices/<uuid:public_id>/", notices.notice_edit, name="notice"),
    path("notices/<uuid:public_id>/end/", notices.notice_end, name="notice_end"),
]
