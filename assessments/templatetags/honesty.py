"""What a page says of evidence beyond what was typed."""

from datetime import date

from django import template
from django.utils import timezone

from assessments import rules


register = template.Library()


@register.filter
def is_old(dated_on: date | None) -> bool:
    """Say whether evidence is old by today."""
    return rules.is_old(dated_on, on=timezone.localdate())


@register.filter
def age(dated_on: date | None) -> str:
    """Say how old evidence is by today; nothing where it has no date."""
    return rules.age_of(dated_on, on=timezone.localdate()) if dated_on else ""
