"""Several clients at once: blocking, publish and subscribe, transactions, and what CLIENT says of them."""

from __future__ import annotations

import socket
import subprocess

import pytest

from tests.embedded.conftest import Embedded
from tests.servers import need
from tutor.wire import Array, Bulk, Error, Integer, Nil, Push, Status

OK = Status(b"OK")


def words(*items: bytes) -> Array:
    """An array of bulk strings."""
    return Array(tuple(Bulk(item) for item in items))


def until_blocked(server: Embedded, number: int) -> str:
    """Wait until CLIENT LIST shows this client blocked; its line."""
    observer = server.observer()
    for _ in range(2000):
        reply = observer.ask("CLIENT", "LIST", "ID", str(number))
        assert isinstance(reply, Bulk)
        if b"flags=b" in reply.data:
            return reply.data.decode()
    raise AssertionError("never blocked")


def blocked(server: Embedded, *command: str) -> object:
    """A client that waits in this command."""
    raw = server.client()
    number = raw.ask("CLIENT", "ID")
    assert isinstance(number, Integer)
    raw.send(*command)
    until_blocked(server, number.value)
    raw.number = number.value  # type: ignore[attr-defined]
    return raw


def test_first_come_first_served(server: Embedded) -> None:
    """Who waits longest is served first, each with one element."""
    one, two = blocked(server, "BLPOP", "q", "0"), blocked(server, "BRPOP", "q", "0")
    pusher = server.client()
    assert pusher.ask("RPUSH", "q", "a", "b", "c") == Integer(3)
    assert one.read() == words(b"q", b"a")
    assert two.read() == words(b"q", b"c")
    assert pusher.ask("LRANGE", "q", "0", "-1") == words(b"b")


@pytest.mark.parametrize(
    ("wait", "serve", "reply"),
    [
        (("BLMOVE", "q", "d", "LEFT", "RIGHT", "0"), ("RPUSH", "q", "a"), Bulk(b"a")),
        (("BRPOPLPUSH", "q", "d", "0"), ("RPUSH", "q", "a"), Bulk(b"a")),
        (("BLMPOP", "0", "2", "x", "q", "LEFT"), ("RPUSH", "q", "a"), Array((Bulk(b"q"), words(b"a")))),
        (("BZPOPMIN", "q", "0"), ("ZADD", "q", "2", "a", "1", "b"), words(b"q", b"b", b"1")),
        (("BZPOPMAX", "q", "0"), ("ZADD", "q", "2", "a", "1", "b"), words(b"q", b"a", b"2")),
        (("BZMPOP", "0", "1", "q", "MIN"), ("ZADD", "q", "1", "a"), Array((Bulk(b"q"), Array((words(b"a", b"1"),))))),
        (
            ("XREAD", "BLOCK", "0", "STREAMS", "q", "$"),
            ("XADD", "q", "5-1", "f", "v"),
            Array((Array((Bulk(b"q"), Array((Array((Bulk(b"5-1"), words(b"f", b"v"))),)))),)),
        ),
    ],
)
def test_each_blocking_command_is_served(
    server: Embedded, wait: tuple[str, ...], serve: tuple[str, ...], reply: object
) -> None:
    """A client waits, another one serves it, and a third is never held up."""
    waiter, other = blocked(server, *wait), server.client()
    assert other.ask("PING") == Status(b"PONG")
    other.ask(*serve)
    assert waiter.read() == reply


def test_group_readers_wait_and_learn_of_the_end(server: Embedded) -> None:
    """XREADGROUP waits for new entries; a destroyed group ends the waiting with its error."""
    admin = server.client()
    admin.ask("XGROUP", "CREATE", "s", "g", "$", "MKSTREAM")
    reader = blocked(server, "XREADGROUP", "GROUP", "g", "c", "BLOCK", "0", "STREAMS", "s", ">")
    admin.ask("XADD", "s", "1-1", "f", "v")
    assert reader.read() == Array((Array((Bulk(b"s"), Array((Array((Bulk(b"1-1"), words(b"f", b"v"))),)))),))
    assert admin.ask("XPENDING", "s", "g") == Array(
        (Integer(1), Bulk(b"1-1"), Bulk(b"1-1"), Array((words(b"c", b"1"),)))
    )


