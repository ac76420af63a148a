"""The worker's process as the supervisor sees it: forked, spoken to, watched, and buried."""

from __future__ import annotations

import os
import selectors
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tutor.embedded.board import Board
from tutor.embedded.link import Frames

if TYPE_CHECKING:
    from tutor.embedded.options import Options

__all__ = ["OUT_OF_MEMORY", "Process"]

OUT_OF_MEMORY = 77
"""The exit status of a worker that could not get the memory it asked for."""


class Process:
    """One worker, the board that it writes on, and the channel to it."""

    def __init__(self, options: Options, entries: list[bytes], selector: selectors.BaseSelector) -> None:
        """Fork it. It takes over the journal's entries by being a copy of this process."""
        self.board = Board()
        self._limit = options.limit
        self._selector = selector
        self._out: deque[tuple[bytearray, list[int]]] = deque()
        self._channel, theirs = socket.socketpair()
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            _become_worker(theirs, self.board, options, entries)
        theirs.close()
        self._channel.setblocking(False)
        self._frames = Frames(self._channel)
        self._pulse = (0, time.monotonic())
        selector.register(self._channel, selectors.EVENT_READ, self)

    def frames(self) -> Iterator[tuple[bytes, bytes]]:
        """What it has to say now. Raises EOFError when it is dead and has said everything."""
        return self._frames.read()

    def last_frames(self) -> Iterator[tuple[bytes, bytes]]:
        """Everything that a dead worker had handed over: it may have been answered already."""
        self._channel.settimeout(1)
        try:
            while True:
                yield from self._frames.read()
        except (EOFError, TimeoutError):
            return

    def tell(self, data: bytes, descriptors: list[int]) -> None:
        """Send a frame, and descriptors along with it, as soon as it takes them."""
        self._out.append((bytearray(data), descriptors))
        self.write()

    def write(self) -> None:
        """Send what it takes now."""
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
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._out else 0)
        self._selector.modify(self._channel, events, self)

    def overdue(self) -> bool:
        """Whether it has been at one thing for longer than the limit."""
        working, count = self.board.pulse()
        now = time.monotonic()
        if not working or count != self._pulse[0]:
            self._pulse = (count, now)
            return False
        return now - self._pulse[1] > self._limit

    def kill(self) -> None:
        """End it at once."""
        os.kill(self.pid, signal.SIGKILL)

    def interrupt(self, wait_for: Callable[[int], bool]) -> bool:
        """Kill it if it is in the middle of a command; whether it was. An observer's counts while one waits for it."""
        # Held still while we look: a command that ends in this very moment is not cut off half answered.
        os.kill(self.pid, signal.SIGSTOP)
        if sys.platform == "linux":  # the signal may still be on its way to another processor
            os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        observed = self.board.observed()
        running = self.board.pulse()[0] and self.board.running()[2] > 0 and (not observed or wait_for(observed))
        os.kill(self.pid, signal.SIGKILL if running else signal.SIGCONT)
        return running

    def bury(self) -> bool:
        """Wait for its end and close the channel; whether it died of want of memory."""
        self._selector.unregister(self._channel)
        self._channel.close()
        _, status = os.waitpid(self.pid, 0)
        return os.WIFEXITED(status) and os.WEXITSTATUS(status) == OUT_OF_MEMORY


def _become_worker(channel: socket.socket, board: Board, options: Options, entries: list[bytes]) -> None:
    """The child's side of the fork; does not return."""
    status = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        _complain_elsewhere()
        kept = os.dup2(channel.detach(), 3)
        os.closerange(4, 65536)
        from tutor.embedded.worker import Worker

        Worker(socket.socket(fileno=kept), board, options, entries).run()
        status = 0
    except MemoryError:
        status = OUT_OF_MEMORY
    finally:
        if status == 1:
            import traceback

            traceback.print_exc()
        os._exit(status)


def _complain_elsewhere() -> None:
    """A fault of ours, and what Lua says when it gives up, go to the file that TUTOR_EMBEDDED_LOG names.

    Never to a learner's terminal.
    """
    try:
        file = os.open(
            os.environ.get("TUTOR_EMBEDDED_LOG") or os.devnull, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600
        )
    except OSError:
        file = os.open(os.devnull, os.O_WRONLY)
    os.dup2(file, 2)
    os.close(file)
