"""What one Redis command is: its argument tree, its keys, its words.

These are slotted classes by hand and not dataclasses: the shell reads the catalog before it draws its prompt, and
importing `dataclasses` costs more CPU than reading every command of it.
"""

from __future__ import annotations

from tutor.catalog.keys import KeyUse, key_uses
from tutor.catalog.syntax import SyntaxPart, syntax_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

NO_WORDS: dict[str, Any] = {}
NUMERIC = frozenset({"integer", "unix-time", "double"})


class Argument:
    """One node of a command's argument tree, as COMMAND DOCS shapes it. Read it, never change it."""

    __slots__ = (
        "arguments",
        "counted_by",
        "counts_words",
        "deprecated_since",
        "first",
        "least",
        "multiple",
        "multiple_token",
        "name",
        "open",
        "optional",
        "rest",
        "since",
        "token",
        "type",
        "unordered",
    )

    def __init__(self, fact: Mapping[str, Any]) -> None:
        self.name: str = fact["name"]
        """What Redis calls it: `key`, `seconds`, `condition`."""
        self.type: str = fact["type"]
        """`key`, `string`, `integer`, `double`, `pattern`, `unix-time`, `pure-token`, `oneof` or `block`."""
        self.token: str | None = fact.get("token")
        """The literal word that leads it, in capitals (`EX`); for a pure token it is all there is."""
        self.optional: bool = fact.get("optional", False)
        """Whether it may be left out."""
        self.multiple: bool = fact.get("multiple", False)
        """Whether it may be repeated."""
        self.multiple_token: bool = fact.get("multiple_token", False)
        """Whether the token is repeated with it (`GET a GET b`)."""
        self.since: dict[str, str] = fact.get("since", {})
        """The version that brought it, by server (`redis`, `valkey`); empty when as old as its command."""
        self.deprecated_since: str = fact.get("deprecated_since", "")
        """The Redis version that called it old, or nothing."""
        self.counted_by: str = fact.get("counted_by", "")
        """The argument whose number says how often this one comes (`numkeys`), or nothing."""
        self.counts_words: bool = fact.get("counts_words", False)
        """Whether that number counts words, not repetitions (`PARAMS 4 a 1 b 2`)."""
        self.rest: bool = fact.get("rest", False)
        """Whether its repetitions take all that is left of the line, options' tokens too (MIGRATE's KEYS)."""
        self.unordered: bool = fact.get("unordered", False)
        """Whether it has to come but may stand anywhere among the options beside it (GEOSEARCH's BYRADIUS)."""
        self.arguments: tuple[Argument, ...] = tuple(map(Argument, fact.get("arguments", ())))
        """The alternatives of a oneof, the members of a block."""
        self.first, self.open = _starts(self)
        """The tokens (bytes, capitals) it may start with; whether it may start with a word that is no token."""
        self.least: int = _least(self)
        """The fewest words that it takes when it is there."""

    @property
    def label(self) -> str:
        """The name that our words know it by: its token, or its name where there is none."""
        return self.name if self.token is None else self.token

    def __repr__(self) -> str:
        return f"<Argument {self.label} {self.type}>"


def _starts(argument: Argument) -> tuple[frozenset[bytes], bool]:
    if argument.token is not None:
        # MIGRATE's `""` stands for an empty word.
        return frozenset([argument.token.strip('"').upper().encode()]), False
    if argument.type == "oneof":
        alternatives = argument.arguments
        return frozenset().union(*(a.first for a in alternatives)), any(a.open for a in alternatives)
    if argument.type != "block":
        return frozenset(), True
    tokens: frozenset[bytes] = frozenset()
    for member in argument.arguments:
        tokens |= member.first
        if member.open or not member.optional:
            return tokens, member.open
    return tokens, False


def _least(argument: Argument) -> int:
    own = 0 if argument.token is None else 1
    if argument.type == "pure-token":
        return 1
    if argument.type == "oneof":
        return own + min((a.least for a in argument.arguments), default=0)
    if argument.type == "block":
        return own + sum(a.least for a in argument.arguments if not a.optional)
    return own + 1


class Words:
    """What we say of a command, in our own words."""

    __slots__ = ("mistake", "options", "replies", "sentence")

    def __init__(self, fact: Mapping[str, Any]) -> None:
        self.sentence: str = fact.get("sentence", "")
        """What it does, in one sentence."""
        self.options: dict[str, str] = fact.get("options", {})
        """What each option does, by `Argument.label`."""
        self.replies: tuple[tuple[str, str], ...] = tuple((r["reply"], r["means"]) for r in fact.get("replies", ()))
        """Each reply that can come, as redis-cli prints it, and what it means."""
        self.mistake: str = fact.get("mistake", "")
        """The usual mistake, or nothing."""


