"""RESP2 and RESP3 between client and server: commands out, replies in, and (for a server) replies out.

The parser is incremental: it is fed whatever the socket gave and hands out whole replies. A reply that is only
half there costs nothing but a later second look at its head.
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.errors import ProtocolError
from tutor.wire.reply import (
    Array,
    BigNumber,
    Boolean,
    Bulk,
    Double,
    Error,
    Integer,
    Map,
    Nil,
    Push,
    Reply,
    Set,
    Status,
    Verbatim,
)

__all__ = ["ReplyParser", "encode", "encode_reply"]

# Nesting deeper than this is taken as an attack on the parser; Redis's own deepest reply (COMMAND DOCS) has 12 levels.
_DEEPEST = 128
_OK = Status(b"OK")


def encode(argv: Sequence[bytes]) -> bytes:
    r"""A command as a RESP array of bulk strings.

    >>> encode([b"GET", b"k"])
    b'*2\r\n$3\r\nGET\r\n$1\r\nk\r\n'
    """
    parts = [b"*%d\r\n" % len(argv)]
    parts += [b"$%d\r\n%b\r\n" % (len(word), word) for word in argv]
    return b"".join(parts)


class _Incomplete(Exception):
    """The buffer ends inside a reply."""


class ReplyParser:
    """Turns the bytes of a connection into replies.

    `feed` what arrived, then `get` until it answers None. Raises `ProtocolError` on bytes that are not RESP; the
    connection is of no use after that.
    """

    def __init__(self) -> None:
        self._buffer = b""
        self._at = 0
        self._need = 0

    def feed(self, data: bytes) -> None:
        """Add bytes that came from the server."""
        if self._at:
            self._buffer = self._buffer[self._at :] + data
            self._need -= self._at
            self._at = 0
        else:
            self._buffer = self._buffer + data if self._buffer else data

    def get(self) -> Reply | None:
        """The next whole reply, or None until more bytes are fed."""
        if self._at >= len(self._buffer) or len(self._buffer) < self._need:
            return None
        start = self._at
        try:
            reply = self._reply(0)
            while reply is None:  # an attribute stood before the reply
                reply = self._reply(0)
        except _Incomplete:
            self._at = start
            return None
        self._need = 0
        return reply

    def pending(self) -> bool:
        """True when the buffer holds the beginning of a reply that is not whole."""
        return self._at < len(self._buffer)

    def _line(self) -> bytes:
        end = self._buffer.find(b"\r\n", self._at)
        if end < 0:
            raise _Incomplete
        line = self._buffer[self._at : end]
        self._at = end + 2
        return line

    def _reply(self, depth: int) -> Reply | None:
        line = self._line()
        kind, rest = line[:1], line[1:]
        if kind == b"$":
            size = _size(rest)
            return Nil() if size < 0 else Bulk(self._blob(size))
        if kind == b":":
            return Integer(_integer(rest))
        if kind == b"+":
            return _OK if rest == b"OK" else Status(rest)
        if kind == b"-":
            return Error(rest)
        if kind in b"*~>%|" and kind:
            return self._aggregate(kind, rest, depth)
        return self._scalar3(kind, rest)

    def _aggregate(self, kind: bytes, rest: bytes, depth: int) -> Reply | None:
        if depth >= _DEEPEST:
            raise ProtocolError(f"The server sent a reply nested deeper than {_DEEPEST} levels.")
        size = _size(rest)
        if size < 0:
            return Nil(array=True)
        items = self._items(size * 2 if kind in b"%|" else size, depth + 1)
        if kind == b"*":
            return Array(items)
        if kind == b"%":
            return Map(tuple(zip(items[::2], items[1::2], strict=True)))
        if kind == b"~":
            return Set(items)
        return Push(items) if kind == b">" else None

    def _items(self, count: int, depth: int) -> tuple[Reply, ...]:
        items: list[Reply] = []
        while len(items) < count:
            item = self._reply(depth)
            if item is not None:
                items.append(item)
        return tuple(items)

    def _scalar3(self, kind: bytes, rest: bytes) -> Reply:
        if kind == b"_":
            return Nil()
        if kind == b"#" and rest in (b"t", b"f"):
            return Boolean(rest == b"t")
        if kind == b",":
            return Double(rest)
        if kind == b"(":
            return BigNumber(rest)
        if kind == b"=":
            data = self._blob(_size(rest))
            return Verbatim(data[:3], data[4:])
        if kind == b"!":
            return Error(self._blob(_size(rest)))
        shown = (kind + rest)[:40]
        raise ProtocolError(f"This is not a Redis server: it answered {shown!r}, which is no RESP reply.")

    def _blob(self, size: int) -> bytes:
        end = self._at + size
        if end + 2 > len(self._buffer):
            # Remember how much the buffer must hold before another look is worth it: a big value arrives in many reads.
            self._need = end + 2
            raise _Incomplete
        data = self._buffer[self._at : end]
        if self._buffer[end : end + 2] != b"\r\n":
            raise ProtocolError("The server's reply has a string longer than it said.")
        self._at = end + 2
        return data


def _integer(text: bytes) -> int:
    try:
        return int(text)
    except ValueError:
        raise ProtocolError(f"The server sent {text[:40]!r} where a number belongs.") from None


def _size(text: bytes) -> int:
    size = _integer(text)
    if size < -1:
        raise ProtocolError(f"The server sent a negative length: {size}.")
    return size


def encode_reply(reply: Reply, protocol: int) -> bytes:
    """The reply as a server sends it, in RESP2 or RESP3; RESP3's own kinds become what Redis sends in RESP2."""
    out: list[bytes] = []
    _write(reply, protocol >= 3, out)
    return b"".join(out)


def _write(reply: Reply, resp3: bool, out: list[bytes]) -> None:
    match reply:
        case Bulk(data):
            out.append(b"$%d\r\n%b\r\n" % (len(data), data))
        case Integer(value):
            out.append(b":%d\r\n" % value)
        case Status(text):
            out.append(b"+%b\r\n" % text)
        case Error(text):
            out.append(b"-%b\r\n" % text)
        case Nil(array):
            out.append(b"_\r\n" if resp3 else b"*-1\r\n" if array else b"$-1\r\n")
        case Array(items) | Set(items) | Push(items):
            mark = b"*" if not resp3 or isinstance(reply, Array) else b"~" if isinstance(reply, Set) else b">"
            out.append(b"%b%d\r\n" % (mark, len(items)))
            for item in items:
                _write(item, resp3, out)
        case Map(pairs):
            out.append(b"%%%d\r\n" % len(pairs) if resp3 else b"*%d\r\n" % (2 * len(pairs)))
            for pair in pairs:
                for item in pair:
                    _write(item, resp3, out)
        case Double(text) | BigNumber(text):
            mark = b"," if isinstance(reply, Double) else b"("
            out.append(mark + text + b"\r\n" if resp3 else b"$%d\r\n%b\r\n" % (len(text), text))
        case Boolean(value):
            out.append((b"#t\r\n" if value else b"#f\r\n") if resp3 else b":%d\r\n" % value)
        case Verbatim(form, data):
            out.append(
                b"=%d\r\n%b:%b\r\n" % (len(data) + 4, form, data) if resp3 else b"$%d\r\n%b\r\n" % (len(data), data)
            )
