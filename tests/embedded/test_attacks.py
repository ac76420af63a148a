"""What an attacker or an unlucky learner sends: the server lives, the data stays, and no word of Python shows."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import pytest

from tests.embedded.conftest import ROOT, Embedded, Raw, wait_for
from tutor.wire import Array, Bulk, Error, Integer, Status

BACK = b"ERR the server was restarted because this command did not finish; your data is back"
PYTHON = re.compile(
    rb"python|Traceback|<lambda>|<class|NoneType|Error:|recursion|codec|object at|positional|surrogates"
)


@pytest.fixture(scope="module")
def hasty() -> Iterator[Embedded]:
    """A server that waits for a command no longer than it must."""
    folder = tempfile.mkdtemp(prefix="emb")
    server = Embedded(folder, "--limit-seconds", "0.2")
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize(
    "script",
    [
        "return getmetatable(cjson.null).__gc(cjson.null)",
        "return cjson.null()",
        "cjson.null.x = 1",
        "return setmetatable({}, {__index = function() error('x') end}).x",
        "local t = {} t.x = t return cjson.encode(t)",
        "return cjson.decode('\"\\\\ud800\"')",
        "return cjson.decode(string.rep('[', 100000))",
        "return cjson.encode({[true] = 1})",
        "return cjson.encode(print)",
        "return bit.lshift(1)",
        "return bit.band(1, {})",
        "return bit.tohex(1, 0/0)",
        "return load('x')",
        "rawset(redis, 'call', 1)",
        "error({err = setmetatable({}, {__tostring = function() return 5 end})})",
        "error(setmetatable({}, {__tostring = function() return 5 end}))",
        "error(setmetatable({}, {__index = function() error('z') end}))",
        "error(cjson.null)",
        "local function f() return 1 + f() end return f()",
        "local function f() return coroutine.wrap(f)() end return f()",
        "return unpack({}, 1, 1e8)",
        "return string.format('%99999999d', 1)",
        "local t = {} t[1] = t return t",
    ],
)
def test_a_wicked_script_fails_alone(server: Embedded, script: str) -> None:
    """An error in Lua's words, from the same worker, by EVAL and by FCALL."""
    raw, before = server.client(), server.status()["restarts"]
    code = f"#!lua name=wicked\nredis.register_function('wicked', function() {script} end)"
    assert raw.ask("FUNCTION", "LOAD", "REPLACE", code) == Bulk(b"wicked")
    for reply in (raw.ask("EVAL", script, "0"), raw.ask("FCALL", "wicked", "0")):
        assert isinstance(reply, Error)
        assert not PYTHON.search(reply.text), reply.text
    assert raw.ask("EVAL", "return cjson.encode({1, cjson.null})", "0") == Bulk(b"[1,null]")
    assert server.status()["restarts"] == before


def test_what_a_script_returns_is_read_raw(server: Embedded) -> None:
    """No function of the script runs after it has ended; RESP3 keys may be of any kind."""
    raw = server.client()
    assert raw.ask("EVAL", "return setmetatable({7}, {__index = function() error('x') end})", "0") == (
        Array((Integer(7),))
    )
    assert raw.ask("EVAL", "redis.setresp(3) return {map = {[{1}] = 2}}", "0") == (
        Array((Array((Integer(1),)), Integer(2)))
    )


@pytest.mark.parametrize(
    ("script", "reply"),
    [
        ("return #cjson.encode((function() local t = {} for i = 1, 998 do t = {t} end return t end)())", Integer(1998)),
        ("return tostring(cjson.decode('123456789012345678901234567890'))", Bulk(b"1.2345678901235e+29")),
        ("return tostring(cjson.decode(string.rep('9', 5000)))", Bulk(b"inf")),
        ("return cjson.decode('{\"\\255\":7}')['\\255']", Integer(7)),
        ("return bit.tobit(1, 2, 3)", Integer(1)),
        ("return tostring(cjson.null)", Bulk(b"userdata: NULL")),
    ],
)
def test_json_and_bits_at_their_bounds(server: Embedded, script: str, reply: object) -> None:
    """What Redis's libraries take, ours take."""
    assert server.client().ask("EVAL", script, "0") == reply


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("ACL", "CAT", ""), b"ERR Unknown category ''"),
        (("ACL", "GENPASS", "-8"), b"ERR ACL GENPASS argument must be the number of bits for the output password"),
        (("XDEL", "x", "$"), b"ERR Invalid stream ID specified as stream command argument"),
    ],
)
def test_mistakes_that_were_faults(server: Embedded, command: tuple[str, ...], words: bytes) -> None:
    """As Redis words them; the worker is the same."""
    raw, before = server.client(), server.status()["restarts"]
    raw.ask("XADD", "x", "1-1", "f", "v")
    raw.ask("XDEL", "x", "1-1")
    reply = raw.ask(*command)
    assert isinstance(reply, Error)
    assert reply.text.startswith(words)
    assert raw.ask("XDEL", "nothing", "$") == Integer(0)
    assert server.status()["restarts"] == before


