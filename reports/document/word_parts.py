"""The parts of a Word file, each as XML. Source: ECMA-376, part 1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr


DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NAMES = f'xmlns:w="{WORD}" xmlns:r="{OFFICE}"'
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
# What begins the name of a link, and the names of the other parts.
LINK, HEADER, FOOTER = "link", "header", "footer"
# Everybody has it, and it is easy to read; ours is only on our own paper.
FONT = "Arial"
INK, PLUM, TEAL = "2B2130", "4C1B40", "0A5560"
# Of a table, and of a column that is not its first: in twentieths of a point.
WIDTH, NARROW = 9638, 1700
# In half points.
USUAL, LARGE = 24, 36
# What XML cannot hold: XML 1.0, section 2.2.
_UNHOLDABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class List:
    is_numbered: bool


def text_of(words: str) -> str:
    """Write words as XML holds them, with a mark for what it cannot hold."""
    held = _UNHOLDABLE.sub("\N{REPLACEMENT CHARACTER}", words)
    return escape(held, {'"': "&quot;"})


def attribute(words: str) -> str:
    return quoteattr(words)


def whole_document(body: str) -> str:
    return (
        f"{DECLARATION}<w:document {NAMES}><w:body>{body}<w:sectPr>"
        f'<w:headerReference w:type="default" r:id="{HEADER}"/>'
        f'<w:footerReference w:type="default" r:id="{FOOTER}"/>'
        '<w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" '
        'w:header="567" w:footer="567" w:gutter="0"/>'
        "</w:sectPr></w:body></w:document>"
    )


def table(rows: Sequence[Sequence[str]], *, named: str) -> str:
    """Write a table of paragraphs, whose first row is said again on each page."""
    line = '<w:{} w:val="single" w:sz="4" w:space="0" w:color="8A7F76"/>'
    lines = "".join(line.format(side) for side in ("top", "bottom", "insideH"))
    # The names in the first column are words that are not broken.
    others = len(rows[0]) - 1
    wide = f'<w:gridCol w:w="{WIDTH - others * NARROW}"/>'
    grid = wide + f'<w:gridCol w:w="{NARROW}"/>' * others
    last = len(rows) - 1
    written = (
        _row(row, is_head=at == 0, is_last=at == last) for at, row in enumerate(rows)
    )
    return (
        '<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/>'
        f"<w:tblBorders>{lines}</w:tblBorders>"
        '<w:tblLook w:val="04A0" w:firstRow="1" w:firstColumn="1"/>'
        f"<w:tblCaption w:val={attribute(named)}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>"
        f"{''.join(written)}</w:tbl>"
    )


def _row(cells: Sequence[str], *, is_head: bool, is_last: bool) -> str:
    again = "<w:tblHeader/>" if is_head else ""
    # The rows stay together, by the paragraphs in them.
    style = f"<w:pStyle w:val={attribute('Normal')}/>"
    if not is_last:
        cells = [cell.replace(style, f"{style}<w:keepNext/>") for cell in cells]
    inside = "".join(f"<w:tc>{cell}</w:tc>" for cell in cells)
    return f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{inside}</w:tr>"


def header(words: str) -> str:
    run = (
        f"<w:r><w:rPr><w:b/></w:rPr><w:t>{text_of(words)}</w:t></w:r>" if words else ""
    )
    return (
        f'{DECLARATION}<w:hdr {NAMES}><w:p><w:pPr><w:jc w:val="right"/></w:pPr>'
        f"{run}</w:p></w:hdr>"
    )


def footer(words: str) -> str:
    """Write the foot of each page: whose it is, and which page of how many."""
    said = f'<w:r><w:t xml:space="preserve">{text_of(words)}. Page </w:t></w:r>'
    return (
        f"{DECLARATION}<w:ftr {NAMES}><w:p>{said}"
        '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        '<w:r><w:t xml:space="preserve"> of </w:t></w:r>'
        '<w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        "</w:p></w:ftr>"
    )


def styles(*, is_large: bool) -> str:
    size = LARGE if is_large else USUAL
    heads = "".join(
        _heading(level, size + more) for level, more in ((1, 20), (2, 8), (3, 2))
    )
    return (
        f"{DECLARATION}<w:styles {NAMES}><w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}"/>'
        f'<w:color w:val="{INK}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        '<w:lang w:val="en-GB"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
        '<w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr>'
        "</w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
        '<w:name w:val="Normal"/><w:qFormat/></w:style>'
        f"{heads}"
        '<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/>'
        '<w:basedOn w:val="Normal"/><w:pPr><w:keepNext/></w:pPr>'
        "<w:rPr><w:b/><w:bCs/></w:rPr></w:style>"
        '<w:style w:type="paragraph" w:styleId="ListParagraph">'
        '<w:name w:val="List Paragraph"/><w:basedOn w:val="Normal"/>'
        '<w:pPr><w:spacing w:after="60"/></w:pPr></w:style>'
        '<w:style w:type="character" w:styleId="Hyperlink">'
        f'<w:name w:val="Hyperlink"/><w:rPr><w:color w:val="{TEAL}"/>'
        '<w:u w:val="single"/></w:rPr></w:style></w:styles>'
    )


def _heading(level: int, size: int) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="Heading{level}">'
        f'<w:name w:val="heading {level}"/><w:basedOn w:val="Normal"/>'
        '<w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:keepLines/>'
        f'<w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="{level - 1}"/>'
        f'</w:pPr><w:rPr><w:b/><w:bCs/><w:color w:val="{PLUM}"/>'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


def numbering(lists: Sequence[List]) -> str:
    """Write how each list is counted: the numbers of each begin anew."""
    kinds = _kind_of_list(0, "bullet", "\u2022") + _kind_of_list(1, "decimal", "%1.")
    each = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{int(one.is_numbered)}"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for number, one in enumerate(lists, start=1)
    )
    return f"{DECLARATION}<w:numbering {NAMES}>{kinds}{each}</w:numbering>"


def _kind_of_list(number: int, kind: str, sign: str) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:lvl w:ilvl="0">'
        f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{sign}"/>'
        '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="454" w:hanging="454"/></w:pPr>'
        "</w:lvl></w:abstractNum>"
    )


def core(title: str) -> str:
    """Write what a reader of the file is told first: its title and language."""
    return (
        f"{DECLARATION}<cp:coreProperties "
        f'xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{text_of(title)}</dc:title>"
        "<dc:creator>4Pi self-assessment</dc:creator>"
        "<dc:language>en-GB</dc:language></cp:coreProperties>"
    )


def relations(links: Sequence[str]) -> str:
    """Write where the parts of the document are, and where its links lead."""
    parts = {
        "styles": "styles.xml",
        "numbering": "numbering.xml",
        "settings": "settings.xml",
        HEADER: "header1.xml",
        FOOTER: "footer1.xml",
    }
    inside = "".join(
        f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{file}"/>'
        for kind, file in parts.items()
    )
    outside = "".join(
        f'<Relationship Id="{LINK}{number}" Type="{OFFICE}/hyperlink" '
        f'Target={attribute(link)} TargetMode="External"/>'
        for number, link in enumerate(links)
    )
    return _relationships(inside + outside)


def static_parts() -> dict[str, str]:
    """Write the parts that are the same in each file; the list of kinds comes first."""
    return {
        "[Content_Types].xml": _kinds(),
        "_rels/.rels": _relationships(
            f'<Relationship Id="document" Type="{OFFICE}/officeDocument" '
            'Target="word/document.xml"/>'
            f'<Relationship Id="core" Type="{PACKAGE}/relationships/metadata/'
            'core-properties" Target="docProps/core.xml"/>'
        ),
        "word/settings.xml": (
            f"{DECLARATION}<w:settings {NAMES}><w:compat><w:compatSetting "
            'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
            'w:val="15"/></w:compat><w:themeFontLang w:val="en-GB"/></w:settings>'
        ),
    }


def _kinds() -> str:
    parts = {
        "document": "document.main",
        "styles": "styles",
        "numbering": "numbering",
        "settings": "settings",
        "header1": "header",
        "footer1": "footer",
    }
    inside = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{KIND}.{kind}+xml"/>'
        for name, kind in parts.items()
    )
    return (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f"{inside}"
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.'
        'openxmlformats-package.core-properties+xml"/></Types>'
    )


def _relationships(each: str) -> str:
    return (
        f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{each}'
        "</Relationships>"
    )
