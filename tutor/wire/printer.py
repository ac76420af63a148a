"""A reply as redis-cli prints it: on a terminal, in a pipe (raw), and with `--json`. No trailing newline."""

from __future__ import annotations

from collections.abc import Sequence

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
from tutor.wire.words import quote

__all__ = ["is_report", "raw", "terminal", "to_json"]

# The commands whose answer redis-cli prints as it is, also on a terminal, because people read it.
_REPORTS = frozenset(
    {
        b"info",
        b"lolwut",
        b"client info",
        b"client list",
        b"cluster info",
        b"cluster nodes",
        b"debug client-eviction",
        b"debug htstats",
        b"debug htstats-key",
        b"latency doctor",
        b"latency graph",
        b"memory doctor",
        b"memory malloc-stats",
    }
)

_EMPTY = {Array: b"(empty array)", Map: b"(empty hash)", Set: b"(empty set)", Push: b"(empty push)"}


def is_report(argv: Sequence[bytes]) -> bool:
    """Whether redis-cli prints the answer of this command raw, also on a terminal."""
    return not _REPORTS.isdisjoint((b" ".join(argv[:1]).lower(), b" ".join(argv[:2]).lower()))


def terminal(reply: Reply) -> bytes:
    """The reply as redis-cli prints it on a terminal: typed, quoted, numbered, nested by columns."""
    return _terminal(reply, b"")


def _terminal(reply: Reply, prefix: bytes) -> bytes:
    match reply:
        case Bulk(data):
            return quote(data)
        case Integer(value):
            return b"(integer) %d" % value
        case Status(text) | Verbatim(_, text):
            return text
        case Nil():
            return b"(nil)"
        case Error(text):
            return b"(error) " + text
        case Double(text):
            return b"(double) " + text
        case BigNumber(text):
            return text
        case Boolean(value):
            return b"(true)" if value else b"(false)"
        case Array(items) | Set(items) | Push(items):
            return _numbered(reply, items, prefix)
        case Map(pairs):
            return _numbered(reply, pairs, prefix)


def _numbered(reply: Reply, entries: tuple[object, ...], prefix: bytes) -> bytes:
    if not entries:
        return _EMPTY[type(reply)]
    width = len(str(len(entries)))
    inner = prefix + b" " * (width + 2)
    mark = b"~" if isinstance(reply, Set) else b"#" if isinstance(reply, Map) else b")"
    lines = []
    for number, entry in enumerate(entries, 1):
        head = b"%b%*d%b " % (prefix if number > 1 else b"", width, number, mark)
        if isinstance(entry, tuple):
            key, value = entry
            # A value that has entries of its own begins on a line of its own.
            below = b"\n" + inner if getattr(value, "items", ()) or getattr(value, "pairs", ()) else b""
            lines.append(head + _terminal(key, inner) + b" => " + below + _terminal(value, inner))
        else:
            lines.append(head + _terminal(entry, inner))  # type: ignore[arg-type]
    return b"\n".join(lines)


def raw(reply: Reply) -> bytes:
    """The reply as redis-cli writes it to a pipe: the bytes themselves, one element a line."""
    match reply:
        case Bulk(data) | Verbatim(_, data):
            return data
        case Integer(value):
            return b"%d" % value
        case Status(text) | Double(text) | BigNumber(text):
            return text
        case Nil():
            return b""
        case Error(text):
            # redis-cli ends an error with a newline of its own, so a blank line follows it in a pipe.
            return text + b"\n"
        case Boolean(value):
            return b"(true)" if value else b"(false)"
        case Array(items) | Set(items) | Push(items):
            return b"\n".join([raw(item) for item in items])
        case Map(pairs):
            return b"\n".join([raw(key) + b" " + raw(value) for key, value in pairs])


def to_json(reply: Reply) -> bytes:
    """The reply as `redis-cli --json` prints it, on one line, and always valid JSON.

    redis-cli writes an error as `error:"ERR …"`, infinity as `inf`, and bytes that are no UTF-8 as they are, which no
    JSON parser reads. Here they are `{"error": "ERR …"}`, `"inf"`, and `\\xHH` in the text.
    """
    import json

    return json.dumps(_json(reply), ensure_ascii=False, separators=(",", ":")).encode()


def _json(reply: Reply) -> object:
    match reply:
        case Bulk(text) | Verbatim(_, text) | Status(text):
            return _text(text)
        case Error(text):
            return {"error": _text(text)}
        case Integer(value) | Boolean(value):
            return value
        case Double(text):
            return reply.value if text.lstrip(b"-")[:1].isdigit() else _text(text)
        case BigNumber(text):
            return int(text)
        case Nil():
            return None
        case Array(items) | Set(items) | Push(items):
            return [_json(item) for item in items]
        case Map(pairs):
            return {_key(key): _json(value) for key, value in pairs}


def _key(reply: Reply) -> str:
    import json

    value = _json(reply)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")
