"""Commands that a lesson's prose names: each must be in the catalog, so that a slip of the pen is found."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.catalog import Argument, Catalog
from tutor.errors import QuotingError
from tutor.lesson import Lesson
from tutor.lesson.markdown import code_spans
from tutor.wire import split

__all__ = ["find_strange_commands"]

_CAPITALS = re.compile(r"[A-Z][A-Z0-9]+(?:\.[A-Z0-9]+)*")
# Words that replies and the protocol use, which are neither commands nor options.
_REPLY_WORDS = frozenset(
    {
        *("ASK", "BUSY", "BUSYGROUP", "CLUSTERDOWN", "CROSSSLOT", "ERR", "EXECABORT", "LOADING", "MASTERDOWN"),
        *("MISCONF", "MOVED", "NOAUTH", "NOGROUP", "NOPERM", "NOREPLICAS", "NOSCRIPT", "OK", "OOM", "PONG", "QUEUED"),
        *("READONLY", "RESP2", "RESP3", "TRYAGAIN", "UNKILLABLE", "WRONGPASS", "WRONGTYPE"),
    }
)


def find_strange_commands(lesson: Lesson, catalog: Catalog) -> Iterator[tuple[int, str]]:
    """Line and message for each code span that begins like a command and is none."""
    for name in lesson.teaches:
        if catalog.get(name) is None:
            yield 1, f"teaches names {name}, which the catalog does not know.{_meant(catalog, name)}"
    tokens: set[str] | None = None
    for step in lesson.steps:
        line = step.text_line
        for span, offset in code_spans(step.text):
            word = _first_word(span)
            if not _CAPITALS.fullmatch(word) or word in _REPLY_WORDS or catalog.get(word) is not None:
                continue
            if tokens is None:
                tokens = _all_tokens(catalog)
            if word not in tokens:
                meant = _meant(catalog, word)
                yield line + offset, f"`{span}` names the command {word}, which the catalog does not know.{meant}"


def _first_word(span: str) -> str:
    try:
        words = split(span.encode())
    except QuotingError:
        words = span.encode().split()
    return words[0].decode("utf-8", "replace") if words else ""


def _meant(catalog: Catalog, name: str) -> str:
    near = catalog.suggest(name)
    return f" Did you mean {near[0]}?" if near else ""


def _all_tokens(catalog: Catalog) -> set[str]:
    """Every literal word of every command: `EX`, `MAXLEN`, and the second words of containers."""
    found: set[str] = set()
    for name in catalog.names():
        command = catalog.get(name)
        if command is not None:
            found.update(name.split())
            waiting = list(command.arguments)
            while waiting:
                argument: Argument = waiting.pop()
                found.update((argument.token or "").upper().split())
                waiting.extend(argument.arguments)
    return found
