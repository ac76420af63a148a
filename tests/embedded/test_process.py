"""The server as a process: how it starts, who may talk to it, and that it leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time

import pytest

from tests.embedded.conftest import ROOT, Embedded, Raw, wait_for
from tutor.wire import Bulk, Error, Integer, Reply, Status


def gone(pid: int) -> bool:
    """Wait for a process to end."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            with open(f"/proc/{pid}/stat", "rb") as file:
                if file.read().rpartition(b")")[2].split()[0] == b"Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("how", ["pipe", "SIGTERM", "SIGINT"])
def test_it_leaves_nothing_behind(how: str) -> None:
    """No process, no socket, whatever ends it."""
    folder = tempfile.mkdtemp(prefix="emb")
    server = Embedded(folder)
    assert server.client().ask("PING") == Status(b"PONG")
    worker = server.status()["worker"]
    if how != "pipe":
        server.process.send_signal(getattr(signal, how))
        server.process.wait(5)
    server.stop()
    assert gone(worker)
    assert not os.path.exists(folder) or os.listdir(folder) == []


def test_a_killed_supervisor_takes_its_worker_along() -> None:
    """Even while the worker runs a command that never ends."""
    folder = tempfile.mkdtemp(prefix="emb")
    server = Embedded(folder, "--limit-seconds", "0.5")
    raw, worker = server.client(), server.status()["worker"]
    raw.send("EVAL", "while true do end", "0")
    server.process.kill()
    server.process.wait(5)
    assert gone(worker)
    server.stop()


def test_it_ends_with_its_parent() -> None:
    """`--die-with-parent`: the program that started it is gone, and so is the server."""
    folder = tempfile.mkdtemp(prefix="emb")
    path = f"{folder}/r"
    script = (
        "import subprocess, sys, time\n"
        "words = [sys.executable, '-m', 'tutor.embedded', '--die-with-parent', '--unixsocket', sys.argv[1]]\n"
        "p = subprocess.Popen(words)\n"
        "print(p.pid, flush=True)\ntime.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, path], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    wait_for(path)
    parent.kill()
    parent.wait(5)
    parent.stdout.close()
    assert gone(pid)
    assert not os.path.exists(path)


def test_sockets_are_for_the_owner_alone(server: Embedded) -> None:
    """Nobody else on this machine can connect."""
    for path in (server.path, server.control):
        assert stat.S_IMODE(os.stat(path).st_mode) & 0o077 == 0


def test_a_client_may_be_early(server: Embedded) -> None:
    """What is sent before the worker is up is answered as soon as it is."""
    server.kill_worker()
    assert server.client().ask("ECHO", "early") == Bulk(b"early")


def test_a_port_with_a_password() -> None:
    """TCP on loopback; nothing but AUTH and its like before the password."""
    folder = tempfile.mkdtemp(prefix="emb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Embedded(folder, "--port", str(port), "--password", "sesame")
    raw = server.client()
    raw.sock.close()
    raw.sock = socket.create_connection(("127.0.0.1", port), timeout=5)
    assert raw.ask("GET", "k") == Error(b"NOAUTH Authentication required.")
    assert raw.ask("AUTH", "wrong") == Error(b"WRONGPASS invalid username-password pair or user is disabled.")
    assert raw.ask("AUTH", "sesame") == Status(b"OK")
    assert raw.ask("SET", "k", "v") == Status(b"OK")
    server.kill_worker()
    assert raw.ask("GET", "k") == Bulk(b"v")
    server.stop()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "nothing to listen on"),
        (("--port", "1", "--bind", "0.0.0.0"), "give a --password"),
        (("--port", "1", "--version-like", "seven"), "write it like 7.0"),
    ],
)
def test_usage(options: tuple[str, ...], words: str) -> None:
    """A wrong command line ends with status 2 and says what to write."""
    found = subprocess.run(
        [sys.executable, "-m", "tutor.embedded", *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 2
    assert words in found.stderr


def test_too_many_clients() -> None:
    """The last one is told, and those before go on."""
    folder = tempfile.mkdtemp(prefix="emb")
    server = Embedded(folder)
    crowd = [Raw(server.path) for _ in range(900)]
    assert all(raw.ask("PING") == Status(b"PONG") for raw in crowd)
    refusals: list[Reply] = []
    while not refusals:
        late = Raw(server.path)
        crowd.append(late)
        late.sock.settimeout(0.05)
        with contextlib.suppress(TimeoutError):
            refusals.append(late.read())
        late.sock.settimeout(5)
    assert refusals == [Error(b"ERR max number of clients reached")]
    assert crowd[0].ask("PING") == Status(b"PONG")
    for raw in crowd:
        raw.close()
    server.stop()


def test_nothing_is_printed() -> None:
    """Not even when a worker dies of a fault."""
    folder = tempfile.mkdtemp(prefix="emb")
    process = subprocess.Popen(
        [sys.executable, "-m", "tutor.embedded", "--unixsocket", f"{folder}/r", "--control", f"{folder}/c"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    wait_for(f"{folder}/r")
    raw = Raw(f"{folder}/r")
    raw.send("EVAL", "while true do end", "0")
    observer = Raw(f"{folder}/c")
    while observer.ask("TUTOR.INTERRUPT") != Integer(1):
        pass
    raw.read()
    raw.close()
    observer.close()
    process.terminate()
    printed, _ = process.communicate(timeout=5)
    assert printed == b""
