"""Redis's glob patterns (`stringmatchlen` in util.c), matched without backtracking over more than the last star.

fakeredis compiles them to regular expressions, where `a*a*a*a*b` takes hours on a key of sixty letters.
Here a star remembers only where it began, so the cost is at most pattern times text.
"""

from __future__ import annotations

from functools import lru_cache

__all__ = ["Glob", "compile_glob"]

_STAR = -1
_ANY = -2


class Glob:
    """One compiled pattern. `match` answers True when the whole text matches."""

    def __init__(self, pattern: bytes) -> None:
        self._items: list[int | frozenset[int]] = _parse(pattern)
        self._parts = _literal_parts(self._items)

    def match(self, text: bytes) -> bool:
        """Whether the whole of `text` matches the pattern."""
        if self._parts is not None:
            return _match_parts(self._parts, text)
        return _match_items(self._items, text)


@lru_cache(maxsize=256)
def compile_glob(pattern: bytes) -> Glob:
    """The pattern, compiled once; stands in for fakeredis's `compile_pattern`."""
    return Glob(pattern)


def _parse(pattern: bytes) -> list[int | frozenset[int]]:
    items: list[int | frozenset[int]] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == 0x2A:  # "*"; several in a row are one
            if not items or items[-1] != _STAR:
                items.append(_STAR)
        elif char == 0x3F:  # "?"
            items.append(_ANY)
        elif char == 0x5B:  # "["
            chars, at = _parse_class(pattern, at + 1)
            items.append(chars)
        else:
            if char == 0x5C and at + 1 < len(pattern):  # a backslash takes the next byte as it is
                at += 1
            items.append(pattern[at])
        at += 1
    return items


def _parse_class(pattern: bytes, at: int) -> tuple[frozenset[int], int]:
    """The bytes of a `[...]` and the position of its last byte. An unclosed one ends with the pattern."""
    size = len(pattern)
    negated = pattern[at : at + 1] == b"^"
    at += negated
    chars: set[int] = set()
    while at < size and pattern[at] != 0x5D:
        if pattern[at] == 0x5C and at + 1 < size:
            at += 1
            chars.add(pattern[at])
        elif at + 2 < size and pattern[at + 1] == 0x2D:
            low, high = sorted((pattern[at], pattern[at + 2]))
            chars.update(range(low, high + 1))
            at += 2
        else:
            chars.add(pattern[at])
        at += 1
    return frozenset(set(range(256)) - chars if negated else chars), at


def _literal_parts(items: list[int | frozenset[int]]) -> list[bytes] | None:
    """The literals between the stars, when a pattern has nothing else; those are matched at C speed."""
    parts = [bytearray()]
    for item in items:
        if item == _STAR:
            parts.append(bytearray())
        elif isinstance(item, int) and item >= 0:
            parts[-1].append(item)
        else:
            return None
    return [bytes(part) for part in parts]


def _match_parts(parts: list[bytes], text: bytes) -> bool:
    if len(parts) == 1:
        return text == parts[0]
    first, last = parts[0], parts[-1]
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in parts[1:-1]:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _match_items(items: list[int | frozenset[int]], text: bytes) -> bool:
    at = place = 0
    star = retry = -1
    while at < len(text):
        item = items[place] if place < len(items) else None
        if item == _STAR:
            star, retry = place, at
            place += 1
        elif item is not None and (
            item == text[at] or item == _ANY or (isinstance(item, frozenset) and text[at] in item)
        ):
            at += 1
            place += 1
        elif star >= 0:
            retry += 1
            at, place = retry, star + 1
        else:
            return False
    return all(item == _STAR for item in items[place:])
