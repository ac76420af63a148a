"""What the server holds: sixteen databases, settings, clients, and what is still to be told about them.

The classes extend fakeredis's by what a server needs and a test double does not: expired keys are reported, every
change of a key is noticed, and time stands still while a command runs.
"""

from __future__ import annotations

import heapq
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from tutor.embedded.clock import Clock
from tutor.embedded.fake import AccessControlList, Database, FakeServer, SimpleError
from tutor.embedded.glob import compile_glob

if TYPE_CHECKING:
    from tutor.embedded.client import Client
    from tutor.embedded.commands.scripting import Library
    from tutor.embedded.lua import Engine
    from tutor.embedded.memory import Guard

__all__ = ["DATABASES", "Data", "Effect", "State"]

DATABASES = 16
"""How many logical databases there are, as in Redis's default configuration."""

Effect = tuple[int, int, tuple[bytes, ...]]
"""The clock's milliseconds, the database, and a command that does again what happened."""


class Data(Database):
    """One logical database."""

    def __init__(self, index: int, state: State) -> None:
        self._state = state
        super().__init__(None)
        self.index = index
        self.used: dict[bytes, int] = {}

    @property
    def time(self) -> float:
        """The time at which the running command began, in seconds."""
        return self._state.now

    @time.setter
    def time(self, value: float) -> None:
        """fakeredis sets the time of each database before each command; ours is the state's."""

    def notify_watch(self, key: bytes) -> None:
        """A key changed: clients that watch it lose their transaction, clients that wait for it may be served."""
        self._state.touched.append((self.index, key))
        for client in self._watches.get(key, ()):
            client.notify_watch()

    def wake_all(self) -> None:
        """Nobody sleeps inside a command here: the worker parks a client that waits."""

    def __getitem__(self, key: bytes) -> Any:
        item = self._dict[key]
        if item.expireat is not None and item.expireat < self._state.now:
            self.drop_expired(key)
            raise KeyError(key)
        if self._state.noting_use:
            self.used[key] = self._state.now_ms
        return item

    def __setitem__(self, key: bytes, value: Any) -> None:
        self._dict[key] = value
        self.used[key] = self._state.now_ms
        self.schedule_expiry(key, value.expireat)

    def __delitem__(self, key: bytes) -> None:
        del self._dict[key]
        self.used.pop(key, None)

    def _remove_expired(self) -> None:
        heap, now = self._expiry_heap, self._state.now
        while heap and heap[0][0] < now:
            _, key = heapq.heappop(heap)
            item = self._dict.get(key)
            if item is not None and item.expireat is not None and item.expireat < now:
                self.drop_expired(key)

    def drop_expired(self, key: bytes) -> None:
        """Delete a key whose time is over, and say so: to the journal, to watchers, to subscribers of `expired`."""
        del self._dict[key]
        self.used.pop(key, None)
        self._state.stats["expired_keys"] += 1
        self._state.record(self.index, (b"DEL", key))
        self.notify_watch(key)
        self._state.announce(self.index, b"x", b"expired", key)

    def next_expiry(self) -> float | None:
        """When the next key may expire, in seconds; None when no key has a time to live."""
        return self._expiry_heap[0][0] if self._expiry_heap else None

    def live(self) -> int:
        """How many keys are stored, without looking for expired ones."""
        return len(self._dict)

    def stored(self) -> dict[bytes, Any]:
        """The items themselves, for whoever writes them down."""
        return self._dict


