"""The supervisor: owns the sockets and the journal, and replaces the worker when it hangs or dies.

It never runs a command itself. Clients that connect are handed to the worker as descriptors; one descriptor of each
stays here, so that the client whose command killed the worker can be told so.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tutor.embedded.control import Observer, Observers, status
from tutor.embedded.guests import BACK, NO_MEMORY, Guest, Guests
from tutor.embedded.process import Process

if TYPE_CHECKING:
    from tutor.embedded.options import Options

__all__ = ["Supervisor"]

_ATTEMPTS = 8
"""Workers in a row that may die before they serve anybody."""


@dataclass(slots=True)
class Journal:
    """What a new worker has to be told."""

    entries: list[bytes] = field(default_factory=list)
    """Effects, in the order in which they happened."""
    coming: list[bytes] | None = None
    """A snapshot that is being received."""

    def take(self, kind: bytes, body: bytes) -> None:
        """A frame of the worker: J adds an entry; S, P and F are a snapshot that takes the place of all before it."""
        if kind == b"J":
            self.entries.append(body)
        elif kind == b"S":
            self.coming = []
        elif kind == b"P" and self.coming is not None:
            self.coming.append(body)
        elif kind == b"F" and self.coming is not None:
            self.entries, self.coming = self.coming, None

    def size(self) -> int:
        """Bytes held."""
        return sum(map(len, self.entries))


class Supervisor:
    """One server."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._parent = os.getppid()
        self._guests = Guests()
        self._journal = Journal()
        self._selector = selectors.DefaultSelector()
        self._observers = Observers(self._selector, self._here, lambda data: self._worker.tell(data, []))
        self._restarts = 0
        self._failures = 0
        self._stopping = False
        self._listeners = {sock.fileno(): (sock, control) for sock, control in _listen(options)}
        self._worker = Process(options, self._journal.entries, self._selector)

    def serve(self) -> None:
        """Run until the parent is gone or a signal says to stop."""
        waker, wake = socket.socketpair()
        wake.setblocking(False)
        waker.setblocking(False)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        self._selector.register(waker, selectors.EVENT_READ, "wake")
        for sock, _ in self._listeners.values():
            self._selector.register(sock, selectors.EVENT_READ, "accept")
        if self._options.parent_pipe is not None:
            self._selector.register(self._options.parent_pipe, selectors.EVENT_READ, "parent")
            # A parent that gave one end of a socket pair is told that we listen; a plain pipe's end cannot be written.
            with contextlib.suppress(OSError):
                os.write(self._options.parent_pipe, b"!")
        tick = min(0.25, self._options.limit / 4)
        try:
            while not self._stopping:
                for key, mask in self._selector.select(tick):
                    self._event(key, mask)
                if self._worker.overdue():
                    self._worker.kill()
                    self._replace()
                if self._options.die_with_parent and os.getppid() != self._parent:
                    self._stopping = True
        finally:
            signal.set_wakeup_fd(-1)
            waker.close()
            wake.close()
            self._end()

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _event(self, key: selectors.SelectorKey, mask: int) -> None:
        if isinstance(key.data, Observer):
            self._observers.listen(key.data)
        elif isinstance(key.data, Process):
            if key.data is self._worker:  # not one that was buried a moment ago
                self._hear(mask)
        elif key.data == "accept":
            sock, control = self._listeners[key.fd]
            if control:
                self._observers.accept(sock)
            elif (guest := self._guests.accept(sock)) is not None:
                self._hand_over(guest)
        elif key.data == "parent":
            if not os.read(key.fd, 4096):
                self._stopping = True
        else:
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.recv(4096)

    # The worker

    def _hear(self, mask: int) -> None:
        if mask & selectors.EVENT_WRITE:
            self._worker.write()
        if mask & selectors.EVENT_READ:
            try:
                for kind, body in self._worker.frames():
                    self._take(kind, body)
            except EOFError:
                self._replace()

    def _take(self, kind: bytes, body: bytes) -> None:
        self._failures = 0
        if kind == b"C":
            self._guests.forget(int(body))
        elif kind == b"I":
            self._guests.identify(body)
        elif kind == b"R":
            self._observers.answered(body)
        elif kind == b"P" and self._journal.coming is None:
            self._observers.pushed(body)
        else:
            self._journal.take(kind, body)

    def _replace(self) -> None:
        """The worker is dead: take what it still said, tell who has to know, and fork another."""
        old = self._worker
        for kind, body in old.last_frames():
            self._take(kind, body)
        self._journal.coming = None
        words = NO_MEMORY if old.bury() else BACK
        self._restarts += 1
        self._failures = 0 if old.board.came_up() else self._failures + 1
        if self._failures >= _ATTEMPTS:
            self._stopping = True
            return
        self._guests.console(old.board, words)
        self._observers.console(old.board.observed(), words)
        self._worker = Process(self._options, self._journal.entries, self._selector)
        for guest in self._guests:
            _, database, protocol = old.board.standing(guest.slot)
            self._hand_over(guest, database, protocol)
        self._observers.ask_again()

    def _hand_over(self, guest: Guest, database: int = 0, protocol: int = 2) -> None:
        self._worker.board.stand(guest.slot, 0, database, protocol)
        self._worker.tell(guest.introduction(database, protocol), [guest.sock.fileno()])

    def _here(self, name: bytes) -> bytes | None:
        """The reply to what must work while the worker hangs; None for everything else."""
        if name == b"TUTOR.INTERRUPT":
            return b":%d\r\n" % self._worker.interrupt(self._observers.wait_for)
        if name == b"TUTOR.STATUS":
            entries, size = len(self._journal.entries), self._journal.size()
            return status(self._worker.pid, self._restarts, entries, size, self._worker.board.keys())
        return None

    def _end(self) -> None:
        for sock, _ in self._listeners.values():
            sock.close()
        for path in (self._options.unixsocket, self._options.control):
            if path and os.path.exists(path):
                os.unlink(path)
        if self._options.control:
            # Whoever made a folder for the control socket may have been killed, and cannot remove it.
            with contextlib.suppress(OSError):
                os.rmdir(os.path.dirname(self._options.control))
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            self._worker.kill()
            os.waitpid(self._worker.pid, 0)


def _listen(options: Options) -> list[tuple[socket.socket, bool]]:
    """The listening sockets, and whether each is the owner's."""
    found: list[tuple[socket.socket, bool]] = []
    os.umask(0o077)
    for path, control in ((options.unixsocket, False), (options.control, True)):
        if path:
            sock = socket.socket(socket.AF_UNIX)
            if os.path.exists(path):
                os.unlink(path)
            sock.bind(path)
            found.append((sock, control))
    if options.port is not None:
        family = socket.AF_INET6 if ":" in options.bind else socket.AF_INET
        sock = socket.socket(family)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((options.bind, options.port))
        found.append((sock, False))
    for sock, _ in found:
        sock.listen(1024)
        sock.setblocking(False)
    return found