class Command:
    """One command or subcommand. Read it, never change it."""

    __slots__ = (
        "_parts",
        "acl_categories",
        "arguments",
        "arity",
        "complexity",
        "container",
        "deprecated_since",
        "flags",
        "group",
        "history",
        "key_specs",
        "module",
        "name",
        "replaced_by",
        "rivals",
        "servers",
        "since",
        "source",
        "subcommands",
        "words",
    )

    def __init__(self, fact: Mapping[str, Any], subcommands: tuple[str, ...] = ()) -> None:
        self.name: str = fact["name"]
        """In capitals; a subcommand with its container: `CLIENT KILL`."""
        self.words = Words(fact.get("words", NO_WORDS))
        """Our explanation of it."""
        self.group: str = fact["group"]
        """Redis's group: `string`, `sorted-set`, `json`."""
        self.since: dict[str, str] = fact["since"]
        """The version that brought it, by server (`{"redis": "8.0.0", "valkey": "9.0.0"}`), or by a module's name."""
        self.complexity: str = fact.get("complexity", "")
        """Its cost, or nothing where the server names none."""
        self.arity: int = fact["arity"]
        """The number of words with the name's own; negative: at least so many."""
        self.flags: frozenset[str] = frozenset(fact.get("flags", ()))
        """COMMAND INFO's flags: `write`, `readonly`, `blocking`."""
        self.acl_categories: tuple[str, ...] = tuple(fact.get("acl_categories", ()))
        """With their @."""
        self.module: str = fact.get("module", "")
        """`json`, `search`, `bloom`, `timeseries`, `vectorset`, or nothing for the core."""
        self.container: str = fact.get("container", "")
        """The command that it is a subcommand of, or nothing."""
        self.subcommands = subcommands
        """The second words that a container takes, sorted; empty for any other command."""
        self.servers: tuple[str, ...] = ("redis",) if self.module else tuple(self.since)
        """Who has it: `redis`, `valkey`."""
        self.history: tuple[str, ...] = tuple(fact.get("history", ()))
        """The Redis versions that changed it."""
        self.deprecated_since: str = fact.get("deprecated_since", "")
        """The Redis version that called it old, or nothing."""
        self.replaced_by: str = fact.get("replaced_by", "")
        """What to use in its place, or nothing."""
        self.source: str = fact.get("source", "")
        """The page that a record written by hand was read from; nothing for what the server told."""
        self.key_specs: tuple[Mapping[str, Any], ...] = tuple(fact.get("key_specs", ()))
        """How its keys are found, as COMMAND INFO says it."""
        self.arguments: tuple[Argument, ...] = tuple(map(Argument, fact.get("arguments", ())))
        """The argument tree."""
        self.rivals: dict[bytes, tuple[bytes, ...]] = {
            token.encode(): tuple(rival.encode() for rival in rivals)
            for token, rivals in fact.get("rivals", {}).items()
        }
        """For a token: those that cannot stand in the same line, beyond what the tree says (ZADD's NX and GT)."""
        self._parts: tuple[SyntaxPart, ...] | None = None

    @property
    def is_write(self) -> bool:
        """Whether it may change data."""
        return "write" in self.flags

    @property
    def is_blocking(self) -> bool:
        """Whether it may wait for somebody else."""
        return "blocking" in self.flags

    def keys(self, argv: Sequence[bytes]) -> list[int]:
        """The positions in argv (name included, from 0) that are keys, in order."""
        return sorted({use.index for use in self.key_uses(argv)})

    def key_uses(self, argv: Sequence[bytes]) -> list[KeyUse]:
        """The keys in argv with what is done to each: RO, RW, OW or RM."""
        return key_uses(self.key_specs, argv, self.name.count(" "))

    def syntax(self) -> str:
        """On one line, as Redis writes it: `SET key value [NX | XX] [GET] [EX seconds | …]`."""
        return "".join(part.text for part in self.parts())

    def parts(self) -> tuple[SyntaxPart, ...]:
        """The same line in pieces, each with the argument that it shows."""
        if self._parts is None:
            self._parts = tuple(syntax_parts(self.name, self.arguments))
        return self._parts

    def __repr__(self) -> str:
        return f"<Command {self.name}>"
