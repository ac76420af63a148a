"""Whether a reply is of the form that the catalog's words describe: `(integer) n`, `1) "cursor" 2) (empty array)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.wire import Array, Bulk, Double, Error, Integer, Map, Push, Reply, Set, terminal

__all__ = ["fit"]

_TOKENS = re.compile(r'\d+\)|\d+[#~]|=>|"(?:[^"\\]|\\.)*"|\([a-z]+\) -?\w+|\([a-z ]+\)|…|[^\s]+')
_NO, _LOOSE, _EXACT = 0, 1, 2


def fit(pattern: str, reply: Reply) -> int:
    """How well: 0 not at all; a pattern with more literal parts that agree counts more.

    >>> fit("(integer) n", Integer(0)), fit("(integer) 0", Integer(0)), fit("OK", Integer(0))
    (1, 2, 0)
    """
    if pattern.startswith("(error)"):
        return _error(pattern[8:], reply)
    if pattern[:2] in ("1)", "1#", "1~"):
        return _elements(list(_TOKENS.findall(pattern)), reply)
    return _scalar(pattern, reply)


def _error(text: str, reply: Reply) -> int:
    if not isinstance(reply, Error):
        return _NO
    said = reply.text.decode("utf-8", "replace")
    if said == text:
        return _EXACT + 1
    return _EXACT if said.startswith(text) else _NO


def _scalar(pattern: str, reply: Reply) -> int:
    if terminal(reply).decode("utf-8", "replace") == pattern:
        return _EXACT
    match reply:
        case Integer():
            return _LOOSE if re.fullmatch(r"\(integer\) [a-z]+", pattern) else _NO
        case Bulk(data):
            # A number in quotes is meant literally (the cursor "0"); a word stands for any text.
            return _LOOSE if re.fullmatch(r'"[^"\d][^"]*"', pattern) and data else _NO
        case Double():
            return _LOOSE if pattern.startswith(("(double)", '"score"', '"number"')) else _NO
        case Array(items) | Set(items) | Push(items) if not items:
            return _EXACT if pattern.startswith("(empty") else _NO
        case Map(pairs) if not pairs:
            return _EXACT if pattern.startswith("(empty") else _NO
    return _NO


def _elements(tokens: list[str], reply: Reply) -> int:
    """An array's pattern names its first elements; `…` stands for any more."""
    if isinstance(reply, Map):
        items: tuple[Reply, ...] = tuple(part for pair in reply.pairs for part in pair)
    elif isinstance(reply, Array | Set | Push):
        items = reply.items
    else:
        return _NO
    if not items:
        return _NO
    score = _LOOSE
    patterns = list(_top(tokens))
    for place, pattern in enumerate(patterns):
        if pattern == "…":
            continue
        if place >= len(items):
            return _NO
        found = fit(pattern, items[place])
        if not found:
            return _NO
        score += found - _LOOSE
    return score


def _top(tokens: list[str]) -> Iterator[str]:
    """The patterns of the outermost elements; what is nested in one stays together."""
    number, current = 0, ""
    for token in tokens:
        # `2) 1) "a" 2) "b"`: a number is the outer array's only when it is the next one there and an element is whole.
        if token == f"{number + 1})" and (number == 0 or current.strip()):
            if number:
                yield current.strip()
            number, current = number + 1, ""
        elif token == "…" and current.strip() and not current.strip().startswith("1)"):
            yield current.strip()
            yield "…"
            return
        else:
            current += " " + token
    if current.strip():
        yield current.strip()