def test_served_inside_a_transaction_only_at_its_end(server: Embedded) -> None:
    """A push and a pop inside one EXEC leave nothing for the one who waits."""
    waiter, other = blocked(server, "BLPOP", "q", "0"), server.client()
    for command in (("MULTI",), ("RPUSH", "q", "a"), ("LPOP", "q"), ("EXEC",)):
        other.ask(*command)
    other.ask("RPUSH", "q", "later")
    assert waiter.read() == words(b"q", b"later")


def test_the_clock_ends_waiting(server: Embedded) -> None:
    """A timeout of an hour is over when the clock says so."""
    observer = server.observer()
    observer.ask("TUTOR.CLOCK", "SET", "1800000000000")
    waiter = blocked(server, "BLPOP", "q", "3600")
    observer.ask("TUTOR.CLOCK", "ADVANCE", "3599000")
    assert server.client().ask("PING") == Status(b"PONG")
    observer.ask("TUTOR.CLOCK", "ADVANCE", "1001")
    assert waiter.read() == Nil(array=True)


def test_client_list_shows_who_waits(server: Embedded) -> None:
    """What an observer looks for: the flag and the command."""
    waiter = blocked(server, "BRPOP", "q", "0")
    line = until_blocked(server, waiter.number)
    assert " cmd=brpop " in line
    other = server.client()
    assert other.ask("CLIENT", "UNBLOCK", str(waiter.number)) == Integer(1)
    assert waiter.read() == Nil(array=True)
    waiter.send("BRPOP", "q", "0")
    until_blocked(server, waiter.number)
    other.ask("CLIENT", "UNBLOCK", str(waiter.number), "ERROR")
    assert waiter.read() == Error(b"UNBLOCKED client unblocked via CLIENT UNBLOCK")
    assert other.ask("CLIENT", "KILL", "ID", str(waiter.number)) == Integer(1)
    with pytest.raises(EOFError):
        waiter.read()


def test_what_was_sent_behind_a_blocking_command_waits_too(server: Embedded) -> None:
    """A pipeline stops at the command that waits, and goes on after it."""
    waiter = server.client()
    number = waiter.ask("CLIENT", "ID").value  # type: ignore[union-attr]
    waiter.sock.sendall(b"BLPOP q 0\r\nECHO after\r\n")
    until_blocked(server, number)
    server.client().ask("RPUSH", "q", "a")
    assert waiter.read() == words(b"q", b"a")
    assert waiter.read() == Bulk(b"after")


def test_subscribers_in_both_protocols(server: Embedded) -> None:
    """Arrays in RESP2, pushes in RESP3, patterns and channels alike."""
    two, three, speaker = server.client(), server.client(protocol=3), server.client()
    assert two.ask("SUBSCRIBE", "news") == Array((Bulk(b"subscribe"), Bulk(b"news"), Integer(1)))
    assert three.ask("PSUBSCRIBE", "n*") == Push((Bulk(b"psubscribe"), Bulk(b"n*"), Integer(1)))
    assert speaker.ask("PUBLISH", "news", "hi") == Integer(2)
    assert two.read() == words(b"message", b"news", b"hi")
    assert three.read() == Push((Bulk(b"pmessage"), Bulk(b"n*"), Bulk(b"news"), Bulk(b"hi")))
    assert three.ask("GET", "x") == Nil()
    refusal = two.ask("GET", "x")
    assert isinstance(refusal, Error)
    assert refusal.text.startswith(b"ERR Can't execute 'get': only (P|S)SUBSCRIBE")


def test_watch_across_clients(server: Embedded) -> None:
    """A key that another client changes makes EXEC answer nil."""
    one, other = server.client(), server.client()
    one.ask("WATCH", "k")
    other.ask("SET", "k", "1")
    assert one.ask("MULTI") == OK
    one.ask("SET", "k", "2")
    assert one.ask("EXEC") == Nil(array=True)
    assert other.ask("GET", "k") == Bulk(b"1")


