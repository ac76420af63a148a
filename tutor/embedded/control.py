"""The owner's side channel: what the supervisor keeps of each observer, and the replies that it gives itself."""

from __future__ import annotations

import socket
from collections import deque

from tutor.wire import Bulk, CommandParser, Integer, Map, encode_reply

__all__ = ["Observer", "status"]


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
        """Send what is ready. Raises OSError when the observer is gone."""
        while self._replies and self._replies[0] is not None:
            self._out += self._replies.popleft() or b""
        if self._out:
            self.sock.setblocking(True)
            self.sock.settimeout(5)
            self.sock.sendall(self._out)
            self.sock.setblocking(False)
            self._out.clear()


def status(pid: int, restarts: int, entries: int, size: int, keys: int) -> bytes:
    """TUTOR.STATUS: a flat array of names and values."""
    facts = {"worker": pid, "restarts": restarts, "journal-entries": entries, "journal-bytes": size, "keys": keys}
    return encode_reply(Map(tuple((Bulk(name.encode()), Integer(value)) for name, value in facts.items())), 2)
