"""Lines of label and text, the shape that most of what the tutor says has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tutor.view.cells import clean, width
from tutor.view.drawing import Drawing, Line, Look, Span
from tutor.view.wrapping import wrap

__all__ = ["QUOTE", "draw_fault", "draw_pairs", "draw_text", "said"]

# What stands around code where there is no colour; a screen reader names a backquote, and reads a quote as a pause.
QUOTE = {False: "`", True: '"'}


def draw_text(text: str, look: Look, style: str = "") -> Drawing:
    """Running text; what stands `between backquotes` is set as code."""
    lines: list[Line] = []
    for paragraph in text.split("\n"):
        lines += wrap(said(paragraph, look, style), look.measure)
    return tuple(lines)


def draw_fault(text: str, at: int, message: str, look: Look) -> Drawing:
    """A typed line with a mark below the place that is wrong, and what is wrong there."""
    words = draw_text(message, look, "wrong")
    before = clean(text[:at]) if at >= 0 else ""
    shown = clean(text)
    if look.plain or at < 0 or "\n" in shown or width(shown) >= look.columns:
        return words
    return ((Span(shown),), (Span(" " * width(before) + "^", "wrong"),), *words)


def said(text: str, look: Look, style: str = "") -> Iterator[Span]:
    """The spans of a sentence whose code stands between backquotes; where colour cannot set it apart, quotes do."""
    mark = "" if look.color and not look.plain else QUOTE[look.plain]
    for place, part in enumerate(clean(text).split("`")):
        if part:
            yield Span(f"{mark}{part}{mark}", "code") if place % 2 else Span(part, style)


def draw_pairs(
    pairs: Iterable[Sequence[str]], look: Look, style: str = "code", *, widest: int = 28, gap: int = 2
) -> Drawing:
    """A label and its text on each line, the texts in one column; where that has no room, the text below its label.

    A third item of a pair is the style of its label.
    """
    rows = [(clean(pair[0]), pair[1], pair[2] if len(pair) > 2 else style) for pair in pairs]
    cells = look.measure
    column = min(max((width(label) for label, _, _ in rows), default=0), widest, cells // 2) + gap
    lines: list[Line] = []
    for label, text, own in rows:
        if look.plain or cells - column < 20:
            lines += wrap((Span(label, own), Span(": " if text else ""), *said(text, look)), cells, rest="  ")
        elif width(label) > column - gap:
            lines.append((Span(label, own),))
            lines += wrap(said(text, look), cells, " " * column) if text else ()
        else:
            body = wrap(said(text, look), cells, " " * column)
            first = body[0][0].text[column:] if body[0] else ""
            head = (Span(label, own), Span(" " * (column - width(label)) + first))
            lines.append((*head, *body[0][1:]) if text else head[:1])
            lines += body[1:]
    return tuple(lines)
