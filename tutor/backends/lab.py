"""A real server that we start for a lesson or a proof, on a unix socket in a folder of its own, and always stop."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time

from tutor.backends.address import Address
from tutor.backends.base import Backend
from tutor.backends.connection import Connection
from tutor.errors import BackendError, MissingCapability, Unreachable
from tutor.wire import Array, Bulk

__all__ = ["LabBackend", "find_server"]

# The guard outlives nobody: when the process that started it ends, even by kill -9, the pipe on its standard input
# closes, `read` returns, and the server is stopped and its folder removed. With -9, because a server that runs a script
# without an end hears nothing else, and what it held is thrown away in any case.
_GUARD = (
    'folder="$1"; shift; "$@" >"$folder/log" 2>&1 </dev/null & '
    'read -r _; kill -9 $! 2>/dev/null; wait; rm -rf "$folder"'
)
_READY_WITHIN = 10.0
_AS_NEW = (
    ("REPLICAOF", "NO", "ONE"),
    ("CONFIG", "SET", "requirepass", "", "maxmemory", "0", "maxmemory-policy", "noeviction"),
    ("CONFIG", "SET", "notify-keyspace-events", ""),
    ("ACL", "SETUSER", "default", "on", "nopass", "~*", "&*", "+@all"),
    ("FLUSHALL",),
    ("SCRIPT", "FLUSH"),
    ("FUNCTION", "FLUSH"),
    ("CONFIG", "RESETSTAT"),
    ("ACL", "USERS"),
)


def find_server() -> str | None:
    """The path of the first server binary on PATH, Redis's before Valkey's; None when there is neither."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


class LabBackend(Backend):
    """One real node with nothing on disk."""

    name = "lab"
    capabilities = frozenset({"lua", "functions", "acl", "eviction", "persistence", "monitoring", "lab"})

    def __init__(self) -> None:
        self._guard: subprocess.Popen[bytes] | None = None
        self._observer: Connection | None = None
        self._folder = ""

    def start(self) -> None:
        """Start the server and wait until it answers, some ten milliseconds."""
        binary = find_server()
        if binary is None:
            raise MissingCapability(
                "No redis-server or valkey-server is on this machine's PATH. On Debian or Ubuntu: "
                "sudo apt install redis-server; on macOS: brew install redis."
            )
        self._folder = tempfile.mkdtemp(prefix="redis-tutor-")
        socket = os.path.join(self._folder, "redis.sock")
        server = [binary, "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"]
        server += ["--dir", self._folder, "--save", "", "--appendonly", "no"]
        self._guard = subprocess.Popen(["/bin/sh", "-c", _GUARD, "guard", self._folder, *server], stdin=subprocess.PIPE)
        self.address = Address(path=socket)
        self._await()

    def _await(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN
        while True:
            try:
                self._observer = Connection(self.address, name="redis-tutor-observer")
                return
            except Unreachable:
                if time.monotonic() > deadline:
                    log = self._log()
                    self.close()
                    raise BackendError(
                        f"The server did not start within {_READY_WITHIN:.0f} s. It said: {log}"
                    ) from None
                time.sleep(0.002)

    def _log(self) -> str:
        try:
            with open(os.path.join(self._folder, "log"), encoding="utf-8", errors="replace") as log:
                return " ".join(log.read().split())[-400:] or "nothing"
        except OSError:
            return "nothing"

    def close(self) -> None:
        """Stop the server and remove its folder."""
        if self._observer is not None:
            self._observer.close()
            self._observer = None
        if self._guard is not None:
            if self._guard.stdin is not None:
                self._guard.stdin.close()
            self._guard.wait()
            self._guard = None

    def observe(self) -> Connection:
        """A second, named connection."""
        if self._observer is None or self._observer.broken:
            self._observer = Connection(self.address, name="redis-tutor-observer")
        return self._observer

    def interrupt(self) -> None:
        """Cut off a script that does not end. Redis listens for that 5 s after the script began, and not before."""
        # A connection of its own: the observer may itself be waiting for an answer.
        control = Connection(self.address)
        try:
            control.call_many([("SCRIPT", "KILL"), ("FUNCTION", "KILL")], timeout=10)
        finally:
            control.close()

    def clean(self) -> None:
        """Empty the server, and take back what a lesson may have set: it is ours, and nobody else's data is on it."""
        observer = self.observe()
        users = observer.call_many(_AS_NEW)[-1]
        names = [user.data for user in users.items if isinstance(user, Bulk)] if isinstance(users, Array) else []
        if names != [b"default"]:
            observer.call("ACL", "DELUSER", *(name for name in names if name != b"default"))
