"""The worker: one loop over all clients, fakeredis underneath, nothing that outlives it.

The supervisor hands it descriptors of clients and takes its journal. What has been answered has been handed over
before, so the worker may be killed at any moment.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import sys
from collections import deque
from typing import TYPE_CHECKING

from tutor.embedded import board as boards
from tutor.embedded import journal, snapshot, waiting
from tutor.embedded.client import Blocked, Client
from tutor.embedded.clock import Clock
from tutor.embedded.fake import take_time_from
from tutor.embedded.link import Frames, frame
from tutor.embedded.memory import Guard, confine
from tutor.embedded.process import OUT_OF_MEMORY
from tutor.embedded.reply import NIL_ARRAY
from tutor.embedded.state import State
from tutor.errors import ProtocolError
from tutor.wire import CommandParser, Limits, encode

if TYPE_CHECKING:
    from tutor.embedded.board import Board
    from tutor.embedded.options import Options

__all__ = ["Worker"]

_READ = 1 << 16
_BATCH = 512
_LIMITS = Limits(bulk=64 << 20, words=1 << 20, inline=1 << 16, total=128 << 20)
_BACKLOG = 64 << 20
_FAIR_BACKLOG = 1 << 20
"""What a slow reader may leave when memory is nearly used up, bytes."""
_RISKY = frozenset(
    (b"eval", b"evalsha", b"eval_ro", b"evalsha_ro", b"fcall", b"fcall_ro", b"keys", b"sort", b"lcs", b"setrange")
)


class Connection:
    """A client's socket, what has been read from it and not run, and what could not be written to it yet."""

    __slots__ = ("backlog", "client", "parser", "sock", "stand", "todo")

    def __init__(self, sock: socket.socket, client: Client) -> None:
        self.sock = sock
        self.client = client
        self.parser = CommandParser(_LIMITS)
        self.todo: deque[list[bytes]] = deque()
        self.backlog = bytearray()
        self.stand = (0, 0, 2)


