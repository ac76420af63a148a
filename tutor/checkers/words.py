"""How values are named in feedback: short, and exact where it matters."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.lesson import Contents, Pairs
from tutor.wire import Reply, quote, terminal

__all__ = ["awaited", "cut", "printed", "quoted_if_odd", "shown", "typed"]

_MOST_PARTS = 12
_MOST_CHARACTERS = 400
_MOST_BYTES = 60


def quoted_if_odd(value: str | bytes) -> str:
    """A value as a person would write it: plain where that is clear, in redis-cli's quotes where it is not.

    >>> quoted_if_odd(b"42"), quoted_if_odd(b"two words"), quoted_if_odd(b"")
    ('42', '"two words"', '""')
    """
    data = value.encode() if isinstance(value, str) else value
    if len(data) > _MOST_CHARACTERS:
        return f"{quote(data[:_MOST_BYTES]).decode('ascii')[:-1]}… ({len(data)} bytes)"
    text = data.decode("utf-8", "replace")
    plain = bool(text) and text.isprintable() and not any(mark in text for mark in " \"'\\\ufffd")
    return text if plain else quote(data).decode("ascii")


def shown(contents: Contents) -> str:
    """What a check asks for, as text."""
    if isinstance(contents, str):
        return quoted_if_odd(contents)
    if isinstance(contents, Pairs):
        return cut([f"{quoted_if_odd(name)}: {quoted_if_odd(value)}" for name, value in contents.pairs], ", ")
    streams = any(isinstance(part, Pairs) for part in contents)
    return cut([shown(part) for part in contents], "; " if streams else ", ")


def printed(reply: Reply) -> str:
    """A reply as redis-cli prints it."""
    return shorten(terminal(reply).decode("utf-8", "backslashreplace"))


def awaited(text: str) -> str:
    """A reply that an author asks for, its marks put into words.

    >>> awaited('<unordered>\\n1) "a"\\n2) <any>')
    'in any order:\\n1) "a"\\n2) …'
    """
    text = text.replace("<any>", "…")
    lines = text.lstrip().removeprefix("<unordered>")
    return text if lines == text.lstrip() else "in any order:" + lines


def typed(argv: Sequence[bytes]) -> str:
    """A command as a person would type it."""
    return shorten(" ".join(quoted_if_odd(word) for word in argv))


def cut(parts: Sequence[str], between: str) -> str:
    """The parts in one line; a long row is cut and its length told."""
    if not parts:
        return "nothing"
    if len(parts) > _MOST_PARTS:
        parts = [*parts[:_MOST_PARTS], f"… ({len(parts)} in all)"]
    return shorten(between.join(parts))


def shorten(text: str) -> str:
    """At most a few hundred characters of a text."""
    return text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS] + "…"
