"""A reply as a value. Kinds that a client library would melt together (status and bulk, nil and empty) stay apart.

RESP2 has status, error, integer, bulk string, array and nil; RESP3 adds map, set, double, boolean, big number,
verbatim string and push. Attributes (RESP3's `|`) are read and dropped: no command of Redis sends them unasked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

__all__ = [
    "Array",
    "BigNumber",
    "Boolean",
    "Bulk",
    "Double",
    "Error",
    "Integer",
    "Map",
    "Nil",
    "Push",
    "Reply",
    "Set",
    "Status",
    "Verbatim",
    "plain",
]


@dataclass(frozen=True, slots=True)
class Status:
    """A simple string such as `OK`."""

    text: bytes
    """One line, without the `+`."""


@dataclass(frozen=True, slots=True)
class Error:
    """An error reply. It is a value: the server answered."""

    text: bytes
    """One line, without the `-`: the code, a space, the words."""

    @property
    def code(self) -> str:
        """The first word, such as `ERR` or `WRONGTYPE`."""
        return self.text.split(b" ", 1)[0].decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Integer:
    """A 64-bit integer."""

    value: int


@dataclass(frozen=True, slots=True)
class Bulk:
    """A string of any bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Nil:
    """No value."""

    array: bool = False
    """True for RESP2's nil array (`*-1`), which EXEC and blocking pops answer; it prints as any nil."""


@dataclass(frozen=True, slots=True)
class Array:
    """An ordered list of replies."""

    items: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """RESP3: fields and values, in the order in which they came."""

    pairs: tuple[tuple[Reply, Reply], ...]


@dataclass(frozen=True, slots=True)
class Set:
    """RESP3: replies of which the order means nothing."""

    items: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Double:
    """RESP3: a floating point number, kept as the text that came."""

    text: bytes

    @property
    def value(self) -> float:
        """The number; `inf`, `-inf` and `nan` included."""
        return float(self.text)


@dataclass(frozen=True, slots=True)
class Boolean:
    """RESP3: true or false."""

    value: bool


@dataclass(frozen=True, slots=True)
class BigNumber:
    """RESP3: an integer of any size, kept as the text that came."""

    text: bytes


@dataclass(frozen=True, slots=True)
class Verbatim:
    """RESP3: a text that is to be shown as it is."""

    format: bytes
    """Three bytes: `txt` or `mkd`."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Push:
    """RESP3: something the server says unasked, such as a message of a channel."""

    items: tuple[Reply, ...]


Reply: TypeAlias = (
    Status | Error | Integer | Bulk | Nil | Array | Map | Set | Double | Boolean | BigNumber | Verbatim | Push
)


def plain(reply: Reply) -> object:
    """The reply as plain Python: bytes, int, float, bool, None, list, dict (a list of pairs where a key cannot be one).

    An error stays an `Error`, so that it cannot be taken for a text.
    """
    match reply:
        case Status(text) | BigNumber(text):
            return text
        case Bulk(data) | Verbatim(_, data):
            return data
        case Integer(value) | Boolean(value):
            return value
        case Double():
            return reply.value
        case Nil():
            return None
        case Array(items) | Set(items) | Push(items):
            return [plain(item) for item in items]
        case Map(pairs):
            return _plain_map([(plain(key), plain(value)) for key, value in pairs])
        case Error():
            return reply


def _plain_map(pairs: list[tuple[object, object]]) -> object:
    if all(isinstance(key, bytes | int | float | bool) for key, _ in pairs):
        return dict(pairs)
    return pairs
