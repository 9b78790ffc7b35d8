"""The mails that one machine's installation sent, for a newcomer to click through.

With EMBEDDED=1 only: urls.py leaves it out elsewhere. Anybody may read it there,
because whoever confirms an address is not signed in yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


# What Django's file backend writes after each mail; a file may hold several.
SEPARATOR = b"\n" + b"-" * 79 + b"\n"
LINK = re.compile(r"(https?://[^\s<>]+)")
SHOWN = 100


@dataclass(frozen=True)
class Part:
    text: str
    link: str = ""


@dataclass(frozen=True)
class Mail:
    public_id: UUID
    subject: str
    to: str
    sent_at: datetime
    parts: tuple[Part, ...]


@login_not_required
@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    return _page(request, "mailbox.html", {"mails": list(delivered())[:SHOWN]})


@login_not_required
@never_cache
@require_safe
def mailbox_mail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    for mail in delivered():
        if mail.public_id == public_id:
            return _page(request, "mailbox_mail.html", {"mail": mail})
    raise Http404


def delivered() -> Iterator[Mail]:
    """Read the mails in the file backend's folder, newest first."""
    files = list(Path(settings.EMAIL_FILE_PATH).glob("*.log"))
    for file in sorted(files, key=lambda each: each.stat().st_mtime_ns, reverse=True):
        for text in reversed(file.read_bytes().split(SEPARATOR)):
            if text.strip():
                yield _read(text)


def _read(text: bytes) -> Mail:
    message = message_from_bytes(text, policy=default)
    body = message.get_body(("plain",))
    words = body.get_content() if body else ""
    return Mail(
        public_id=UUID(message["Message-ID"].strip("<>").partition("@")[0]),
        subject=message["Subject"],
        to=message["To"],
        # Its zone is -0000, which says UTC and is read as none.
        sent_at=parsedate_to_datetime(message["Date"]).replace(tzinfo=UTC),
        parts=tuple(_part(part) for part in LINK.split(words)),
    )


def _part(text: str) -> Part:
    if not LINK.fullmatch(text):
        return Part(text)
    # Below the address that the reader came by, whatever the site takes itself for.
    return Part(text, link=text.removeprefix(settings.PUBLIC_ADDRESS) or "/")


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    page = render(request, template, context)
    page["X-Robots-Tag"] = "noindex"
    return page
