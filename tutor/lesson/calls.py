"""A call as an author names it in a check: a typed line with holes, compared word by word with what was sent.

`<any>` stands for one word, and `<rest>` at the end for all that may follow, more options included. A `*` is the word
`*` and nothing else. The catalog tells names and options from values: those count in any case, and what may stand in
any order in Redis may do so here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tutor.catalog import Argument, Catalog, Command, Expectation
from tutor.errors import QuotingError
from tutor.wire import split

__all__ = ["CallPattern", "CallShape", "call_fault", "call_shape", "parse_call"]

_ANY = b"<any>"
_REST = b"<rest>"
_NUMBERS = frozenset({"integer", "double", "unix-time"})


@dataclass(frozen=True, slots=True)
class CallShape:
    """The words of a call, those that have their place apart from those that may stand in any order."""

    fixed: tuple[bytes | None, ...]
    """The name and what has its place, literal words in capitals; None for a hole."""
    free: dict[int, tuple[bytes | None, ...]]
    """For each option: its words, by its number in the catalog's list of arguments."""


@dataclass(frozen=True, slots=True)
class CallPattern:
    """A call that must have been sent."""

    name: str
    """The command, in capitals, with its container."""
    shape: CallShape
    rest: bool
    """Whether more may follow."""

    def matches(self, catalog: Catalog, argv: Sequence[bytes]) -> bool:
        """Whether these words are such a call."""
        sent = call_shape(catalog, argv)
        wanted = self.shape.free
        if not self.rest and wanted.keys() != sent.free.keys():
            return False
        return self._same(self.shape.fixed, sent.fixed) and all(
            self._same(words, sent.free.get(place, ())) for place, words in wanted.items()
        )

    def common(self, argv: Sequence[bytes]) -> int:
        """How many of its words stand in these, to find the call that was meant."""
        sent = {*argv, *(word.upper() for word in argv)}
        return sum(word in sent for words in (self.shape.fixed, *self.shape.free.values()) for word in words)

    def _same(self, wanted: Sequence[bytes | None], sent: Sequence[bytes | None]) -> bool:
        enough = len(sent) >= len(wanted) if self.rest else len(sent) == len(wanted)
        return enough and all(word in (None, other) for word, other in zip(wanted, sent, strict=False))


def call_shape(catalog: Catalog, argv: Sequence[bytes], holes: Collection[int] = ()) -> CallShape:
    """The shape of a call; `holes` are the positions that may hold any word."""
    walk = catalog.walk(argv)
    places = dict(_places(walk.command))
    fixed: list[bytes | None] = []
    free: dict[int, list[bytes | None]] = {}
    for token in walk.tokens:
        literal = token.index == 0 or token.role in ("subcommand", "option")
        word = None if token.index in holes else token.text.upper() if literal else token.text
        place = None if token.argument is None else places.get(token.argument)
        (fixed if place is None else free.setdefault(place, [])).append(word)
    return CallShape(tuple(fixed), {place: tuple(words) for place, words in free.items()})


def _places(command: Command | None) -> Iterator[tuple[Argument, int]]:
    """Each argument that belongs to an option, with the number of that option."""
    for place, argument in enumerate(command.arguments if command is not None else ()):
        # GEOSEARCH has to have a BYRADIUS or a BYBOX, and takes it anywhere: in this it is like an option.
        if argument.optional or argument.unordered:
            yield from ((node, place) for node in _nodes(argument))


def _nodes(argument: Argument) -> Iterator[Argument]:
    yield argument
    for inner in argument.arguments:
        yield from _nodes(inner)


def parse_call(catalog: Catalog, text: str) -> CallPattern:
    """The pattern of a typed line. Raises `QuotingError`; `call_fault` says what else may be wrong with it."""
    words, holes, rest = _read(catalog, text)
    command = catalog.find(words)
    return CallPattern(command.name if command else "", call_shape(catalog, words, holes), rest)


def _read(catalog: Catalog, text: str) -> tuple[list[bytes], set[int], bool]:
    """The words without `<rest>`, the positions of holes, and whether there was a `<rest>`."""
    words = split(text.encode("utf-8", "surrogateescape"))
    rest = bool(words) and words[-1] == _REST
    if rest:
        words.pop()
    holes = {at for at, word in enumerate(words) if word == _ANY}
    for at in sorted(holes):
        words[at] = _stand_in(catalog.walk(words[:at]).expected)
    return words, holes, rest


def _stand_in(expected: Sequence[Expectation]) -> bytes:
    """A word that the catalog takes in the place of a hole."""
    if expected and all(expectation.kind == "token" and expectation.required for expectation in expected):
        return expected[0].text.encode()  # LMOVE's LEFT or RIGHT
    numbers = {expectation.type in _NUMBERS for expectation in expected if expectation.kind == "argument"}
    # BRPOP's last word is one more key unless it is a number. A mere number is better left open: it may count others.
    return b"1" if len(numbers) == 2 else _ANY


def call_fault(catalog: Catalog, text: str) -> str:
    """What is wrong with an author's line, in a sentence; nothing when it can be sent once its holes are filled."""
    try:
        words, holes, rest = _read(catalog, text)
    except QuotingError as error:
        return str(error)
    if _REST in words:
        return "<rest> stands for all that follows, so it can only be the last word."
    if not words or 0 in holes:
        return "It has to begin with the name of a command."
    walk = catalog.walk(words)
    problem = walk.problem
    if problem is not None and (problem.kind, rest) != ("too-few", True) and problem.index not in holes:
        return f"{problem.message} {problem.suggestion}".strip()
    stray = next((token for token in walk.tokens if token.role == "unknown"), None)
    return f"{stray.text.decode('utf-8', 'replace')} cannot stand where it does." if stray is not None else ""
