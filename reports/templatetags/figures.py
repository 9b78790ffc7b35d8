"""The figures of a report, for its page and its PDF alike."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from reports import charts
from reports.document import BoardPaper, ReportDocument


register = template.Library()

NOTES = "Standards at level 3 or above"


@register.simple_tag
def five_bars(
    document: ReportDocument | BoardPaper, is_large: bool = False
) -> SafeString:
    bars = [
        charts.Bar(p.name, p.level, f"{p.in_place} of {p.applicable}")
        for p in document.principles
    ]
    words = [level.word for level in document.levels]
    # Safe because charts escapes every word that it is given.
    return mark_safe(
        charts.five_bars(bars, words=words, notes=NOTES, is_large=is_large)
    )
