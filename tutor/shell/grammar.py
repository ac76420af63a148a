"""A line with what the catalog says of it, kept for the three who ask at every keystroke: colours, menu and bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, NamedTuple

from tutor.catalog import Argument, Catalog, Command, Expectation, Problem, SyntaxPart, Token, Walk, load
from tutor.catalog.syntax import syntax_parts
from tutor.shell.line import Line, Word, logical_lines, read_line

__all__ = ["Grammar", "Half", "Spoken"]

_KEPT = 8


class Spoken(NamedTuple):
    """One logical line of what is being typed."""

    line: Line
    start: int
    """Where it begins in the whole text, in characters."""
    walk: Walk | None
    """What the argument tree says; None for the tutor's own commands and for an empty line."""


class Half(NamedTuple):
    """A line up to the cursor: finished words, and the one being typed."""

    line: Line
    before: tuple[bytes, ...]
    """The words before the one at the cursor."""
    word: Word | None
    """The word that the cursor is at the end of; None behind a space."""
    expected: tuple[Expectation, ...]
    """What may stand at the cursor."""
    walk: Walk | None
    """The walk over `before`; None where no Redis command is being typed."""


class Grammar:
    """Reads lines with one catalog. The catalog is loaded when the first line is read."""

    def __init__(self, catalog: Catalog | None = None) -> None:
        self._catalog = catalog
        self._spoken: dict[str, tuple[Spoken, ...]] = {}
        self._halves: dict[str, Half] = {}
        self._walks: dict[tuple[bytes, ...], Walk] = {}
        self._meant: dict[bytes, Problem | None] = {}
        self._parts: dict[str, tuple[SyntaxPart, ...]] = {}
        self.version: tuple[int, ...] = ()
        """The server's version; empty while it is not known."""
        self.modules: frozenset[str] = frozenset()

    def serve(self, version: str, modules: frozenset[str]) -> None:
        """From now on the server is known: its version, such as `7.0.15`, and its modules."""
        self.version = tuple(int(part) for part in version.split(".") if part.isdigit())
        self.modules = modules
        self._parts.clear()

    def lacks(self, since: Mapping[str, str], module: str = "") -> str:
        """What the server would need to know an argument or a command, or nothing when it has it."""
        if not self.version:
            return ""
        if module:
            return "" if module in self.modules else f"the {module} module"
        needed = since.get("redis", "")
        if needed and tuple(int(part) for part in needed.split(".") if part.isdigit()) > self.version:
            return f"Redis {needed}"
        return ""

    def parts(self, command: Command) -> Sequence[SyntaxPart]:
        """The command's syntax in pieces, without the arguments that this server does not know."""
        kept = self._parts.get(command.name)
        if kept is None:
            kept = self._parts[command.name] = tuple(syntax_parts(command.name, self._known(command.arguments)))
        return kept

    def _known(self, arguments: Sequence[Argument]) -> tuple[Argument, ...]:
        found = []
        for argument in arguments:
            if self.lacks(argument.since):
                continue
            if argument.arguments:
                # A copy with fewer members; the members themselves stay those of the walk.
                below, argument = argument.arguments, copy(argument)
                argument.arguments = self._known(below)
                if not argument.arguments:
                    continue
            found.append(argument)
        return tuple(found)

    @property
    def catalog(self) -> Catalog:
        """Every command of Redis."""
        if self._catalog is None:
            self._catalog = load()
        return self._catalog

    def walk(self, argv: Sequence[bytes]) -> Walk:
        """What the argument tree says of these words. For a name that is not there yet it says only that."""
        words = tuple(argv)
        kept = self._walks.get(words)
        if kept is None:
            if words and self.catalog.find(words) is None:
                tokens = tuple(Token(place, "unknown", None, word) for place, word in enumerate(words))
                problem = Problem("unknown-command", 0, "", "")
                kept = Walk(None, tokens, (), False, problem)
            else:
                kept = self.catalog.walk(words)
            self._walks[words] = kept
            _trim(self._walks)
        return kept

    def meant(self, word: bytes) -> Problem | None:
        """What is wrong with a word that is no command, and what was probably meant; looked for once a word."""
        if word not in self._meant:
            self._meant[word] = self.catalog.walk([word]).problem
            _trim(self._meant)
        return self._meant[word]

    def read(self, text: str) -> tuple[Spoken, ...]:
        """The logical lines of a text, in order."""
        kept = self._spoken.get(text)
        if kept is None:
            kept = self._spoken[text] = tuple(self._read(text))
            _trim(self._spoken)
        return kept

    def _read(self, text: str) -> list[Spoken]:
        found = []
        at = 0
        for part in logical_lines(text) if "\n" in text else [text]:
            # A joined line differs from the text by the backslashes that joined it; then only its words count.
            start = text.find(part, at)
            at = max(start, at) + (len(part) if start >= 0 else 0)
            line = read_line(part)
            asks = line.redis_words and line.words
            walk = self.walk(line.argv) if asks else None
            found.append(Spoken(line, start, walk))
        return found

    def half(self, before_cursor: str) -> Half:
        """What is typed up to the cursor, and what may come there."""
        kept = self._halves.get(before_cursor)
        if kept is None:
            kept = self._halves[before_cursor] = self._half(before_cursor)
            _trim(self._halves)
        return kept

    def _half(self, before_cursor: str) -> Half:
        text = before_cursor
        if "\n" in text:
            lines = logical_lines(text)
            text = lines[-1] if lines and not text.endswith("\n") else ""
        line = read_line(text)
        words = line.words
        word = words[-1] if words and words[-1].end == len(text) and not text[-1:].isspace() else None
        before = tuple(w.data for w in (words[:-1] if word else words))
        if line.tutor is not None and line.tutor.name == "client":
            # `client` may still become Redis's CLIENT LIST.
            walk = self.catalog.walk([b"CLIENT"])
            return Half(line, before, word, () if before else walk.expected, walk)
        if not line.redis_words or (line.tutor is not None and line.at == len(text)):
            return Half(line, before, word, (), None)
        walk = self.walk(before)
        return Half(line, before, word, walk.expected, walk)


def _trim(kept: dict[Any, Any]) -> None:
    while len(kept) > _KEPT:
        del kept[next(iter(kept))]
