"""What a command answers, as bytes on the wire.

fakeredis's functions answer plain Python values. This turns them into RESP at once, without building reply objects
on the way, because it runs once for every command. Where Redis distinguishes more than Python does, a value is
marked: a set (`Members`), a nil array (`NIL_ARRAY`), a text to be shown as it is (`Verbatim`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tutor.embedded.fake import SimpleError, SimpleString

__all__ = ["NIL_ARRAY", "Members", "Pairs", "Verbatim", "double", "encode", "encode_push", "error_text", "spell"]


class Members(list[Any]):
    """A reply that RESP3 sends as a set, RESP2 as an array."""

    __slots__ = ()


class Pairs(list[Any]):
    """Keys and values in turn, which RESP3 sends as a map, RESP2 as a flat array."""

    __slots__ = ()


class Verbatim(bytes):
    """A text that RESP3 marks as one to be shown as it is; a bulk string in RESP2."""

    __slots__ = ()


class _NilArray:
    """The type of NIL_ARRAY."""

    __slots__ = ()


NIL_ARRAY = _NilArray()
"""RESP2's `*-1`: what EXEC answers when a watched key changed, and a blocking pop when its time is over."""


def encode(value: Any, protocol: int) -> bytes:
    """The value as a reply in RESP2 or RESP3."""
    if type(value) is bytes:
        return b"$%d\r\n%b\r\n" % (len(value), value)
    if type(value) is SimpleString:
        return b"+%b\r\n" % value.value
    if type(value) is int:
        return b":%d\r\n" % value
    if value is None:
        return b"_\r\n" if protocol == 3 else b"$-1\r\n"
    out: list[bytes] = []
    _write(value, protocol == 3, out)
    return b"".join(out)


def encode_push(items: list[Any], protocol: int) -> bytes:
    """A message that nobody asked for: an array in RESP2, a push in RESP3."""
    body = b"".join(encode(item, protocol) for item in items)
    return (b">" if protocol == 3 else b"*") + b"%d\r\n" % len(items) + body


def double(value: float) -> bytes:
    """A floating point number as Redis 7.0 prints it: 17 significant digits, and plain text for the infinite."""
    if math.isinf(value):
        return b"inf" if value > 0 else b"-inf"
    return b"%.17g" % value


def error_text(error: SimpleError) -> bytes:
    """One line with a code in front; fakeredis leaves the code out of some of its texts."""
    text: bytes = error.value.encode("utf-8", "surrogateescape")
    text = text.replace(b"\r", b" ").replace(b"\n", b" ")
    code = text.split(b" ", 1)[0]
    return text if code.isalpha() and code.isupper() else b"ERR " + text


def spell(data: bytes) -> str:
    """Bytes as a text that an error message can carry and give back unchanged."""
    return data.decode("utf-8", "surrogateescape")


def _write(value: Any, resp3: bool, out: list[bytes]) -> None:
    writer = _WRITERS.get(type(value))
    if writer is None:
        raise TypeError(f"a command answered a {type(value).__name__}, which has no place in RESP")
    writer(value, resp3, out)


def _bulk(value: bytes, resp3: bool, out: list[bytes]) -> None:
    out.append(b"$%d\r\n%b\r\n" % (len(value), value))


def _items(mark: bytes) -> Callable[[Any, bool, list[bytes]], None]:
    def write(value: Any, resp3: bool, out: list[bytes]) -> None:
        out.append((mark if resp3 else b"*") + b"%d\r\n" % len(value))
        for item in value:
            _write(item, resp3, out)

    return write


def _map(value: dict[Any, Any], resp3: bool, out: list[bytes]) -> None:
    out.append(b"%%%d\r\n" % len(value) if resp3 else b"*%d\r\n" % (2 * len(value)))
    for key, item in value.items():
        _write(key, resp3, out)
        _write(item, resp3, out)


def _pairs(value: Pairs, resp3: bool, out: list[bytes]) -> None:
    out.append(b"%%%d\r\n" % (len(value) // 2) if resp3 else b"*%d\r\n" % len(value))
    for item in value:
        _write(item, resp3, out)


def _float(value: float, resp3: bool, out: list[bytes]) -> None:
    text = double(value)
    out.append(b",%b\r\n" % text if resp3 else b"$%d\r\n%b\r\n" % (len(text), text))


def _verbatim(value: Verbatim, resp3: bool, out: list[bytes]) -> None:
    out.append(
        b"=%d\r\ntxt:%b\r\n" % (len(value) + 4, bytes(value))
        if resp3
        else b"$%d\r\n%b\r\n" % (len(value), bytes(value))
    )


_WRITERS: dict[type[Any], Callable[[Any, bool, list[bytes]], None]] = {
    bytes: _bulk,
    str: lambda value, resp3, out: _bulk(value.encode(), resp3, out),
    int: lambda value, resp3, out: out.append(b":%d\r\n" % value),
    bool: lambda value, resp3, out: out.append((b"#t\r\n" if value else b"#f\r\n") if resp3 else b":%d\r\n" % value),
    float: _float,
    type(None): lambda value, resp3, out: out.append(b"_\r\n" if resp3 else b"$-1\r\n"),
    _NilArray: lambda value, resp3, out: out.append(b"_\r\n" if resp3 else b"*-1\r\n"),
    SimpleString: lambda value, resp3, out: out.append(b"+%b\r\n" % value.value),
    SimpleError: lambda value, resp3, out: out.append(b"-%b\r\n" % error_text(value)),
    list: _items(b"*"),
    tuple: _items(b"*"),
    Members: _items(b"~"),
    Pairs: _pairs,
    dict: _map,
    Verbatim: _verbatim,
}
