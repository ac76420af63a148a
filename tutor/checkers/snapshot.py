"""The state that an exercise's checks ask about, read over the side channel in two round trips."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tutor.backends import Connection
from tutor.errors import BackendError
from tutor.lesson import Check, Keyspace, KeyState
from tutor.wire import Array, Bulk, Double, Error, Integer, Map, Nil, Reply, Set, Status

__all__ = ["KeyRecord", "Snapshot", "read_snapshot"]

# Enough to compare with anything that a lesson writes down, and no more: a learner may have made a very long list.
_MOST = 10_000

_READS: dict[str, tuple[str, ...]] = {
    "string": ("GET", "{}"),
    "list": ("LRANGE", "{}", "0", str(_MOST)),
    "set": ("SMEMBERS", "{}"),
    "zset": ("ZRANGE", "{}", "0", str(_MOST), "WITHSCORES"),
    "hash": ("HGETALL", "{}"),
    "stream": ("XRANGE", "{}", "-", "+", "COUNT", str(_MOST)),
}
_LENGTHS: dict[str, str] = {
    "string": "STRLEN",
    "list": "LLEN",
    "set": "SCARD",
    "zset": "ZCARD",
    "hash": "HLEN",
    "stream": "XLEN",
}


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """One key."""

    type: str
    """As TYPE answers; `none` when there is no such key."""
    pttl: int
    """Milliseconds left; -1 when it stays, -2 when there is no such key."""
    length: int
    """Elements, or the bytes of a string; 0 when it was not asked for."""
    text: bytes | None = None
    """A string's value."""
    elements: tuple[bytes, ...] = ()
    """A list in order, a set's or sorted set's members."""
    pairs: tuple[tuple[bytes, bytes], ...] = ()
    """A hash's fields and values, a sorted set's members and scores."""
    entries: tuple[tuple[tuple[bytes, bytes], ...], ...] = ()
    """A stream's entries: fields and values of each, without the id."""

    @property
    def ttl(self) -> int:
        """Seconds left, as TTL answers: rounded; -1 when it stays, -2 when there is no such key."""
        return self.pttl if self.pttl < 0 else (self.pttl + 500) // 1000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was read."""

    keys: dict[str, KeyRecord]
    """The keys that checks name."""
    names: tuple[str, ...] | None
    """All keys of the database, sorted; None when no check asked."""


def read_snapshot(observer: Connection, checks: Iterable[Check], timeout: float = 5.0) -> Snapshot:
    """Read what the checks need. Raises `BackendError` when the server does not answer."""
    probes = [check.probe for check in checks]
    wanted: dict[str, set[str]] = {}
    for probe in probes:
        if isinstance(probe, KeyState):
            fields = wanted.setdefault(probe.key, set())
            fields.add("value" if probe.equals is not None or probe.contains is not None else "")
            fields.add("value" if probe.lacks is not None else "")
            fields.add("length" if probe.length is not None else "")
    whole = any(isinstance(probe, Keyspace) for probe in probes)
    # A PING at the least: when it is answered, everything that the server had to say to others is on its way.
    first: list[tuple[str, ...]] = [("KEYS", "*")] if whole else [("PING",)]
    for key in wanted:
        first += [("TYPE", key), ("PTTL", key)]
    answers = iter(observer.call_many(first, timeout=timeout))
    head = next(answers)
    names = _names(head) if whole else None
    types = {key: (_word(next(answers)), _number(next(answers))) for key in wanted}
    second = [(key, part, _read(part, types[key][0], key)) for key, parts in wanted.items() for part in sorted(parts)]
    asked = [(key, part, command) for key, part, command in second if command]
    replies = observer.call_many([command for _, _, command in asked], timeout=timeout) if asked else []
    records = {key: KeyRecord(type_, pttl, 0) for key, (type_, pttl) in types.items()}
    for (key, part, _), reply in zip(asked, replies, strict=True):
        records[key] = _filled(records[key], part, reply)
    return Snapshot(records, names)


def _read(part: str, type_: str, key: str) -> tuple[str, ...]:
    if part == "value" and type_ in _READS:
        return tuple(key if word == "{}" else word for word in _READS[type_])
    return (_LENGTHS[type_], key) if part == "length" and type_ in _LENGTHS else ()


def _filled(record: KeyRecord, part: str, reply: Reply) -> KeyRecord:
    if isinstance(reply, Error | Nil):
        return record
    old = {name: getattr(record, name) for name in ("pttl", "length", "text", "elements", "pairs", "entries")}
    if part == "length":
        return KeyRecord(record.type, **{**old, "length": _number(reply)})
    if record.type == "string":
        return KeyRecord(record.type, **{**old, "text": _bytes(reply)})
    if record.type == "stream":
        return KeyRecord(record.type, **{**old, "entries": tuple(_pairs(_items(entry)[1]) for entry in _items(reply))})
    if record.type in ("hash", "zset"):
        pairs = _pairs(reply)
        return KeyRecord(record.type, **{**old, "pairs": pairs, "elements": tuple(name for name, _ in pairs)})
    return KeyRecord(record.type, **{**old, "elements": tuple(_bytes(item) for item in _items(reply))})


# -- replies of the side channel, whichever protocol it speaks --------------------------------------------------


def _items(reply: Reply) -> tuple[Reply, ...]:
    if isinstance(reply, Array | Set):
        return reply.items
    if isinstance(reply, Map):
        return tuple(part for pair in reply.pairs for part in pair)
    raise _odd(reply)


def _pairs(reply: Reply) -> tuple[tuple[bytes, bytes], ...]:
    items = _items(reply)
    if items and all(isinstance(item, Array) for item in items):  # RESP3's ZRANGE … WITHSCORES nests them
        items = tuple(part for item in items for part in _items(item))
    words = [_bytes(item) for item in items]
    return tuple(zip(words[::2], words[1::2], strict=True))


def _bytes(reply: Reply) -> bytes:
    match reply:
        case Bulk(data):
            return data
        case Status(text):
            return text
        case Integer(value):
            return b"%d" % value
        case Double(text):
            return text
    raise _odd(reply)


def _word(reply: Reply) -> str:
    return _bytes(reply).decode("utf-8", "backslashreplace")


def _number(reply: Reply) -> int:
    if isinstance(reply, Integer):
        return reply.value
    raise _odd(reply)


def _names(reply: Reply) -> tuple[str, ...]:
    return tuple(sorted(_bytes(item).decode("utf-8", "backslashreplace") for item in _items(reply)))


def _odd(reply: Reply) -> BackendError:
    said = reply.text.decode("utf-8", "replace") if isinstance(reply, Error) else type(reply).__name__
    return BackendError(f"The state of the database cannot be read: the server answered {said}.")
