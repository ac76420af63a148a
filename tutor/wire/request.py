"""A server's side of RESP: the bytes of a client to commands, under limits that are checked before anything is kept."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.errors import ProtocolError, QuotingError
from tutor.wire.words import split

__all__ = ["CommandParser", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one command may be; Redis's own defaults."""

    bulk: int = 512 * 1024 * 1024
    """Bytes in one argument (`proto-max-bulk-len`)."""
    words: int = 1024 * 1024
    """Arguments in one command."""
    inline: int = 64 * 1024
    """Bytes in one inline command, or in a length line."""
    total: int = 1024 * 1024 * 1024
    """Bytes of one whole command that is not complete (`client-query-buffer-limit`)."""


class CommandParser:
    """Turns what a client sends into commands: RESP arrays, and inline commands as telnet sends them.

    `feed` what arrived, then `get` until it answers None. Raises `ProtocolError` with Redis's own words; the
    connection must be closed after that.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._buffer = bytearray()
        self._at = 0
        self._words: list[bytes] = []
        self._missing = 0
        self._bulk = -1
        self._held = 0

    def feed(self, data: bytes) -> None:
        """Add bytes that came from the client."""
        if self._at:
            del self._buffer[: self._at]
            self._at = 0
        self._buffer += data

    def get(self) -> list[bytes] | None:
        """The next whole command, or None until more bytes are fed. Empty commands are passed over, as Redis does."""
        while True:
            if self._missing:
                if not self._bulks():
                    return None
                words, self._words, self._held = self._words, [], 0
                return words
            if self._at >= len(self._buffer):
                return None
            inline = self._buffer[self._at] != 0x2A  # "*"
            line = self._line("too big inline request" if inline else "too big mbulk count string")
            if line is None:
                return None
            if inline:
                words = self._inline(line)
                if words:
                    return words
            else:
                self._missing = max(0, self._length(line[1:], self._limits.words, "invalid multibulk length"))

    def partial(self) -> bool:
        """True when the beginning of a command has been fed, and its rest has not."""
        return self._missing > 0 or self._at < len(self._buffer)

    def _inline(self, line: bytes) -> list[bytes]:
        try:
            return split(line)
        except QuotingError:
            raise ProtocolError("unbalanced quotes in request") from None

    def _bulks(self) -> bool:
        while self._missing:
            if self._bulk < 0:
                line = self._line("too big bulk count string")
                if line is None:
                    return False
                if line[:1] != b"$":
                    got = chr(line[0]) if line else "\r"
                    raise ProtocolError(f"expected '$', got '{got}'")
                self._bulk = self._length(line[1:], self._limits.bulk, "invalid bulk length")
                if self._bulk < 0:
                    raise ProtocolError("invalid bulk length")
                self._held += self._bulk
                if self._held > self._limits.total:
                    raise ProtocolError("too big command")
            end = self._at + self._bulk
            if end + 2 > len(self._buffer):
                return False
            self._words.append(bytes(self._buffer[self._at : end]))
            self._at, self._bulk = end + 2, -1
            self._missing -= 1
        return True

    def _line(self, too_long: str) -> bytes | None:
        end = self._buffer.find(b"\n", self._at)
        if end < 0:
            if len(self._buffer) - self._at > self._limits.inline:
                raise ProtocolError(too_long)
            return None
        line = bytes(self._buffer[self._at : end])
        self._at = end + 1
        return line[:-1] if line.endswith(b"\r") else line

    def _length(self, text: bytes, most: int, wrong: str) -> int:
        digits = text[1:] if text[:1] == b"-" else text
        if not digits.isdigit() or len(digits) > 19:
            raise ProtocolError(wrong)
        size = int(text)
        if size > most:
            raise ProtocolError(wrong)
        return size
