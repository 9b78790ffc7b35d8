"""Names for the many organisations of the sample: of places that do not exist."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from organisations.models.entry import Kind, Nation


SEED = 4
SHARES = {
    Nation.ENGLAND: 68,
    Nation.SCOTLAND: 13,
    Nation.WALES: 12,
    Nation.NORTHERN_IRELAND: 7,
}
BEGINNINGS = {
    Nation.ENGLAND: (
        *("Alder", "Ample", "Bracken", "Cinder", "Copper", "Dapple", "Ember"),
        *("Fallow", "Garnet", "Hazel", "Kestrel", "Lark", "Marl", "Nettle", "Otter"),
        *("Plover", "Quill", "Rowan", "Sorrel", "Teasel", "Umber", "Willow", "Zoë’s "),
    ),
    Nation.SCOTLAND: (
        *("Inver", "Kil", "Strath", "Auchter", "Glen", "Dùn ", "Càrn ", "Baile "),
        *("Tobar ", "Loch "),
    ),
    Nation.WALES: (
        *("Llan", "Aber", "Pont", "Tŷ ", "Ynys ", "Bryn ", "Nant y ", "Môr ", "Cwm "),
        "Tre",
    ),
    Nation.NORTHERN_IRELAND: (
        *("Bally", "Drum", "Knock", "Carrick", "Sliabh ", "Áth ", "Dún ", "Doire "),
    ),
}
ENDINGS = {
    Nation.ENGLAND: (
        *("bourne", "combe", "dale", "field", "ford", "hurst", "ley", "mere", "moor"),
        *("stead", "thorpe", "wick", "worth", "ham St Anne"),
    ),
    Nation.SCOTLAND: (
        *("fearn", "mòra", "brèagha", "latha", "dorcha", "ròn", "uaine", "èisg"),
        *("sealg", "tìr"),
    ),
    Nation.WALES: (
        *("wennol", "fôr", "gân", "helyg", "lôn", "ywen", "eira", "glöyn", "dderw"),
        "haul",
    ),
    Nation.NORTHERN_IRELAND: (
        *("fána", "glór", "rí", "súil", "cnó", "léana", "more", "dearg", "fáinne"),
    ),
}
PATTERNS: dict[Kind, tuple[str, ...]] = {
    Kind.NHS_TRUST: (
        "{} Mental Health NHS Foundation Trust",
        "{} Partnership NHS Trust",
        "{} Community Health NHS Trust",
    ),
    Kind.COMMISSIONER: (
        "{} Integrated Care Board",
        "{} Joint Commissioning Team",
        "NHS {} Health Board",
    ),
    Kind.COUNCIL: ("{} Borough Council", "{} District Council", "{} Council"),
    Kind.CARE_CHARITY: (
        "{} Support",
        "{} Care and Housing Trust",
        "{} Carers’ Centre",
        "The {} Day Centre",
    ),
    Kind.OTHER_CHARITY: (
        "{} Wellbeing Campaign",
        "{} Research Collaborative",
        "Voices for {}",
        "{} Community Foundation",
    ),
    Kind.USER_LED: (
        "{} Peer Network",
        "{} Survivors’ Group",
        "{} Hearing Voices Group",
        "Café {}",
    ),
    Kind.OTHER: ("{} Housing Association", "{} College", "{} Works & Sons", "{} Homes"),
}


@dataclass(frozen=True)
class Invented:
    name: str
    kind: Kind
    nation: Nation
    area: str


def invented() -> Iterator[Invented]:
    """Invent organisations, each name once, in the same order every time."""
    chance, taken = random.Random(SEED), set()
    while True:
        one = _invented(chance)
        if one.name.casefold() not in taken:
            taken.add(one.name.casefold())
            yield one


def _invented(chance: random.Random) -> Invented:
    nation = chance.choices(list(SHARES), list(SHARES.values()))[0]
    kind = chance.choice(list(PATTERNS))
    place = f"{chance.choice(BEGINNINGS[nation])}{chance.choice(ENDINGS[nation])}"
    place = " ".join(word[:1].upper() + word[1:] for word in place.split())
    area = chance.choice(("", place, f"{place} and around", f"North {place}"))
    return Invented(chance.choice(PATTERNS[kind]).format(place), kind, nation, area)
