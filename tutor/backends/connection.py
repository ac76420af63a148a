"""One connection to a server: one socket, one reader, everything that arrives sorted into answers and messages.

Nothing here runs in the background. A program that waits calls `call` or `receive`; a program with an event loop
watches `fileno()` and calls `pump()` when it is readable. Both see the same events in the same order.
"""

from __future__ import annotations

import select
import time
from collections import deque
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

from tutor.backends.address import Address
from tutor.backends.conversation import Answer, Conversation, Message
from tutor.errors import BackendError, ConnectionLost
from tutor.wire import Error, Reply, ReplyParser, encode

__all__ = ["Connection"]

_CHUNK = 256 * 1024


class Connection:
    """A client of one server.

    `call` is for programs that wait; `send` and `pump` for those that do not. Raises `Unreachable` when nobody
    answers, `ConnectionLost` when the server goes away, `BackendError` when it refuses the login.
    """

    def __init__(self, address: Address, *, name: str = "", timeout: float = 5.0) -> None:
        self.address = address
        self.name = name
        self.messages: deque[Message] = deque()
        """What came unasked while `call` waited for its answer."""
        self._timeout = timeout
        self._talk = Conversation(address.database or 0)
        self._open()

    # -- opening and losing ------------------------------------------------------------------------------------

    def _open(self) -> None:
        self._socket = self.address.open(self._timeout)
        self._parser = ReplyParser()
        self._out = bytearray()
        self._broken = False
        self._greet()

    def _greet(self) -> None:
        greeting: list[tuple[bytes, ...]] = []
        if self.address.password:
            user = (self.address.username.encode(),) if self.address.username else ()
            greeting.append((b"AUTH", *user, self.address.password.encode()))
        if self.protocol == 3:
            greeting.append((b"HELLO", b"3"))
        if self.database:
            greeting.append((b"SELECT", b"%d" % self.database))
        if self.name:
            greeting.append((b"CLIENT", b"SETNAME", self.name.encode()))
        for command, reply in zip(greeting, self.call_many(greeting), strict=True):
            # A user without CLIENT may still work; a wrong password or database may not.
            if isinstance(reply, Error) and command[0] != b"CLIENT":
                said = reply.text.decode("utf-8", "replace")
                self.close()
                raise BackendError(
                    f"{self.address} refused {command[0].decode()}: {said}. "
                    f"Give the user and password in the URL: redis://USER:PASSWORD@HOST:PORT/DB."
                )

    def reopen(self) -> tuple[str, ...]:
        """Connect again after a loss, as the same user in the same database; answers what could not be restored."""
        lost = self._talk.losses()
        self.close()
        self._talk.begin_again()
        self._open()
        return lost

    def close(self) -> None:
        """End the connection; unread answers are gone."""
        self._broken = True
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def broken(self) -> bool:
        """True when the connection has ended; `reopen` makes a new one."""
        return self._broken

    @property
    def protocol(self) -> int:
        """2 or 3, as HELLO last agreed."""
        return self._talk.protocol

    @property
    def database(self) -> int:
        """The logical database in use, as SELECT last agreed."""
        return self._talk.database

    @property
    def in_transaction(self) -> bool:
        """True between MULTI and EXEC or DISCARD."""
        return self._talk.in_transaction

    @property
    def waiting(self) -> tuple[tuple[bytes, ...], ...]:
        """The commands that were sent and not answered yet, oldest first."""
        return tuple(self._talk.waiting)

    @property
    def subscribed(self) -> bool:
        """True while a channel or pattern is subscribed to."""
        return bool(self._talk.channels)

    def fileno(self) -> int:
        """The descriptor to watch for reading."""
        return self._socket.fileno()

    # -- sending ---------------------------------------------------------------------------------------------

    def send(self, argv: Iterable[bytes | str]) -> None:
        """Send one command; its answer comes from `pump` or `receive`."""
        self.send_many([tuple(word.encode() if isinstance(word, str) else bytes(word) for word in argv)])

    def send_many(self, commands: Sequence[tuple[bytes, ...]]) -> None:
        """Send several commands in one write; each gets its own answer."""
        if self._broken:
            raise ConnectionLost(f"The connection to {self.address} has ended.")
        self._talk.asked(commands)
        self._out += b"".join(map(encode, commands)) if len(commands) != 1 else encode(commands[0])
        self._flush()

    def _flush(self) -> None:
        while self._out:
            try:
                sent = self._socket.send(self._out)
            except (BlockingIOError, InterruptedError):
                return
            except OSError as fault:
                raise self._lost(fault) from fault
            del self._out[:sent]

    # -- receiving -------------------------------------------------------------------------------------------

    def pump(self) -> list[Answer | Message]:
        """Everything that has arrived, in order; never waits. Raises `ConnectionLost`."""
        self._flush()
        events: list[Answer | Message] = []
        while True:
            try:
                data = self._socket.recv(_CHUNK)
            except (BlockingIOError, InterruptedError):
                break
            except OSError as fault:
                if _wants_more(fault):
                    break
                self._broken = True
                if events:
                    break
                raise self._lost(fault) from fault
            if not data:
                self._broken = True
                if events or self._drain(events):
                    break
                raise self._lost(None)
            self._parser.feed(data)
            self._drain(events)
            if len(data) < _CHUNK and not self.address.tls:
                break
        return events

    def _drain(self, events: list[Answer | Message]) -> bool:
        while (reply := self._parser.get()) is not None:
            events.append(self._talk.sort(reply))
        return bool(events)

    def receive(self, timeout: float | None = None) -> Answer | Message | None:
        """The next event; waits up to `timeout` seconds (None: for ever) and answers None when nothing came."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            reply = self._parser.get()
            if reply is not None:
                return self._talk.sort(reply)
            if not self._wait(None if deadline is None else deadline - time.monotonic()):
                return None
            self._fill()

    def _fill(self) -> None:
        self._flush()
        try:
            data = self._socket.recv(_CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as fault:
            if _wants_more(fault):
                return
            raise self._lost(fault) from fault
        if not data:
            raise self._lost(None)
        self._parser.feed(data)

    def _wait(self, timeout: float | None) -> bool:
        if timeout is not None and timeout <= 0:
            timeout = 0
        pending = getattr(self._socket, "pending", None)  # TLS may hold decrypted bytes that poll does not see
        if pending is not None and pending():
            return True
        poll = select.poll()
        poll.register(self._socket, select.POLLIN | (select.POLLOUT if self._out else 0))
        return bool(poll.poll(None if timeout is None else timeout * 1000))

    def call(self, *argv: bytes | str, timeout: float | None = None) -> Reply:
        """Send one command and wait for its answer. Raises `BackendError` when none came within `timeout` seconds."""
        self.send(argv)
        return self._answers(1, timeout)[0]

    def call_many(self, commands: Iterable[Iterable[bytes | str]], *, timeout: float | None = None) -> list[Reply]:
        """Send all commands in one write and wait for all answers: one round trip."""
        sent = [tuple(word.encode() if isinstance(word, str) else bytes(word) for word in argv) for argv in commands]
        if not sent:
            return []
        self.send_many(sent)
        return self._answers(len(sent), timeout)

    def _answers(self, count: int, timeout: float | None) -> list[Reply]:
        deadline = None if timeout is None else time.monotonic() + timeout
        replies: list[Reply] = []
        while self._talk.waiting or len(replies) < count:
            event = self.receive(None if deadline is None else deadline - time.monotonic())
            if event is None:
                raise BackendError(f"{self.address} did not answer within {timeout} seconds.")
            if isinstance(event, Message):
                self.messages.append(event)
            else:
                replies.append(event.reply)
        return replies[-count:]

    def _lost(self, fault: OSError | None) -> ConnectionLost:
        self._broken = True
        why = f": {fault.strerror or fault}" if fault else ""
        return ConnectionLost(f"The server at {self.address} closed the connection{why}.")


def _wants_more(fault: OSError) -> bool:
    """TLS says in its own way that there is nothing to read yet."""
    return type(fault).__name__ in ("SSLWantReadError", "SSLWantWriteError")
