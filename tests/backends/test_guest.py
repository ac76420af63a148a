"""On a live server we are a guest: nobody's data is touched."""

from __future__ import annotations

import pytest

from tutor.backends import Backend, Connection, open_backend
from tutor.backends.risks import RISKS
from tutor.catalog import load
from tutor.errors import GuestRefusal
from tutor.wire import Bulk, Error, Integer, Status


def _database(url: str, number: int) -> str:
    return f"{url}?db={number}"


def _dump(owner: Connection) -> list[object]:
    """Everything on the server: each database's keys with their values as the server dumps them."""
    everything: list[object] = []
    for number in range(16):
        owner.call("SELECT", str(number))
        keys = owner.call("KEYS", "*")
        names = sorted(item.data for item in keys.items)  # type: ignore[union-attr]
        everything.append([(name, owner.call("DUMP", name)) for name in names])
    return everything


def test_a_populated_server_is_left_as_it_was(live: str, owner: Connection) -> None:
    owner.call_many([("SET", "theirs", "1"), ("SELECT", "2"), ("RPUSH", "l", "a", "b"), ("SET", "t", "x", "EX", "900")])
    before = _dump(owner)
    with open_backend(live) as backend:
        backend.claim("strings")
        client = backend.connect()
        for line in ("SET ours 1", "MSET a 1 b 2", "RENAME a c", "SADD s x", "SUNIONSTORE d s", "DEL b", "EVAL x 1 e"):
            argv = [word.encode() for word in line.split()]
            if argv[0] == b"EVAL":
                argv[1] = b"return redis.call('SET', KEYS[1], 1)"
            backend.note(client, argv)
            assert not isinstance(client.call(*argv), Error)
        assert client.call("DBSIZE") == Integer(5)
        backend.clean()
        assert client.call("DBSIZE") == Integer(0)
        client.close()
    assert _dump(owner) == before


def test_leaving_takes_along_what_was_made(live: str, owner: Connection) -> None:
    with open_backend(_database(live, 6)) as backend:
        backend.claim()
        with backend.connect() as client:
            backend.note(client, [b"SET", b"ours", b"1"])
            client.call("SET", "ours", "1")
    owner.call("SELECT", "6")
    assert owner.call("DBSIZE") == Integer(0)


def test_keys_that_others_made_meanwhile_stay(live: str, owner: Connection) -> None:
    with open_backend(live) as backend:
        backend.claim()
        client = backend.connect()
        owner.call("SELECT", str(client.database))
        owner.call("SET", "theirs", "1")
        for argv in ([b"APPEND", b"theirs", b"2"], [b"SET", b"ours", b"1"]):
            backend.note(client, argv)
            client.call(*argv)
        backend.clean()
        client.close()
    assert owner.call("GET", "theirs") == Bulk(b"12")
    assert owner.call("EXISTS", "ours") == Integer(0)


def test_a_database_that_is_not_empty_is_refused(live: str, owner: Connection) -> None:
    owner.call_many([("SELECT", "3"), ("SET", "theirs", "1")])
    with open_backend(_database(live, 3)) as backend, pytest.raises(GuestRefusal, match=r"Database 3 .* holds 1 keys"):
        backend.claim()
    assert owner.call("GET", "theirs") == Bulk(b"1")


def test_the_first_empty_database_is_picked(live: str, owner: Connection) -> None:
    owner.call_many([("SET", "a", "1"), ("SELECT", "1"), ("SET", "a", "1")])
    with open_backend(live) as backend:
        backend.claim()
        with backend.connect() as client:
            assert client.database == 2


def test_a_full_server_is_refused(live: str, owner: Connection) -> None:
    for number in range(16):
        owner.call_many([("SELECT", str(number)), ("SET", "a", "1")])
    with open_backend(live) as backend, pytest.raises(GuestRefusal, match="All 16 databases"):
        backend.claim()


def test_a_second_tutor_is_noticed(live: str, owner: Connection) -> None:
    owner.call("CLIENT", "SETNAME", "redis-tutor:5:1")
    with open_backend(_database(live, 5)) as backend, pytest.raises(GuestRefusal, match="Another tutor"):
        backend.claim()
    owner.call("CLIENT", "SETNAME", "")


RISKY = [
    (b"FLUSHALL", True),
    (b"flushdb ASYNC", True),
    (b"CONFIG SET maxmemory 1", True),
    (b"config get maxmemory", False),
    (b"DEBUG SLEEP 1", True),
    (b"CLIENT KILL ID 3", True),
    (b"CLIENT LIST", False),
    (b"SET k v", False),
    (b"KEYS *", True),
    (b"SHUTDOWN", True),
]


@pytest.mark.parametrize(("line", "asks"), RISKY)
def test_what_asks_first(live: str, line: bytes, asks: bool) -> None:
    with open_backend(live) as backend:
        client = backend.connect()
        assert (backend.risk(client, line.split()) is not None) == asks
        client.close()


def test_a_lesson_asks_before_it_leaves_its_database(live: str, owner: Connection) -> None:
    with open_backend(_database(live, 7)) as backend:
        client = backend.connect()
        assert backend.risk(client, [b"SELECT", b"3"]) is None
        backend.claim()
        assert backend.risk(client, [b"SELECT", b"7"]) is None
        for line in (b"SELECT 3", b"MOVE k 3", b"COPY a b DB 3"):
            assert "beyond database 7" in (backend.risk(client, line.split()) or "")
        client.close()


def test_every_risk_is_a_command_of_the_catalog() -> None:
    # A Sentinel is a server of its own kind: its commands are in no ordinary server's command table.
    names = {*load().names(), *(name for name in RISKS if name.startswith("SENTINEL "))}
    assert [name for name in RISKS if name not in names] == []


def test_a_server_of_our_own_asks_nothing(backend: Backend) -> None:
    client = backend.connect()
    assert backend.risk(client, [b"FLUSHALL"]) is None
    assert client.call("FLUSHALL") == Status(b"OK")
    client.close()


def test_a_live_server_says_what_it_offers(live: str) -> None:
    with open_backend(live) as backend:
        assert {"lua", "functions", "acl"} <= backend.capabilities
        assert not {"json", "search", "clock"} & backend.capabilities
