"""A page of memory that supervisor and worker share: what the worker is doing, and how each client stands.

The worker writes it while it works, at the price of one `pack_into` per command. When the worker has died, the page
tells the supervisor which client's command was running and which clients can simply go on.
"""

from __future__ import annotations

import mmap
import struct

__all__ = ["BLOCKED", "MULTI", "OBSERVER", "SLOTS", "SUBSCRIBED", "TORN", "WATCHING", "Board"]

SLOTS = 1024
"""How many clients there can be at once."""

MULTI, WATCHING, SUBSCRIBED, BLOCKED, TORN = 1, 2, 4, 8, 16
"""How a client stands; TORN means that half a request or half a reply is under way, so that it cannot go on."""

OBSERVER = -2
"""Stands in the place of a slot while an observer's command runs."""

_HEAD = struct.Struct("=IIiII")  # working, counter, slot, done, unanswered
_KEYS = struct.Struct("=Q")
_SLOT = struct.Struct("=BBB")  # flags, database, protocol
_KEYS_AT = _HEAD.size
_SLOTS_AT = _KEYS_AT + _KEYS.size


class Board:
    """The shared page."""

    def __init__(self) -> None:
        self._map = mmap.mmap(-1, _SLOTS_AT + SLOTS * _SLOT.size)
        self._count = 0

    def begin(self, slot: int, done: int, unanswered: int) -> None:
        """A command of this slot begins: the batch has `done` commands before it, and `unanswered` in all."""
        self._count = (self._count + 1) & 0xFFFFFFFF
        _HEAD.pack_into(self._map, 0, 1, self._count, slot, done, unanswered)

    def uncertain(self, slot: int) -> None:
        """From now on a death leaves open what this client has sent or been answered: it had better be hung up on."""
        self._count = (self._count + 1) & 0xFFFFFFFF
        _HEAD.pack_into(self._map, 0, 1, self._count, slot, 0, 0)

    def observe(self, number: int) -> None:
        """An observer's command begins, the worker's `number`-th, from 1."""
        self.begin(OBSERVER, number, 1)

    def observed(self) -> int:
        """The number of the observer's command that runs; 0 when none does."""
        slot, number, _ = self.running()
        return number if slot == OBSERVER else 0

    def busy(self) -> None:
        """Work goes on that is no client's command."""
        self.begin(-1, 0, 0)

    def idle(self, keys: int) -> None:
        """The worker waits for something to do."""
        self._count = (self._count + 1) & 0xFFFFFFFF
        _HEAD.pack_into(self._map, 0, 0, self._count, -1, 0, 0)
        _KEYS.pack_into(self._map, _KEYS_AT, keys)

    def pulse(self) -> tuple[bool, int]:
        """Whether the worker works, and a number that changes with each thing it does."""
        working, count, _, _, _ = _HEAD.unpack_from(self._map, 0)
        return bool(working), count

    def came_up(self) -> bool:
        """Whether the worker has got as far as serving: it waits, or is at something that somebody has sent."""
        working, count, slot, _, _ = _HEAD.unpack_from(self._map, 0)
        return bool(slot != -1 if working else count)

    def running(self) -> tuple[int, int, int]:
        """The slot whose command runs (-1: none), how many of its batch are done, how many are unanswered."""
        _, _, slot, done, unanswered = _HEAD.unpack_from(self._map, 0)
        return slot, done, unanswered

    def keys(self) -> int:
        """How many keys there were when the worker last waited."""
        count: int = _KEYS.unpack_from(self._map, _KEYS_AT)[0]
        return count

    def stand(self, slot: int, flags: int, database: int, protocol: int) -> None:
        """Say how a client stands."""
        _SLOT.pack_into(self._map, _SLOTS_AT + slot * _SLOT.size, flags, database, protocol)

    def standing(self, slot: int) -> tuple[int, int, int]:
        """Flags, database and protocol of a client."""
        flags, database, protocol = _SLOT.unpack_from(self._map, _SLOTS_AT + slot * _SLOT.size)
        return flags, database, protocol
