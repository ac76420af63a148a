"""What things look like: drawings as values, and the terminal text that they become. Knows no session and no screen."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tutor.view.card import draw_hint, draw_verdict, points
    from tutor.view.cells import clean, cut, width
    from tutor.view.drawing import BLANK, Drawing, Line, Look, Span, indent, line, text_of
    from tutor.view.explanation import draw_explanation, draw_reason
    from tutor.view.lessons import LessonRow, TrackRows, draw_lessons
    from tutor.view.markdown import draw_markdown
    from tutor.view.reply import draw_answer, draw_reply
    from tutor.view.style import STYLES, render
    from tutor.view.transcript import draw_transcript
    from tutor.view.words import draw_fault, draw_pairs, draw_text

__all__ = [
    "BLANK",
    "STYLES",
    "Drawing",
    "LessonRow",
    "Line",
    "Look",
    "Span",
    "TrackRows",
    "clean",
    "cut",
    "draw_answer",
    "draw_explanation",
    "draw_fault",
    "draw_hint",
    "draw_lessons",
    "draw_markdown",
    "draw_pairs",
    "draw_reason",
    "draw_reply",
    "draw_text",
    "draw_transcript",
    "draw_verdict",
    "indent",
    "line",
    "points",
    "render",
    "text_of",
    "width",
]

# Which file a name stands in. Each file is read when one of its names is first asked for, so that the shell's prompt
# waits for none that it does not show.
_FILES = {
    "card": (
        "draw_hint",
        "draw_verdict",
        "points",
    ),
    "drawing": (
        "BLANK",
        "Drawing",
        "Line",
        "Look",
        "Span",
        "indent",
        "line",
        "text_of",
    ),
    "explanation": (
        "draw_explanation",
        "draw_reason",
    ),
    "lessons": (
        "LessonRow",
        "TrackRows",
        "draw_lessons",
    ),
    "markdown": ("draw_markdown",),
    "reply": ("draw_answer", "draw_reply"),
    "style": (
        "STYLES",
        "render",
    ),
    "transcript": ("draw_transcript",),
    "cells": (
        "clean",
        "cut",
        "width",
    ),
    "words": (
        "draw_fault",
        "draw_pairs",
        "draw_text",
    ),
}
_FILE_OF = {name: file for file, names in _FILES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _FILE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"{__name__}.{_FILE_OF[name]}"), name)
    return value
