"""Addresses of an organisation's people, below its own."""

from django.urls import path

from organisations.views import people as views


urlpatterns = [
    path("", views.people, name="people"),
    path("invite/", views.invite, name="people_invite"),
    path(
        "invitations/<uuid:public_id>/resend/",
        views.resend,
        name="people_resend",
    ),
    path(
        "invitations/<uuid:public_id>/cancel/",
        views.cancel,
        name="people_cancel",
    ),
    path("leave/", views.leave, name="people_leave"),
    path("lead/", views.offer_lead, name="people_lead"),
    path("lead/<uuid:public_id>/accept/", views.accept_lead, name="lead_accept"),
    path("lead/<uuid:public_id>/decline/", views.decline_lead, name="lead_decline"),
    path("lead/<uuid:public_id>/withdraw/", views.withdraw_lead, name="lead_withdraw"),
    path("<uuid:person>/role/", views.change_role, name="people_role"),
    path("<uuid:person>/remove/", views.remove, name="people_remove"),
]
