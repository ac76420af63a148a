"""A server that belongs to somebody. We are a guest there; the rules are in docs/architecture.md."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import replace

from tutor.backends.address import Address
from tutor.backends.base import Backend
from tutor.backends.connection import Connection
from tutor.backends.risks import risk_of
from tutor.errors import BackendError, GuestRefusal
from tutor.wire import Array, Bulk, Integer, Nil, Reply, Verbatim

__all__ = ["LiveBackend"]

_NAME = "redis-tutor"
# A command that exists tells of a capability, with or without the module list being readable.
_PROBES = {
    "lua": "EVAL",
    "functions": "FCALL",
    "acl": "ACL",
    "json": "JSON.SET",
    "search": "FT.SEARCH",
    "bloom": "BF.ADD",
    "timeseries": "TS.ADD",
}


class LiveBackend(Backend):
    """Any server at a URL. A plain shell may go anywhere; lessons `claim` an empty database first."""

    name = "live"

    def __init__(self, address: Address) -> None:
        self.address = address
        self._observer: Connection | None = None
        self._offered: frozenset[str] | None = None
        self._claimed = False
        self._created: set[bytes] = set()
        self._seen: set[bytes] = set()

    @property
    def capabilities(self) -> frozenset[str]:  # type: ignore[override]
        """What the server's own command table says; asked for once."""
        if self._offered is None:
            reply = self.observe().call("COMMAND", "INFO", *_PROBES.values())
            found = reply.items if isinstance(reply, Array) else ()
            self._offered = frozenset(
                name for name, entry in zip(_PROBES, found, strict=False) if not isinstance(entry, Nil)
            )
        return self._offered

    def start(self) -> None:
        """Nothing is started here: the first `connect` finds whether somebody answers."""

    def close(self) -> None:
        """Leave, and take along what the lessons made; the server goes on."""
        # A server that is gone meanwhile cannot be cleaned, and leaving is no time to complain about it.
        with contextlib.suppress(BackendError):
            self.clean()
        self._leave()

    def _leave(self) -> None:
        if self._observer is not None:
            self._observer.close()
            self._observer = None

    def observe(self) -> Connection:
        """A second connection with a name, which does not touch access times where the server offers that (7.2)."""
        if self._observer is None or self._observer.broken:
            # The name is how a second tutor notices us; a key would be a thing left behind.
            name = f"{_NAME}:{self.address.database}:{os.getpid()}" if self._claimed else f"{_NAME}-observer"
            self._observer = Connection(self.address, name=name)
            self._observer.call("CLIENT", "NO-TOUCH", "ON")
        return self._observer

    # -- guest rules -----------------------------------------------------------------------------------------

    def claim(self, lesson: str = "") -> None:
        """Take an empty database: the one in the URL, or the first that is empty. Raises `GuestRefusal`."""
        if self._claimed:
            return
        observer = Connection(self.address)
        try:
            self._refuse_used_cluster(observer)
            database = self.address.database
            if database is None:
                database = self._first_empty(observer)
            observer.call("SELECT", str(database))
            self._refuse_keys(observer, database)
            self._refuse_second_tutor(observer, database)
        finally:
            observer.close()
        self._leave()
        self.address = replace(self.address, database=database)
        self._claimed = True
        self.observe()

    def _first_empty(self, observer: Connection) -> int:
        used = {line.partition(":")[0] for line in _lines(observer.call("INFO", "keyspace")) if line.startswith("db")}
        reply = observer.call("CONFIG", "GET", "databases")
        many = 16
        if isinstance(reply, Array) and len(reply.items) == 2 and isinstance(reply.items[1], Bulk):
            many = int(reply.items[1].data)
        for number in range(many):
            if f"db{number}" not in used:
                return number
        raise GuestRefusal(
            f"All {many} databases of {self.address} hold keys, and lessons work in an empty one only. "
            f"Leave --backend away: the embedded server needs nothing and touches nothing."
        )

    def _refuse_keys(self, observer: Connection, database: int) -> None:
        reply = observer.call("DBSIZE")
        if reply != Integer(0):
            many = f"{reply.value} keys" if isinstance(reply, Integer) else "something that cannot be counted"
            raise GuestRefusal(
                f"Database {database} of {self.address} holds {many}. Lessons work in an empty database only, so that "
                f"nobody's data is touched. Name another in the URL (…/15), or leave --backend away."
            )

    def _refuse_second_tutor(self, observer: Connection, database: int) -> None:
        for line in _lines(observer.call("CLIENT", "LIST")):
            name = dict(pair.partition("=")[::2] for pair in line.split(" ")).get("name", "")
            if name.startswith(f"{_NAME}:{database}:") and not name.endswith(f":{os.getpid()}"):
                raise GuestRefusal(
                    f"Another tutor already works in database {database} of {self.address}. "
                    f"Name another database in the URL (…/15), or leave the other tutor first."
                )

    def _refuse_used_cluster(self, observer: Connection) -> None:
        if "cluster_enabled:1" not in _lines(observer.call("INFO", "cluster")):
            return
        for line in _lines(observer.call("CLUSTER", "NODES")):
            host, _, port = line.split(" ")[1].partition("@")[0].rpartition(":")
            node = Connection(replace(self.address, host=host or self.address.host, port=int(port), database=None))
            try:
                if node.call("DBSIZE") != Integer(0):
                    raise GuestRefusal(
                        f"The cluster of {self.address} holds keys. Lessons need an empty server; "
                        f"leave --backend away and the embedded one is used."
                    )
            finally:
                node.close()

    def note(self, connection: Connection, argv: Sequence[bytes]) -> None:
        """Remember which keys this command is about to create: those that it may write and that are not there yet."""
        if not self._claimed:
            return
        from tutor.catalog import load

        command = load().find(argv)
        # By the use of each key, not by the command's flag `write`: EVAL has no such flag, and may write to its keys.
        uses = command.key_uses(argv) if command is not None else []
        fresh = [argv[use.index] for use in uses if use.access != "RO" and argv[use.index] not in self._seen]
        for key, reply in zip(fresh, self.observe().call_many([("EXISTS", key) for key in fresh]), strict=True):
            self._seen.add(key)
            if reply == Integer(0):
                self._created.add(key)

    def clean(self) -> None:
        """Delete the keys that this session created, one by one; never FLUSHDB."""
        if self._claimed and self._created:
            self.observe().call_many([("UNLINK", key) for key in sorted(self._created)])
        self._created.clear()
        self._seen.clear()

    def risk(self, connection: Connection, argv: Sequence[bytes]) -> str | None:
        """Why this command asks first; during lessons also whatever reaches beyond the claimed database."""
        reason = risk_of(argv)
        if reason or not self._claimed or not argv:
            return reason
        words = [word.upper() for word in argv]
        beyond = (
            (words[0] == b"SELECT" and argv[1:2] != [b"%d" % (self.address.database or 0)])
            or words[0] == b"MOVE"
            or (words[0] == b"COPY" and b"DB" in words[3:])
        )
        return f"it reaches beyond database {self.address.database}, where the lesson works" if beyond else None


def _lines(reply: Reply) -> list[str]:
    """The lines of INFO, CLIENT LIST and their like; none when the user may not ask."""
    if isinstance(reply, Bulk | Verbatim):
        return reply.data.decode("utf-8", "replace").splitlines()
    return []
