"""redis-cli as the judge: what it sends for a line, and how it prints a reply that we put on the wire."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import need
from tutor.wire import CommandParser


class RedisCli:
    """A redis-cli, and a server of ours that notes what it sends and answers with the bytes it is given."""

    def __init__(self, binary: str, folder: Path) -> None:
        self._binary = binary
        self._path = str(folder / "judge.sock")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self._path)
        self._listener.listen(8)
        self.reply = b"+OK\r\n"
        self.seen: list[list[bytes]] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client:
                parser = CommandParser()
                while data := client.recv(65536):
                    parser.feed(data)
                    while (argv := parser.get()) is not None:
                        hello = argv[0].upper() == b"HELLO"
                        # Its own questions: the protocol, and the commands' documentation for its hints.
                        if not hello and argv != [b"COMMAND", b"DOCS"]:
                            self.seen.append(argv)
                        client.sendall(b"%1\r\n$5\r\nproto\r\n:3\r\n" if hello else self.reply)

    def prints(self, reply: bytes, *options: str) -> bytes:
        """What redis-cli writes when the server answers with these bytes."""
        self.reply = reply
        line = [self._binary, "-s", self._path, *options, "ANYTHING"]
        return subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout

    def sends(self, lines: bytes) -> list[list[bytes]]:
        """The commands that redis-cli makes of these lines on its standard input."""
        self.reply, self.seen = b"+OK\r\n", []
        subprocess.run([self._binary, "-s", self._path], input=lines, stdout=subprocess.DEVNULL, check=True)
        return self.seen

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()


@pytest.fixture(scope="session")
def redis_cli(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisCli]:
    judge = RedisCli(need("redis-cli"), tmp_path_factory.mktemp("cli"))
    yield judge
    judge.close()
