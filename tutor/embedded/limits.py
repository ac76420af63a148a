"""How many files the server may have open: one for each client in each of its two processes, and some more."""

from __future__ import annotations

import resource

from tutor.embedded.board import SLOTS

__all__ = ["raise_file_limit"]

_WANTED = SLOTS + 128


def raise_file_limit() -> int:
    """Ask for as many as all clients need; how many there are in the end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED if hard == resource.RLIM_INFINITY else min(_WANTED, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return min(soft, _WANTED)
