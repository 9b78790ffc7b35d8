"""Django's admin for superusers: organisations, people, memberships; never an answer.

The form views of the admin are one transaction already, so they cannot call the
durable operations: they write the row and its audit event side by side.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Model, QuerySet, URLField
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin

from . import audit, operations
from .models import Membership, Organisation, User


admin.site.site_header = "4Pi: superusers"
admin.site.site_title = "4Pi superusers"
admin.site.index_title = "Organisations and people"


def _organisation_of(subject: Model) -> Organisation | None:
    if isinstance(subject, Organisation):
        return subject
    return subject.organisation if isinstance(subject, Membership) else None


class SuperuserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Open to superusers, with an audit event for each thing they do."""

    show_full_result_count = False
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    list_per_page = 25

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(
        self, request: HttpRequest, subject: Model | None = None
    ) -> bool:
        return self.has_module_permission(request)

    # Django's name of the second argument is another; it is never given by name.
    has_view_or_change_permission = has_view_permission  # type: ignore[assignment]
    has_change_permission = has_view_permission  # type: ignore[assignment]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(
        self, request: HttpRequest, subject: Model | None = None
    ) -> bool:
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,  # Django's name
        form: ModelForm[Any],
        change: bool,
    ) -> None:
        super().save_model(request, obj, form, change)
        self._record(
            request,
            obj,
            "edited" if change else "added",
            {"fields": sorted(form.changed_data)},
        )

    def _record(
        self, request: HttpRequest, subject: Any, verb: str, details: dict[str, Any]
    ) -> None:
        assert isinstance(request.user, User)
        audit.record(
            by=request.user,
            verb=verb,
            subject=subject,
            organisation=_organisation_of(subject),
            at=timezone.now(),
            details=details,
        )


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    """Who is in the organisation, to read; changes are made at the membership."""

    model = Membership
    fields = ("user", "role", "joined_at")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user", "organisation")


@admin.register(Organisation)
class OrganisationAdmin(SuperuserAdmin, SimpleHistoryAdmin):  # type: ignore[misc]
    list_display = ("name", "kind", "nation", "status", "people", "created_at")
    list_filter = ("status", "kind", "nation")
    search_fields = ("name", "slug", "memberships__user__email")
    ordering = ("name", "pk")
    prepopulated_fields = {"slug": ("name",)}
    fields = ("name", "slug", "kind", "nation", "website", "status")
    readonly_fields = ("status",)
    inlines = (MembershipInline,)
    actions = ("pause", "resume")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        organisations: QuerySet[Organisation] = super().get_queryset(request)
        return organisations.annotate(people_count=Count("memberships", distinct=True))

    @admin.display(ordering="people_count")
    def people(self, organisation: Any) -> int:
        count: int = organisation.people_count
        return count

    @admin.action(description="Pause: members can read, but change nothing")
    def pause(self, request: HttpRequest, chosen: QuerySet[Organisation]) -> None:
        self._move(request, chosen, operations.pause_organisation)

    @admin.action(description="Resume after a pause")
    def resume(self, request: HttpRequest, chosen: QuerySet[Organisation]) -> None:
        self._move(request, chosen, operations.resume_organisation)

    def _move(
        self, request: HttpRequest, chosen: QuerySet[Organisation], operation: Any
    ) -> None:
        for organisation in chosen:
            try:
                operation(organisation=organisation, by=request.user, at=timezone.now())
            except operations.AlreadyDone as reason:
                self.message_user(request, str(reason), messages.WARNING)
            else:
                self.message_user(
                    request, f"{organisation}: {organisation.get_status_display()}."
                )


class MembershipForm(ModelForm):  # type: ignore[type-arg]
    def clean_user(self) -> User:
        user: User = self.cleaned_data["user"]
        if user.is_staff:
            raise ValidationError(
                "A steward belongs to no organisation, so that no steward reads "
                "an organisation's answers."
            )
        return user


@admin.register(Membership)
class MembershipAdmin(SuperuserAdmin, SimpleHistoryAdmin):  # type: ignore[misc]
    form = MembershipForm
    list_display = ("user", "organisation", "role", "joined_at")
    list_filter = ("role",)
    list_select_related = ("user", "organisation")
    search_fields = ("user__email", "user__name", "organisation__name")
    ordering = ("organisation__name", "user__name", "pk")
    autocomplete_fields = ("organisation", "user")
    fields = ("organisation", "user", "role")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> tuple[str, ...]:
        return ("organisation", "user") if obj else ()

    def has_delete_permission(
        self, request: HttpRequest, subject: Model | None = None
    ) -> bool:
        return self.has_module_permission(request)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._record(request, obj, "removed", {"role": obj.role})
        super().delete_model(request, obj)

    def delete_queryset(
        self, request: HttpRequest, queryset: QuerySet[Membership]
    ) -> None:
        for membership in queryset:
            self.delete_model(request, membership)


@admin.register(User)
class UserAdmin(SuperuserAdmin):
    """People. They set their own password by the "forgotten" link."""

    list_display = ("email", "name", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("email", "pk")
    fields = ("email", "name", "is_active", "is_staff")

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: ModelForm[Any],
        change: bool,
    ) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
