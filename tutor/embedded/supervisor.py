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
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tutor.embedded import board as boards
from tutor.embedded.board import Board
from tutor.embedded.control import Observer, status
from tutor.embedded.limits import raise_file_limit
from tutor.embedded.link import Frames, frame
from tutor.errors import ProtocolError
from tutor.wire import CommandParser, encode

if TYPE_CHECKING:
    from tutor.embedded.options import Options

__all__ = ["Supervisor"]

OUT_OF_MEMORY = 77
_BACK = b"-ERR the server was restarted because this command did not finish; your data is back\r\n"
_NO_MEMORY = b"-OOM command not allowed when used memory > 'maxmemory'.\r\n"
_UNSURE = b"-ERR the server was restarted before this command was answered; look whether it took effect\r\n"
_NOT_RUN = b"-ERR the server was restarted before this command was run; send it again\r\n"
_LOST = (
    (boards.BLOCKED, b"-UNBLOCKED the server was restarted while this command waited; send it again\r\n"),
    (boards.SUBSCRIBED, b"-ERR the server was restarted; subscribe again\r\n"),
    (boards.MULTI, b"-EXECABORT the server was restarted and this transaction is gone; begin it again\r\n"),
    (boards.WATCHING, b"-ERR the server was restarted and what was watched is forgotten; WATCH again\r\n"),
)


