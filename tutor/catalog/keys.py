"""Which words of a command are keys, by Redis's key specifications.

A specification says where the first key stands (at an index, or after a keyword) and how the others are found from
there (a range, or a count that is itself one of the words). https://redis.io/docs/latest/develop/reference/key-specs/
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

ACCESS = ("RO", "RW", "OW", "RM")


class KeyUse:
    """A key among the words of a command."""

    __slots__ = ("access", "index")

    def __init__(self, index: int, access: str) -> None:
        self.index = index
        """Its position in argv, from 0."""
        self.access = access
        """RO: only read, RW: read and changed, OW: overwritten unread, RM: removed."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeyUse) and (self.index, self.access) == (other.index, other.access)

    def __hash__(self) -> int:
        return hash((self.index, self.access))

    def __repr__(self) -> str:
        return f"KeyUse({self.index}, {self.access!r})"


def key_uses(specs: Iterable[Mapping[str, Any]], argv: Sequence[bytes], depth: int) -> list[KeyUse]:
    """The keys in argv, in the order of the specifications; words that are missing are no keys.

    Redis counts positions over the whole argv, a subcommand's own word included, so that `depth` (how many words the
    name has beyond the first) only guards against taking the name for a key.
    """
    found: list[KeyUse] = []
    for spec in specs:
        if "not_key" in spec["flags"]:
            continue  # a shard channel has a slot like a key, and is none
        access = next((flag for flag in spec["flags"] if flag in ACCESS), "RW")
        start = _begin(spec["begin"], argv)
        if start is not None and start > depth:
            found += [KeyUse(index, access) for index in _find(spec["find"], start, argv)]
    return found


def _begin(begin: Mapping[str, Any], argv: Sequence[bytes]) -> int | None:
    if begin["type"] == "index":
        index: int = begin["index"]
        return index if index < len(argv) else None
    if begin["type"] != "keyword":
        return None  # "unknown": not even Redis can tell
    keyword, start = begin["keyword"].encode(), begin["startfrom"]
    places: Iterable[int] = range(start, len(argv)) if start > 0 else range(len(argv) + start, 0, -1)
    for place in places:
        if argv[place].upper() == keyword:
            return place + 1
    return None


def _find(find: Mapping[str, Any], start: int, argv: Sequence[bytes]) -> Iterable[int]:
    if find["type"] == "range":
        step, last = find["keystep"], find["lastkey"]
        if last >= 0:
            stop = start + last
        elif find["limit"] > 1:
            # XREAD: of the words that are left, only the first half are keys.
            stop = start + (len(argv) - start) // find["limit"] - 1
        else:
            stop = len(argv) + last
        return range(start, min(stop, len(argv) - 1) + 1, step)
    if find["type"] != "keynum":
        return ()
    place = start + find["keynumidx"]
    if place >= len(argv):
        return ()
    digits = argv[place]
    count = int(digits) if digits.isdigit() and len(digits) < 10 else 0
    first, step = start + find["firstkey"], find["keystep"]
    return range(first, min(first + count * step, len(argv)), step)
