"""Give a file that was made, or one that is written while it is asked for."""

from __future__ import annotations

from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify
from django.utils.timezone import localtime

from reports.models import Report


def whole_file(
    request: HttpRequest, file: IO[bytes], kind: str, name: str
) -> HttpResponseBase:
    """Give a file that was made, to be kept and never to be opened in the page."""
    page = FileResponse(
        file,
        as_attachment=True,
        filename=name,
        headers={
            "Content-Type": kind,
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )
    if request.method == "HEAD":
        # Closing the page would end the request before the session is saved.
        file.close()
        return HttpResponse(headers=dict(page.items()))
    return page


def file_of(content: str | bytes, kind: str, name: str) -> HttpResponse:
    said = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=said)


def file_name(report: Report, ending: str = "pdf") -> str:
    """Name a file so that no two of an organisation have the same name."""
    parts = ["4pi", slugify(report.noun), slugify(report.about)]
    parts += ["large"] if report.is_large else []
    asked = f"{localtime(report.requested_at):%Y-%m-%d-%H%M}"
    parts += [report.organisation.slug, asked, "draft" if report.is_draft() else ""]
    return f"{'-'.join(filter(None, parts))}.{ending}"
