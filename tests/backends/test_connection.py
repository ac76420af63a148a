"""One client and what it gets, on every backend."""

from __future__ import annotations

import pytest

from tutor.backends import Answer, Backend, Clock, Message
from tutor.errors import BackendError, ConnectionLost
from tutor.wire import Array, Bulk, Error, Integer, Nil, Push, Status


def test_answers_come_in_order(backend: Backend) -> None:
    client = backend.connect()
    assert client.call("SET", "k", b"\xff\r\n") == Status(b"OK")
    assert client.call("GET", "k") == Bulk(b"\xff\r\n")
    assert client.call_many([("INCR", "n")] * 3) == [Integer(1), Integer(2), Integer(3)]
    assert client.call_many([]) == []
    assert client.call("INCR", "k") == Error(b"ERR value is not an integer or out of range")
    client.close()


def test_ten_thousand_commands_in_one_write(backend: Backend) -> None:
    client = backend.connect()
    replies = client.call_many([("INCRBY", "n", "2")] * 10_000)
    assert replies[-1] == Integer(20_000)
    client.close()


@pytest.mark.parametrize("protocol", [2, 3])
def test_messages_are_told_from_answers(backend: Backend, protocol: int) -> None:
    client, other = backend.connect(), backend.connect()
    client.call("HELLO", str(protocol))
    assert client.protocol == protocol
    kind = Push if protocol == 3 else Array
    assert client.call("SUBSCRIBE", "a", "b") == kind((Bulk(b"subscribe"), Bulk(b"a"), Integer(1)))
    assert client.receive(5) == Message(kind((Bulk(b"subscribe"), Bulk(b"b"), Integer(2))))
    assert other.call("PUBLISH", "b", "hi") == Integer(1)
    assert client.receive(5) == Message(kind((Bulk(b"message"), Bulk(b"b"), Bulk(b"hi"))))
    client.send(["PING"])
    assert isinstance(client.receive(5), Answer)
    assert client.subscribed
    client.call("UNSUBSCRIBE")
    client.receive(5)
    assert not client.subscribed
    client.close()
    other.close()


def test_an_array_that_looks_like_a_message_is_an_answer(backend: Backend) -> None:
    client = backend.connect()
    client.call("RPUSH", "l", "message", "channel", "text")
    assert client.call("LRANGE", "l", "0", "-1") == Array((Bulk(b"message"), Bulk(b"channel"), Bulk(b"text")))
    client.close()


def test_the_state_of_a_connection_is_followed(backend: Backend) -> None:
    client = backend.connect(3)
    assert client.database == 3
    client.call("MULTI")
    client.call("SELECT", "5")
    assert (client.in_transaction, client.database) == (True, 3)
    client.call("EXEC")
    assert (client.in_transaction, client.database) == (False, 5)
    client.call("WATCH", "k")
    client.call("MULTI")
    client.call("INCR", "k")
    client.send(["BLPOP", "nothing", "0"])
    lost = client.reopen()
    assert lost[0] == "the transaction (MULTI) with 1 queued commands"
    assert lost[1] == "the watched keys (WATCH)"
    assert "BLPOP nothing 0" in lost[2]
    assert client.call("SET", "k", "v") == Status(b"OK")
    assert client.database == 5
    with backend.connect(5) as other:
        assert other.call("EXISTS", "k") == Integer(1)
    client.close()


def test_who_waits_too_long_is_told(backend: Backend) -> None:
    client = backend.connect()
    with pytest.raises(BackendError, match=r"did not answer within 0\.01 seconds"):
        client.call("BLPOP", "nothing", "0", timeout=0.01)
    assert client.waiting == ((b"BLPOP", b"nothing", b"0"),)
    client.close()


def test_a_connection_that_is_cut_says_so_once(backend: Backend) -> None:
    client, other = backend.connect(), backend.connect()
    number = client.call("CLIENT", "ID")
    assert isinstance(number, Integer)
    other.call("CLIENT", "KILL", "ID", str(number.value))
    with pytest.raises(ConnectionLost, match="closed the connection"):
        client.call("PING")
    assert client.broken
    with pytest.raises(ConnectionLost, match="has ended"):
        client.send(["PING"])
    assert client.reopen() == ("the answer to PING",)
    assert client.call("PING") == Status(b"PONG")
    other.close()
    client.close()


def test_clean_takes_back_what_a_lesson_set(backend: Backend) -> None:
    with backend.connect() as client:
        client.call("CONFIG", "SET", "maxmemory", "123456789", "requirepass", "secret")
        client.call("ACL", "SETUSER", "bob", "on", "nopass", "+@all")
        client.call("ACL", "SETUSER", "default", "off")
    backend.clean()
    with backend.connect() as client:
        assert client.call("PING") == Status(b"PONG")
        assert client.call("ACL", "USERS") == Array((Bulk(b"default"),))
        assert client.call("CONFIG", "GET", "maxmemory") == Array((Bulk(b"maxmemory"), Bulk(b"0")))


def test_the_embedded_servers_observer_is_not_seen(embedded: Backend) -> None:
    client = embedded.connect()
    assert embedded.observe().call("SET", "k", "v") == Status(b"OK")
    assert client.call("GET", "k") == Bulk(b"v")
    shown = client.call("CLIENT", "LIST")
    assert isinstance(shown, Bulk)
    assert len(shown.data.splitlines()) == 1
    client.close()


def test_clean_leaves_nothing(backend: Backend) -> None:
    client = backend.connect()
    client.call_many([("SET", "k", "v"), ("SELECT", "4"), ("SET", "k", "v"), ("SCRIPT", "LOAD", "return 1")])
    backend.clean()
    assert client.call_many([("DBSIZE",), ("SELECT", "0"), ("DBSIZE",)]) == [Integer(0), Status(b"OK"), Integer(0)]
    assert client.call("EVALSHA", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db", "0") == Error(
        b"NOSCRIPT No matching script. Please use EVAL."
    )
    client.close()


def test_the_embedded_clock_is_set_without_waiting(embedded: Backend, clock: Clock) -> None:
    client = embedded.connect()
    assert client.call("SET", "k", "v", "EX", "10") == Status(b"OK")
    clock.advance(9_999)
    assert client.call("PTTL", "k") == Integer(1)
    # A key lives through the millisecond that its time names, and is gone in the next: `now > when` in Redis's db.c.
    clock.advance(1)
    assert client.call("GET", "k") == Bulk(b"v")
    clock.advance(1)
    assert client.call("GET", "k") == Nil()
    assert clock.now_ms() == 1_800_000_010_001
    client.close()
