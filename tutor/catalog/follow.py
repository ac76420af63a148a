"""What may and what must come after a part of the argument tree."""

from __future__ import annotations

from tutor.catalog.values import fits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.catalog.model import Argument

NOTHING: frozenset[bytes] = frozenset()


class Follow:
    """What comes after a part of the tree: the rest of its sequence, then what follows that."""

    __slots__ = ("items", "least", "open", "stops")

    def __init__(self, items: Sequence[Argument], outer: Follow | None) -> None:
        self.items = items
        self.least: int = sum(item.least for item in items if not item.optional) + (outer.least if outer else 0)
        """The fewest words that have to follow."""
        stops: frozenset[bytes] = outer.stops if outer else NOTHING
        for item in reversed(items):
            stops = item.first if not item.optional else stops | item.first
        self.stops: frozenset[bytes] = stops
        """The tokens that may stand next."""
        self.open: bool = outer is not None and outer.open
        """Whether a word that is no token may stand next."""
        for item in reversed(items):
            self.open = item.open or (item.optional and self.open)

    def takes(self, word: bytes) -> bool:
        """Whether a last word can be what has to follow; only of a single number can it be known that it cannot."""
        required = [item for item in self.items if not item.optional]
        return self.least != 1 or len(required) != 1 or fits(required[0], word)
