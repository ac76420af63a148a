"""Answers that are letters: which option, or which lines in which order. Typed as letters or as the text itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.errors import UsageError
from tutor.lesson import Item

__all__ = ["read_letter", "read_order"]

_BETWEEN = re.compile(r"[\s,;.:()\[\]>-]+")
_MARK = re.compile(r"^\s*(?:[-*]\s+)?(?:\(?[0-9]{1,2}[.)]\s+)?(?:\(([a-z])\)\s*)?", re.IGNORECASE)


def read_letter(answer: str, items: Sequence[Item]) -> str:
    """The letter that was meant. Raises `UsageError` when none was."""
    letters = read_order(answer, items)
    if len(letters) != 1:
        raise UsageError(f"Answer with one letter: {_listed(items)}.")
    return letters[0]


def read_order(answer: str, items: Sequence[Item]) -> tuple[str, ...]:
    """The letters that were meant, in order. Raises `UsageError` when something else was typed."""
    known = {item.letter for item in items}
    words = [word for word in _BETWEEN.split(answer.strip().lower()) if word]
    if words and all(word in known for word in words):
        return _once(words, items)
    if len(words) == 1 and len(words[0]) <= len(known) and set(words[0]) <= known:
        return _once(list(words[0]), items)
    by_text = {_plain(text): item.letter for item in items for text in (item.text, item.command) if text}
    letters = []
    for line in answer.strip().splitlines():
        mark = _MARK.match(line)
        text = _plain(line[mark.end() :] if mark else line)
        letter = by_text.get(text) or by_text.get(_plain(line))
        if letter is None and mark and mark[1] and mark[1].lower() in known:
            letter = mark[1].lower()
        if letter is None and line.strip():
            raise UsageError(f"{line.strip()[:60]!r} is none of the lines. Answer with letters: {_listed(items)}.")
        letters += [letter] if letter else []
    if not letters:
        raise UsageError(f"Answer with letters: {_listed(items)}.")
    return _once(letters, items)


def _once(letters: list[str], items: Sequence[Item]) -> tuple[str, ...]:
    twice = next((letter for letter in letters if letters.count(letter) > 1), None)
    if twice:
        raise UsageError(f"({twice}) stands twice. Each of {_listed(items)} can be used once.")
    return tuple(letters)


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "").split()).casefold()


def _listed(items: Sequence[Item]) -> str:
    return ", ".join(item.letter for item in items)
