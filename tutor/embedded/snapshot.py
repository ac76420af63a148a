"""The journal made short again: the whole state as effects that rebuild it, as an AOF rewrite does; and the rebuilding.

Nothing here is pickled: a snapshot is a list of ordinary commands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tutor.embedded import journal
from tutor.embedded.client import Client
from tutor.embedded.fake import ExpiringMembersSet, Hash, XStream, ZSet
from tutor.embedded.reply import double
from tutor.wire import CommandParser

if TYPE_CHECKING:
    from tutor.embedded.state import State

__all__ = ["Compactor", "build", "effects_of", "rebuild"]

_SMALLEST = 4 << 20
_FEWEST = 50_000
_CHUNK = 1 << 18
_WORDS = 512

Words = tuple[bytes, ...]


class Compactor:
    """Decides when replaying the journal would cost clearly more than a snapshot, and writes one."""

    def __init__(self) -> None:
        self._bytes = self._entries = 0
        self._base = 0

    def seen(self, size: int) -> None:
        """The journal now is this many bytes, all of them state."""
        self._bytes, self._entries, self._base = 0, 0, size

    def add(self, size: int, entries: int) -> None:
        """The journal grew."""
        self._bytes += size
        self._entries += entries

    def due(self) -> bool:
        """Whether it is time."""
        return self._bytes > max(_SMALLEST, 2 * self._base) or self._entries > max(_FEWEST, self._base // 16)

    def snapshot(self, state: State) -> Iterator[tuple[bytes, bytes]]:
        """The frames of a snapshot: S opens it, each P is a part, F puts it in the journal's place."""
        yield b"S", b""
        size, effects, held = 0, [], 0
        for database, words in effects_of(state):
            effects.append((state.now_ms, database, words))
            held += sum(map(len, words)) + 16
            if held > _CHUNK:
                body = journal.write(effects)
                size += len(body)
                yield b"P", body
                effects, held = [], 0
        body = journal.write(effects)
        yield b"P", body
        yield b"F", b""
        self.seen(size + len(body))


def effects_of(state: State) -> Iterator[tuple[int, Words]]:
    """Commands that build this state on an empty server, with the database that each belongs to."""
    for name, value in state.config.items():
        yield 0, (b"CONFIG", b"SET", name, value)
    for words in state.rules():
        yield 0, words
    for script in state.script_cache.values():
        yield 0, (b"SCRIPT", b"LOAD", script)
    for code in state.libraries():
        yield 0, (b"FUNCTION", b"LOAD", b"REPLACE", code)
    for database, data in state.dbs.items():
        for key, item in list(data.stored().items()):
            for words in build(key, item.value):
                yield database, words
            if item.expireat is not None:
                yield database, (b"PEXPIREAT", key, b"%d" % round(item.expireat * 1000))
    yield 0, (b"TUTOR.CLOCK", b"RESTORE", *state.clock.saved())


def build(key: bytes, value: Any) -> Iterator[Words]:
    """Commands that make this value at a key that does not exist."""
    return _WRITERS[type(value)](key, value)


def _cut(head: Words, items: Sequence[bytes]) -> Iterator[Words]:
    for at in range(0, len(items), _WORDS):
        yield (*head, *items[at : at + _WORDS])


def _string(key: bytes, value: bytes) -> Iterator[Words]:
    yield b"SET", key, value


def _list(key: bytes, value: list[bytes]) -> Iterator[Words]:
    yield from _cut((b"RPUSH", key), value)


def _set(key: bytes, value: Any) -> Iterator[Words]:
    yield from _cut((b"SADD", key), list(value))


def _hash(key: bytes, value: Any) -> Iterator[Words]:
    yield from _cut((b"HSET", key), [word for pair in value.items() for word in pair])


def _zset(key: bytes, value: Any) -> Iterator[Words]:
    yield from _cut((b"ZADD", key), [word for member, score in value.items() for word in (double(score), member)])


def _stream(key: bytes, value: Any) -> Iterator[Words]:
    """Entries, the counters that they do not show, then each group with its consumers and pending entries."""
    empty = not value._ids
    if empty:
        yield b"XADD", key, b"MAXLEN", b"0", b"0-1", b"-", b"-"
    for entry in value._ids:
        yield b"XADD", key, entry.encode(), *value._values_dict[entry]
    yield (
        *(b"XSETID", key, value.last_id.encode(), b"ENTRIESADDED", b"%d" % value.entries_added),
        *(b"MAXDELETEDID", value.max_deleted_id.encode()),
    )
    for name, group in value._groups.items():
        read = -1 if group.entries_read is None else group.entries_read
        last = group.last_delivered_key.encode()
        yield b"XGROUP", b"CREATE", key, name, last, b"ENTRIESREAD", b"%d" % read
        for consumer in group.consumers.values():
            yield (
                b"TUTOR.CONSUMER",
                key,
                name,
                consumer.name,
                b"%d" % consumer.last_attempt,
                b"%d" % consumer.last_success,
            )
        for entry, pending in group.pel.items():
            yield (
                *(b"TUTOR.PENDING", key, name, entry.encode(), pending.consumer_name),
                *(b"%d" % pending.time_read, b"%d" % pending.times_delivered),
            )


_WRITERS: dict[type[Any], Callable[[bytes, Any], Iterator[Words]]] = {
    bytes: _string,
    list: _list,
    ExpiringMembersSet: _set,
    Hash: _hash,
    ZSet: _zset,
    XStream: _stream,
}


def rebuild(state: State, entries: list[bytes], alive: Callable[[], None]) -> None:
    """Do again what the journal says, each effect at its own time, and empty it; `alive` is called now and then."""
    client = Client(state, 0, observer=True)
    clock_setting = state.clock.saved()
    state.replaying = True
    count = 0
    for place, body in enumerate(entries):
        entries[place] = b""  # a worker has not the memory for the journal and the state at once
        parser = CommandParser()
        parser.feed(body)
        del body
        while (argv := parser.get()) is not None:
            if argv[0] == journal.MARK:
                state.clock.set(int(argv[1]))
                client.choose(int(argv[2]))
            elif argv[0] == b"TUTOR.CLOCK":
                clock_setting = argv[2], argv[3]
            else:
                client.execute(argv)
                client.out.clear()
            count += 1
            if not count & 0xFF:
                alive()
    state.clock.restore(clock_setting[0], int(clock_setting[1]))
    state.tick()
    state.replaying = False
    state.touched.clear()
    state.effects.clear()
    client.leave()
