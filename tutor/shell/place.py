"""What the shell knows of the server and the lessons: small values, made in the background and only read here."""

from __future__ import annotations

from typing import NamedTuple

from tutor.shell.vocabulary import CLIENTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tutor.wire import Reply

__all__ = ["ASKED_KINDS", "Arrival", "ClientState", "Place", "Said"]

# Kinds of exercise that are answered with words and not with commands.
ASKED_KINDS = frozenset({"predict", "choice", "order"})


class ClientState(NamedTuple):
    """What a prompt shows of a client."""

    database: int = 0
    """The logical database in use."""
    transaction: bool = False
    """Between MULTI and EXEC."""
    resp3: bool = False
    """Whether it speaks RESP3."""
    subscribed: bool = False
    """Whether it listens to a channel."""

    @property
    def marks(self) -> str:
        """What stands between the client's letter and `>`."""
        words = [word for word, on in (("tx", self.transaction), ("sub", self.subscribed), ("resp3", self.resp3)) if on]
        database = f"[{self.database}]" if self.database else ""
        return database + (f"({' '.join(words)})" if words else "")

    @property
    def lasting(self) -> tuple[str, ...]:
        """What would be lost with the connection, in words."""
        words = (("the transaction (MULTI)", self.transaction), ("the subscriptions", self.subscribed))
        return tuple(word for word, on in words if on)


class Said(NamedTuple):
    """What became of a command."""

    reply: Reply | None
    """The answer; None when there is none yet, or when it was lost."""
    lost: str = ""
    """What was lost with a connection that had to be made again, before or after; nothing when it held."""


class Arrival(NamedTuple):
    """Something that came from the server while nobody waited for it."""

    client: str
    """Whom it reached."""
    argv: tuple[bytes, ...]
    """The command that it answers; empty for a message."""
    reply: Reply | None
    """What came; None when the connection was lost."""
    lost: str = ""
    """What was lost with the connection."""


class Place(NamedTuple):
    """Where the learner is."""

    lesson: str = ""
    """The lesson's id; nothing outside of lessons."""
    title: str = ""
    """The lesson's title."""
    step: int = 0
    """The number of this step, from 1."""
    steps: int = 0
    """How many steps the lesson has."""
    exercise: str = ""
    """The id of this step's exercise, or nothing where it is read only."""
    kind: str = ""
    """The exercise's kind."""
    status: str = ""
    """`new`, `tried`, `revealed` or `solved`."""
    passed: bool = False
    """Whether this exercise was passed in this session, even after its solution was shown."""
    points: int = 0
    """Points of this lesson so far."""
    of_points: int = 0
    """All points of this lesson."""
    letters: tuple[tuple[str, str], ...] = ()
    """The lettered items of a choice or an ordering: letter and text."""

    @property
    def asked(self) -> bool:
        """Whether this step waits for an answer in words."""
        return self.kind in ASKED_KINDS and not self.settled

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do here."""
        return not self.exercise or self.passed or self.status == "solved"

    @property
    def last(self) -> bool:
        """Whether the lesson ends with this step."""
        return self.steps > 0 and self.step == self.steps

    def line(self) -> str:
        """Where we are, for the bar."""
        if not self.lesson:
            return ""
        worth = f" · {self.points} of {self.of_points} points" if self.of_points else ""
        return f"{self.title} · step {self.step} of {self.steps}{worth}"

    def keys(self) -> str:
        """What can be done here, for the bar."""
        if not self.lesson:
            return "lessons · start LESSON · explain COMMAND · help · quit"
        if self.asked:
            return "check ANSWER · hint · reveal · next"
        if self.exercise and not self.settled:
            return "check · hint · reveal · reset · next"
        if self.last:
            return "Enter: next · back · lessons · start LESSON · quit"
        return "Enter: next · back · explain COMMAND · help"


def other(client: str) -> str:
    """The other of the two clients."""
    return CLIENTS[1] if client == CLIENTS[0] else CLIENTS[0]
