"""The command line of the embedded server."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Options", "parse"]

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Options:
    """How a server is to run."""

    unixsocket: str | None
    """Where clients connect; created with mode 0600."""
    control: str | None
    """Where the owner connects: observers, the clock, interrupt and reset."""
    port: int | None
    """A TCP port for clients, or None for no TCP."""
    bind: str
    """The address of that port; anything but loopback needs a password."""
    password: str
    """What clients have to AUTH with; empty for none."""
    parent_pipe: int | None
    """A descriptor whose end of file ends the server."""
    die_with_parent: bool
    """Whether the server ends when the process that started it has ended."""
    version: tuple[int, ...]
    """The Redis version to answer like."""
    limit: float
    """Seconds that one command may take before the worker is replaced."""
    memory: int
    """Bytes of address space that the worker may have."""


def parse(argv: Sequence[str]) -> Options:
    """Read the command line; a mistake in it ends the process with status 2 and a message, as argparse does."""
    parser = argparse.ArgumentParser(prog="python -m tutor.embedded", description="The tutor's own Redis server.")
    parser.add_argument("--unixsocket", metavar="PATH", help="the socket that clients connect to")
    parser.add_argument("--control", metavar="PATH", help="the socket of whoever owns this server")
    parser.add_argument("--port", type=int, metavar="N", help="a TCP port for clients")
    parser.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS", help="the address of the port (127.0.0.1)")
    parser.add_argument(
        # Not only as an option: the list of processes shows options to every user of the machine.
        "--password",
        default=os.environ.pop("TUTOR_EMBEDDED_PASSWORD", ""),
        help="what clients have to AUTH with; may stand in TUTOR_EMBEDDED_PASSWORD instead",
    )
    parser.add_argument("--parent-pipe", type=int, metavar="FD", help="end when this descriptor reaches its end")
    parser.add_argument("--die-with-parent", action="store_true", help="end when the starting process has ended")
    parser.add_argument("--version-like", default="7.0.15", metavar="V", help="the Redis version to answer like")
    parser.add_argument("--limit-seconds", type=float, default=5.0, metavar="S", help="the most one command may take")
    parser.add_argument("--memory", type=int, default=512, metavar="MB", help="the most memory the worker may have")
    given = parser.parse_args(argv)
    if not given.unixsocket and given.port is None:
        parser.error("nothing to listen on: give --unixsocket PATH or --port N")
    if given.port is not None and given.bind not in _LOOPBACK and not given.password:
        parser.error(f"--bind {given.bind} is open to others: give a --password too")
    try:
        version = tuple(int(part) for part in given.version_like.split("."))
    except ValueError:
        parser.error(f"--version-like {given.version_like}: write it like 7.0")
    return Options(
        unixsocket=given.unixsocket,
        control=given.control,
        port=given.port,
        bind=given.bind,
        password=given.password,
        parent_pipe=given.parent_pipe,
        die_with_parent=given.die_with_parent,
        version=(7, 0, 15) if version == (7, 0) else (*version, 0, 0)[:3],
        limit=given.limit_seconds,
        memory=given.memory * 1024 * 1024,
    )
