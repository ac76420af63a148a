"""Styled text broken into lines that fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tutor.view.cells import width
from tutor.view.drawing import Drawing, Line, Span

__all__ = ["wrap"]

_PIECES = re.compile(r" +|[^ ]+")
# These may stay in one piece although they hold spaces: a command that is cut in two is hard to read and to copy.
_WHOLE = {"code"}


def wrap(spans: Iterable[Span], cells: int, first: str = "", rest: str | None = None) -> Drawing:
    """Lines of at most `cells`, `first` before the first of them and `rest` (or as many blanks) before the others."""
    rest = " " * width(first) if rest is None else rest
    lines: list[Line] = []
    current: list[Span] = []
    used, head = 0, first
    room = max(8, cells - width(first))
    for word in _words(spans, room):
        size = sum(width(span.text) for span in word)
        if current and used + size > room:
            lines.append(_line(head, current))
            head, current, used = rest, [], 0
            room = max(8, cells - width(rest))
        if not current and word[0].text.isspace():
            continue
        current += word
        used += size
    lines.append(_line(head, current))
    return tuple(lines)


def _line(head: str, spans: list[Span]) -> Line:
    while spans and spans[-1].text.isspace():
        spans.pop()
    merged: list[Span] = [Span(head)] if head and (spans or not head.isspace()) else []
    for span in spans:
        if merged and merged[-1].style == span.style:
            merged[-1] = Span(merged[-1].text + span.text, span.style)
        else:
            merged.append(span)
    return tuple(merged)


def _words(spans: Iterable[Span], room: int) -> Iterator[list[Span]]:
    """Runs that are not broken: words (which may change their style inside), spaces, and short spans of code."""
    word: list[Span] = []
    for span in spans:
        whole = span.style in _WHOLE and width(span.text) <= room * 2 // 3
        for piece in (span.text,) if whole else _PIECES.findall(span.text):
            if piece.isspace() and not whole:
                if word:
                    yield word
                    word = []
                yield [Span(piece, span.style)]
            else:
                parts = list(_parts(piece, room))
                for part in parts[:-1]:
                    if word:
                        yield word
                        word = []
                    yield [Span(part, span.style)]
                # Words that touch each other stay together as long as a line can hold them.
                if word and sum(width(part.text) for part in word) + width(parts[-1]) > room:
                    yield word
                    word = []
                word.append(Span(parts[-1], span.style))
    if word:
        yield word


def _parts(piece: str, room: int) -> Iterator[str]:
    """A word wider than a whole line, in parts that fit one."""
    if width(piece) <= room:
        yield piece
        return
    start, used = 0, 0
    for at, sign in enumerate(piece):
        size = width(sign)
        if used + size > room:
            yield piece[start:at]
            start, used = at, 0
        used += size
    yield piece[start:]
