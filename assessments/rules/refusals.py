"""Why something is refused, as a sentence for the person."""

from __future__ import annotations

from collections.abc import Sequence


class NotAllowed(Exception):
    """The rule that stands in the way, as a sentence for the person."""


class AlreadyLocked(NotAllowed):
    def __init__(self) -> None:
        super().__init__("Our view is locked, so this can't be changed.")


class ArrangedMeanwhile(NotAllowed):
    """Somebody else changed the set-up, or who does what."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody changed this while you had it open. "
            "Look at what stands now, and save again if you still want to."
        )


class CommentsClosed(NotAllowed):
    def __init__(self) -> None:
        super().__init__("While our view is locked, comments are closed as well.")


class CommentChanged(NotAllowed):
    """The comment is not any more what the page showed."""

    def __init__(self) -> None:
        super().__init__(
            "This comment was changed or deleted in another window. "
            "What you typed is still here."
        )


class NotYourComment(NotAllowed):
    """Only its author changes or deletes a comment."""


class DissentConflict(NotAllowed):
    """What some see differently is not any more what the page showed."""

    def __init__(self) -> None:
        super().__init__("Something else was noted here while you were writing.")


class NotAskedNow(NotAllowed):
    def __init__(self) -> None:
        super().__init__(
            "Nobody is asked about this any more: how the levels spread is shown, and "
            "stays as it is."
        )


class NotUnlockable(NotAllowed):
    """Our view stays locked, or is not locked."""


class NotPublishable(NotAllowed):
    """This assessment can't be published, or not now."""


class HeldBack(NotPublishable):
    """A lead or co-lead holds publishing back."""


class NotYours(NotAllowed):
    """Only who holds it back, or another of the same role, can let it go."""


class NotReady(NotAllowed):
    """Standards still without a response. `codes` names them."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        standards = "standard has" if len(codes) == 1 else "standards have"
        super().__init__(
            f"{len(codes)} {standards} no answer yet: {', '.join(codes)}. "
            'You can choose "Don\'t know yet".'
        )
