"""Give a file that was made, or one that is written while it is asked for."""

from __future__ import annotations

from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

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
    what = report.noun.replace(" ", "-") + ("-large" if report.is_large else "")
    day = f"{report.requested_at:%Y-%m-%d}"
    return f"4pi-{what}-{report.organisation.slug}-{day}.{ending}"
