"""A check as written: what must hold when the learner is done, and what to say when it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from tutor.lesson.template import Template

__all__ = [
    "Bounds",
    "Check",
    "Contents",
    "KeyState",
    "Keyspace",
    "Pairs",
    "Probe",
    "Received",
    "ReplyIs",
    "Timeline",
    "Trace",
]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A whole number with a least and a most, both included; None leaves a side open.

    Kept as text, because a seeded name may stand in it until the exercise begins.
    """

    least: str | None
    most: str | None

    def holds(self, number: int) -> bool:
        """Whether the number lies within."""
        return (self.least is None or number >= int(self.least)) and (self.most is None or number <= int(self.most))

    def __str__(self) -> str:
        if self.least == self.most:
            return self.least or "any number"
        if self.most is None:
            return f"{self.least} or more"
        return f"at most {self.most}" if self.least is None else f"from {self.least} to {self.most}"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names with values: a hash's fields, a sorted set's members with scores, an entry of a stream."""

    pairs: tuple[tuple[str, str], ...]


Contents: TypeAlias = str | Pairs | tuple[str, ...] | tuple[Pairs, ...]
"""What a key holds: a text, a mapping, a list of texts, or a list of mappings (a stream)."""


@dataclass(frozen=True, slots=True)
class KeyState:
    """What one key must be like; what is None is not looked at."""

    key: str
    exists: bool | None = None
    type: str | None = None
    """`string`, `list`, `set`, `zset`, `hash` or `stream`."""
    equals: Contents | None = None
    """All that it holds."""
    contains: Contents | None = None
    """Elements, members or pairs that must be there, whatever else is."""
    lacks: Contents | None = None
    """Elements, members or fields that must not be there."""
    length: Bounds | None = None
    """How many elements; the bytes of a string."""
    ttl: Bounds | str | None = None
    """Seconds left; `none` for a key that stays, `any` for some expiry."""


@dataclass(frozen=True, slots=True)
class Keyspace:
    """Which keys the database must hold; a None is not looked at."""

    only: tuple[str, ...] | None = None
    """Exactly these names."""
    none: tuple[str, ...] | None = None
    """Patterns that no key may match."""
    some: tuple[str, ...] | None = None
    """Patterns that at least one key must match, each."""


@dataclass(frozen=True, slots=True)
class ReplyIs:
    """What a reply that the learner got must be."""

    of: str = "last"
    """`last`, or the command whose last reply is meant."""
    equals: str | None = None
    """As redis-cli prints it, with `<any>` and `<unordered>`."""
    one_of: tuple[str, ...] | None = None
    """Several of these."""
    type: str | None = None
    """`integer`, `bulk`, `status`, `nil`, `array` or `error`."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Which commands the learner must have sent; what is None is not looked at."""

    uses: tuple[str, ...] | None = None
    """All of these commands."""
    uses_one_of: tuple[str, ...] | None = None
    avoids: tuple[str, ...] | None = None
    options: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    """For each command: one call of it has all of these options."""
    calls: tuple[str, ...] | None = None
    """Typed lines with `<any>` and `<rest>`: each of these calls was sent."""
    calls_one_of: tuple[str, ...] | None = None
    """At least one of these was."""
    at_most: str | None = None
    """How many commands, a whole number."""
    clients: str | None = None
    """At least so many clients spoke."""


@dataclass(frozen=True, slots=True)
class Received:
    """Something that must have reached a client."""

    client: str
    equals: str
    """As redis-cli prints it, with `<any>` and `<unordered>`."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Who did what when; what is None is not looked at."""

    order: tuple[str, ...] | None = None
    """Calls such as `B BRPOP`, sent in this order; others may come between."""
    waited: str | None = None
    """A call such as `B BRPOP` that was blocked until another client acted."""
    received: Received | None = None


Probe: TypeAlias = KeyState | Keyspace | ReplyIs | Trace | Timeline


@dataclass(frozen=True, slots=True)
class Check:
    """One check of an exercise."""

    id: str
    """Unique in its exercise; wrong answers name it."""
    group: str
    """Which checker looks: `state`, `keyspace`, `reply`, `trace` or `timeline`."""
    probe: Probe
    """What that checker looks at."""
    otherwise: Template
    """What to say when it does not hold; may name `${expected}`, `${actual}`, `${key}` and `${commands}`."""
    where: str
    """`file:line`."""
