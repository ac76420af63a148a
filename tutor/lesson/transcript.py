"""A transcript: what clients type, and what reaches them, as a lesson's ```redis block shows it.

| line       | meaning                                                                     |
|------------|-----------------------------------------------------------------------------|
| `> SET k v`| the first client (A) types this; the lines below are the reply              |
| `B> GET k` | another client types; its reply follows                                     |
| `B< "v"`   | this reaches client B now; longer replies go on in the next lines, each with `B< ` |
| `< …`      | the same for the first client                                               |
| `# words`  | a comment                                                                   |

A command without a reply below it is blocked: its reply comes later as `B< …`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from tutor.errors import CourseError, QuotingError
from tutor.wire import split

__all__ = ["FIRST_CLIENT", "Arrival", "Step", "Typed", "parse_line", "parse_lines", "parse_transcript"]

FIRST_CLIENT = "A"
_TYPED = re.compile(r"([A-Z]?)>(?: (.*))?")
_ARRIVES = re.compile(r"([A-Z]?)< (.*)")
# The first element of an array begins a reply of its own: messages come one after the other.
_FIRST = re.compile(r" *1[)~#] ")


@dataclass(frozen=True, slots=True)
class Typed:
    """A client sends a command."""

    client: str
    """`A` for the first client, `B` for the second."""
    text: str
    """The line as typed, without its mark."""
    argv: tuple[bytes, ...]
    """Its words."""
    expected: str | None
    """The reply as redis-cli prints it, with holes; None when the command blocks."""
    line: int
    """Line of the file, from 1."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something reaches a client: the reply it was blocked on, or a message."""

    client: str
    expected: str
    """As redis-cli prints it, with holes."""
    line: int


Step: TypeAlias = Typed | Arrival


def parse_transcript(text: str, file: str, first_line: int) -> tuple[Step, ...]:
    """The steps of one transcript; `first_line` is the line of the file at which the text begins.

    Raises `CourseError` at the line of the fault.
    """
    steps: list[Step] = []
    below: list[str] | None = None  # the reply lines of the command above
    broken = True  # whether the next `B< ` begins a reply of its own
    for line, number in _numbered(text, first_line):
        found = _TYPED.fullmatch(line)
        arrives = _ARRIVES.fullmatch(line)
        if found or arrives or not line.strip() or re.match(r"#( |$)", line):
            steps, below = _close(steps, below), None
        if found:
            steps.append(_typed(found[1], found[2] or "", file, number))
            below = []
        elif arrives:
            _arrive(steps, arrives[1] or FIRST_CLIENT, arrives[2], number, broken)
        elif below is not None:
            below.append(line)
        elif line.strip() and not re.match(r"#( |$)", line):
            raise CourseError(
                f"{file}:{number}",
                f"{line.strip()[:60]!r} belongs to no command. Before a command write `> `, before what reaches "
                f"client B write `B< `, before a comment `# `.",
            )
        broken = not arrives
    return tuple(_close(steps, below))


def parse_lines(text: str, file: str, first_line: int) -> tuple[Typed, ...]:
    """The commands of a solution, a setup or a learner's answer: one a line, `B> ` before the second client's.

    Blank lines and comments are passed over.
    """
    return tuple(
        parse_line(line, file, number)
        for line, number in _numbered(text, first_line)
        if line.strip() and not re.match(r"\s*#( |$)", line)
    )


def parse_line(line: str, file: str, number: int) -> Typed:
    """One command, with or without the mark of its client."""
    found = _TYPED.fullmatch(line.strip())
    return _typed(found[1], found[2] or "", file, number) if found else _typed("", line.strip(), file, number)


def _numbered(text: str, first_line: int) -> list[tuple[str, int]]:
    # Only \n ends a line here: str.splitlines would also split at characters that a value may hold.
    return [(line.rstrip("\r"), number) for number, line in enumerate(text.split("\n"), first_line)]


def _typed(client: str, text: str, file: str, number: int) -> Typed:
    try:
        argv = split(text.encode("utf-8", "surrogateescape"))
    except QuotingError as error:
        raise CourseError(f"{file}:{number}", f"{text[:60]!r} cannot be read as a command. {error}") from None
    if not argv:
        raise CourseError(f"{file}:{number}", "A command belongs behind the mark `>`, and there is nothing.")
    return Typed(client or FIRST_CLIENT, text, tuple(argv), None, number)


def _arrive(steps: list[Step], client: str, text: str, number: int, broken: bool) -> None:
    last = steps[-1] if steps else None
    goes_on = isinstance(last, Arrival) and last.client == client and not broken
    if goes_on and isinstance(last, Arrival) and _is_list(last.expected) and not _begins(last.expected, text):
        steps[-1] = Arrival(client, last.expected + "\n" + text, last.line)
    else:
        steps.append(Arrival(client, text, number))


def _is_list(text: str) -> bool:
    return _FIRST.match(text) is not None or text.startswith("<unordered>")


def _begins(before: str, text: str) -> bool:
    """Whether a new array begins at this line, and not the first element of an unordered one."""
    return _FIRST.match(text) is not None and before.strip() != "<unordered>"


def _close(steps: list[Step], below: list[str] | None) -> list[Step]:
    last = steps[-1] if steps else None
    if below and isinstance(last, Typed):
        steps[-1] = Typed(last.client, last.text, last.argv, "\n".join(below), last.line)
    return steps
