"""Sets: what Redis does otherwise than fakeredis."""

from __future__ import annotations

import random
from typing import Any

from tutor.embedded.commands.base import Family
from tutor.embedded.fake import ExpiringMembersSet, Int, Key, SimpleError, command
from tutor.embedded.reply import Members

__all__ = ["Sets"]

_WRONGTYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"


class Sets(Family):
    """Counts, intersections with missing keys, and the cursor of SSCAN."""

    @command(name="SPOP", fixed=(Key(ExpiringMembersSet),), repeat=(bytes,))
    def spop(self, key: Any, *args: bytes) -> Any:
        """One member, or with a count a set of them."""
        if len(args) > 1:
            raise SimpleError("ERR syntax error")
        count = Int.decode(args[0], "ERR value is out of range, must be positive") if args else 1
        if count < 0:
            raise SimpleError("ERR value is out of range, must be positive")
        members = random.sample(list(key.value), min(count, len(key.value)))
        for member in members:
            key.value.discard(member)
            key.updated()
        if args:
            return Members(members)
        return members[0] if members else None

    @command(name="SRANDMEMBER", fixed=(Key(ExpiringMembersSet),), repeat=(bytes,))
    def srandmember(self, key: Any, *args: bytes) -> Any:
        """As SPOP, without taking; a negative count repeats members."""
        if len(args) > 1:
            raise SimpleError("ERR syntax error")
        members = list(key.value)
        if not args:
            return random.choice(members) if members else None
        count = Int.decode(args[0])
        base: Any = self
        return base.choose_some(members, count)

    @command(name="SINTERCARD", fixed=(bytes, bytes), repeat=(bytes,))
    def sintercard(self, numkeys: bytes, *args: bytes) -> int:
        """A missing key counts as an empty set."""
        keys, limit = count_and_limit(numkeys, args)
        found: set[bytes] | None = None
        for key in keys:
            item = self._db.get(key)
            if item is not None and not isinstance(item.value, ExpiringMembersSet):
                raise SimpleError(_WRONGTYPE)
            members = set(item.value) if item is not None else set()
            found = members if found is None else found & members
        size = len(found or ())
        return min(limit, size) if limit else size

    @command(name="SSCAN", fixed=(Key(ExpiringMembersSet), bytes), repeat=(bytes,))
    def sscan(self, key: Any, cursor: bytes, *args: bytes) -> list[Any]:
        """Members."""
        base: Any = self
        found: list[Any] = base.scan_items(key.value, cursor, args, key.key)
        return found


def count_and_limit(numkeys: bytes, args: tuple[bytes, ...]) -> tuple[list[bytes], int]:
    """The keys and the LIMIT of SINTERCARD and ZINTERCARD; 0 is no limit."""
    count = Int.decode(numkeys, "ERR numkeys should be greater than 0")
    if count < 1:
        raise SimpleError("ERR numkeys should be greater than 0")
    if count > len(args):
        raise SimpleError("ERR Number of keys can't be greater than number of args")
    limit, rest = 0, args[count:]
    while rest:
        if rest[0].lower() != b"limit" or len(rest) < 2:
            raise SimpleError("ERR syntax error")
        limit = Int.decode(rest[1], "ERR LIMIT can't be negative")
        if limit < 0:
            raise SimpleError("ERR LIMIT can't be negative")
        rest = rest[2:]
    return list(args[:count]), limit
