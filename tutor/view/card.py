"""What is said after an answer: right or not yet, expected, got, why, and what to look at next."""

from __future__ import annotations

import re
from typing import Protocol

from tutor.view.cells import clean
from tutor.view.drawing import BLANK, Drawing, Line, Look, Span, indent, line
from tutor.view.transcript import style_of_text
from tutor.view.words import draw_text, said
from tutor.view.wrapping import wrap

__all__ = ["FeedbackLike", "VerdictLike", "draw_hint", "draw_verdict", "points"]

_LABEL = 11
_ITEM = re.compile(r"\([a-z]\) ")


class FeedbackLike(Protocol):
    """What a checker says of an answer."""

    @property
    def expected(self) -> str: ...
    @property
    def got(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def look(self) -> str: ...


class VerdictLike(Protocol):
    """Passed or not, with the words."""

    @property
    def passed(self) -> bool: ...
    @property
    def points(self) -> int: ...
    @property
    def max_points(self) -> int: ...
    @property
    def feedback(self) -> FeedbackLike | None: ...
    @property
    def why(self) -> str: ...


def points(count: int) -> str:
    """`1 point`, `2 points`."""
    return f"{count} point{'' if count == 1 else 's'}"


def draw_verdict(verdict: VerdictLike, look: Look, then: str = "") -> Drawing:
    """The card; `then` says how to go on."""
    feedback = verdict.feedback
    lines: list[Line] = [_head(verdict, look)]
    if feedback is not None and not verdict.passed:
        lines += _field("expected", feedback.expected, look, reply=True)
        lines += _field("got", feedback.got, look, reply=True)
        lines += _field("why", feedback.why, look)
        lines += _field("look next", feedback.look, look)
    elif verdict.why:
        lines += draw_text(verdict.why, look)
    if then:
        lines += [BLANK, *draw_text(then, look, "quiet")]
    if look.plain:
        return tuple(lines)
    return indent(lines, "┃ ", "right" if verdict.passed else "wrong")


def _head(verdict: VerdictLike, look: Look) -> Line:
    if verdict.passed:
        worth = f"  {points(verdict.points)}" if verdict.points else "  no points, for its solution was shown"
        return line(("Right." if look.plain else "✓ Right", "right"), (worth, "quiet"))
    return line(("Not yet." if look.plain else "✗ Not yet", "wrong"))


def _field(label: str, text: str, look: Look, *, reply: bool = False) -> Drawing:
    if not text:
        return ()
    if look.plain or look.measure < 36:
        return wrap((Span(f"{label.capitalize()}: ", "label"), *said(text, look)), look.measure - 2, rest="  ")
    head = f"{label:<{_LABEL}}"
    if reply and "\n" in text:
        # A reply of several lines keeps its own lines.
        rows = text.split("\n")
        return tuple(
            line((head if place == 0 else " " * _LABEL, "label"), (clean(row), style_of_text(row)))
            for place, row in enumerate(rows)
        )
    style = "reply.string" if reply and text.startswith('"') else ""
    # A lettered item is a sentence of the lesson; all else is a reply, where a backquote is a sign like any other.
    spans = [Span(clean(text), style)] if reply and not _ITEM.match(text) else said(text, look)
    body = wrap(spans, look.measure - 2 - _LABEL)
    return tuple((Span(head if place == 0 else " " * _LABEL, "label"), *spans) for place, spans in enumerate(body))


def draw_hint(text: str, number: int, total: int, look: Look) -> Drawing:
    """One rung of the ladder of hints."""
    left = total - number
    after = "" if left else " This was the last hint; `reveal` shows a solution."
    head = Span(f"Hint {number} of {total}  " if not look.plain else f"Hint {number} of {total}: ", "hint")
    body = wrap((head, *said(text + after, look)), look.measure - 2)
    return body if look.plain else indent(body, "┃ ", "hint")
