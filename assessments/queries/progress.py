"""How far an assessment is, or a part of it: each kind of answer told apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How many standards there are, and how many of them hold what."""

    standards: int
    answered: int
    dont_know: int = 0
    not_applicable: int = 0
    # Of those without an answer.
    for_later: int = 0

    @property
    def responded(self) -> int:
        """Count what holds a response of any kind, "don't know yet" included."""
        return self.answered + self.dont_know + self.not_applicable

    @property
    def is_responded(self) -> bool:
        return self.responded == self.standards

    @property
    def is_answered(self) -> bool:
        """Say whether nothing is left open: a "don't know yet" is."""
        return self.is_responded and not self.dont_know

    @property
    def open_end(self) -> str:
        """Say that everything holds a response, and how many are not known yet."""
        answered = "Answered, " if self.answered else ""
        return f"{answered}{self.dont_know} not known yet"

    @property
    def besides(self) -> str:
        """Name what is no answer and not empty either, to follow "2 of 6 answered"."""
        does = "does" if self.not_applicable == 1 else "do"
        parts = {
            "“don’t know yet”": self.dont_know,
            f"{does} not apply": self.not_applicable,
            "for later": self.for_later,
        }
        return "".join(
            f", {number} {words}" for words, number in parts.items() if number
        )

    def __str__(self) -> str:
        return f"{self.answered} of {self.standards} standards answered{self.besides}"