class State(FakeServer):
    """Everything that the worker knows and that must survive it."""

    def __init__(self, clock: Clock, version: tuple[int, ...], password: bytes = b"") -> None:
        self.clock = clock
        self.now_ms = clock.ms()
        self.now = self.now_ms / 1000
        self.touched: list[tuple[int, bytes]] = []
        self.effects: list[Effect] = []
        self.replaying = False
        self.stats = dict.fromkeys(("commands", "connections", "expired_keys", "hits", "misses", "rejected"), 0)
        super().__init__(version=version)
        self.dbs: dict[int, Data] = {index: Data(index, self) for index in range(DATABASES)}  # type: ignore[assignment]
        self.config: dict[bytes, bytes] = {}
        self.people: dict[int, Client] = {}
        self.lua: Engine | None = None
        self.functions: dict[bytes, Library] = {}
        self.password = password
        self._first_password = password
        self.version_text = ".".join(str(part) for part in version)
        self.started = clock.ms()
        self.memory_full = False
        self.restricted = False
        self.wipe = False
        self.noting_use = False
        self.guard: Guard | None = None
        self.unsent: dict[Client, None] = {}
        self.waiting: dict[tuple[int, bytes], OrderedDict[Client, None]] = {}

    def tick(self) -> None:
        """Take the time for the command that is about to run."""
        self.now_ms = self.clock.ms()
        self.now = self.now_ms / 1000

    def record(self, database: int, argv: tuple[bytes, ...]) -> None:
        """Note an effect for the journal."""
        if not self.replaying:
            self.effects.append((self.now_ms, database, argv))

    def announce(self, database: int, kind: bytes, event: bytes, key: bytes) -> None:
        """Publish a keyspace event, if the setting `notify-keyspace-events` asks for events of this kind."""
        wanted = self.config.get(b"notify-keyspace-events", b"")
        if not wanted or self.replaying or not (kind in wanted or (b"A" in wanted and kind not in b"mn")):
            return
        if b"K" in wanted:
            self.publish(b"__keyspace@%d__:%b" % (database, key), event)
        if b"E" in wanted:
            self.publish(b"__keyevent@%d__:%b" % (database, event), key)

    def publish(self, channel: bytes, message: bytes) -> int:
        """Send a message to the subscribers of a channel and of patterns that match it; answer how many got it."""
        receivers = 0
        for client in _in_order(self.subscribers.get(channel, ())):
            client.push([b"message", channel, message])
            receivers += 1
        for pattern, clients in list(self.psubscribers.items()):
            if compile_glob(pattern).match(channel):
                for client in _in_order(clients):
                    client.push([b"pmessage", pattern, channel, message])
                    receivers += 1
        return receivers

    def guard_room(self, size: int) -> None:
        """Refuse what would need more memory than there is. Raises SimpleError in Redis's words."""
        if size > 1 << 16 and self.guard is not None and size > self.guard.room():
            raise SimpleError("OOM command not allowed when used memory > 'maxmemory'.")

    def keys(self) -> int:
        """How many keys there are in all databases."""
        return sum(data.live() for data in self.dbs.values())

    def rules(self) -> list[tuple[bytes, ...]]:
        """ACL SETUSER commands that make today's users from those of a fresh server."""
        if not self.restricted:
            return []
        found = []
        for name in self.acl.get_users():
            words = self.acl.get_user_acl(name).as_rule().split(b" ")
            found.append((b"ACL", b"SETUSER", name, b"reset", *words))
        return found

    def libraries(self) -> list[bytes]:
        """The code of every function library."""
        return [library.code for library in self.functions.values()]

    def engine(self) -> Engine:
        """The Lua interpreter, which begins to exist when it is needed."""
        if self.lua is None:
            from tutor.embedded.lua import Engine

            self.lua = Engine(self)
        return self.lua

    def clear(self) -> None:
        """Forget all data, scripts, users and settings; clients stay."""
        for data in self.dbs.values():
            data.clear()
        self.script_cache.clear()
        self.functions.clear()
        self.restricted = False
        self.scan_cursors.clear()
        self.config.clear()
        self.acl = AccessControlList()
        self.password = self._first_password
        self.lua = None
        self.clock.run()
        self.tick()
        self.effects.clear()
        self.memory_full = False


def _in_order(clients: Any) -> list[Client]:
    """Subscribers in the order in which they connected."""
    return sorted(clients, key=lambda client: client.number)
