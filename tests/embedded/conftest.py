"""Servers for these tests: the embedded one as a process, a real one beside it, and a raw client for both."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import need
from tutor.wire import Error, Push, Reply, ReplyParser, encode

ROOT = Path(__file__).parents[2]


class Raw:
    """A connection that keeps replies apart as the wire does."""

    def __init__(self, path: str, timeout: float = 10) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(timeout)
        self.sock.connect(path)
        self._parser = ReplyParser()

    def send(self, *words: bytes | str) -> None:
        """Send a command without waiting."""
        self.sock.sendall(encode([word.encode() if isinstance(word, str) else word for word in words]))

    def read(self) -> Reply:
        """The next reply."""
        while True:
            reply = self._parser.get()
            if reply is not None:
                return reply
            data = self.sock.recv(1 << 16)
            if not data:
                raise EOFError
            self._parser.feed(data)

    def ask(self, *words: bytes | str) -> Reply:
        """A command's reply."""
        self.send(*words)
        return self.read()

    def close(self) -> None:
        """Hang up."""
        self.sock.close()


class Embedded:
    """A running embedded server."""

    def __init__(self, folder: str, *options: str) -> None:
        self.path, self.control = f"{folder}/r.sock", f"{folder}/c.sock"
        ours, self._pipe = os.pipe()
        command = [sys.executable, "-m", "tutor.embedded", "--unixsocket", self.path, "--control", self.control]
        self.process = subprocess.Popen(
            [*command, "--parent-pipe", str(ours), *options], cwd=ROOT, pass_fds=(ours,), start_new_session=True
        )
        os.close(ours)
        self.clients: list[Raw] = []
        wait_for(self.path)
        wait_for(self.control)

    def client(self, protocol: int = 2) -> Raw:
        """A new connection."""
        raw = Raw(self.path)
        self.clients.append(raw)
        if protocol == 3:
            raw.ask("HELLO", "3")
        return raw

    def observer(self) -> Raw:
        """A new connection to the control socket."""
        raw = Raw(self.control)
        self.clients.append(raw)
        return raw

    def status(self) -> dict[str, int]:
        """TUTOR.STATUS."""
        raw = Raw(self.control)
        reply = raw.ask("TUTOR.STATUS")
        raw.close()
        words = [item.data.decode() if hasattr(item, "data") else item.value for item in reply.items]  # type: ignore[union-attr]
        return dict(zip(words[::2], words[1::2], strict=True))

    def kill_worker(self) -> None:
        """`kill -9`, as the kernel would, when the worker has nothing to do."""
        raw = Raw(self.control)
        raw.ask("PING")  # it has gone round its loop since the last command of any client
        raw.close()
        os.kill(self.status()["worker"], 9)

    def reset(self) -> None:
        """Empty it, and hang up."""
        for raw in self.clients:
            raw.close()
        self.clients.clear()
        raw = Raw(self.control)
        assert not isinstance(raw.ask("TUTOR.RESET"), Error)
        raw.close()

    def stop(self) -> None:
        """End it by the end of its parent's pipe."""
        for raw in self.clients:
            raw.close()
        os.close(self._pipe)
        self.process.wait(10)


def wait_for(path: str) -> None:
    """Wait until a socket accepts."""
    until = time.monotonic() + 10
    while True:
        probe = socket.socket(socket.AF_UNIX)
        try:
            probe.connect(path)
            return
        except (FileNotFoundError, ConnectionRefusedError):
            if time.monotonic() > until:
                raise
            time.sleep(0.005)
        finally:
            probe.close()


@pytest.fixture(scope="session")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    folder = tempfile.mkdtemp(prefix="emb")  # short: a socket's path has at most 107 bytes
    server = Embedded(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(_shared: Embedded) -> Iterator[Embedded]:
    """An embedded server, empty; tests may kill its worker."""
    yield _shared
    _shared.reset()


@pytest.fixture(scope="session")
def real() -> Iterator[str]:
    """The socket of a real redis-server."""
    program = need("redis-server")
    folder = tempfile.mkdtemp(prefix="real")
    path = f"{folder}/r.sock"
    words = [program, "--port", "0", "--unixsocket", path, "--save", "", "--dir", folder]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    wait_for(path)
    yield path
    process.terminate()
    process.wait(10)
    shutil.rmtree(folder)


__all__ = ["Embedded", "Push", "Raw", "wait_for"]
