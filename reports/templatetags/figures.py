"""The figures of a report, for its page and for its PDF."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from reports import charts
from reports.document import BoardPaper, ReportDocument


register = template.Library()

NOTES = "Standards at level 3 or above"


@register.simple_tag
def five_bars(document: ReportDocument | BoardPaper) -> SafeString:
    words = [level.word for level in document.levels]
    # Safe because charts escapes every word that it is given.
    return mark_safe(charts.five_bars(_bars(document), words=words, notes=NOTES))


@register.inclusion_tag("reports/pdf/1/_bars.html")
def five_bars_in_print(document: ReportDocument | BoardPaper) -> dict[str, object]:
    """Lay the words of the bars over bars that have none."""
    bars = _bars(document)
    drawn = charts.bars_alone(bars, is_large=document.is_large)
    return {
        # Safe because charts escapes every word that it is given.
        "bars_alone": mark_safe(drawn),
        "bars": bars,
        "levels": document.levels,
        "notes": NOTES,
    }


def _bars(document: ReportDocument | BoardPaper) -> list[charts.Bar]:
    return [
        charts.Bar(p.name, p.level, f"{p.in_place} of {p.applicable}")
        for p in document.principles
    ]
