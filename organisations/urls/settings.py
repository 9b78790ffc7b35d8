"""Addresses of an organisation's settings, below its own."""

from django.urls import path

from organisations.views import settings as views


urlpatterns = [
    path("", views.settings, name="settings"),
    path("entry/", views.entry, name="settings_entry"),
    path("words/", views.words, name="settings_words"),
    path("leave-register/", views.leave_register, name="settings_leave"),
    path("come-back/", views.come_back, name="settings_come_back"),
    path("milestones/add/", views.add_milestone, name="milestone_add"),
    path(
        "milestones/<uuid:public_id>/keep/",
        views.keep_milestone,
        name="milestone_keep",
    ),
    path(
        "milestones/<uuid:public_id>/drop/",
        views.drop_milestone,
        name="milestone_drop",
    ),
]