def test_observers_are_not_seen(server: Embedded) -> None:
    """They can look at everything, and nothing shows them; their commands are not counted, keys stay untouched."""
    client, observer = server.client(), server.observer()
    client.ask("SET", "k", "v")
    assert observer.ask("GET", "k") == Bulk(b"v")
    listed = client.ask("CLIENT", "LIST")
    assert isinstance(listed, Bulk)
    assert listed.data.count(b"\n") == 1
    before = client.ask("INFO", "stats")
    for _ in range(3):
        observer.ask("PING")
    after = client.ask("INFO", "stats")
    counts = [int(reply.data.split(b"commands_processed:")[1].split()[0]) for reply in (before, after)]  # type: ignore[union-attr]
    assert counts[1] == counts[0] + 1
    observer.ask("TUTOR.CLOCK", "ADVANCE", "60000")
    observer.ask("GET", "k")
    assert client.ask("OBJECT", "IDLETIME", "k") == Integer(60)


def test_redis_cli(server: Embedded) -> None:
    """The most used client of all."""
    program = need("redis-cli")
    found = subprocess.run(
        [program, "-s", server.path, "--no-raw"],
        input="SET k 1\nINCR k\nHSET h f v\nHGETALL h\n",
        text=True,
        capture_output=True,
        check=True,
    )
    assert found.stdout == 'OK\n(integer) 2\n(integer) 1\n1) "f"\n2) "v"\n'
    found = subprocess.run(
        [program, "-3", "-s", server.path, "HGETALL", "h"], text=True, capture_output=True, check=True
    )
    assert found.stdout == "f v\n"


def test_redis_py(server: Embedded) -> None:
    """The client library of the Python lessons, with pipelines, scripts, pub/sub and streams."""
    redis = pytest.importorskip("redis")
    client = redis.Redis(unix_socket_path=server.path, decode_responses=True)
    with client:
        assert client.set("k", "v", ex=100)
        assert client.ttl("k") in (99, 100)
        with client.pipeline() as pipe:
            assert pipe.incr("n").incr("n").get("n").execute() == [1, 2, "2"]
        assert client.register_script("return redis.call('get', KEYS[1])")(keys=["k"]) == "v"
        listener = client.pubsub()
        listener.subscribe("c")
        assert listener.get_message(timeout=5)["type"] == "subscribe"
        client.publish("c", "hi")
        assert listener.get_message(timeout=5)["data"] == "hi"
        listener.close()
        assert client.xadd("s", {"f": "v"}, id="1-1") == "1-1"
        assert client.zadd("z", {"a": 1.5}) == 1
        assert client.zrange("z", 0, -1, withscores=True) in ([("a", 1.5)], [["a", 1.5]])


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (b"*1\r\n+PING\r\n", b"-ERR Protocol error: expected '$', got '+'\r\n"),
        (b"*abc\r\n", b"-ERR Protocol error: invalid multibulk length\r\n"),
        (b"*2000000\r\n", b"-ERR Protocol error: invalid multibulk length\r\n"),
        (b"*1\r\n$-5\r\n", b"-ERR Protocol error: invalid bulk length\r\n"),
        (b"*1\r\n$999999999999\r\n", b"-ERR Protocol error: invalid bulk length\r\n"),
        (b'SET k "v\r\n', b"-ERR Protocol error: unbalanced quotes in request\r\n"),
    ],
)
def test_protocol_errors_answer_and_close(server: Embedded, sent: bytes, answer: bytes) -> None:
    """As Redis does; what came before the fault is answered too."""
    raw = server.client().sock
    raw.sendall(b"PING\r\n" + sent)
    got = b""
    while data := raw.recv(1000):
        got += data
    assert got == b"+PONG\r\n" + answer


def test_a_reader_too_slow_does_not_stop_others(server: Embedded) -> None:
    """Replies pile up for one client only."""
    slow, other = server.client(), server.client()
    other.ask("SET", "big", b"x" * 1_000_000)
    slow.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.sock.sendall(b"GET big\r\n" * 20)
    assert other.ask("PING") == Status(b"PONG")
    assert [len(slow.read().data) for _ in range(20)] == [1_000_000] * 20  # type: ignore[union-attr]
