"""The clients' connections on the supervisor's side, and what is said to them when the worker has died."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.embedded import board as boards
from tutor.embedded.board import Board
from tutor.embedded.limits import raise_file_limit
from tutor.embedded.link import frame
from tutor.wire import CommandParser, encode

__all__ = ["BACK", "NO_MEMORY", "Guest", "Guests"]

BACK = b"-ERR the server was restarted because this command did not finish; your data is back\r\n"
"""What is said to the client whose command was running."""

NO_MEMORY = b"-OOM command not allowed when used memory > 'maxmemory'.\r\n"
"""The same, when the command needed more memory than there is."""

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

    def introduction(self, database: int, protocol: int) -> bytes:
        """The frame with which a worker is handed the connection."""
        words = (
            *(b"%d" % self.number, b"%d" % self.slot, self.remote, self.local),
            *(b"%d" % database, b"%d" % protocol, self.name, self.user, b"1" if self.user else b"0"),
        )
        return frame(b"N", encode(words))


class Guests:
    """All clients, by number."""

    def __init__(self) -> None:
        self._found: dict[int, Guest] = {}
        self._free = list(range(min(boards.SLOTS, raise_file_limit() - 64) - 1, -1, -1))
        self._numbers = 0

    def __iter__(self) -> Iterator[Guest]:
        return iter(self._found.values())

    def accept(self, listener: socket.socket) -> Guest | None:
        """Who connects; None when there is no place, or nobody after all."""
        try:
            sock, address = listener.accept()
        except OSError:  # hung up in the meantime
            return None
        sock.setblocking(False)
        if not self._free:
            _send_all(sock, b"-ERR max number of clients reached\r\n")
            sock.close()
            return None
        self._numbers += 1
        local = listener.getsockname()
        if listener.family == socket.AF_UNIX:
            remote_text = local_text = f"{local}:0"
        else:
            with contextlib.suppress(OSError):  # macOS refuses on a connection that is gone already
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            remote_text, local_text = f"{address[0]}:{address[1]}", f"{local[0]}:{local[1]}"
        guest = Guest(sock, self._numbers, self._free.pop(), remote_text.encode(), local_text.encode())
        self._found[guest.number] = guest
        return guest

    def forget(self, number: int) -> None:
        """Hang up."""
        guest = self._found.pop(number, None)
        if guest is not None:
            guest.sock.close()
            self._free.append(guest.slot)

    def identify(self, body: bytes) -> None:
        """The worker says what a client is called now, and whom it is logged in as."""
        parser = CommandParser()
        parser.feed(body)
        number, name, user = parser.get() or [b"0", b"", b""]
        guest = self._found.get(int(number))
        if guest is not None:
            guest.name, guest.user = name, user

    def console(self, board: Board, culprit_words: bytes) -> None:
        """Answer the client whose command was running, and those that cannot go on as if nothing had happened."""
        slot, done, unanswered = board.running()
        for guest in list(self._found.values()):
            flags, _, _ = board.standing(guest.slot)
            words = b""
            if guest.slot == slot:
                words = _UNSURE * done + culprit_words + _NOT_RUN * (unanswered - done - 1) if unanswered else b""
            elif not flags & boards.TORN:
                words = next((text for flag, text in _LOST if flags & flag), b"")
            if words:
                _send_all(guest.sock, words)
            if flags or (guest.slot == slot and not unanswered):
                self.forget(guest.number)


def _send_all(sock: socket.socket, data: bytes) -> None:
    """Send if the client takes it at once; one that does not read is not worth waiting for."""
    with contextlib.suppress(OSError):
        sock.send(data)
