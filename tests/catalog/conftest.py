"""The catalog, the scripts that build it, and a real server to agree with."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.servers import need
from tutor.catalog import Catalog, load
from tutor.wire import Reply, ReplyParser, encode, split

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases" / "catalog"
sys.path.append(str(ROOT / "scripts"))

Ask = Callable[[Sequence[bytes]], Reply]


def cases(name: str) -> list[Any]:
    """The rows of one of the tables in tests/cases/catalog, each under its line's name."""
    rows = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["line"] or "(nothing)") for row in rows]


def words_of(line: str) -> list[bytes]:
    """The words of a line in a table."""
    return split(line.encode())


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load()


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Asks a redis-server of this test's own, on a unix socket."""
    need("redis-server")
    folder = tmp_path_factory.mktemp("redis")
    path = str(folder / "s")
    command = ["redis-server", "--port", "0", "--unixsocket", path, "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server, socket.socket(socket.AF_UNIX) as connection:
        deadline = time.monotonic() + 10
        while connection.connect_ex(path):
            assert server.poll() is None, "redis-server ended at once"
            assert time.monotonic() < deadline, "redis-server does not answer"
        connection.settimeout(10)
        replies = ReplyParser()

        def ask(argv: Sequence[bytes]) -> Reply:
            connection.sendall(encode(argv))
            while (reply := replies.get()) is None:
                replies.feed(connection.recv(1 << 16))
            return reply

        yield ask
        server.terminate()
