"""The server's clock: real time, shifted time, or a time that stands still, set by whoever owns the server."""

from __future__ import annotations

import time

__all__ = ["Clock"]


class Clock:
    """Milliseconds since 1970, as the server sees them. Everything that asks for the time asks here."""

    def __init__(self) -> None:
        self._shift = 0
        self._still: int | None = None

    def ms(self) -> int:
        """Now, in whole milliseconds."""
        return self._still if self._still is not None else time.time_ns() // 1_000_000 + self._shift

    def time(self) -> float:
        """Now, in seconds: what `time.time` is to fakeredis, whose modules hold this object in the place of `time`."""
        return self.ms() / 1000

    def micros(self) -> int:
        """Now, in microseconds, for the TIME command."""
        return self._still * 1000 if self._still is not None else time.time_ns() // 1000 + self._shift * 1000

    @property
    def runs(self) -> bool:
        """Whether time passes by itself."""
        return self._still is None

    def set(self, ms: int) -> None:
        """Stand still at this moment."""
        self._still = ms

    def advance(self, ms: int) -> None:
        """Go on by so many milliseconds; a clock that runs goes on running."""
        if self._still is not None:
            self._still += ms
        else:
            self._shift += ms

    def run(self) -> None:
        """Show real time again."""
        self._shift, self._still = 0, None

    def saved(self) -> tuple[bytes, bytes]:
        """The setting as two words, for the journal."""
        if self._still is not None:
            return b"still", b"%d" % self._still
        return b"shift", b"%d" % self._shift

    def restore(self, mode: bytes, value: int) -> None:
        """Take over a setting that `saved` wrote."""
        if mode == b"still":
            self._still = value
        else:
            self._still, self._shift = None, value
