"""Loads editions of the standard: the only door by which they come in."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from standards.content import EditionSource, FaultySource, read_edition
from standards.models import (
    Domain,
    Duty,
    Edition,
    Indicator,
    Level,
    LevelSentence,
    Principle,
    Question,
    Standard,
)


FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


class Command(BaseCommand):
    help = "Load the editions of the standard, or the one in the folder given."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path)

    def handle(self, *, folder: Path | None, verbosity: int, **options: object) -> None:
        folders = [folder] if folder else sorted(FIXTURES.iterdir())
        for edition_folder in folders:
            done = _load(_read(edition_folder))
            if verbosity:
                self.stdout.write(done)


def _read(folder: Path) -> EditionSource:
    try:
        return read_edition(folder)
    except FaultySource as faulty:
        raise CommandError(
            f"Nothing was loaded from {folder.name}:\n{faulty}"
        ) from faulty


def _load(source: EditionSource) -> str:
    """Store an edition unless it is stored already; say which."""
    try:
        with transaction.atomic():
            return _load_once(source)
    except IntegrityError as collision:
        raise CommandError(
            f"{source.title}: something else loaded it at the same moment. "
            "Run the command again."
        ) from collision


def _load_once(source: EditionSource) -> str:
    found = _stored(source)
    if found and found.fingerprint == source.fingerprint():
        return f"{source.title}: already loaded, nothing changed."
    if found:
        _remove_draft(found, source)
    _store(source)
    return (
        f"{source.title}: {'replaced the draft' if found else 'loaded'} with "
        f"{len(source.standards)} standards and {len(source.duties)} duties."
    )


def _stored(source: EditionSource) -> Edition | None:
    """Find the edition of this code; refuse a version that another code has."""
    same_version = Edition.objects.filter(
        jurisdiction=source.jurisdiction,
        language=source.language,
        version=source.version,
    ).exclude(code=source.code)
    if other := same_version.first():
        raise CommandError(
            f"Version {source.version} for {source.jurisdiction} is taken by the "
            f"edition “{other.code}”. Give this one a new version in edition.json."
        )
    return Edition.objects.filter(code=source.code).first()


def _remove_draft(edition: Edition, source: EditionSource) -> None:
    if edition.status == Edition.Status.PUBLISHED:
        raise CommandError(
            f"{edition.title} is published and does not change any more, but its "
            "files have. Put them back as they were, or make a new edition of them: "
            "a new folder, with a new code, title and version in its edition.json."
        )
    try:
        for rows in (Duty, Standard, Level, Domain, Principle):
            rows.objects.filter(edition=edition).delete()
        edition.delete()
    except ProtectedError as reason:
        raise CommandError(
            f"{edition.title} is a draft that something refers to already, so it "
            f"cannot be replaced. Give “{source.code}” a new code and version."
        ) from reason


def _store(source: EditionSource) -> None:
    edition = Edition.objects.create(
        code=source.code,
        title=source.title,
        version=source.version,
        jurisdiction=source.jurisdiction,
        language=source.language,
        status=source.status,
        published_on=source.published_on,
        review_note=source.review_note,
        fingerprint=source.fingerprint(),
    )
    levels = _store_levels(source, edition)
    standards = _store_standards(source, edition, _store_principles(source, edition))
    _store_parts(source, standards, levels)
    _link_domains(source, standards, _store_domains(source, edition))
    _link_duties(source, standards, _store_duties(source, edition))


def _store_levels(source: EditionSource, edition: Edition) -> dict[str, Level]:
    rows = Level.objects.bulk_create(
        Level(edition=edition, **vars(level)) for level in source.levels
    )
    return {str(row.value): row for row in rows}


def _store_domains(source: EditionSource, edition: Edition) -> dict[str, Domain]:
    rows = Domain.objects.bulk_create(
        Domain(
            edition=edition,
            position=position,
            **{**vars(domain), "examples": list(domain.examples)},
        )
        for position, domain in enumerate(source.domains, 1)
    )
    return {row.code: row for row in rows}


def _store_principles(source: EditionSource, edition: Edition) -> dict[str, Principle]:
    rows = Principle.objects.bulk_create(
        Principle(edition=edition, position=position, **vars(principle))
        for position, principle in enumerate(source.principles, 1)
    )
    return {row.code: row for row in rows}


def _store_duties(source: EditionSource, edition: Edition) -> dict[str, Duty]:
    rows = Duty.objects.bulk_create(
        Duty(
            edition=edition,
            position=position,
            **{**vars(duty), "applies_to": list(duty.applies_to)},
        )
        for position, duty in enumerate(source.duties, 1)
    )
    return {row.code: row for row in rows}


def _store_standards(
    source: EditionSource, edition: Edition, principles: dict[str, Principle]
) -> dict[str, Standard]:
    positions = dict.fromkeys(principles, 0)
    rows = []
    for standard in source.standards:
        positions[standard.principle] += 1
        row = Standard(
            edition=edition,
            principle=principles[standard.principle],
            code=standard.code,
            title=standard.title,
            statement=standard.statement,
            why=standard.why,
            is_core=standard.core,
            level_three=standard.level_three,
            not_applicable_rule=standard.not_applicable_rule,
            example_evidence=list(standard.example_evidence),
            position=positions[standard.principle],
        )
        rows.append(row)
    return {row.code: row for row in Standard.objects.bulk_create(rows)}


def _store_parts(
    source: EditionSource, standards: dict[str, Standard], levels: dict[str, Level]
) -> None:
    """Store what belongs to one standard alone."""
    Indicator.objects.bulk_create(
        Indicator(standard=standards[standard.code], position=position, text=text)
        for standard in source.standards
        for position, text in enumerate(standard.indicators, 1)
    )
    LevelSentence.objects.bulk_create(
        LevelSentence(standard=standards[standard.code], level=levels[value], text=text)
        for standard in source.standards
        for value, text in standard.levels.items()
    )
    Question.objects.bulk_create(
        Question(standard=standards[standard.code], audience=audience, text=text)
        for standard in source.standards
        for audience, text in standard.questions.items()
    )


def _link_domains(
    source: EditionSource, standards: dict[str, Standard], domains: dict[str, Domain]
) -> None:
    link = Standard.domains.through
    link.objects.bulk_create(
        link(standard=standards[standard.code], domain=domains[code])
        for standard in source.standards
        for code in standard.domains
    )


def _link_duties(
    source: EditionSource, standards: dict[str, Standard], duties: dict[str, Duty]
) -> None:
    link = Duty.standards.through
    link.objects.bulk_create(
        link(standard=standards[standard.code], duty=duties[code])
        for standard in source.standards
        for code in standard.duties
    )
