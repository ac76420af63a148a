"""Every way out of the worker, and every way to hang or fill it, that was found in fakeredis: tried, and closed."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.conftest import Embedded
from tutor.wire import Array, Bulk, Error, Integer, Nil, Status

OOM = b"OOM command not allowed when used memory > 'maxmemory'."
BACK = b"ERR the server was restarted because this command did not finish; your data is back"


@pytest.fixture(scope="module")
def impatient() -> Iterator[Embedded]:
    """A server that waits for a command no longer than it must."""
    folder = tempfile.mkdtemp(prefix="emb")
    server = Embedded(folder, "--limit-seconds", "0.3", "--memory", "300")
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize(
    "script",
    [
        'return tostring(python.eval("1"))',
        "return python.builtins.open('/etc/passwd').read()",
        "return io.open('/etc/passwd'):read('*a')",
        "return os.execute('id')",
        "os.exit(3)",
        "return package.loadlib('x', 'y')",
        "return require('os')",
        "return debug.getregistry()",
        "return redis.call.__globals__",
        "return redis.call.__class__",
        "return redis.sha1hex.__self__",
        "return cjson.null.__class__",
        "return getmetatable('').__index.dump(function() end)",
        "return string.dump(function() end)",
        "return loadstring('\\27Lua')()",
        "return load(function() return nil end, 'x', 'b').x",
        "return getfenv(0).python",
        "return setfenv(1, {})",
        "return dofile('/etc/passwd')",
        "return newproxy(true)",
        "return _G.python",
        "return coroutine.wrap(function() return os.time() end)()",
        "local e = select(2, pcall(redis.call, 'nope')) return e.__class__.x",
        "return rawget(_G, 'python').eval('1')",
        "setmetatable(_G, nil) return python",
        "rawset(string, 'rep', nil)",
    ],
)
def test_lua_has_no_way_out(server: Embedded, script: str) -> None:
    """Each ends in an error of Lua, in the same worker, which goes on answering rightly."""
    raw = server.client()
    before = server.status()
    reply = raw.ask("EVAL", script, "0")
    assert isinstance(reply, Error), reply
    code = f"#!lua name=hole\nredis.register_function('hole', function() {script} end)"
    raw.ask("FUNCTION", "LOAD", "REPLACE", code)
    assert isinstance(raw.ask("FCALL", "hole", "0"), Error)
    assert raw.ask("EVAL", "return string.rep('a', 3)", "0") == Bulk(b"aaa")
    assert server.status()["restarts"] == before["restarts"]


def test_a_global_poisons_nothing(server: Embedded) -> None:
    """A script that sets a global fails alone."""
    raw = server.client()
    assert isinstance(raw.ask("EVAL", "x = 1 return x", "0"), Error)
    assert raw.ask("EVAL", "return 1", "0") == Integer(1)


def test_restore_never_unpickles(server: Embedded, tmp_path: Path) -> None:
    """The payload that ran a command in fakeredis, and one with our own checksum around a command of Redis."""
    raw, target = server.client(), tmp_path / "owned"
    pickle = b"cos\nsystem\n(S'touch " + os.fsencode(target) + b"'\ntR."
    assert isinstance(raw.ask("RESTORE", "k", "0", hashlib.sha1(pickle).digest() + pickle), Error)
    body = b"*1\r\n$8\r\nFLUSHALL\r\n"
    forged = b"TUTOR1" + hashlib.sha256(body).digest()[:16] + body
    assert raw.ask("RESTORE", "k", "0", forged) == Error(b"ERR Bad data format")
    assert not target.exists()
    raw.ask("HSET", "h", "f", "v")
    dumped = raw.ask("DUMP", "h")
    assert isinstance(dumped, Bulk)
    assert raw.ask("RESTORE", "copy", "0", dumped.data) == Status(b"OK")
    assert raw.ask("HGETALL", "copy") == Array((Bulk(b"f"), Bulk(b"v")))


@pytest.mark.parametrize(
    "command",
    [
        ("SETRANGE", "k", "536870910", "x"),
        ("SETBIT", "k", "4294967295", "1"),
        ("BITFIELD", "k", "SET", "u8", "4294967280", "1"),
        ("SRANDMEMBER", "s", "-1000000000"),
        ("HRANDFIELD", "h", "-1000000000"),
        ("ZRANDMEMBER", "z", "-1000000000"),
    ],
)
def test_sizes_are_looked_at_first(impatient: Embedded, command: tuple[str, ...]) -> None:
    """What cannot fit is refused at once, by the same worker."""
    raw, before = impatient.client(), impatient.status()
    raw.ask("SADD", "s", "m")
    raw.ask("HSET", "h", "f", "v")
    raw.ask("ZADD", "z", "1", "m")
    assert raw.ask(*command) == Error(OOM)
    assert impatient.status()["restarts"] == before["restarts"]


def test_a_flood_ends_in_refusals(impatient: Embedded) -> None:
    """Writes are refused when memory is nearly used up; reading and deleting go on."""
    impatient.reset()
    raw = impatient.client()
    replies = [raw.ask("LPUSH", "l", b"x" * 5_000_000) for _ in range(60)]
    assert Error(OOM) in replies
    assert isinstance(raw.ask("LLEN", "l"), Integer)
    raw.ask("DEL", "l")
    raw.ask("PING")
    assert raw.ask("SET", "k", "v") == Status(b"OK")


@pytest.mark.parametrize(
    "script",
    [
        'return #string.rep("x", 1e9)',
        "local t = {} while true do t[#t + 1] = string.rep('x', 10000) .. #t end",
        "local s = 'x' while true do s = s .. s end",
    ],
)
def test_lua_memory_is_bounded(server: Embedded, script: str) -> None:
    """An error, and the next script has memory again."""
    raw = server.client()
    assert isinstance(raw.ask("EVAL", script, "0"), Error)
    assert raw.ask("EVAL", "return #string.rep('x', 1000000)", "0") == Integer(1_000_000)


@pytest.mark.parametrize(
    "command",
    [
        ("EVAL", "while true do end", "0"),
        ("EVAL", "while true do pcall(function() while true do end end) end", "0"),
        ("EVAL", 'return string.find(string.rep("a", 40), ("a?"):rep(40) .. ("a"):rep(40))', "0"),
        ("EVAL", "redis.call('SET', 'half', 'done') while true do end", "0"),
        ("EVAL", "return coroutine.wrap(function() while true do end end)()", "0"),
    ],
)
def test_a_hang_is_ended(impatient: Embedded, command: tuple[str, ...]) -> None:
    """The culprit is told, the data is back, others were held up for the limit and no longer; nothing is half done."""
    impatient.reset()
    raw, other = impatient.client(), impatient.client()
    raw.ask("SET", "k", "v")
    began = time.monotonic()
    raw.send(*command)
    assert other.ask("GET", "k") == Bulk(b"v")
    assert raw.read() == Error(BACK)
    assert time.monotonic() - began < 3
    assert raw.ask("MGET", "k", "half") == Array((Bulk(b"v"), Nil()))


def test_globs_do_not_blow_up(server: Embedded) -> None:
    """The pattern that kept fakeredis busy for ever."""
    raw = server.client()
    raw.ask("SET", "a" * 60, "v")
    pattern = "a*" * 30 + "b"
    assert raw.ask("KEYS", pattern) == Array(())
    assert raw.ask("SCAN", "0", "MATCH", pattern) == Array((Bulk(b"0"), Array(())))
    raw.ask("CONFIG", "GET", pattern)
    raw.ask("PSUBSCRIBE", pattern + "[ab]?")
    assert server.client().ask("PUBLISH", "a" * 60, "m") == Integer(0)


def test_interrupt_on_demand(server: Embedded) -> None:
    """The owner ends a running command without waiting for the limit; when nothing runs there is nothing to end."""
    raw, observer = server.client(), server.observer()
    assert observer.ask("TUTOR.INTERRUPT") == Integer(0)
    raw.send("EVAL", "while true do end", "0")
    while observer.ask("TUTOR.INTERRUPT") != Integer(1):
        pass
    assert raw.read() == Error(BACK)
    assert observer.ask("PING") == Status(b"PONG")


def test_tutor_commands_are_the_owners(server: Embedded) -> None:
    """To everybody else they do not exist."""
    raw = server.client()
    for name in ("TUTOR.CLOCK", "TUTOR.RESET", "TUTOR.INTERRUPT", "TUTOR.STATUS", "TUTOR.CONSUMER", "TUTOR.PENDING"):
        reply = raw.ask(name)
        assert isinstance(reply, Error)
        assert reply.text.startswith(b"ERR unknown command '")
    assert isinstance(raw.ask("EVAL", "return redis.call('TUTOR.RESET')", "0"), Error)
