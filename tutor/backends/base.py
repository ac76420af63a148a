"""What every backend is: an address that speaks RESP, with a lifecycle and a set of capabilities."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import TracebackType
from typing import ClassVar, Protocol, Self

from tutor.backends.address import Address
from tutor.backends.connection import Connection

__all__ = ["CAPABILITIES", "Backend", "Clock"]

# Every capability that a lesson may need, and how it is told to a learner.
CAPABILITIES: dict[str, str] = {
    "lua": "scripts in Lua",
    "functions": "functions (FUNCTION, FCALL)",
    "json": "JSON documents",
    "search": "search and indexes",
    "bloom": "probabilistic structures",
    "timeseries": "time series",
    "acl": "users and rights",
    "eviction": "eviction when memory is full",
    "persistence": "files that outlive the server",
    "replication": "replicas",
    "sentinel": "Sentinel",
    "cluster": "a cluster",
    "tls": "encrypted connections",
    "monitoring": "the server's own figures",
    "clock": "a clock that can be set",
    "undo": "undoing a command",
    "python": "programs in Python",
    "node": "programs in Node.js",
    "lab": "real server processes",
}


class Clock(Protocol):
    """A server's clock that we may set, in milliseconds since 1970."""

    def now_ms(self) -> int:
        """What the server takes as now."""

    def set(self, ms: int) -> None:
        """Stop the clock at this moment."""

    def advance(self, ms: int) -> None:
        """Move it forward; keys whose time has come are gone."""

    def run(self) -> None:
        """Let it follow real time again."""


class Backend(ABC):
    """A server that answers a learner's commands. Start it, connect to it, clean it, close it."""

    name: ClassVar[str]
    """`embedded`, `live` or `lab`: how the backend is called in messages."""
    capabilities: frozenset[str]
    """Which of `CAPABILITIES` this server offers."""
    address: Address
    """Where any client may connect; valid once started."""
    clock: Clock | None = None
    """The clock, where the capability `clock` is offered."""

    @abstractmethod
    def start(self) -> None:
        """Make the server answer. Raises `BackendError` with what to do when it cannot."""

    @abstractmethod
    def close(self) -> None:
        """End what was started; nothing is left behind. Closing twice is fine."""

    def connect(self, database: int | None = None) -> Connection:
        """A new client of the server, in the given logical database."""
        from dataclasses import replace

        address = self.address if database is None else replace(self.address, database=database)
        return Connection(address)

    @abstractmethod
    def observe(self) -> Connection:
        """A client for our own questions, which does not disturb what the learner sees."""

    @abstractmethod
    def clean(self) -> None:
        """Take away all that was made on the server since it was claimed, and nothing else."""

    def claim(self, lesson: str = "") -> None:
        """Take the database for lessons. Raises `GuestRefusal` where somebody else's data lives."""

    def note(self, connection: Connection, argv: Sequence[bytes]) -> None:
        """Told before each of the learner's commands: what it may create, `clean` has to take away."""

    def risk(self, connection: Connection, argv: Sequence[bytes]) -> str | None:
        """Why this command asks first, in one sentence; None when it may go."""
        return None

    def interrupt(self) -> None:
        """Cut off a command that does not finish, where the server can be made to."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()
