"""The learner's clients: A, B, … each a connection of its own; sending never waits, waiting is bounded."""

from __future__ import annotations

import select
import time
from collections import deque
from collections.abc import Sequence

from tutor.backends import Answer, Backend, Connection
from tutor.catalog import Catalog
from tutor.checkers import Call, Event, command_name
from tutor.errors import BackendError, ConnectionLost
from tutor.session.transcript import Transcript
from tutor.wire import Bulk, Integer, Reply, Verbatim

__all__ = ["Clients"]

# After one of these a connection is no longer as new: it sees another database, speaks another protocol, is in a
# transaction, or receives messages.
_LASTING = frozenset(
    {"SELECT", "HELLO", "AUTH", "MULTI", "WATCH", "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "MONITOR", "RESET", "QUIT"}
)
# How long a command that may block is given before the observer is asked whether it does, in seconds; then doubled.
_PATIENCE = 0.002
_MOST_PATIENCE = 0.05


class Clients:
    """Connections by client letter, opened when they are first used."""

    def __init__(self, backend: Backend, catalog: Catalog) -> None:
        self.backend = backend
        self.catalog = catalog
        self.transcript = Transcript()
        self._open: dict[str, Connection] = {}
        self._ids: dict[str, int] = {}
        self._waiting: dict[str, deque[Call]] = {}
        self._changed: set[str] = set()
        self._events: deque[Event] = deque()

    # -- connections ---------------------------------------------------------------------------------------------

    def connection(self, client: str) -> Connection:
        """The client's connection, opened now if it was not."""
        if client not in self._open:
            self._open[client] = self.backend.connect()
            self._waiting[client] = deque()
        return self._open[client]

    def connections(self) -> dict[str, Connection]:
        """All that are open, for an event loop; ask again after an exercise has begun, for some are then new."""
        return dict(self._open)

    def renew(self) -> None:
        """Close what is not as good as new: a client that waits, or has changed its database, protocol or mode, or
        that was opened before the backend picked a database for lessons."""
        self.poll()
        for client, connection in list(self._open.items()):
            used = client in self._changed or self._waiting[client] or connection.broken or connection.subscribed
            if used or connection.address != self.backend.address:
                self._close(client)
        self._events.clear()

    def close(self) -> None:
        """End all connections."""
        for client in list(self._open):
            self._close(client)

    def _close(self, client: str) -> None:
        self._open.pop(client).close()
        for call in self._waiting.pop(client):
            call.lost = True
        self._ids.pop(client, None)
        self._changed.discard(client)

    # -- talking -------------------------------------------------------------------------------------------------

    def submit(self, client: str, argv: Sequence[bytes]) -> Call:
        """Send a command for a client; never waits. Raises `BackendError` when the server cannot be reached."""
        connection = self.connection(client)
        words = tuple(argv)
        self.backend.note(connection, words)
        if self._blocks(words):
            self._identify(client)
        call = self.transcript.sent(client, words)
        name = command_name(self.catalog, words)
        if name in _LASTING or name.startswith("CLIENT "):
            self._changed.add(client)
        self._waiting[client].append(call)
        try:
            connection.send(words)
        except ConnectionLost:
            self._restore(client)
        return call

    def poll(self, timeout: float = 0) -> list[Event]:
        """Everything that has arrived, for whichever client; waits up to `timeout` seconds for the first of it."""
        self._pump(0 if self._events else timeout)
        events = list(self._events)
        self._events.clear()
        return events

    def wait(self, call: Call, timeout: float, *, through_block: bool = False) -> Reply | None:
        """The answer to a call, or None: the server says that the client is blocked, or the time is over.

        With `through_block` a blocked client is waited for as well. The call's own event is taken from those that
        `poll` answers; all others stay.
        """
        deadline = time.monotonic() + timeout
        patience = _PATIENCE
        while call.reply is None and not call.lost:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            asks = not through_block and any(self.may_block(each) for each in self._waiting[call.client])
            arrived = self._pump(min(left, patience) if asks else left)
            if asks and not arrived and call.reply is None:
                if self._is_blocked(call.client):
                    break
                patience = min(2 * patience, _MOST_PATIENCE)
        self._events = deque(event for event in self._events if event.call is not call)
        return call.reply

    def next_event(self, client: str, timeout: float) -> Event | None:
        """The next thing that reaches this client; None when nothing does in time."""
        deadline = time.monotonic() + timeout
        while True:
            for event in self._events:
                if event.client == client:
                    self._events.remove(event)
                    return event
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            self._pump(left)

    def may_block(self, call: Call) -> bool:
        """Whether the catalog says that this command may wait for somebody else."""
        return self._blocks(call.argv)

    def collect(self) -> None:
        """Read what has arrived; `poll` still answers it."""
        self._pump(0)

    def expects(self, client: str) -> bool:
        """Whether something may still reach this client: an answer, or messages that it asked for."""
        return bool(self._waiting.get(client)) or client in self._changed

    # -- inside --------------------------------------------------------------------------------------------------

    def _pump(self, timeout: float) -> bool:
        """Read what is there into the queue; wait for the first if there is nothing. True when something came."""
        before = len(self._events)
        if timeout > 0 and self._open:
            poller = select.poll()
            for connection in self._open.values():
                if not connection.broken:
                    poller.register(connection.fileno(), select.POLLIN)
            poller.poll(max(1, int(timeout * 1000)))
        for client, connection in list(self._open.items()):
            # One that could not be made again: the next `submit` tries, and says what is wrong.
            if connection.broken:
                continue
            while connection.messages:
                self._events.append(self.transcript.arrived(client, None, connection.messages.popleft().reply))
            try:
                arrived = connection.pump()
            except ConnectionLost:
                self._restore(client)
                continue
            for event in arrived:
                call = self._waiting[client].popleft() if isinstance(event, Answer) else None
                self._events.append(self.transcript.arrived(client, call, event.reply))
        return len(self._events) > before

    def _restore(self, client: str) -> None:
        """Connect again after a loss; the calls that waited are told that no answer will come."""
        calls = list(self._waiting[client])
        for waiting in calls:
            waiting.lost = True
        self._waiting[client].clear()
        self._ids.pop(client, None)
        what = self._open[client].reopen()
        gone: list[Call | None] = [*calls] or [None]
        for call in gone:
            self._events.append(self.transcript.lost(client, call, what))

    def _blocks(self, argv: tuple[bytes, ...]) -> bool:
        command = self.catalog.find(argv)
        return command is not None and command.is_blocking

    def _identify(self, client: str) -> None:
        """Learn the client's number, by which the observer finds it. Later it may be blocked, and could not say."""
        connection = self._open[client]
        busy = self._waiting[client] or connection.in_transaction or connection.subscribed
        if client not in self._ids and not busy:
            reply = connection.call("CLIENT", "ID", timeout=5)
            if isinstance(reply, Integer):
                self._ids[client] = reply.value

    def _is_blocked(self, client: str) -> bool:
        """What the server says: the flag b of CLIENT LIST."""
        if client not in self._ids:
            return False
        try:
            reply = self.backend.observe().call("CLIENT", "LIST", "ID", str(self._ids[client]), timeout=5)
        except BackendError:
            return False
        text = reply.data if isinstance(reply, Bulk | Verbatim) else b""
        flags = next((field[6:] for field in text.split() if field.startswith(b"flags=")), b"")
        return b"b" in flags
