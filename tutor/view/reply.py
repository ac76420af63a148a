"""A reply, coloured by kind. The text is exactly what `tutor.wire.terminal` prints: redis-cli's own."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.view.cells import clean
from tutor.view.drawing import Drawing, Line, Span
from tutor.wire import (
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
    is_report,
    terminal,
)

__all__ = ["draw_answer", "draw_reply", "style_of"]

_MARKS = {Set: "~", Map: "#", Array: ")", Push: ")"}


def style_of(reply: Reply) -> str:
    """The name of the style that a reply of this kind is shown in."""
    match reply:
        case Bulk() | Verbatim():
            return "reply.string"
        case Integer() | Double() | BigNumber() | Boolean():
            return "reply.number"
        case Error():
            return "reply.error"
        case Nil():
            return "reply.nil"
        case Status():
            return "reply.status"
        case _:
            return "reply.nil"


def draw_reply(reply: Reply) -> Drawing:
    """The reply as redis-cli prints it on a terminal, with control characters of a status or an error made visible."""
    return tuple(_draw(reply, ""))


def draw_answer(argv: Sequence[bytes], reply: Reply) -> Drawing:
    """The reply to a command as redis-cli prints it: a report that is made to be read keeps its own lines."""
    if isinstance(reply, Bulk | Verbatim) and is_report(argv):
        lines = reply.data.decode("utf-8", "backslashreplace").replace("\r\n", "\n").rstrip("\n").split("\n")
        return tuple((Span(clean(text)),) if text else () for text in lines)
    return draw_reply(reply)


def _draw(reply: Reply, prefix: str) -> list[Line]:
    match reply:
        case Array(items) | Set(items) | Push(items) if items:
            return _entries(_MARKS[type(reply)], items, prefix)
        case Map(pairs) if pairs:
            return _entries("#", pairs, prefix)
        case _:
            text = clean(terminal(reply))
            style = style_of(reply)
            return [(Span(part, style),) if part else () for part in text.split("\n")]


def _entries(mark: str, entries: tuple[Reply, ...] | tuple[tuple[Reply, Reply], ...], prefix: str) -> list[Line]:
    digits = len(str(len(entries)))
    inner = prefix + " " * (digits + 2)
    lines: list[Line] = []
    for number, entry in enumerate(entries, 1):
        head = Span(f"{prefix if number > 1 else ''}{number:>{digits}}{mark} ", "reply.mark")
        if isinstance(entry, tuple):
            key, value = _draw(entry[0], inner), _draw(entry[1], inner)
            arrow = Span(" => ", "reply.mark")
            if getattr(entry[1], "items", ()) or getattr(entry[1], "pairs", ()):
                # A value that has entries of its own begins on a line of its own.
                body = [*key[:-1], (*key[-1], arrow), (Span(inner), *value[0]), *value[1:]]
            else:
                body = [*key[:-1], (*key[-1], arrow, *value[0]), *value[1:]]
        else:
            body = _draw(entry, inner)
        lines.append((head, *body[0]))
        lines += body[1:]
    return lines
