"""Replies as redis-cli prints them; redis-cli itself is asked."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.conftest import RedisCli
from tutor.wire import (
    Array,
    Boolean,
    Bulk,
    Double,
    Error,
    Integer,
    Map,
    Nil,
    Reply,
    Set,
    Status,
    Verbatim,
    encode_reply,
    raw,
    terminal,
    to_json,
)

B, Int = Bulk, Integer
ON_A_TERMINAL: list[tuple[Reply, bytes]] = [
    (Status(b"OK"), b"OK"),
    (B(b"OK"), b'"OK"'),
    (B(b'a\xff"\n'), b'"a\\xff\\"\\n"'),
    (B(b""), b'""'),
    (Int(-3), b"(integer) -3"),
    (Nil(), b"(nil)"),
    (Nil(array=True), b"(nil)"),
    (Error(b"WRONGTYPE x"), b"(error) WRONGTYPE x"),
    (Array(()), b"(empty array)"),
    (Set(()), b"(empty set)"),
    (Map(()), b"(empty hash)"),
    (Double(b"3.5"), b"(double) 3.5"),
    (Boolean(True), b"(true)"),
    (Array((B(b"a"), Nil(), Int(1))), b'1) "a"\n2) (nil)\n3) (integer) 1'),
    (Array((Array((B(b"a"), B(b"b"))), B(b"c"))), b'1) 1) "a"\n   2) "b"\n2) "c"'),
    (Map(((B(b"f"), Array((Int(1), Int(2)))),)), b'1# "f" => \n   1) (integer) 1\n   2) (integer) 2'),
    (Set((B(b"x"),)), b'1~ "x"'),
    (Array(tuple(Int(n) for n in range(10))), b"\n".join(b"%2d) (integer) %d" % (n + 1, n) for n in range(10))),
    (Verbatim(b"txt", b"two\nlines"), b"two\nlines"),
]


@pytest.mark.parametrize(("reply", "text"), ON_A_TERMINAL, ids=lambda value: str(value)[:40])
def test_on_a_terminal(reply: Reply, text: bytes) -> None:
    assert terminal(reply) == text


RESP3: list[Reply] = [reply for reply, _ in ON_A_TERMINAL]


@pytest.mark.parametrize("reply", RESP3, ids=lambda value: str(value)[:40])
def test_redis_cli_prints_the_same(redis_cli: RedisCli, reply: Reply) -> None:
    sent = encode_reply(reply, 3)
    assert redis_cli.prints(sent, "-3", "--no-raw").rstrip(b"\n") == terminal(reply).rstrip(b"\n")


@pytest.mark.parametrize("reply", [r for r in RESP3 if not isinstance(r, Boolean)], ids=lambda value: str(value)[:40])
def test_redis_cli_pipes_the_same(redis_cli: RedisCli, reply: Reply) -> None:
    assert redis_cli.prints(encode_reply(reply, 3), "-3", "--raw") == raw(reply) + b"\n"


JSON: list[tuple[Reply, bytes]] = [
    (Status(b"OK"), b'"OK"'),
    (B("größe".encode()), '"größe"'.encode()),
    (Int(3), b"3"),
    (Nil(), b"null"),
    (Array((B(b"a"), Int(1), Nil())), b'["a",1,null]'),
    (Map(((B(b"f"), Int(1)),)), b'{"f":1}'),
    (Boolean(False), b"false"),
    (Double(b"2.5"), b"2.5"),
]


@pytest.mark.parametrize(("reply", "text"), JSON, ids=lambda value: str(value)[:40])
def test_as_json(redis_cli: RedisCli, reply: Reply, text: bytes) -> None:
    assert to_json(reply) == text
    assert redis_cli.prints(encode_reply(reply, 3), "-3", "--json").rstrip(b"\n") == text


_scalars = st.one_of(
    st.binary(max_size=12).map(Bulk),
    st.integers(-(2**63), 2**63 - 1).map(Integer),
    st.just(Nil()),
    st.sampled_from([Status(b"OK"), Status(b"QUEUED"), Error(b"ERR no")]),
)
_replies = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=12).map(lambda i: Array(tuple(i))), max_leaves=20
)


OURS = [
    (Error(b"ERR no"), {"error": "ERR no"}),
    (Double(b"inf"), "inf"),
    (B(b"a\xff"), "a\\xff"),
    (Map(((Array((Int(3),)), Int(2)),)), {"[3]": 2}),
]


@pytest.mark.parametrize(("reply", "value"), OURS, ids=lambda value: str(value)[:30])
def test_where_redis_cli_writes_no_json_we_do(reply: Reply, value: object) -> None:
    assert json.loads(to_json(reply)) == value


@settings(deadline=None, max_examples=60)
@given(reply=_replies)
def test_any_resp2_reply_prints_as_redis_cli_does(redis_cli: RedisCli, reply: Reply) -> None:
    assert redis_cli.prints(encode_reply(reply, 2), "--no-raw").rstrip(b"\n") == terminal(reply).rstrip(b"\n")
