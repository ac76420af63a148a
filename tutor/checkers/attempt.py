"""What a learner did: every command with its answer, everything that reached a client, and the state it led to."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.catalog import Catalog
from tutor.checkers.snapshot import Snapshot
from tutor.wire import Error, Reply

__all__ = ["Attempt", "Call", "Event", "Finding", "command_name"]


@dataclass(slots=True, eq=False)
class Call:
    """One command that a client sent. Its answer is filled in when it comes."""

    client: str
    """`A` for the first client, `B` for the second."""
    argv: tuple[bytes, ...]
    number: int
    """Its place among all that happened, sent and received, counted from 1."""
    reply: Reply | None = None
    """None until answered, and for ever when the connection was lost."""
    answered: int | None = None
    """The place of its answer among all that happened."""
    lost: bool = False
    """True when the connection ended before the answer came."""

    @property
    def failed(self) -> bool:
        """True when Redis answered with an error, so that nothing was done."""
        return isinstance(self.reply, Error)


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """Something that reached a client."""

    client: str
    call: Call | None
    """The call that it answers; None for a message that came unasked."""
    reply: Reply | None
    """None when the connection was lost."""
    number: int
    """Its place among all that happened."""
    lost: tuple[str, ...] = ()
    """What went with a lost connection and could not be restored, in words."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the checkers judge: all since the exercise began, its setup not among it."""

    calls: tuple[Call, ...]
    """In the order in which they were sent."""
    events: tuple[Event, ...]
    """In the order in which they came."""
    snapshot: Snapshot
    """The state that the checks ask about, read when the learner was done."""
    catalog: Catalog

    def done(self) -> tuple[Call, ...]:
        """The calls that count: one answered with an error has done nothing, and is taken for a slip."""
        return tuple(call for call in self.calls if not call.failed)


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a check does not hold."""

    expected: str
    """What should be, short."""
    actual: str
    """What is, short."""
    look: str
    """What to look at next: a command to type, or a place to read."""
    key: str = ""
    """The key that it is about, if there is one."""


def command_name(catalog: Catalog, argv: tuple[bytes, ...]) -> str:
    """The command's name in capitals, with its container: `OBJECT ENCODING`."""
    command = catalog.find(argv)
    if command is not None:
        return command.name
    return argv[0].upper().decode("utf-8", "backslashreplace") if argv else ""


def is_named(name: str, wanted: str) -> bool:
    """Whether a command is the wanted one; a container stands for all of its subcommands."""
    return name == wanted or name.startswith(wanted + " ")
