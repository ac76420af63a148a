"""A reply as an author writes it: what redis-cli prints on a terminal, with holes.

`<any>` stands for one value of any content; inside a line it stands for any characters. `<unordered>` alone as the
first line lets the elements of the array below come in any order. The text is read back into a tree, so that a
hole can take a whole nested array, and so that the first difference can be named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from tutor.wire import Array, Map, Push, Reply, Set, terminal

__all__ = ["Elements", "Expected", "Line", "is_pattern", "matches", "parse_expected"]

_ANY = "<any>"
_UNORDERED = "<unordered>"
# "1) " of an array, "1~ " of a set, "1# " of a map; numbers are padded to one width.
_NUMBERED = re.compile(r" *([0-9]+)[)~#] ")
_EMPTY = frozenset({"(empty array)", "(empty hash)", "(empty set)", "(empty push)", "(empty list or set)"})


@dataclass(frozen=True, slots=True)
class Line:
    """One value that is no array."""

    text: str
    """As redis-cli prints it; several lines where the value itself has several."""


@dataclass(frozen=True, slots=True)
class Elements:
    """An array, a set, a push, or a map whose entries are `key => value` lines."""

    items: tuple[Expected, ...]
    unordered: bool = False
    """True when the elements may come in any order."""


Expected: TypeAlias = Line | Elements


def parse_expected(text: str) -> Expected:
    """The tree of a printed reply.

    >>> parse_expected('1) "a"\\n2) 1) (integer) 1\\n   2) <any>')
    Elements(items=(Line(text='"a"'), Elements(items=(Line(text='(integer) 1'), Line(text='<any>')), \
unordered=False)), unordered=False)
    """
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    unordered = lines[0].strip() == _UNORDERED
    tree = _parse(lines[1:] if unordered else lines)
    return Elements(tree.items, True) if unordered and isinstance(tree, Elements) else tree


def _parse(lines: list[str]) -> Expected:
    blocks: list[list[str]] = []
    inner = 0
    for line in lines:
        found = _NUMBERED.match(line)
        if found and int(found[1]) == len(blocks) + 1 and (not blocks or found.end() == inner):
            inner = found.end()
            blocks.append([line[inner:]])
        elif blocks and (line[:inner].isspace() or not line):
            blocks[-1].append(line[inner:])
        else:
            return Line("\n".join(lines).strip())
    return Elements(tuple(_parse(block) for block in blocks)) if blocks else Line("")


def is_pattern(text: str) -> bool:
    """True when the text has holes, so that no single reply is meant."""
    return _ANY in text or text.lstrip().startswith(_UNORDERED)


def matches(expected: Expected, reply: Reply) -> bool:
    """Whether the reply is one that the author allows."""
    if isinstance(expected, Line):
        return _line_matches(expected.text, reply)
    items = _items(reply)
    if items is None or len(items) != len(expected.items):
        return False
    if not expected.unordered:
        return all(_item_matches(want, item) for want, item in zip(expected.items, items, strict=True))
    # What is fully said is placed first, so that a hole does not take the place of it.
    left = list(items)
    for want in sorted(expected.items, key=_holes):
        place = next((at for at, item in enumerate(left) if _item_matches(want, item)), None)
        if place is None:
            return False
        del left[place]
    return True


def _item_matches(want: Expected, item: Reply | tuple[Reply, Reply]) -> bool:
    if not isinstance(item, tuple):
        return matches(want, item)
    key, value = item
    printed = _text(key) + " => " + _text(value)
    return isinstance(want, Line) and _same(want.text, printed)


def _line_matches(text: str, reply: Reply) -> bool:
    if text == _ANY:
        return True
    if text in _EMPTY:
        return _items(reply) == ()
    return _same(text, _text(reply))


def _same(text: str, printed: str) -> bool:
    printed = "\n".join(line.rstrip() for line in printed.split("\n")).strip()
    if _ANY not in text:
        return text == printed
    pattern = ".+".join(re.escape(part) for part in text.split(_ANY))
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


def _items(reply: Reply) -> tuple[Reply, ...] | tuple[tuple[Reply, Reply], ...] | None:
    match reply:
        case Array(items) | Set(items) | Push(items):
            return items
        case Map(pairs):
            return pairs
        case _:
            return None


def _text(reply: Reply) -> str:
    # Everything that redis-cli prints quoted is ASCII already; a status or error may hold any bytes.
    return terminal(reply).decode("utf-8", "backslashreplace")


def _holes(expected: Expected) -> int:
    if isinstance(expected, Line):
        return expected.text.count(_ANY) + (expected.text == _ANY)
    return sum(_holes(item) for item in expected.items)
