"""The catalog and a real server are of one mind: arity, keys, and the order of arguments."""

from __future__ import annotations

import pytest

from tests.catalog.conftest import Ask
from tests.catalog.test_walk import filled
from tutor.catalog import Catalog, Command, load
from tutor.wire import Array, Bulk, Error, Integer, Reply, Status

CATALOG = load()
NEWEST = (7, 0, 99)
KEPT_FROM_THE_SERVER = frozenset(
    {
        "ACL",
        "BGSAVE",
        "CLIENT",
        "CLUSTER",
        "CONFIG",
        "DEBUG",
        "FAILOVER",
        "HELLO",
        "MIGRATE",
        "MODULE",
        "MONITOR",
        "MULTI",
    }
    | {"PFDEBUG", "PFSELFTEST", "PSUBSCRIBE", "PSYNC", "PUNSUBSCRIBE", "QUIT", "REPLCONF", "REPLICAOF", "RESET"}
    | {"RESTORE-ASKING", "SAVE", "SENTINEL", "SHUTDOWN", "SLAVEOF", "SSUBSCRIBE", "SUBSCRIBE", "SUNSUBSCRIBE", "SYNC"}
    | {"UNSUBSCRIBE", "WAIT"}
)
"""Commands that would end the server, the connection or the test, or wait for somebody."""
NUMBERS = frozenset({"integer", "double", "unix-time"})
LOOKS_FIRST = frozenset({"GEORADIUSBYMEMBER", "GEORADIUSBYMEMBER_RO", "GETEX", "LINDEX"})
"""Commands that answer for a missing key before they read their numbers."""
NEEDS_ANOTHER = {"ZRANGE": b"LIMIT", "ZRANGESTORE": b"LIMIT"}
"""Options that the server takes only together with another one."""


def old(command: Command) -> bool:
    return not command.module and since(command.since) <= NEWEST


def since(versions: dict[str, str]) -> tuple[int, ...]:
    return tuple(map(int, versions.get("redis", "99").split(".")))


def lines_of(command: Command) -> list[list[bytes]]:
    """The shortest line of a command, and one with each thing that may come at each of its places."""
    name = command.name.encode().split()
    shortest = filled(CATALOG, name)
    lines = [shortest]
    for place in range(len(name), len(shortest) + 1):
        for expected in CATALOG.walk(shortest[:place]).expected:
            argument = expected.argument
            if expected.kind != "token" or argument is None or (argument.since and since(argument.since) > NEWEST):
                continue
            if expected.text.encode() != NEEDS_ANOTHER.get(command.name):
                lines.append(filled(CATALOG, [*shortest[:place], expected.text.strip('"').encode()]))
    return lines


COMMANDS = [c for name in CATALOG.names() if (c := CATALOG.get(name)) and old(c) and not c.subcommands]
RUN = [c for c in COMMANDS if c.name.split()[0] not in KEPT_FROM_THE_SERVER]


def test_arity_is_the_servers(redis: Ask, catalog: Catalog) -> None:
    """What the catalog calls the shortest line is as long as the server wants it."""
    for command in COMMANDS:
        if command.container == "SENTINEL":
            continue
        info = redis([b"COMMAND", b"INFO", command.name.replace(" ", "|").encode()])
        assert isinstance(info, Array)
        assert isinstance(info.items[0], Array), command.name
        told = info.items[0].items[1]
        assert isinstance(told, Integer)
        newer = any(a.since and since(a.since) > NEWEST for a in command.arguments)
        assert abs(command.arity) == abs(told.value), command.name
        assert command.arity == told.value or newer, command.name
        # The first of several alternatives may be longer than the shortest: SETSLOT's IMPORTING, and STABLE.
        shortest = len(filled(catalog, command.name.encode().split()))
        assert shortest == abs(told.value) or (shortest > abs(told.value) and command.name == "CLUSTER SETSLOT")


def keys_of(reply: Reply) -> list[bytes]:
    assert isinstance(reply, Array)
    return [item.data for item in reply.items if isinstance(item, Bulk)]


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.container != "SENTINEL"], ids=lambda c: c.name)
def test_keys_are_the_servers(redis: Ask, command: Command) -> None:
    for line in lines_of(command):
        reply = redis([b"COMMAND", b"GETKEYS", *line])
        found = [line[index] for index in command.keys(line)]
        if isinstance(reply, Error):
            # PFMERGE with a destination alone is valid, and GETKEYS finds no range of sources in it;
            # MIGRATE's KEYS want an empty word in the place of the one key.
            assert not found or line == [b"PFMERGE", b"k1"] or b"KEYS" in line, (line, reply)
        else:
            assert sorted(found) == sorted(keys_of(reply)), line


@pytest.mark.parametrize("command", RUN, ids=lambda c: c.name)
def test_what_is_no_number_is_refused(redis: Ask, command: Command) -> None:
    """A value that the walk calls no number is none for the server."""
    for line in lines_of(command):
        for token in CATALOG.walk(line).tokens:
            if token.role != "value" or token.argument is None or token.argument.type not in NUMBERS:
                continue
            for word in (b"x", b"-", b"1.5") if token.argument.type == "integer" else (b"x", b"-"):
                wrong = [*line[: token.index], word, *line[token.index + 1 :]]
                assert CATALOG.walk(wrong).problem is not None, wrong
                redis([b"FLUSHALL"])
                assert isinstance(redis(wrong), Error) or command.name in LOOKS_FIRST, wrong


@pytest.mark.parametrize("command", RUN, ids=lambda c: c.name)
def test_lines_are_understood(redis: Ask, command: Command) -> None:
    """The server may not like a value, but it never says that a line is put together wrongly."""
    for line in lines_of(command):
        assert redis([b"FLUSHALL"]) == Status(b"OK")
        reply = redis(line)
        text = reply.text.lower() if isinstance(reply, Error) else b""
        assert b"syntax" not in text, (line, text)
        assert b"wrong number" not in text, (line, text)
        assert b"unknown" not in text, (line, text)
