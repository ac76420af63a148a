"""How much memory the worker has, what is refused when it is nearly used up, and what the kernel enforces."""

from __future__ import annotations

import contextlib
import gc
import resource
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.embedded.state import State

__all__ = ["Guard", "confine"]

_STEP = 1 << 20
_PAGE = resource.getpagesize()


def confine(memory: int) -> None:
    """Let the kernel hold this process to its memory, to the open files that its clients need, and to no core dump."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, soft))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS knows the limit but does not let it be set
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


class Guard:
    """Looks at the memory in use every megabyte of commands, and lets the dispatcher refuse what would need more."""

    def __init__(self, memory: int) -> None:
        self._most = memory * 7 // 10
        self._fed = 0
        self._collect_at = 0.0

    def room(self) -> int:
        """Bytes that commands may still take."""
        return self._most - used()

    def count(self, argv: list[bytes]) -> None:
        """Add up what commands bring."""
        self._fed += 64 + sum(map(len, argv))

    def check(self, state: State) -> None:
        """Look, if enough has come in since the last look, or memory was short then."""
        if self._fed < _STEP and not state.memory_full:
            return
        self._fed = 0
        if self.room() < 0 and time.monotonic() > self._collect_at:
            gc.collect()  # what refers to itself is given back at some later time otherwise
            self._collect_at = time.monotonic() + 1
        state.memory_full = self.room() < 0


def used() -> int:
    """Bytes of address space in use, or of memory ever used where the platform does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * _PAGE
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
