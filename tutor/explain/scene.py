"""What was so when the reply came: the state that an explanation may speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tutor.wire import quote

__all__ = ["TYPE_NAMES", "KeyState", "Scene", "shown"]

# The name that TYPE answers, what we call it, and the commands that read such a key first.
TYPE_NAMES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "string": ("a string", "string", ("GET", "STRLEN")),
    "list": ("a list", "list", ("LRANGE", "LLEN")),
    "set": ("a set", "set", ("SMEMBERS", "SCARD")),
    "zset": ("a sorted set", "sorted-set", ("ZRANGE", "ZCARD")),
    "hash": ("a hash", "hash", ("HGETALL", "HGET")),
    "stream": ("a stream", "stream", ("XRANGE", "XLEN")),
    "ReJSON-RL": ("a JSON document", "json", ("JSON.GET", "JSON.TYPE")),
}


@dataclass(frozen=True, slots=True)
class KeyState:
    """One key, looked at after the reply came."""

    type: str
    """What TYPE answers: `string`, `zset`, …; `none` when there is no such key."""
    ttl: int = -1
    """What TTL answers: seconds that are left, -1 for no end, -2 for no key."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known beside the command and its reply."""

    keys: Mapping[bytes, KeyState] = field(default_factory=dict)
    """The command's own keys, as far as somebody looked."""
    tutor_words: tuple[str, ...] = ()
    """Words that are commands of the tutor and not of Redis."""


def shown(word: bytes, most: int = 40) -> str:
    """A word inside a sentence: as it was typed where it can be, else as redis-cli would quote it.

    >>> shown(b"cart:1"), shown(b"two words")
    ('cart:1', '"two words"')
    """
    text = word.decode("utf-8", "backslashreplace")
    if not text.isprintable() or not text or " " in text or '"' in text:
        text = quote(word).decode() if text.isascii() else f'"{ascii(text)[1:-1] if not text.isprintable() else text}"'
    return text if len(text) <= most else text[: most - 1] + "…"
