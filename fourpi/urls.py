"""Every address of the site."""

from allauth.account import views as account
from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from assessments.views import assessment as assessment_views
from organisations.views import joining, people

from . import gallery, mailbox, views


handler400 = "fourpi.views.bad_request"
handler403 = "fourpi.views.permission_denied"
handler404 = "fourpi.views.page_not_found"
handler429 = "fourpi.views.too_many_requests"
handler500 = "fourpi.views.server_error"

# allauth's names, at our own plain addresses, and only what we use of it.
accounts = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-up/", account.signup, name="account_signup"),
    path("account/closed/", account.account_inactive, name="account_inactive"),
    path("forgot/", account.password_reset, name="account_reset_password"),
    path(
        "forgot/sent/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path(
        "confirm-email/",
        account.email_verification_sent,
        name="account_email_verification_sent",
    ),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$",
        account.confirm_email,
        name="account_confirm_email",
    ),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("cookies/", views.cookies, name="cookies"),
    path("security/", views.security, name="security"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("robots.txt", views.robots, name="robots"),
    path("session-ending/", views.session_ending, name="session_ending"),
    path("session-ending/save/", views.session_save, name="session_save"),
    *accounts,
    path("standards/", include("standards.urls")),
    path("o/", people.workspaces, name="workspaces"),
    path("o/<slug:organisation_slug>/", assessment_views.workspace, name="workspace"),
    path("o/<slug:organisation_slug>/assessments/", include("assessments.urls")),
    path("o/<slug:organisation_slug>/reports/", include("reports.urls")),
    path("o/<slug:organisation_slug>/people/", include("organisations.urls.people")),
    path("o/<slug:organisation_slug>/access/", include("organisations.urls.access")),
    path(
        "o/<slug:organisation_slug>/activity/",
        people.activity,
        name="activity",
    ),
    path("invite/", joining.invitation, name="invitation_held"),
    path("invite/<str:token>/", joining.invitation, name="invitation"),
    path(
        "invite/<str:token>/ask/",
        joining.invitation_ask,
        name="invitation_ask",
    ),
    path("console/", include("organisations.urls.console")),
    path("admin/", admin.site.urls),
]

if settings.EMBEDDED:
    urlpatterns += [
        path("mailbox/", mailbox.mailbox, name="mailbox"),
        path("mailbox/<uuid:public_id>/", mailbox.mailbox_mail, name="mailbox_mail"),
    ]

if settings.DEBUG:
    urlpatterns += [path("components/", gallery.gallery, name="gallery")]
