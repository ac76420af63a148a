"""The channel between supervisor and worker: frames of a letter, a length and a body, descriptors beside them."""

from __future__ import annotations

import array
import socket
import struct
from collections import deque
from collections.abc import Iterator

__all__ = ["HEAD", "Frames", "frame"]

HEAD = struct.Struct("!cI")
_INTS = array.array("i").itemsize


def frame(kind: bytes, body: bytes = b"") -> bytes:
    """One message."""
    return HEAD.pack(kind, len(body)) + body


class Frames:
    """Reads frames, and the descriptors that travel with some of them in the same order."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = bytearray()
        self.descriptors: deque[int] = deque()

    def read(self) -> Iterator[tuple[bytes, bytes]]:
        """Receive once, and yield the frames that are whole. Raises EOFError when the other side is gone."""
        try:
            data, ancillary, _, _ = self._sock.recvmsg(1 << 18, socket.CMSG_SPACE(64 * _INTS))
        except BlockingIOError:
            return
        except ConnectionResetError:
            raise EOFError from None
        for level, kind, body in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                received = array.array("i")
                received.frombytes(body[: len(body) - len(body) % _INTS])
                self.descriptors.extend(received)
        if not data:
            raise EOFError
        self._buffer += data
        at = 0
        while len(self._buffer) - at >= HEAD.size:
            kind, size = HEAD.unpack_from(self._buffer, at)
            if len(self._buffer) - at - HEAD.size < size:
                break
            at += HEAD.size
            yield kind, bytes(self._buffer[at : at + size])
            at += size
        del self._buffer[:at]
