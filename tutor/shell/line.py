"""What a typed line is: for Redis or for the tutor, spoken by which client, in which words.

This is the one reading of a line: completion, colours, the bar and the running of it all start from here, and all
words are made by `tutor.wire.split`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tutor.errors import QuotingError
from tutor.shell.vocabulary import CLIENTS, TutorWord, tutor_word
from tutor.wire import split

__all__ = ["Line", "Word", "logical_lines", "read_line", "to_bytes", "unfinished", "without_replies"]

_SPEAKER = re.compile(r"\s*(?:([A-Za-z])>|(>))[ \t]*")
_FIRST = re.compile(r"\s*(\S+)")
_SPACE = frozenset(b" \t\n\v\f\r")
# Bytes at which `split` does more than to part words at white space.
_ODD = frozenset(b"\"'\0\v\f")
# A longer line is run, but not coloured or completed: nobody types it.
_LONGEST = 2048


class Word(NamedTuple):
    """One word of a line."""

    start: int
    """Where it begins in the line, in characters."""
    end: int
    """Where it ends; a quote that is open runs to the line's end."""
    data: bytes
    """The bytes that it stands for."""


class Line(NamedTuple):
    """A line, read."""

    text: str
    """As it was typed."""
    client: str
    """`A` or `B` where the line names its speaker (`B> …`), else nothing."""
    tutor: TutorWord | None
    """The tutor's command, or None when the line is for Redis."""
    words: tuple[Word, ...]
    """For Redis: all its words. For the tutor: the words behind its command."""
    at: int
    """Where the words begin, in characters: behind the speaker and the tutor's command."""
    fault: QuotingError | None
    """A quote that is not closed, or something behind a closing quote."""
    fault_at: int = -1
    """Where the fault is, in characters."""

    @property
    def argv(self) -> list[bytes]:
        """The words' bytes."""
        return [word.data for word in self.words]

    @property
    def rest(self) -> str:
        """The text behind the tutor's command, as typed."""
        return self.text[self.at :].strip()

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not self.words and self.tutor is None and self.fault is None

    @property
    def redis_words(self) -> bool:
        """Whether the words are a command of Redis, to be run or to be explained."""
        return self.tutor is None or self.tutor.name in ("explain", "help")


def to_bytes(text: str) -> bytes:
    """The bytes that a terminal's text stands for; bytes that were not UTF-8 come back as they were typed."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def read_line(text: str) -> Line:
    """Read one logical line. Never fails: what is wrong with its quotes is in `fault`."""
    at, client = 0, ""
    speaker = _SPEAKER.match(text)
    if speaker and (speaker[2] or speaker[1].upper() in CLIENTS):
        # A line copied from a lesson begins with `> `, the mark of the first client.
        at, client = speaker.end(), (speaker[1] or "").upper()
    first = _FIRST.match(text, at)
    tutor = tutor_word(first[1], text[first.end() :]) if first else None
    if first and tutor is not None:
        at = first.end()
        if tutor.name not in ("explain", "help"):
            # An answer is free text, where a quote is a sign like any other.
            words = tuple(
                Word(at + found.start(), at + found.end(), to_bytes(found[0]))
                for found in re.finditer(r"\S+", text[at:])
            )
            return Line(text, client, tutor, words, at, None)
    words, fault, fault_at = _words(text, at)
    return Line(text, client, tutor, words, at, fault, fault_at)


def _words(text: str, at: int) -> tuple[tuple[Word, ...], QuotingError | None, int]:
    line = to_bytes(text[at:])
    if line.isascii() and not _ODD.intersection(line):
        found = re.finditer(rb"[^ \t\n\r]+", line)
        return tuple(Word(at + word.start(), at + word.end(), word[0]) for word in found), None, -1
    fault = None
    values: list[bytes] = []
    try:
        values = split(line)
    except QuotingError as error:
        fault = error
    spans = _spans(line) if len(line) <= _LONGEST else []
    if fault is None and len(spans) == len(values):
        spans = [(start, end, value) for (start, end, _), value in zip(spans, values, strict=True)]
    elif fault is None:
        # A line that is too long to look at, or one with a NUL byte or a vertical tab: its words alone count.
        spans = [(0, len(line), value) for value in values]
    place = _Places(line, text, at)
    words = tuple(Word(place(start), place(end), value) for start, end, value in spans)
    return words, fault, place(fault.position) if fault else -1


def _spans(line: bytes) -> list[tuple[int, int, bytes]]:
    """Where the words stand. A word ends at the first white space up to which `split` finds whole words."""
    spans: list[tuple[int, int, bytes]] = []
    at, size = 0, len(line)
    while True:
        while at < size and line[at] in _SPACE:
            at += 1
        if at >= size:
            return spans
        end = at
        while True:
            while end < size and line[end] not in _SPACE:
                end += 1
            try:
                value = b"".join(split(line[at:end]))
                break
            except QuotingError:
                if end >= size:
                    # An open quote: what it holds so far.
                    value = line[at:].lstrip(b"\"'")
                    break
            while end < size and line[end] in _SPACE:
                end += 1
        spans.append((at, end, value))
        at = end


class _Places:
    """From offsets in bytes to places in the text."""

    def __init__(self, line: bytes, text: str, at: int) -> None:
        self._line, self._at = line, at
        self._ascii = len(line) == len(text) - at

    def __call__(self, offset: int) -> int:
        if self._ascii:
            return self._at + offset
        return self._at + len(self._line[:offset].decode("utf-8", "surrogateescape"))


# -- several lines ---------------------------------------------------------------------------------------------


def unfinished(text: str) -> bool:
    """Whether Enter goes on with a new line: a quote is open, or the line ends with a backslash."""
    lines = logical_lines(text)
    return bool(lines) and _goes_on(lines[-1])


def _goes_on(line: str) -> bool:
    if line.endswith("\\"):
        return True
    read = read_line(line)
    return read.fault is not None and "never closed" in str(read.fault)


def logical_lines(text: str) -> list[str]:
    r"""The commands of a text of several lines, one each; an open quote or a backslash at the end joins lines.

    >>> logical_lines('SET a 1\nSET b "two\nlines"\nGET \\\na')
    ['SET a 1', 'SET b "two\nlines"', 'GET a']
    """
    found: list[str] = []
    current = ""
    pieces = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for place, piece in enumerate(pieces):
        current += piece
        last = place == len(pieces) - 1
        if not last and _goes_on(current):
            current = current[:-1] if current.endswith("\\") and not _open(current) else current + "\n"
            continue
        found.append(current)
        current = ""
    return [line for line in found if line.strip()]


def without_replies(lines: list[str]) -> list[str]:
    """What is typed in a text of several lines: a transcript copied from a lesson holds comments and replies, too.

    >>> without_replies(["> SET a 1", "OK", "# see", "> GET a", '"1"'])
    ['> SET a 1', '> GET a']
    >>> without_replies(["B> BRPOP q 0", "LPUSH q 1"])
    ['B> BRPOP q 0', 'LPUSH q 1']
    """
    lines = [line for line in lines if not line.lstrip().startswith("#")]
    if len(lines) > 1 and any(line.lstrip().startswith(">") for line in lines):
        return [line for line in lines if _SPEAKER.match(line)]
    return lines


def _open(line: str) -> bool:
    read = read_line(line)
    return read.fault is not None and "never closed" in str(read.fault)