class Worker:
    """The process that holds the data."""

    def __init__(self, channel: socket.socket, board: Board, options: Options, entries: list[bytes]) -> None:
        sys.setrecursionlimit(5000)  # JSON and what scripts return may be 1000 deep
        self._channel = channel
        self._frames = Frames(channel)
        self._board = board
        self._limit = options.limit
        self._guard = Guard(options.memory)
        clock = Clock()
        take_time_from(clock)
        self._state = State(clock, options.version, options.password.encode())
        self._state.guard = self._guard
        self._selector = selectors.DefaultSelector()
        self._connections: dict[int, Connection] = {}
        self._observers: dict[bytes, Client] = {}
        self._observed = 0
        self._compactor = snapshot.Compactor()
        if entries:
            self._board.busy()
            size = sum(map(len, entries))
            snapshot.rebuild(self._state, entries, board.busy)
            self._compactor.seen(size)
        confine(options.memory)  # only now: what the journal holds was within bounds when it was written
        self._selector.register(channel, selectors.EVENT_READ)

    def run(self) -> None:
        """Serve until the supervisor is gone."""
        state = self._state
        try:
            while True:
                self._board.idle(state.keys())
                signal.setitimer(signal.ITIMER_REAL, 0)
                ready = self._selector.select(self._wait())
                # Should the supervisor be gone while a command hangs, the kernel ends this process.
                signal.setitimer(signal.ITIMER_REAL, 4 * self._limit)
                state.tick()
                for key, mask in ready:
                    if key.fileobj is self._channel:
                        self._listen()
                        continue
                    connection = self._connections.get(key.data)
                    if connection is not None:
                        if mask & selectors.EVENT_WRITE:
                            self._send(connection)
                        if mask & selectors.EVENT_READ:
                            self._receive(connection)
                self._housekeeping()
        except (EOFError, BrokenPipeError):  # the supervisor is gone
            return
        except MemoryError:
            os._exit(OUT_OF_MEMORY)

    def _wait(self) -> float | None:
        """How long nothing will happen by itself."""
        moment = waiting.next_deadline(self._state)
        if moment is None or not self._state.clock.runs:
            return None
        return min(3600.0, max(0.0, (moment - self._state.clock.ms()) / 1000 + 0.0005))

    def _housekeeping(self) -> None:
        """What time brings: expired keys, waits that are over, and a journal that has grown too long."""
        state = self._state
        state.tick()
        for data in state.dbs.values():
            data._remove_expired()
        waiting.expire(state)
        self._settle()
        if self._compactor.due():
            self._board.busy()
            for kind, body in self._compactor.snapshot(state):
                self._channel.sendall(frame(kind, body))
                self._board.busy()
        self._guard.check(state)

    def _settle(self) -> None:
        """Serve who waits, hand over the journal, then send every reply; until nothing is left to be sent."""
        state = self._state
        while True:
            if state.touched:
                waiting.serve(state)
            self._commit()
            if not state.unsent:
                return
            unsent, state.unsent = list(state.unsent), {}
            for client in unsent:
                if client.observer:
                    self._send_observer(client)
                    continue
                connection = self._connections.get(client.number)
                if connection is not None:
                    self._send(connection)
                    if connection.todo and client.parked is None and not client.closing:
                        self._work(connection)

    def _commit(self) -> None:
        state = self._state
        if state.wipe:
            state.wipe = False
            self._channel.sendall(frame(b"S") + frame(b"F"))
            self._compactor.seen(0)
        if state.effects:
            effects, state.effects = state.effects, []
            body = journal.write(effects)
            self._compactor.add(len(body), len(effects))
            self._channel.sendall(frame(b"J", body))

    # Clients

    def _receive(self, connection: Connection) -> None:
        client = connection.client
        self._board.uncertain(client.slot)
        try:
            data = connection.sock.recv(_READ)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(connection)
            return
        try:
            connection.parser.feed(data)
            while (argv := connection.parser.get()) is not None:
                connection.todo.append(argv)
        except ProtocolError as error:
            self._work(connection)
            client.out.append(b"-ERR Protocol error: %b\r\n" % str(error).encode("latin-1", "replace"))
            client.closing = True
        self._work(connection)

    def _work(self, connection: Connection) -> None:
        """Run what the client has sent, until it has to wait."""
        client, todo, state = connection.client, connection.todo, self._state
        done, total = 0, len(todo)
        while todo and client.parked is None and not client.closing:
            argv = todo.popleft()
            if done and (done >= _BATCH or argv[0].lower() in _RISKY):
                self._reply(connection)
                done, total = 0, len(todo) + 1
            self._board.begin(client.slot, done, total)
            try:
                client.execute(argv)
            except Blocked as wait:
                waiting.park(client, wait.argv or argv, wait.timeout)
            done += 1
            if state.touched:
                waiting.serve(state)
            self._guard.count(argv)
        self._reply(connection)

    def _reply(self, connection: Connection) -> None:
        self._commit()
        self._board.uncertain(connection.client.slot)
        self._send(connection)
        self._board.busy()

    def _send(self, connection: Connection) -> None:
        client = connection.client
        if client.number not in self._connections:
            return  # hung up on while its commands ran
        if client.identity_changed:
            client.identity_changed = False
            self._channel.sendall(frame(b"I", encode((b"%d" % client.number, client.name, client.user))))
        if client.out:
            data = b"".join(client.out)
            client.out.clear()
            if connection.backlog:
                connection.backlog += data
            else:
                connection.backlog = bytearray(data)
        if connection.backlog:
            self._push_out(connection)
        if client.closing and not connection.backlog:
            self._close(connection)
            return
        self._say_how_it_stands(connection)

    def _push_out(self, connection: Connection) -> None:
        backlog = connection.backlog
        try:
            del backlog[: connection.sock.send(backlog)]
        except BlockingIOError:
            pass
        except OSError:
            backlog.clear()
            connection.client.closing = True
        if len(backlog) > _BACKLOG or (len(backlog) > _FAIR_BACKLOG and self._guard.room() < 0):
            # A reader too slow for what it asks: Redis closes it as well.
            backlog.clear()
            connection.client.closing = True
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if backlog else 0)
        if self._selector.get_key(connection.sock).events != events:
            self._selector.modify(connection.sock, events, connection.client.number)

    def _say_how_it_stands(self, connection: Connection) -> None:
        flags, database, protocol = connection.client.standing()
        if connection.backlog or connection.parser.partial():
            flags |= boards.TORN
        if connection.stand != (flags, database, protocol):
            connection.stand = (flags, database, protocol)
            self._board.stand(connection.client.slot, flags, database, protocol)

    def _close(self, connection: Connection) -> None:
        client = connection.client
        if self._connections.pop(client.number, None) is None:
            return
        client.leave()
        self._selector.unregister(connection.sock)
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)  # the supervisor still holds a descriptor of it
        connection.sock.close()
        self._channel.sendall(frame(b"C", b"%d" % client.number))

    # The supervisor

    def _listen(self) -> None:
        for kind, body in self._frames.read():
            if kind == b"N":
                self._welcome(body)
            elif kind == b"O":
                self._observe(body)
            elif kind == b"o":
                observer = self._observers.pop(body, None)
                if observer is not None:
                    observer.leave()

    def _welcome(self, body: bytes) -> None:
        """A client: its number and slot, its addresses, and how it stood with the worker before."""
        number, slot, remote, local, database, protocol, name, user, known = _words(body)
        state = self._state
        sock = socket.socket(fileno=self._frames.descriptors.popleft())
        sock.setblocking(False)
        client = Client(state, int(number), int(slot))
        client.address = [remote, local]
        client.name = name
        client.choose(int(database))
        client._client_info["resp"] = int(protocol)
        if user:
            client._client_info["user"] = user.decode("utf-8", "surrogateescape")
        client.authenticated = client.authenticated or known == b"1"
        state.people[client.number] = client
        state.stats["connections"] += 1
        connection = Connection(sock, client)
        self._connections[client.number] = connection
        self._selector.register(sock, selectors.EVENT_READ, client.number)
        self._say_how_it_stands(connection)
        self._receive(connection)

    def _observe(self, body: bytes) -> None:
        """A command from the control socket; exactly one frame goes back for it."""
        who, _, request = body.partition(b" ")
        observer = self._observers.get(who)
        if observer is None:
            observer = self._observers[who] = Client(self._state, int(who), observer=True)
            observer.authenticated = True
        argv = _words(request)
        self._observed += 1
        self._board.observe(self._observed)
        try:
            observer.execute(argv)
        except Blocked:
            observer.answer(NIL_ARRAY)
        if self._state.touched:
            waiting.serve(self._state)
        self._commit()
        self._channel.sendall(frame(b"R", who + b" " + b"".join(observer.out)))
        self._board.busy()  # answered: from here on there is nothing to interrupt
        observer.out.clear()

    def _send_observer(self, observer: Client) -> None:
        self._channel.sendall(frame(b"P", b"%d " % observer.number + b"".join(observer.out)))
        observer.out.clear()


def _words(body: bytes) -> list[bytes]:
    parser = CommandParser()
    parser.feed(body)
    words = parser.get()
    if words is None:
        raise ProtocolError("the supervisor sent half a message")
    return words