@dataclass(slots=True)
class Guest:
    """A client, as the supervisor knows it."""

    sock: socket.socket
    """The supervisor's own descriptor of the connection."""
    number: int
    """The client's number, which is never used again."""
    slot: int
    """Its place on the board."""
    remote: bytes
    """The client's address."""
    local: bytes
    """The address that it connected to."""
    name: bytes = b""
    """What CLIENT SETNAME gave it."""
    user: bytes = b""
    """Whom it is logged in as; empty before that."""


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
        self._guests: dict[int, Guest] = {}
        self._free = list(range(min(boards.SLOTS, raise_file_limit() - 64) - 1, -1, -1))
        self._observers: dict[int, Observer] = {}
        self._asked: deque[tuple[int, bytes]] = deque()
        self._numbers = self._observer_numbers = 0
        self._journal = Journal()
        self._restarts = 0
        self._failures = 0
        self._pulse = (0, 0.0)
        self._stopping = False
        self._interrupted = False
        self._pid = 0
        self._out: deque[tuple[bytearray, list[int]]] = deque()
        self._listeners: dict[int, tuple[socket.socket, bool]] = {}
        for sock, control in _listen(options):
            self._listeners[sock.fileno()] = (sock, control)
        self._spawn()

    # The worker's life

    def _spawn(self) -> None:
        """Fork a worker. It takes over the journal by being a copy of this process."""
        self._board = Board()
        ours, theirs = socket.socketpair()
        sys.stdout.flush()
        self._pid = os.fork()
        if self._pid == 0:
            _become_worker(theirs, self._board, self._options, self._journal.entries)
        theirs.close()
        ours.setblocking(False)
        self._channel = ours
        self._frames = Frames(ours)
        self._out.clear()
        self._pulse = (0, time.monotonic())

    def serve(self) -> None:
        """Run until the parent is gone or a signal says to stop."""
        self._selector = selectors.DefaultSelector()
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
        self._selector.register(self._channel, selectors.EVENT_READ, "worker")
        tick = min(0.25, self._options.limit / 4)
        try:
            while not self._stopping:
                for key, mask in self._selector.select(tick):
                    self._event(key, mask)
                self._look_after_worker()
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
        if key.data == "accept":
            sock, control = self._listeners[key.fd]
            self._accept(sock, control)
        elif key.data == "worker":
            if key.fileobj is self._channel:
                self._hear(mask)
        elif key.data == "parent":
            if not os.read(key.fd, 4096):
                self._stopping = True
        elif key.data == "wake":
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.recv(4096)
        else:
            self._listen_to(key.data)

    def _hear(self, mask: int) -> None:
        if mask & selectors.EVENT_WRITE:
            self._write()
        if mask & selectors.EVENT_READ:
            try:
                for kind, body in self._frames.read():
                    self._take(kind, body)
            except EOFError:
                self._replace()

    def _take(self, kind: bytes, body: bytes) -> None:
        self._failures = 0
        if kind == b"C":
            self._forget(int(body))
        elif kind == b"I":
            parser = CommandParser()
            parser.feed(body)
            number, name, user = parser.get() or [b"0", b"", b""]
            guest = self._guests.get(int(number))
            if guest is not None:
                guest.name, guest.user = name, user
        elif kind == b"R" or (kind == b"P" and self._journal.coming is None):
            who, _, reply = body.partition(b" ")
            if kind == b"R":
                self._asked.popleft()
                self._answer(int(who), reply)
            elif int(who) in self._observers:
                self._observers[int(who)].pushed(reply)
                self._flush(self._observers[int(who)])
        else:
            self._journal.take(kind, body)

    def _look_after_worker(self) -> None:
        """Kill a worker that has been at one thing for longer than the limit."""
        working, count = self._board.pulse()
        now = time.monotonic()
        if not working or count != self._pulse[0]:
            self._pulse = (count, now)
        elif now - self._pulse[1] > self._options.limit:
            os.kill(self._pid, signal.SIGKILL)
            self._replace()

    def _replace(self) -> None:
        """The worker is dead: take what it still said, tell who has to know, and fork another."""
        self._drain()
        self._selector.unregister(self._channel)
        self._channel.close()
        _, status_word = os.waitpid(self._pid, 0)
        self._restarts += 1
        self._failures += 1
        if self._failures > 3:  # it does not even come up
            self._stopping = True
            return
        no_memory = os.WIFEXITED(status_word) and os.WEXITSTATUS(status_word) == OUT_OF_MEMORY
        self._console_clients(_NO_MEMORY if no_memory else _BACK)
        old = self._board
        self._spawn()
        self._selector.register(self._channel, selectors.EVENT_READ, "worker")
        for guest in self._guests.values():
            _, database, protocol = old.standing(guest.slot)
            self._hand_over(guest, database, protocol)
        for number, request in self._asked:  # not begun, so it may begin now
            self._tell(frame(b"O", b"%d " % number + request), [])

    def _drain(self) -> None:
        """Read to the end what the dead worker had handed over: it may have been answered already."""
        self._journal.coming = None
        self._channel.setblocking(True)
        self._channel.settimeout(1)
        try:
            while True:
                for kind, body in self._frames.read():
                    self._take(kind, body)
        except (EOFError, TimeoutError):
            self._journal.coming = None

    def _console_clients(self, culprit_words: bytes) -> None:
        """Answer the client whose command was running, and those that cannot go on as if nothing had happened."""
        slot, done, unanswered = self._board.running()
        for guest in list(self._guests.values()):
            flags, _, _ = self._board.standing(guest.slot)
            words = b""
            if guest.slot == slot:
                words = _UNSURE * done + culprit_words + _NOT_RUN * (unanswered - done - 1) if unanswered else b""
            elif not flags & boards.TORN:
                words = next((text for flag, text in _LOST if flags & flag), b"")
            if words:
                _send_all(guest.sock, words)
            if flags or (guest.slot == slot and not unanswered):
                self._forget(guest.number)
        if slot == boards.OBSERVER and self._asked:
            number, _ = self._asked.popleft()
            self._answer(number, culprit_words)

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
        if self._pid:
            try:
                os.kill(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
            except (ProcessLookupError, ChildProcessError):
                pass

    # Clients

    def _accept(self, listener: socket.socket, control: bool) -> None:
        try:
            sock, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        sock.setblocking(False)
        if control:
            self._observer_numbers += 1
            observer = Observer(sock, self._observer_numbers)
            self._observers[observer.number] = observer
            self._selector.register(sock, selectors.EVENT_READ, observer)
            return
        if not self._free:
            _send_all(sock, b"-ERR max number of clients reached\r\n")
            sock.close()
            return
        self._numbers += 1
        local = listener.getsockname()
        if listener.family == socket.AF_UNIX:
            remote_text = local_text = f"{local}:0"
        else:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            remote_text, local_text = f"{address[0]}:{address[1]}", f"{local[0]}:{local[1]}"
        guest = Guest(sock, self._numbers, self._free.pop(), remote_text.encode(), local_text.encode())
        self._guests[guest.number] = guest
        self._hand_over(guest)

    def _hand_over(self, guest: Guest, database: int = 0, protocol: int = 2) -> None:
        words = (
            *(b"%d" % guest.number, b"%d" % guest.slot, guest.remote, guest.local),
            *(b"%d" % database, b"%d" % protocol, guest.name, guest.user, b"1" if guest.user else b"0"),
        )
        self._board.stand(guest.slot, 0, database, protocol)
        self._tell(frame(b"N", encode(words)), [guest.sock.fileno()])

    def _forget(self, number: int) -> None:
        guest = self._guests.pop(number, None)
        if guest is not None:
            guest.sock.close()
            self._free.append(guest.slot)

    def _tell(self, data: bytes, descriptors: list[int]) -> None:
        self._out.append((bytearray(data), descriptors))
        self._write()

    def _write(self) -> None:
        try:
            while self._out:
                data, descriptors = self._out[0]
                if descriptors:
                    sent = socket.send_fds(self._channel, [data], descriptors)
                    self._out[0] = (data, [])
                else:
                    sent = self._channel.send(data)
                del data[:sent]
                if not data:
                    self._out.popleft()
        except BlockingIOError:
            pass
        except (BrokenPipeError, ConnectionResetError):
            self._out.clear()  # the worker is dead; its end of file is on its way
        if self._channel in self._selector.get_map():
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._out else 0)
            self._selector.modify(self._channel, events, "worker")

    # Observers

    def _listen_to(self, observer: Observer) -> None:
        try:
            data = observer.sock.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        try:
            requests = observer.requests(data) if data else None
        except ProtocolError as error:
            observer.expect(b"-ERR Protocol error: %b\r\n" % str(error).encode())
            self._flush(observer)
            requests = None
        if requests is None:
            self._selector.unregister(observer.sock)
            observer.sock.close()
            del self._observers[observer.number]
            self._tell(frame(b"o", b"%d" % observer.number), [])
            return
        for argv in requests:
            self._request(observer, argv)
        self._flush(observer)

    def _request(self, observer: Observer, argv: list[bytes]) -> None:
        """What must work while the worker hangs is answered here; the rest is passed on."""
        name = argv[0].upper()
        if name == b"TUTOR.INTERRUPT":
            observer.expect(b":%d\r\n" % self._interrupt())
        elif name == b"TUTOR.STATUS":
            entries, size = len(self._journal.entries), self._journal.size()
            observer.expect(status(self._pid, self._restarts, entries, size, self._board.keys()))
        else:
            observer.expect(None)
            request = encode(argv)
            self._asked.append((observer.number, request))
            self._tell(frame(b"O", b"%d " % observer.number + request), [])

    def _answer(self, number: int, reply: bytes) -> None:
        observer = self._observers.get(number)
        if observer is not None:
            observer.answered(reply)
            self._flush(observer)

    def _interrupt(self) -> int:
        """Kill the worker if it is in the middle of a command; 1 when it was."""
        # Held still while we look: a command that ends in this very moment is not cut off half answered.
        os.kill(self._pid, signal.SIGSTOP)
        running = self._board.pulse()[0] and self._board.running()[2] > 0
        os.kill(self._pid, signal.SIGKILL if running else signal.SIGCONT)
        return int(running)

    def _flush(self, observer: Observer) -> None:
        with contextlib.suppress(OSError):  # when it is gone its end of file follows
            observer.flush()


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


def _become_worker(channel: socket.socket, board: Board, options: Options, entries: list[bytes]) -> None:
    """The child's side of the fork; does not return."""
    status_code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        kept = os.dup2(channel.detach(), 3)
        os.closerange(4, 65536)
        from tutor.embedded.worker import Worker

        Worker(socket.socket(fileno=kept), board, options, entries).run()
        status_code = 0
    except MemoryError:
        status_code = OUT_OF_MEMORY
    finally:
        if status_code == 1:
            _log_fault()
        os._exit(status_code)


def _log_fault() -> None:
    """A fault of ours goes to the file that TUTOR_EMBEDDED_LOG names, never to a learner's terminal."""
    path = os.environ.get("TUTOR_EMBEDDED_LOG")
    if path:
        import traceback

        with open(path, "a", encoding="utf-8") as file:
            traceback.print_exc(file=file)


def _send_all(sock: socket.socket, data: bytes) -> None:
    """Send if the client takes it at once; one that does not read is not worth waiting for."""
    with contextlib.suppress(OSError):
        sock.send(data)
