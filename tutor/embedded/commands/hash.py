"""Hashes: what Redis does otherwise than fakeredis."""

from __future__ import annotations

import random
from typing import Any

from tutor.embedded import numbers
from tutor.embedded.commands.base import Family
from tutor.embedded.fake import Hash, Int, Key, SimpleError, command

__all__ = ["Hashes"]


class Hashes(Family):
    """Floats, random fields, and the cursor of HSCAN."""

    @command(name="HINCRBYFLOAT", fixed=(Key(Hash), bytes, bytes))
    def hincrbyfloat(self, key: Any, field: bytes, amount: bytes) -> bytes:
        """As INCRBYFLOAT, with an error of its own for the field."""
        step = numbers.read(amount)
        if step is None:
            infinite = amount.lower().lstrip(b"+-") in (b"inf", b"infinity")
            raise SimpleError("ERR value is NaN or Infinity" if infinite else "ERR value is not a valid float")
        current = numbers.read(key.value.get(field, b"0"))
        if current is None:
            raise SimpleError("ERR hash value is not a float")
        text = numbers.add(current, step)
        key.value.update({field: text}, clear_expiration=False)
        key.updated()
        return text

    @command(name="HRANDFIELD", fixed=(Key(Hash),), repeat=(bytes,))
    def hrandfield(self, key: Any, *args: bytes) -> Any:
        """One field without a count; with one an array, which repeats itself when the count is negative."""
        fields = list(key.value.items())
        if not args:
            return random.choice(fields)[0] if fields else None
        count = Int.decode(args[0])
        if len(args) > 2 or (len(args) == 2 and args[1].lower() != b"withvalues"):
            raise SimpleError("ERR syntax error")
        chosen = self.choose_some(fields, count)
        if len(args) == 1:
            return [field for field, _ in chosen]
        return (
            [list(pair) for pair in chosen] if self._resp_version == 3 else [word for pair in chosen for word in pair]
        )

    def choose_some(self, items: list[Any], count: int) -> list[Any]:
        """At most `count` different ones, or exactly `-count` with repetitions."""
        if not items:
            return []
        if count >= 0:
            return items if count >= len(items) else random.sample(items, count)
        self._server.guard_room(-count * 16)
        return random.choices(items, k=-count)

    @command(name="HSCAN", fixed=(Key(Hash), bytes), repeat=(bytes,))
    def hscan(self, key: Any, cursor: bytes, *args: bytes) -> list[Any]:
        """Fields and values in turn."""
        base: Any = self
        place, fields = base.scan_items(key.value, cursor, args, key.key)
        return [place, [word for field in fields for word in (field, key.value[field])]]
