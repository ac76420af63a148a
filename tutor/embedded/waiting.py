"""Clients that wait: for which keys, in which order they are served, and when their time is over."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from tutor.embedded.lookup import Command, find

if TYPE_CHECKING:
    from tutor.embedded.client import Client
    from tutor.embedded.state import State

__all__ = ["expire", "next_deadline", "park", "serve"]


def park(client: Client, argv: list[bytes], timeout: float) -> None:
    """Let a client wait for the keys of its command; `timeout` in seconds, 0 for ever."""
    state, entry = client.state, find(argv)
    places = [(client.database, key) for key in _keys(entry, argv)]
    client.parked = (entry, argv, places)
    client.deadline = state.now_ms + timeout * 1000 if timeout else None
    for place in places:
        state.waiting.setdefault(place, OrderedDict())[client] = None


def _keys(entry: Command, argv: list[bytes]) -> list[bytes]:
    """The keys that may end the waiting; of a move only the source."""
    name = entry.name
    if name in ("blmove", "brpoplpush"):
        return argv[1:2]
    if name in ("blmpop", "bzmpop"):
        return argv[3 : 3 + int(argv[2])]
    if name in ("xread", "xreadgroup"):
        at = next(at for at, word in enumerate(argv) if word.upper() == b"STREAMS")
        names = argv[at + 1 :]
        return names[: len(names) // 2]
    return argv[1:-1]


def serve(state: State) -> None:
    """Serve those who wait for keys that changed, first come first served, until nothing changes any more."""
    while state.touched:
        touched, state.touched = dict.fromkeys(state.touched), []
        if not state.waiting:
            return
        for place in touched:
            for client in list(state.waiting.get(place, ())):
                if client.retry():
                    state.unsent[client] = None


def expire(state: State) -> None:
    """End the waiting of those whose time is over."""
    now = state.now_ms
    for client in {client for queue in state.waiting.values() for client in queue}:
        if client.deadline is not None and client.deadline <= now:
            client.give_up(False)


def next_deadline(state: State) -> float | None:
    """The next moment, in the clock's milliseconds, at which something happens by itself."""
    moments = [client.deadline for queue in state.waiting.values() for client in queue if client.deadline is not None]
    for data in state.dbs.values():
        expiry = data.next_expiry()
        if expiry is not None:
            moments.append(expiry * 1000 + 1)
    return min(moments, default=None)
