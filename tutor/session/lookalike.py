"""Which typical mistake led to this state? Asked when the commands alone do not tell.

A learner may make a known mistake in other words: SETEX for SET … EX, three commands for one. So each known wrong
answer is tried out in a logical database of its own, from the same setup, and the one that leaves the same keys and
values behind is taken for the learner's. Only plain commands on keys are tried: nothing that waits, and nothing that
reaches beyond its database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tutor.backends import Backend, Connection
from tutor.catalog import Catalog
from tutor.checkers import Snapshot, read_snapshot
from tutor.errors import BackendError
from tutor.lesson import FIRST_CLIENT, Check, Task, Typed, Wrong, parse_lines

__all__ = ["find_lookalike"]

# The last of the sixteen that a server has by default; exercises live in the first.
_SCRATCH = 15
_GROUPS = frozenset(
    {"bitmap", "generic", "geo", "hash", "hyperloglog", "list", "set", "sorted-set", "stream", "string"}
)
_MOST_LINES = 30
# Two lifetimes that were given by the same mistake differ by the time that passed in between, in seconds.
_APART = 600


def find_lookalike(
    backend: Backend, catalog: Catalog, task: Task, candidates: Iterable[Wrong], snapshot: Snapshot
) -> Wrong | None:
    """The first of the wrong answers that leads to the same state; None when none does, or on somebody's server."""
    if backend.name == "live":
        return None
    setup = [line for text in task.setup for line in parse_lines(text, task.where, 0)]
    for wrong in candidates:
        lines = [*setup, *parse_lines(wrong.answer, wrong.where, 0)]
        if wrong.why is None or not _is_harmless(catalog, lines):
            continue
        try:
            found = _try_out(backend, lines, task.checks)
        except BackendError:
            return None
        if found.names == snapshot.names and _timeless(found, snapshot) == _timeless(snapshot, snapshot):
            return wrong
    return None


def _is_harmless(catalog: Catalog, lines: Sequence[Typed]) -> bool:
    if len(lines) > _MOST_LINES or any(line.client != FIRST_CLIENT for line in lines):
        return False
    commands = [catalog.find(line.argv) for line in lines]
    return all(
        command is not None and command.group in _GROUPS and not command.is_blocking and bool(command.key_specs)
        for command in commands
    ) and not any(command is not None and command.name in ("MOVE", "COPY", "MIGRATE") for command in commands)


def _try_out(backend: Backend, lines: Sequence[Typed], checks: Iterable[Check]) -> Snapshot:
    scratch: Connection = backend.connect(_SCRATCH)
    try:
        scratch.call_many([(b"FLUSHDB",), *(line.argv for line in lines)], timeout=5)
        found = read_snapshot(scratch, checks)
        scratch.call("FLUSHDB", timeout=5)
        return found
    finally:
        scratch.close()


def _timeless(snapshot: Snapshot, beside: Snapshot) -> dict[str, object]:
    """The keys with their lifetimes made equal where they are near to those of `beside`."""
    found: dict[str, object] = {}
    for key, record in snapshot.keys.items():
        other = beside.keys[key].pttl
        near = (
            record.pttl >= 0 and other >= 0 and abs(record.pttl - other) <= min(_APART * 1000, max(other // 10, 2000))
        )
        found[key] = replace(record, pttl=other) if near else record
    return found
