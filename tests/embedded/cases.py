"""Reads the tables of commands in tests/cases/embedded, and runs them against a server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.embedded.conftest import Raw
from tutor.wire import Array, Push, Reply, Set, encode_reply, split

__all__ = ["FOLDER", "Block", "blocks", "run"]

FOLDER = Path(__file__).parents[1] / "cases" / "embedded"


@dataclass(frozen=True)
class Block:
    """One heading of a file with its commands."""

    name: str
    """File and heading."""
    lines: tuple[str, ...]
    """Commands as typed into redis-cli; a leading `~` says that the order of the reply means nothing."""


def blocks() -> list[Block]:
    """Every block of every file."""
    found: list[Block] = []
    for path in sorted(FOLDER.glob("*.md")):
        heading, inside, lines = "", False, []
        for line in path.read_text().splitlines():
            if line.startswith("## "):
                heading = line[3:]
            elif line.startswith("```"):
                if inside:
                    found.append(Block(f"{path.stem}: {heading}", tuple(lines)))
                inside, lines = not inside, []
            elif inside and line:
                lines.append(line)
    return found


def run(raw: Raw, block: Block, protocol: int) -> list[tuple[str, bytes]]:
    """Each line with the bytes that came for it: all of them, for SUBSCRIBE and its like answer several times."""
    raw.ask("HELLO", str(protocol))
    raw.ask("FLUSHALL")
    raw.ask("SCRIPT", "FLUSH")
    raw.ask("FUNCTION", "FLUSH")
    found = []
    for line in block.lines:
        unordered, command = line.startswith("~"), line.removeprefix("~").strip()
        raw.send(*split(command.encode()))
        replies: list[Reply] = []
        if block.name.endswith("subscriptions"):
            raw.send("PING", "that was all")
            while b"that was all" not in encode_reply(reply := raw.read(), 3):
                replies.append(reply)
        else:
            reply = raw.read()
            replies.append(_sorted(reply) if unordered else reply)
        found.append((line, b"".join(encode_reply(reply, protocol) for reply in replies)))
    return found


def _sorted(reply: Reply) -> Reply:
    if isinstance(reply, Array | Set | Push):
        return type(reply)(tuple(sorted(reply.items, key=repr)))
    return reply