def test_hanging_again_and_again_ends_nothing(server: Embedded) -> None:
    """A worker that served somebody is replaced however often, with nothing else going on in between."""
    raw, observer = server.client(), server.observer()
    raw.ask("SET", "k", "v")
    for _ in range(5):
        raw.send("EVAL", "while true do end", "0")
        while observer.ask("TUTOR.INTERRUPT") != Integer(1):
            pass
        assert raw.read() == Error(BACK)
    assert raw.ask("GET", "k") == Bulk(b"v")


def test_who_hangs_up_before_the_replies_hurts_nobody(server: Embedded) -> None:
    """Many commands, some of them answered one by one, and a connection that is reset in the middle."""
    other, before = server.client(), server.status()["restarts"]
    other.ask("MULTI")
    for _ in range(5):
        rude = socket.socket(socket.AF_UNIX)
        rude.connect(server.path)
        rude.sendall(b"PING\r\nEVAL 'return 1' 0\r\n" * 1000)
        rude.close()
    assert other.ask("PING") == Status(b"QUEUED")
    assert other.ask("EXEC") == Array((Status(b"PONG"),))
    assert server.status()["restarts"] == before


@pytest.mark.parametrize("head", [b"POST / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: 127.0.0.1:6379\r\n"])
def test_a_web_page_cannot_give_commands(server: Embedded, head: bytes) -> None:
    """A browser sends a page's words anywhere; after an HTTP request's first lines nothing is listened to."""
    raw = server.client()
    raw.sock.sendall(head + b"Content-Length: 12\r\n\r\nSET k http\r\n")
    assert isinstance(raw.read(), Error)
    with contextlib.suppress(EOFError, ConnectionResetError):
        while True:
            assert isinstance(raw.read(), Error)
    assert server.client().ask("EXISTS", "k") == Integer(0)


def test_observers_do_not_use_up_the_files(server: Embedded) -> None:
    """Too many are told so, and clients are served as before."""
    crowd = [server.observer() for _ in range(40)]
    assert crowd[-1].read() == Error(b"ERR max number of observers reached")
    assert server.client().ask("PING") == Status(b"PONG")


def test_an_interrupt_right_after_an_answer_ends_nothing(server: Embedded) -> None:
    """A command that has been answered is over, also an observer's."""
    observer, before = server.observer(), server.status()["restarts"]
    for _ in range(100):
        observer.send("PING")
        assert observer.read() == Status(b"PONG")
    assert observer.ask("TUTOR.INTERRUPT") == Integer(0)
    assert server.status()["restarts"] == before


def test_two_interrupts_at_once(hasty: Embedded) -> None:
    """The second finds the worker dead already, or the new one; everybody is answered."""
    raw, one, two = hasty.client(), hasty.observer(), hasty.observer()
    raw.send("EVAL", "while true do end", "0")
    one.send("TUTOR.INTERRUPT")
    two.send("TUTOR.INTERRUPT")
    assert {one.read(), two.read()} <= {Integer(0), Integer(1)}
    assert raw.read() == Error(BACK)
    assert one.ask("PING") == two.ask("PING") == Status(b"PONG")


@pytest.mark.parametrize("killed_in", ["MULTI", "BLPOP", "SUBSCRIBE"])
def test_a_worker_killed_in_the_middle(server: Embedded, killed_in: str) -> None:
    """`kill -9` from outside: what was acknowledged is there, what was not has left nothing."""
    raw, other = server.client(), server.client()
    assert other.ask("SET", "k", "v") == Status(b"OK")
    commands = {
        "MULTI": (("MULTI",), ("SET", "half", "1")),
        "BLPOP": (("BLPOP", "list", "0"),),
        "SUBSCRIBE": (("SUBSCRIBE", "c"),),
    }[killed_in]
    for command in commands:
        raw.send(*command)
    server.kill_worker()
    assert other.ask("MGET", "k") == Array((Bulk(b"v"),))
    assert server.client().ask("EXISTS", "half") == Integer(0)


def test_lua_that_gives_up_prints_nothing() -> None:
    """Out of memory where Lua cannot raise an error it ends its process, and says so on the standard error output."""
    folder = tempfile.mkdtemp(prefix="emb")
    words = [sys.executable, "-m", "tutor.embedded", "--unixsocket", f"{folder}/r", "--limit-seconds", "0.5"]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    wait_for(f"{folder}/r")
    raw = Raw(f"{folder}/r")
    script = "local t = {} for i = 1, 1e5 do t[i] = coroutine.create(function() end) end return #t"
    assert isinstance(raw.ask("EVAL", script, "0"), Error)
    assert raw.ask("PING") == Status(b"PONG")
    raw.close()
    process.terminate()
    printed, _ = process.communicate(timeout=5)
    assert printed == b""
    os.rmdir(folder)
