"""What an organisation says of itself when it signs up, and on the register."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Q


WORDS_OF_ITS_OWN = 150

# Letters that Unicode does not take apart into a plain letter and a mark.
PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)


def folded(text: str) -> str:
    """Fold what readers do not tell apart: case, accents, punctuation and spaces."""
    bare = (
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(letter)
    )
    plain = "".join(bare).translate(PLAIN_LETTERS).replace("'", "").replace("’", "")
    spaced = (letter if letter.isalnum() else " " for letter in plain)
    return " ".join("".join(spaced).split())


def matching(text: str) -> Q:
    """Ask for the rows whose `search_text` holds each word of a text, in any order.

    Shape: everything for an empty text, nothing for one without a letter or number.
    """
    words = folded(text).split()
    if text.strip() and not words:
        return Q(pk__in=[])
    return Q(*(Q(search_text__contains=word) for word in words))


class FoldedField(models.TextField):  # type: ignore[type-arg]
    """A column to search in: other columns' words, folded whenever the row is saved.

    In a column, because the two databases fold differently and SQLite not at all.
    """

    def __init__(self, *args: Any, sources: Sequence[str] = (), **kwargs: Any) -> None:
        self.sources = tuple(sources)
        super().__init__(*args, **kwargs | {"editable": False, "default": ""})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"sources": self.sources}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        words = (getattr(model_instance, source) for source in self.sources)
        value = folded(" ".join(words))
        setattr(model_instance, self.attname, value)
        return value


class Kind(models.TextChoices):
    NHS_TRUST = "nhs_trust", "NHS trust"
    COMMISSIONER = "commissioner", "Integrated care board or other commissioner"
    COUNCIL = "council", "Council"
    CARE_CHARITY = "care_charity", "Charity that gives care or support"
    OTHER_CHARITY = "other_charity", "Charity, campaign or research body"
    USER_LED = "user_led", "User-led or peer group"
    OTHER = "other", "Housing, education, justice, employer or other"


class Nation(models.TextChoices):
    ENGLAND = "england", "England"
    SCOTLAND = "scotland", "Scotland"
    WALES = "wales", "Wales"
    NORTHERN_IRELAND = "northern_ireland", "Northern Ireland"


class Scope(models.TextChoices):
    WHOLE = "whole", "The whole organisation"
    SERVICE = "service", "One service or team"


class Domain(models.TextChoices):
    """Where people are involved. The codes are those of the standards."""

    OWN_CARE = "OC", "Own care"
    COMMUNITIES = "CO", "Communities"
    SERVICE_DELIVERY = "SD", "Service delivery and evaluation"
    GOVERNANCE = "GS", "Governance and strategy"


class CoLead(models.TextChoices):
    NAMED = "named", "Named"
    RECRUITING = "recruiting", "Being looked for"


class Payment(models.TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No, or not everybody"


class RegisterEntry(models.Model):
    """The same for a sign-up and for the organisation that comes of it."""

    Kind = Kind
    Nation = Nation
    Scope = Scope
    Domain = Domain
    CoLead = CoLead
    Payment = Payment

    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=Kind)
    nation = models.CharField(max_length=20, choices=Nation, default=Nation.ENGLAND)
    area = models.CharField(max_length=100, blank=True)
    website = models.URLField(blank=True)
    ods_code = models.CharField("ODS code", max_length=10, blank=True)
    charity_number = models.CharField(max_length=12, blank=True)
    serves = models.TextField("whom it serves", max_length=1000, blank=True)
    scope = models.CharField(max_length=10, choices=Scope, default=Scope.WHOLE)
    scope_name = models.CharField("service or team", max_length=150, blank=True)
    domains = models.JSONField(default=list, blank=True, help_text="Codes of Domain.")
    sponsor_role = models.CharField(
        "role of the senior sponsor", max_length=100, blank=True
    )
    co_lead = models.CharField(
        "lived-experience co-lead", max_length=10, choices=CoLead, blank=True
    )
    co_lead_by = models.DateField("co-lead found by", null=True, blank=True)
    payment = models.CharField(
        "people are paid", max_length=5, choices=Payment, blank=True
    )
    why_not_paid = models.TextField(max_length=1000, blank=True)
    own_words = models.TextField(
        "commitment in its own words", max_length=2000, blank=True
    )

    class Meta:
        abstract = True
