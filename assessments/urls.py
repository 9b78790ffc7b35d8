"""Addresses of an organisation's assessments, below its own."""

from django.urls import path

from .views import (
    answers,
    assessment,
    comments,
    dissent,
    drafts,
    evidence,
    history,
    meeting,
    one_page,
    principle,
    publishing,
    quality,
    question,
    ratings,
    set_up,
    sharing,
    sheet,
    unlocking,
)


app_name = "assessments"
urlpatterns = [
    path("new/", set_up.start, name="start"),
    path("<uuid:public_id>/", assessment.overview, name="overview"),
    path("<uuid:public_id>/evidence/", evidence.evidence, name="evidence"),
    path("<uuid:public_id>/evidence.csv", evidence.evidence_csv, name="evidence_csv"),
    path("<uuid:public_id>/spreadsheet/", sheet.upload, name="sheet"),
    path("<uuid:public_id>/spreadsheet/changes/", sheet.changes, name="sheet_changes"),
    path(
        "<uuid:public_id>/spreadsheet/throw-away/",
        sheet.throw_away,
        name="sheet_throw_away",
    ),
    path("<uuid:public_id>/answers.xlsx", sheet.download, name="sheet_download"),
    path("<uuid:public_id>/answers.csv", answers.answers_csv, name="answers_csv"),
    path("<uuid:public_id>/answers.json", answers.answers_json, name="answers_json"),
    path("<uuid:public_id>/quality/", quality.quality, name="quality"),
    path("<uuid:public_id>/set-up/", set_up.change_set_up, name="set_up"),
    path("<uuid:public_id>/share/", sharing.share, name="share"),
    path(
        "<uuid:public_id>/share/<slug:principle_slug>/",
        sharing.share,
        name="share_principle",
    ),
    path("<uuid:public_id>/mine/", sharing.mine, name="mine"),
    path("<uuid:public_id>/continue/", sharing.carry_on, name="carry_on"),
    path("<uuid:public_id>/meeting/", meeting.meeting, name="meeting"),
    path(
        "<uuid:public_id>/meeting/<slug:principle_slug>/<int:position>/",
        question.question,
        name="meeting_question",
    ),
    path("<uuid:public_id>/own-levels/", ratings.ask, name="own_levels"),
    path(
        "<uuid:public_id>/own-levels/<uuid:round_id>/show/",
        ratings.show,
        name="show_own_levels",
    ),
    path("<uuid:public_id>/lock/", assessment.lock, name="lock"),
    path("<uuid:public_id>/unlock/", unlocking.unlock, name="unlock"),
    path("<uuid:public_id>/publish/", publishing.publish, name="publish"),
    path("<uuid:public_id>/hold/", publishing.hold, name="hold"),
    path("<uuid:public_id>/hold/<uuid:hold_id>/lift/", publishing.lift, name="lift"),
    path(
        "<uuid:public_id>/comments/<uuid:comment_id>/edit/",
        comments.edit,
        name="comment_edit",
    ),
    path(
        "<uuid:public_id>/comments/<uuid:comment_id>/delete/",
        comments.delete,
        name="comment_delete",
    ),
    path(
        "<uuid:public_id>/<slug:principle_slug>/", principle.principle, name="principle"
    ),
    path(
        "<uuid:public_id>/<slug:principle_slug>/check/", principle.check, name="check"
    ),
    path(
        "<uuid:public_id>/<slug:principle_slug>/one-page/",
        one_page.one_page,
        name="one_page",
    ),
    path(
        "<uuid:public_id>/<slug:principle_slug>/<int:position>/",
        question.question,
        name="question",
    ),
    path(
        "<uuid:public_id>/<slug:principle_slug>/<int:position>/history/",
        history.history,
        name="history",
    ),
    path(
        "<uuid:public_id>/<slug:principle_slug>/<int:position>/history/"
        "<int:version>/restore/",
        history.restore,
        name="restore",
    ),
    path(
        "<uuid:public_id>/<slug:principle_slug>/<int:position>/own-level/",
        ratings.own_level,
        name="own_level",
    ),
    path(
        "<uuid:public_id>/<slug:principle_slug>/<int:position>/dissent/",
        dissent.dissent,
        name="dissent",
    ),
    path(
        "<uuid:public_id>/<slug:principle_slug>/<int:position>/another-look/",
        comments.another_look,
        name="another_look",
    ),
    path(
        "<uuid:public_id>/<slug:principle_slug>/<int:position>/throw-away/",
        drafts.throw_away,
        name="throw_away",
    ),
]
