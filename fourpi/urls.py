"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from assessments.queries import standards_named
from assessments.views import workspace as workspace_views
from organisations.views import activity, joining, people
from reports.views import checking

from . import account_urls, account_views, gallery, mailbox, views


handler400 = "fourpi.views.bad_request"
handler403 = "fourpi.views.permission_denied"
handler404 = "fourpi.views.page_not_found"
handler429 = "fourpi.views.too_many_requests"
handler500 = "fourpi.views.server_error"

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
    *account_urls.urlpatterns,
    path("standards/", include("standards.urls")),
    path("organisations/", include("organisations.urls.register")),
    path("check/", checking.check, name="check_report"),
    path("o/", people.workspaces, name="workspaces"),
    path("o/<slug:organisation_slug>/", workspace_views.workspace, name="workspace"),
    path("o/<slug:organisation_slug>/assessments/", include("assessments.urls")),
    path("o/<slug:organisation_slug>/reports/", include("reports.urls")),
    path(
        "o/<slug:organisation_slug>/settings/",
        include("organisations.urls.settings"),
    ),
    path("o/<slug:organisation_slug>/people/", include("organisations.urls.people")),
    path("o/<slug:organisation_slug>/teams/", include("organisations.urls.units")),
    path("o/<slug:organisation_slug>/access/", include("organisations.urls.access")),
    path(
        "o/<slug:organisation_slug>/activity/",
        activity.activity,
        # Apps below do not know each other: what one calls its things is handed over.
        {"name_standards": standards_named},
        name="activity",
    ),
    path(
        "o/<slug:organisation_slug>/activity.csv",
        activity.activity_csv,
        {"name_standards": standards_named},
        name="activity_csv",
    ),
    path("invite/", joining.invitation, name="invitation_held"),
    path("invite/<str:token>/", joining.invitation, name="invitation"),
    path(
        "invite/<str:token>/ask/",
        joining.invitation_ask,
        name="invitation_ask",
    ),
    path("console/", include("organisations.urls.console")),
    path("", include("organisations.urls.sign_up")),
    path("admin/login/", account_views.admin_sign_in, name="admin_sign_in"),
    path("admin/password_change/", account_views.admin_password, name="admin_password"),
    path("admin/", admin.site.urls),
]

if settings.EMBEDDED:
    urlpatterns += [
        path("mailbox/", mailbox.mailbox, name="mailbox"),
        path("mailbox/<uuid:public_id>/", mailbox.mailbox_mail, name="mailbox_mail"),
    ]

if settings.DEBUG:
    urlpatterns += [path("components/", gallery.gallery, name="gallery")]
