"""A drawing as a value: lines of spans, each naming a style. What a name looks like is decided when it is rendered.

The two classes are named tuples and not dataclasses, because the shell makes them before its prompt stands, and
importing `dataclasses` takes a part of that time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from tutor.view.cells import width

__all__ = ["BLANK", "Drawing", "Line", "Look", "Span", "indent", "line", "line_width", "text_of"]


class Span(NamedTuple):
    """A run of text in one style. It holds no newline and no escape sequence."""

    text: str
    style: str = ""
    """A name of `tutor.view.style.STYLES`; empty for the terminal's own colours."""


Line: TypeAlias = tuple[Span, ...]
Drawing: TypeAlias = tuple[Line, ...]

BLANK: Line = ()


class Look(NamedTuple):
    """What the place can show where a drawing is going to be."""

    columns: int = 80
    """How many cells are in a row of the terminal."""
    color: bool = True
    """False under NO_COLOR, and where the text goes into a file."""
    plain: bool = False
    """True for screen readers: words in place of symbols, no frames, no columns side by side."""

    @property
    def measure(self) -> int:
        """How wide running text is set: a line longer than some 80 letters is hard to read."""
        return max(16, min(self.columns - 2, 84))


def line(*parts: str | Span | tuple[str, str]) -> Line:
    """A line of plain texts, spans, and pairs of text and style."""
    spans = [Span(part) if isinstance(part, str) else Span(*part) for part in parts]
    return tuple(span for span in spans if span.text)


def line_width(spans: Iterable[Span]) -> int:
    """How many cells the spans take."""
    return sum(width(span.text) for span in spans)


def indent(drawing: Iterable[Line], by: str, style: str = "") -> Drawing:
    """Every line that is not empty moved to the right behind `by`; a `by` that is not blank also marks empty lines."""
    head = Span(by, style)
    blank = by.isspace() or not by
    return tuple((head, *spans) if spans or not blank else spans for spans in drawing)


def text_of(drawing: Iterable[Line]) -> str:
    """The bare text, a newline between lines."""
    return "\n".join("".join(span.text for span in spans) for spans in drawing)
