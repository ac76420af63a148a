"""The catalog: every command by name, read from one file, each parsed when it is first asked for."""

from __future__ import annotations

import os

from tutor.catalog.complaints import too_few, unknown_command, unknown_subcommand
from tutor.catalog.model import Command
from tutor.catalog.outcome import Expectation, Problem, Token, Walk
from tutor.catalog.suggest import closest
from tutor.catalog.walk import Walker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

PATH = os.path.join(os.path.dirname(__file__), "commands.json")
LONGEST_NAME = 64


class Catalog:
    """Every command. Answers are made once and kept; treat them as constants."""

    __slots__ = ("_commands", "_lines", "_names", "_starts", "_subcommands")

    def __init__(self, lines: dict[str, str]) -> None:
        self._lines = lines
        """The JSON text of each command, by name."""
        self._commands: dict[str, Command] = {}
        self._names = sorted(lines)
        self._subcommands: dict[str, list[str]] = {}
        for name in self._names:
            first, space, second = name.partition(" ")
            if space:
                self._subcommands.setdefault(first, []).append(second)
        self._starts: tuple[Expectation, ...] | None = None

    def names(self) -> list[str]:
        """All names, sorted, subcommands (`CLIENT KILL`) among them."""
        return list(self._names)

    def get(self, name: str) -> Command | None:
        """A command by name, in any case; a subcommand with its container's name before it."""
        return self._exact(" ".join(name.upper().split()))

    def _exact(self, name: str) -> Command | None:
        command = self._commands.get(name)
        if command is None and name in self._lines:
            import json  # not before it is needed: its import costs more than all the rest of the catalog

            subcommands = tuple(self._subcommands.get(name, ()))
            command = self._commands[name] = Command(json.loads(self._lines[name]), subcommands)
        return command

    def find(self, argv: Sequence[bytes]) -> Command | None:
        """The command that argv names: the subcommand where there is one, the container where it is unknown."""
        if not argv:
            return None
        name = argv[0].upper().decode("latin-1")
        command = None if " " in name else self._exact(name)
        if command is not None and command.subcommands and len(argv) > 1:
            return self._exact(name + " " + argv[1].upper().decode("latin-1")) or command
        return command

    def suggest(self, word: str) -> list[str]:
        """At most three names that were probably meant; a subcommand for a word such as `client kil`."""
        word = " ".join(word.upper().split())
        first, space, _ = word.partition(" ")
        if space and first in self._subcommands:
            return closest(word, [f"{first} {second}" for second in self._subcommands[first]])
        return closest(word, [name for name in self._names if " " not in name])

    def walk(self, argv: Sequence[bytes]) -> Walk:
        """What the argument tree says of a line so far; for any words, and never an exception."""
        if not argv:
            if self._starts is None:
                tops = [name for name in self._names if " " not in name]
                self._starts = tuple(Expectation("command", name, "pure-token", None) for name in tops)
            return Walk(None, (), self._starts, False, None)
        command = self.find(argv)
        if command is None:
            rest = [Token(i, "unknown", None, word) for i, word in enumerate(argv)]
            meant = self.suggest(argv[0][:LONGEST_NAME].decode("latin-1"))
            return Walk(None, tuple(rest), (), False, unknown_command(0, argv[0], meant))
        named = [Token(0, "command", None, argv[0])]
        if command.subcommands:
            return self._unnamed(command, argv, named)
        if command.container:
            named.append(Token(1, "subcommand", None, argv[1]))
        walker = Walker(command, argv, len(named))
        walker.run()
        complete = walker.problem is None and not walker.missing
        return Walk(command, (*named, *walker.tokens), tuple(walker.expected), complete, walker.problem)

    def _unnamed(self, command: Command, argv: Sequence[bytes], named: list[Token]) -> Walk:
        """A container without a subcommand, or with one that it has not."""
        expected = tuple(Expectation("subcommand", name, "pure-token", None) for name in command.subcommands)
        if len(argv) == 1:
            alone = command.arity == -1  # COMMAND does something by itself
            problem: Problem | None = None if alone else too_few(command, 1, expected)
            return Walk(command, tuple(named), expected, alone, problem)
        named += [Token(i, "unknown", None, argv[i]) for i in range(1, len(argv))]
        meant = closest(argv[1][:LONGEST_NAME].decode("latin-1").upper(), command.subcommands)
        return Walk(command, tuple(named), (), False, unknown_subcommand(command, 1, argv[1], meant))


def load() -> Catalog:
    """Reads the catalog. Its file holds one command on a line, so that none is parsed before it is asked for."""
    lines = {}
    with open(PATH, encoding="utf-8") as file:
        for line in file:
            if line[0] == '"':
                end = line.index('"', 1)
                lines[line[1:end]] = line[end + 2 :].rstrip(",\n")
    return Catalog(lines)
