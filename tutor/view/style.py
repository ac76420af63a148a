"""What the names of styles look like. Only the terminal's own 16 colours, so that its theme stays in charge."""

from __future__ import annotations

from tutor.view.drawing import Drawing, Line, Look

__all__ = ["STYLES", "render"]

# Colour is never the only sign of anything: each of these also differs in its words or its place.
STYLES = {
    "reply.string": "green",
    "reply.number": "cyan",
    "reply.status": "bold",
    "reply.nil": "dim",
    "reply.error": "red",
    "reply.mark": "dim",
    "push": "magenta",
    "prompt": "dim",
    "prompt.other": "magenta",
    "command": "bold",
    "option": "cyan",
    "key": "green",
    "wrong.word": "red underline",
    "heading": "bold",
    "code": "cyan",
    "emphasis": "italic",
    "strong": "bold",
    "link": "underline",
    "quote": "dim",
    "quiet": "dim",
    "right": "green bold",
    "wrong": "red bold",
    "hint": "magenta bold",
    "label": "dim",
    "current": "reverse",
}

_SGR = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "underline": "4",
    "reverse": "7",
    "red": "31",
    "green": "32",
    "magenta": "35",
    "cyan": "36",
}
_ESCAPES = {name: "\x1b[" + ";".join(_SGR[word] for word in words.split()) + "m" for name, words in STYLES.items()}


def render(drawing: Drawing, look: Look) -> str:
    """The drawing as terminal text, a newline between lines; without colour it is the bare text."""
    colour = look.color and not look.plain
    return "\n".join(_render(spans, colour) for spans in drawing)


def _render(spans: Line, colour: bool) -> str:
    if not colour:
        return "".join(span.text for span in spans).rstrip()
    return "".join(f"{_ESCAPES[span.style]}{span.text}\x1b[0m" if span.style else span.text for span in spans)
