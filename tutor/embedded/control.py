"""The owner's side channel: what the supervisor keeps of each observer, and the replies that it gives itself."""

from __future__ import annotations

import contextlib
import selectors
import socket
from collections import deque
from collections.abc import Callable

from tutor.embedded.link import frame
from tutor.errors import ProtocolError
from tutor.wire import Bulk, CommandParser, Integer, Map, encode, encode_reply

__all__ = ["Observer", "Observers", "status"]

_MOST = 32
"""Observers at once: each is a file, and few are kept back from the clients."""


class Observer:
    """One connection to the control socket. Replies go out in the order of the requests."""

    def __init__(self, sock: socket.socket, number: int) -> None:
        self.sock = sock
        self.number = number
        self._parser = CommandParser()
        self._replies: deque[bytes | None] = deque()
        self._out = bytearray()

    def requests(self, data: bytes) -> list[list[bytes]]:
        """The commands that are whole now."""
        self._parser.feed(data)
        found = []
        while (argv := self._parser.get()) is not None:
            found.append(argv)
        return found

    def expect(self, reply: bytes | None) -> None:
        """A request's place in the order; None when the worker is to answer it."""
        self._replies.append(reply)

    def answered(self, reply: bytes) -> None:
        """The worker answered the oldest request that waits for it."""
        for at, known in enumerate(self._replies):
            if known is None:
                self._replies[at] = reply
                return

    def pushed(self, message: bytes) -> None:
        """A message that nobody asked for."""
        self._out += message

    def flush(self) -> None:
        """Send what is ready; one that does not take it is hung up on."""
        while self._replies and self._replies[0] is not None:
            self._out += self._replies.popleft() or b""
        if not self._out:
            return
        try:
            self.sock.settimeout(5)
            self.sock.sendall(self._out)
        except OSError:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)  # its end of file follows
        self.sock.setblocking(False)
        self._out.clear()


class Observers:
    """All connections to the control socket, and the requests that the worker has not answered yet."""

    def __init__(
        self,
        selector: selectors.BaseSelector,
        here: Callable[[bytes], bytes | None],
        tell: Callable[[bytes], None],
    ) -> None:
        """`here` answers the commands that must work while the worker hangs, `tell` passes on the others."""
        self._selector = selector
        self._here = here
        self._tell = tell
        self._found: dict[int, Observer] = {}
        self._asked: deque[tuple[int, bytes]] = deque()
        self._answered = 0
        self._numbers = 0

    def accept(self, listener: socket.socket) -> None:
        """Who connects."""
        try:
            sock, _ = listener.accept()
        except OSError:  # hung up in the meantime
            return
        sock.setblocking(False)
        if len(self._found) >= _MOST:
            with contextlib.suppress(OSError):
                sock.send(b"-ERR max number of observers reached\r\n")
            sock.close()
            return
        self._numbers += 1
        observer = self._found[self._numbers] = Observer(sock, self._numbers)
        self._selector.register(sock, selectors.EVENT_READ, observer)

    def listen(self, observer: Observer) -> None:
        """Take what an observer has sent."""
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
            observer.flush()
            requests = None
        if requests is None:
            self._selector.unregister(observer.sock)
            observer.sock.close()
            del self._found[observer.number]
            self._tell(frame(b"o", b"%d" % observer.number))
            return
        for argv in requests:
            self._request(observer, argv)
        observer.flush()

    def _request(self, observer: Observer, argv: list[bytes]) -> None:
        reply = self._here(argv[0].upper())
        observer.expect(reply)
        if reply is None:
            request = b"%d " % observer.number + encode(argv)
            self._asked.append((observer.number, request))
            self._tell(frame(b"O", request))

    def wait_for(self, number: int) -> bool:
        """Whether the worker's `number`-th request is not answered yet: it may have died, or be held, just behind."""
        return bool(self._asked) and number > self._answered

    def answered(self, body: bytes) -> None:
        """The worker answered the oldest request."""
        self._asked.popleft()
        self._answered += 1
        who, _, reply = body.partition(b" ")
        self._answer(int(who), reply)

    def pushed(self, body: bytes) -> None:
        """The worker has a message that nobody asked for."""
        who, _, message = body.partition(b" ")
        observer = self._found.get(int(who))
        if observer is not None:
            observer.pushed(message)
            observer.flush()

    def console(self, begun: int, words: bytes) -> None:
        """The worker has died, and its `begun`-th request was the last that it began; 0 for none."""
        if self.wait_for(begun):
            number, _ = self._asked.popleft()
            self._answer(number, words)

    def ask_again(self) -> None:
        """The other requests were not begun, so they may begin with a new worker, which counts from the beginning."""
        self._answered = 0
        for _, request in self._asked:
            self._tell(frame(b"O", request))

    def _answer(self, number: int, reply: bytes) -> None:
        observer = self._found.get(number)
        if observer is not None:
            observer.answered(reply)
            observer.flush()


def status(pid: int, restarts: int, entries: int, size: int, keys: int) -> bytes:
    """TUTOR.STATUS: a flat array of names and values."""
    facts = {"worker": pid, "restarts": restarts, "journal-entries": entries, "journal-bytes": size, "keys": keys}
    return encode_reply(Map(tuple((Bulk(name.encode()), Integer(value)) for name, value in facts.items())), 2)
