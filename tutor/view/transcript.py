"""Transcripts of a lesson, coloured: what is typed stands out from what is answered."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tutor.view.cells import clean
from tutor.view.drawing import BLANK, Drawing, Line, Span, line

__all__ = ["draw_transcript", "style_of_text"]

_TYPED = re.compile(r"([A-Z]?>) ?(.*)")
_ARRIVED = re.compile(r"([A-Z]?<) (.*)")
_HEAD = re.compile(r"(?: *\d+[)#~] )+")

# How a line of a reply begins, as redis-cli prints it, and the style of its kind.
_KINDS = (
    ('"', "reply.string"),
    ("(integer)", "reply.number"),
    ("(double)", "reply.number"),
    ("(true)", "reply.number"),
    ("(false)", "reply.number"),
    ("(error)", "reply.error"),
    ("(", "reply.nil"),
    ("<any>", "reply.nil"),
    ("<unordered>", "reply.nil"),
)


def style_of_text(text: str) -> str:
    """The style for a reply that is only known as redis-cli's text.

    >>> style_of_text("(integer) 1"), style_of_text("OK")
    ('reply.number', 'reply.status')
    """
    return next((style for start, style in _KINDS if text.startswith(start)), "reply.status")


def draw_transcript(lines: Iterable[str]) -> Drawing:
    """The lines of a ```` ```redis ```` block: `> typed`, `B> typed`, `B< arrived`, `# comment`, and replies."""
    return tuple(_draw(clean(text)) for text in lines)


def _draw(text: str) -> Line:
    if not text.strip():
        return BLANK
    if text.startswith("#"):
        return line((text, "quiet"))
    typed = _TYPED.fullmatch(text)
    if typed:
        prompt, command = typed.groups()
        name, space, rest = command.partition(" ")
        return line((prompt + " ", "prompt" if prompt == ">" else "prompt.other"), (name, "command"), space + rest)
    arrived = _ARRIVED.fullmatch(text)
    if arrived:
        return (Span(arrived[1] + " ", "push"), *_reply(arrived[2]))
    return _reply(text)


def _reply(text: str) -> Line:
    found = _HEAD.match(text)
    head = found[0] if found else ""
    rest = text[len(head) :]
    return line((head, "reply.mark"), (rest, style_of_text(rest)))
