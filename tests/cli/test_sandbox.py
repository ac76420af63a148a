"""`redis-tutor sandbox`: the embedded server alone, for any client."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tutor.backends import Address, Connection
from tutor.errors import BackendError
from tutor.wire import Error, Status


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _sandbox(*words: str, env: dict[str, str] | None = None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running sandbox, and the first line that it prints."""
    with subprocess.Popen(
        [sys.executable, "-m", "tutor.cli", "sandbox", *words],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(env or {})},
    ) as server:
        try:
            assert server.stdout is not None
            yield server, server.stdout.readline()
        finally:
            server.kill()


@pytest.mark.parametrize("where", ["port", "unixsocket"])
def test_it_serves_until_ctrl_c_and_leaves_nothing(tmp_path: Path, where: str) -> None:
    path, port = tmp_path / "s.sock", _free_port()
    words = ["--port", str(port)] if where == "port" else ["--unixsocket", str(path)]
    with _sandbox(*words) as (server, said):
        assert "listens at" in said
        address = Address(port=port) if where == "port" else Address(path=str(path))
        with Connection(address) as client, Connection(address) as other:
            assert client.call("SET", "k", "v") == Status(b"OK")
            assert other.call("INCR", "k") == Error(b"ERR value is not an integer or out of range")
        server.send_signal(signal.SIGINT)
        assert server.wait(10) == 0
    assert not path.exists()


def test_a_password_is_asked_for_and_not_in_the_list_of_processes() -> None:
    port = _free_port()
    with _sandbox("--port", str(port), env={"REDIS_TUTOR_PASSWORD": "open-sesame"}) as (_, said):
        assert "open-sesame" not in said
        with pytest.raises(BackendError, match="refused SELECT: NOAUTH"):
            Connection(Address(port=port, database=1))
        with Connection(Address(port=port, password="open-sesame")) as client:
            assert client.call("PING") == Status(b"PONG")
        if sys.platform == "linux":
            lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if os.access(path, os.R_OK)]
            assert not [line for line in lines if b"open-sesame" in line]


def test_another_address_needs_a_password(tutor: Run) -> None:
    done = tutor("sandbox", "--port", "1", "--bind", "0.0.0.0")
    assert done.returncode == 2
    assert "--password" in done.stderr


def test_a_port_in_use_is_said(tutor: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = tutor("sandbox", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 4
    assert "in use" in done.stderr
    assert "Traceback" not in done.stderr
