"""What a walk over a line finds: tokens, what may come next, and what is wrong.

Slotted classes by hand, for the reason that `model` gives.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from tutor.catalog.model import Argument, Command

    Role = Literal["command", "subcommand", "key", "option", "value", "unknown"]
    ExpectationKind = Literal["command", "subcommand", "token", "argument"]
    ProblemKind = Literal[
        "unknown-command", "unknown-subcommand", "too-few", "too-many", "unexpected", "not-integer", "not-number",
        "exclusive", "repeated", "count",
    ]  # fmt: skip


class _Value:
    """Compared and shown by its fields."""

    __slots__: tuple[str, ...] = ()

    def _fields(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Value) and type(other) is type(self) and other._fields() == self._fields()

    def __hash__(self) -> int:
        return hash((type(self), self._fields()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._fields()))})"


class Token(_Value):
    """What one word of the line is."""

    __slots__ = ("argument", "index", "role", "text")

    def __init__(self, index: int, role: Role, argument: Argument | None, text: bytes) -> None:
        self.index = index
        """Its position in argv, from 0."""
        self.role = role
        """`command`, `subcommand`, `key`, `option` (a literal word like EX), `value`, or `unknown`."""
        self.argument = argument
        """The node of the argument tree; None for the command's name and for an unknown word."""
        self.text = text
        """The word as it was given."""


class Expectation(_Value):
    """Something that may come next."""

    __slots__ = ("argument", "kind", "required", "text", "type")

    def __init__(
        self, kind: ExpectationKind, text: str, type_: str, argument: Argument | None, required: bool = False
    ) -> None:
        self.kind = kind
        """`command` and `subcommand`: a name; `token`: a literal word to type; `argument`: a value of the learner's."""
        self.text = text
        """What to type (`EX`), or the argument's name (`seconds`)."""
        self.type = type_
        """The argument's type (`key`, `integer`, `pattern`, …); `pure-token` for words to type as they are."""
        self.argument = argument
        """The node of the argument tree; None for a command or subcommand."""
        self.required = required
        """Whether this, or one of the others that are required, has to come before the line can be sent."""


class Problem(_Value):
    """What is wrong with a line."""

    __slots__ = ("index", "kind", "message", "suggestion")

    def __init__(self, kind: ProblemKind, index: int, message: str, suggestion: str) -> None:
        self.kind = kind
        """Which rule is broken. `too-few` says only that the line is not finished."""
        self.index = index
        """The position in argv of the word that is wrong; the length of argv when a word is missing."""
        self.message = message
        """What is wrong, a sentence."""
        self.suggestion = suggestion
        """What to type, a sentence, or nothing."""


class Walk(_Value):
    """All that the argument tree says of a line so far."""

    __slots__ = ("command", "complete", "expected", "problem", "tokens")

    def __init__(
        self,
        command: Command | None,
        tokens: tuple[Token, ...],
        expected: tuple[Expectation, ...],
        complete: bool,
        problem: Problem | None,
    ) -> None:
        self.command = command
        """The command that the line names, if there is one."""
        self.tokens = tokens
        """One for each word."""
        self.expected = expected
        """What may come after the last word, in the order of the documentation."""
        self.complete = complete
        """Whether it can be sent as it is."""
        self.problem = problem
        """What is wrong, or None."""
