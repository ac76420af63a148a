"""The worker may be killed at any moment: what was answered is there afterwards, equal to the last byte."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.embedded.conftest import Embedded, Raw
from tests.embedded.test_clients import blocked
from tutor.wire import Array, Bulk, Error, Integer, Nil, Reply, Status, encode_reply

FIXED = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate],
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

_key = st.sampled_from(["a", "b", "c"])
_word = st.sampled_from(["x", "y", "z", "1", "2.5"])
_number = st.integers(-3, 9).map(str)
_score = st.sampled_from(["1", "2.5", "-inf", "3"])
_seconds = st.integers(1, 500).map(str)


def _command(*parts: object) -> st.SearchStrategy[tuple[str, ...]]:
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts))  # type: ignore[arg-type]


COMMANDS = st.one_of(
    _command("SET", _key, _word),
    _command("SET", _key, _word, "EX", _seconds),
    _command("SET", _key, _word, "KEEPTTL"),
    _command("SETEX", _key, _seconds, _word),
    _command("GETEX", _key, "PX", _seconds),
    _command("GETDEL", _key),
    _command("APPEND", _key, _word),
    _command("SETRANGE", _key, st.integers(0, 9).map(str), _word),
    _command("SETBIT", _key, st.integers(0, 40).map(str), st.sampled_from("01")),
    _command("INCRBYFLOAT", _key, _number),
    _command("MSET", _key, _word, _key, _word),
    _command("EXPIRE", _key, _seconds),
    _command("EXPIRE", _key, "-1"),
    _command("PERSIST", _key),
    _command("DEL", _key),
    _command("RENAME", _key, _key),
    _command("COPY", _key, _key, "REPLACE"),
    _command("MOVE", _key, "1"),
    _command("SWAPDB", "0", "1"),
    _command("LPUSH", _key, _word, _word),
    _command("RPUSH", _key, _word),
    _command("LPOP", _key),
    _command("LMOVE", _key, _key, "LEFT", "RIGHT"),
    _command("LTRIM", _key, _number, _number),
    _command("LREM", _key, _number, _word),
    _command("LMPOP", "2", _key, _key, "RIGHT", "COUNT", "2"),
    _command("SADD", _key, _word, _word),
    _command("SPOP", _key),
    _command("SPOP", _key, "2"),
    _command("SMOVE", _key, _key, _word),
    _command("SUNIONSTORE", _key, _key, _key),
    _command("HSET", _key, _word, _word),
    _command("HINCRBYFLOAT", _key, _word, _number),
    _command("HDEL", _key, _word),
    _command("ZADD", _key, _score, _word),
    _command("ZADD", _key, "INCR", _score, _word),
    _command("ZPOPMIN", _key),
    _command("ZUNIONSTORE", _key, "2", _key, _key),
    _command("ZRANGESTORE", _key, _key, "0", "1"),
    _command("XADD", _key, "*", "f", _word),
    _command("XADD", _key, "MAXLEN", "2", "*", "f", _word),
    _command("XTRIM", _key, "MAXLEN", "1"),
    _command("XGROUP", "CREATE", _key, "g", "0", "MKSTREAM"),
    _command("XREADGROUP", "GROUP", "g", _word, "COUNT", "2", "STREAMS", _key, ">"),
    _command("XAUTOCLAIM", _key, "g", _word, "0", "0", "COUNT", "1"),
    _command("EVAL", "redis.call('SADD', KEYS[1], 'p', 'q', 'r') return redis.call('SPOP', KEYS[1])", "1", _key),
    _command(
        "EVAL", "redis.call('SET', KEYS[1], redis.call('TIME')[2]) return redis.call('LPUSH', KEYS[1], 1)", "1", _key
    ),
    _command("SELECT", st.sampled_from("01")),
    _command("MULTI"),
    _command("EXEC"),
    _command("TICK", st.integers(1, 400_000).map(str)),
)


def dump(raw: Raw) -> dict[bytes, object]:
    """Everything that ordinary commands show of the keys of both databases, times to live included."""
    found: dict[bytes, object] = {}
    for database in ("0", "1"):
        raw.ask("SELECT", database)
        keys = raw.ask("KEYS", "*")
        assert isinstance(keys, Array)
        for key in keys.items:
            assert isinstance(key, Bulk)
            kind = raw.ask("TYPE", key.data)
            assert isinstance(kind, Status)
            replies = [raw.ask(*(word if word != "KEY" else key.data for word in words)) for words in _LOOKS[kind.text]]
            moment = raw.ask("PEXPIRETIME", key.data)
            found[database.encode() + key.data] = [kind, moment, *map(_plain, replies)]
    return found


_LOOKS: dict[bytes, list[list[str]]] = {
    b"string": [["GET", "KEY"]],
    b"list": [["LRANGE", "KEY", "0", "-1"]],
    b"set": [["SMEMBERS", "KEY"]],
    b"hash": [["HGETALL", "KEY"]],
    b"zset": [["ZRANGE", "KEY", "0", "-1", "WITHSCORES"]],
    b"stream": [["XINFO", "STREAM", "KEY", "FULL", "COUNT", "0"], ["XINFO", "GROUPS", "KEY"]],
}


def _plain(reply: Reply) -> object:
    """Sets in one order: theirs means nothing."""
    if isinstance(reply, Array) and all(isinstance(item, Bulk) for item in reply.items):
        return sorted(encode_reply(item, 2) for item in reply.items)
    return encode_reply(reply, 2)


@given(commands=st.lists(COMMANDS, min_size=5, max_size=60))
@FIXED
def test_killed_at_any_point(server: Embedded, commands: list[tuple[str, ...]]) -> None:
    """Any commands, `kill -9`, and everything is as it was."""
    server.reset()
    raw, observer = server.client(), server.observer()
    observer.ask("TUTOR.CLOCK", "SET", "1800000000000")
    for command in commands:
        if command[0] == "TICK":
            observer.ask("TUTOR.CLOCK", "ADVANCE", command[1])
        else:
            raw.ask(*command)
    before = dump(observer)
    server.kill_worker()
    fresh = server.observer()
    after = dump(fresh)
    assert after == before
    assert fresh.ask("TUTOR.CLOCK") == observer.ask("TUTOR.CLOCK")


def test_a_snapshot_is_the_same_state(server: Embedded) -> None:
    """A journal that has grown long is replaced by a snapshot, and the state it rebuilds is the same."""
    raw = server.client()
    raw.ask("SET", "s", "v", "PXAT", "4000000000000")
    raw.ask("RPUSH", "l", *map(str, range(700)))
    raw.ask("SADD", "set", *map(str, range(700)))
    raw.ask("HSET", "h", *map(str, range(1400)))
    raw.ask("ZADD", "z", "-inf", "low", "1.1", "b", "inf", "high")
    raw.ask("XADD", "x", "1-1", "f", "v")
    raw.ask("XADD", "x", "2-1", "f", "v")
    raw.ask("XGROUP", "CREATE", "x", "g", "0")
    raw.ask("XREADGROUP", "GROUP", "g", "alice", "STREAMS", "x", ">")
    raw.ask("XACK", "x", "g", "1-1")
    raw.ask("XDEL", "x", "2-1")
    raw.ask("XGROUP", "CREATE", "empty", "g", "$", "MKSTREAM")
    raw.ask("CONFIG", "SET", "hash-max-listpack-entries", "77")
    raw.ask("FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function() return 'called' end)")
    sha = raw.ask("SCRIPT", "LOAD", "return 'scripted'")
    assert isinstance(sha, Bulk)
    before = dump(raw)
    raw.ask("SELECT", "2")
    for _ in range(120):  # enough churn for the journal to be worth more than the state
        raw.sock.sendall(b"".join(b"SET churn %d\r\n" % at for at in range(500)))
        for _ in range(500):
            raw.read()
    raw.ask("DEL", "churn")
    assert server.status()["journal-entries"] < 1000
    server.kill_worker()
    fresh = server.client()
    assert dump(fresh) == before
    assert fresh.ask("FCALL", "f", "0") == Bulk(b"called")
    assert fresh.ask("EVALSHA", sha.data, "0") == Bulk(b"scripted")
    assert fresh.ask("CONFIG", "GET", "hash-max-listpack-entries") == Array(
        (Bulk(b"hash-max-listpack-entries"), Bulk(b"77"))
    )


def test_acknowledged_writes_survive_a_kill_in_mid_stream(server: Embedded) -> None:
    """A client writes without pause while the worker is killed; every write that was answered is there."""
    raw, killer = server.client(), server.status()["worker"]
    raw.sock.settimeout(10)
    acknowledged = 0
    for at in range(3000):
        raw.send("RPUSH", "l", str(at))
        if at == 1500:
            os.kill(killer, 9)
        try:
            acknowledged += not isinstance(raw.read(), Error)
        except (
            EOFError,
            ConnectionResetError,
        ):  # killed between reading the request and running it: the connection ends
            raw = server.client()
    found = server.client().ask("LLEN", "l")
    assert isinstance(found, Integer)
    assert acknowledged >= 2990
    assert found.value >= acknowledged


def test_a_blocking_pop_is_the_pop_that_happened(server: Embedded) -> None:
    """What a waiting client was given is gone, and what a move moved has moved."""
    popper, mover = blocked(server, "BLPOP", "q", "0"), blocked(server, "BLMOVE", "q", "d", "LEFT", "RIGHT", "0")
    server.client().ask("RPUSH", "q", "a", "b", "c")
    popper.read(), mover.read()
    server.kill_worker()
    fresh = server.client()
    assert fresh.ask("LRANGE", "q", "0", "-1") == Array((Bulk(b"c"),))
    assert fresh.ask("LRANGE", "d", "0", "-1") == Array((Bulk(b"b"),))


def test_clients_keep_their_place(server: Embedded) -> None:
    """Database, protocol and name are as before; a transaction, a WATCH, a subscription and waiting are over."""
    plain = server.client(protocol=3)
    plain.ask("SELECT", "5")
    plain.ask("CLIENT", "SETNAME", "bob")
    lost = [server.client() for _ in range(3)]
    lost[0].ask("MULTI")
    lost[1].ask("WATCH", "k")
    lost[2].ask("SUBSCRIBE", "c")
    waiter = blocked(server, "BLPOP", "q", "0")
    server.kill_worker()
    told = [raw.read() for raw in (*lost, waiter)]
    assert all(isinstance(reply, Error) and b"restarted" in reply.text for reply in told)
    assert plain.ask("CLIENT", "GETNAME") == Bulk(b"bob")
    described = plain.ask("CLIENT", "INFO")
    assert b" db=5 " in described.data  # type: ignore[union-attr]
    assert b" resp=3" in described.data  # type: ignore[union-attr]


def test_the_clock_survives(server: Embedded) -> None:
    """A clock that stands still stands still in the next worker too, and a shifted one goes on."""
    observer = server.observer()
    observer.ask("TUTOR.CLOCK", "SET", "1000")
    server.client().ask("SET", "k", "v", "PX", "50")
    server.kill_worker()
    fresh = server.client()
    assert server.observer().ask("TUTOR.CLOCK") == Integer(1000)
    assert fresh.ask("PTTL", "k") == Integer(50)
    server.observer().ask("TUTOR.CLOCK", "ADVANCE", "51")
    assert fresh.ask("GET", "k") == Nil()


def test_pipelines_are_answered_to_the_last(server: Embedded) -> None:
    """What stood behind the command that hung is told apart from it, one reply for each."""
    raw, observer = server.client(), server.observer()
    raw.sock.sendall(b'SET a 1\r\nEVAL "while true do end" 0\r\nSET b 1\r\n')
    assert raw.read() == Status(b"OK")
    while observer.ask("TUTOR.INTERRUPT") != Integer(1):
        pass
    hung, behind = raw.read(), raw.read()
    assert hung == Error(b"ERR the server was restarted because this command did not finish; your data is back")
    assert isinstance(behind, Error)
    assert b"send it again" in behind.text
    assert raw.ask("MGET", "a", "b") == Array((Bulk(b"1"), Nil()))
