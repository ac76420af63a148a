"""The embedded server, started as a process of its own. Its inside is never imported here: this is a client of it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable

from tutor.backends.address import Address
from tutor.backends.base import Backend
from tutor.backends.connection import Connection
from tutor.errors import BackendError, Unreachable, UsageError
from tutor.wire import Error, Integer, Reply

__all__ = ["EmbeddedBackend", "serve"]

_READY_WITHIN = 20.0
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class _Child:
    """The server's process, and the pair of sockets that ties its life to ours."""

    def __init__(self, options: list[str], password: str = "") -> None:
        # What it says on the way down, in a file without a name: nothing of it stays when we are killed.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  closed in `end`
        ours, theirs = socket.socketpair()
        with theirs:
            # The child ends when its end of this pair reads end-of-file: that is, when we end, however we end.
            # A process group of its own keeps the terminal's Ctrl-C away from it.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tutor.embedded", *options, "--parent-pipe", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                pass_fds=(theirs.fileno(),),
                env=_environment(password),
                process_group=0,
            )
        self._lifeline = ours

    def await_ready(self) -> None:
        """Wait for the byte that the child sends once it listens. Raises `BackendError` with what it said instead."""
        self._lifeline.settimeout(_READY_WITHIN)
        try:
            ready = self._lifeline.recv(1)
        except TimeoutError:
            ready = b""
        if not ready:
            self._log.seek(0)
            said = " ".join(self._log.read().decode("utf-8", "replace").split())[-400:] or "nothing"
            self.end()
            raise BackendError(f"The embedded server did not start. It said: {said}")

    def wait(self) -> int:
        """Wait until the child ends by itself; answers its exit code."""
        return self._process.wait()

    def end(self) -> None:
        """Close the lifeline; a child that does not follow is killed."""
        self._lifeline.close()
        self._log.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class EmbeddedBackend(Backend):
    """A Redis-compatible server in a child process, on a unix socket in a folder that only its owner may enter.

    `start` returns once the child listens, before its worker is up: what is sent meanwhile is answered then.
    """

    name = "embedded"
    capabilities = frozenset({"lua", "functions", "clock"})

    def __init__(self, *, limit_seconds: float = 5.0) -> None:
        self._limit = limit_seconds
        self._child: _Child | None = None
        self._observer: Connection | None = None
        self._folder = ""

    def start(self) -> None:
        """Start the child and wait until it listens."""
        # mkdtemp makes the folder with mode 0700, so that no other user of the machine reaches the sockets in it.
        self._folder = tempfile.mkdtemp(prefix="redis-tutor-")
        clients, control = (os.path.join(self._folder, name) for name in ("redis.sock", "control.sock"))
        options = ["--unixsocket", clients, "--control", control, "--limit-seconds", str(self._limit)]
        self._child = _Child(options)
        try:
            self._child.await_ready()
        except BackendError:
            self._child = None
            self.close()
            raise
        self.address = Address(path=clients)
        self._control = Address(path=control)
        self.clock = _Clock(self)

    def close(self) -> None:
        """Let the child end, and remove its folder."""
        if self._observer is not None:
            self._observer.close()
            self._observer = None
        if self._child is not None:
            self._child.end()
            self._child = None
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""

    def observe(self) -> Connection:
        """A client on the control socket: not in CLIENT LIST, not counted, not tracked."""
        if self._observer is None or self._observer.broken:
            self._observer = Connection(self._control)
        return self._observer

    def clean(self) -> None:
        """Empty the server, its scripts and settings, and let its clock run."""
        self._ask("TUTOR.RESET")

    def interrupt(self) -> None:
        """Cut off the running command: the worker is replaced, its data rebuilt, and other clients go on."""
        # A connection of its own: the observer may itself be waiting for the worker.
        try:
            control = Connection(self._control)
            control.call("TUTOR.INTERRUPT", timeout=5)
            control.close()
        except Unreachable:
            return

    def _ask(self, *argv: str) -> Reply:
        reply = self.observe().call(*argv)
        if isinstance(reply, Error):
            raise BackendError(f"The embedded server refused {' '.join(argv)}: {reply.text.decode()}.")
        return reply


class _Clock:
    """The worker's clock, set over the control socket."""

    def __init__(self, backend: EmbeddedBackend) -> None:
        self._backend = backend

    def now_ms(self) -> int:
        reply = self._backend._ask("TUTOR.CLOCK")
        return reply.value if isinstance(reply, Integer) else 0

    def set(self, ms: int) -> None:
        self._backend._ask("TUTOR.CLOCK", "SET", str(ms))

    def advance(self, ms: int) -> None:
        self._backend._ask("TUTOR.CLOCK", "ADVANCE", str(ms))

    def run(self) -> None:
        self._backend._ask("TUTOR.CLOCK", "RUN")


def serve(
    *,
    port: int | None,
    unixsocket: str | None,
    bind: str,
    password: str,
    limit_seconds: float,
    memory: int,
    on_ready: Callable[[Address], None],
) -> int:
    """Run an embedded server by itself until it ends or Ctrl-C comes; `memory` is in MB. Answers its exit code."""
    if bind not in _LOOPBACK and not password:
        raise UsageError(f"--bind {bind} opens the server to other machines. Add --password WORD, or leave it away.")
    where = ["--unixsocket", unixsocket] if unixsocket else ["--port", str(port), "--bind", bind]
    options = [*where, "--limit-seconds", str(limit_seconds), "--memory", str(memory)]
    child = _Child(options, password)
    try:
        child.await_ready()
        on_ready(Address(path=unixsocket) if unixsocket else Address(host=bind, port=port or 0, password=password))
        return child.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        child.end()


def _environment(password: str) -> dict[str, str]:
    """The child needs to find this very package, and nothing of what the learner has set for Python.

    The password goes this way because the list of processes shows a command line to every user of the machine.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    return {
        **kept,
        "PYTHONPATH": package,
        "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
        "TUTOR_EMBEDDED_PASSWORD": password,
    }
