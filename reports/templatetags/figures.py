"""The figures of a report, for its page and its PDF alike."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from reports import charts
from reports.document import BoardPaper, PrincipleEntry, PrincipleLine, ReportDocument


register = template.Library()


@register.simple_tag
def five_bars(
    document: ReportDocument | BoardPaper, is_large: bool = False
) -> SafeString:
    bars = [charts.Bar(p.name, p.level, _note(p)) for p in document.principles]
    words = [level.word for level in document.levels]
    # Safe because charts escapes every word that it is given.
    return mark_safe(charts.five_bars(bars, words=words, is_large=is_large))


def _note(principle: PrincipleEntry | PrincipleLine) -> str:
    return f"{principle.in_place} of {principle.applicable} at level 3 or above"
