"""Addresses of signing up, and of what our mails' links open."""

from django.urls import path

from organisations.views import sign_up as pages
from organisations.views import sign_up_link as links


urlpatterns = [
    path("sign-up/", pages.start, name="sign_up"),
    path(
        "sign-up/organisation/",
        pages.page,
        {"page": "organisation"},
        name="sign_up_organisation",
    ),
    path("sign-up/alike/", pages.alike, name="sign_up_alike"),
    path("sign-up/known/<slug:organisation_slug>/", pages.known, name="sign_up_known"),
    path("sign-up/serves/", pages.page, {"page": "serves"}, name="sign_up_serves"),
    path("sign-up/people/", pages.page, {"page": "people"}, name="sign_up_people"),
    path(
        "sign-up/commitment/",
        pages.page,
        {"page": "commitment"},
        name="sign_up_commitment",
    ),
    path("sign-up/check/", pages.check, name="sign_up_check"),
    path("sign-up/sent/", pages.sent, name="sign_up_sent"),
    path("sign-up/later/", pages.later, name="sign_up_later"),
    path("sign-up/find/", pages.find, name="sign_up_find"),
    path("sign-up/<str:token>/", links.sign_up_link, name="sign_up_link"),
    path("sign-up/<str:token>/withdraw/", links.withdraw, name="sign_up_withdraw"),
    path("sponsor/<str:token>/", links.sponsor, name="sponsor"),
]
