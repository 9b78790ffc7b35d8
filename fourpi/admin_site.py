"""Django's admin is for superusers: what stewards need is in the console."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest


class SuperusersSite(AdminSite):
    """Open to superusers. Their second step is asked for in one middleware."""

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)


class SuperusersAdminConfig(AdminConfig):
    default_site = "fourpi.admin_site.SuperusersSite"
