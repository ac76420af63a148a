"""RESP2 and RESP3: whole, cut anywhere, and broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.errors import ProtocolError
from tutor.wire import (
    Array,
    BigNumber,
    Boolean,
    Bulk,
    CommandParser,
    Double,
    Error,
    Integer,
    Limits,
    Map,
    Nil,
    Push,
    Reply,
    ReplyParser,
    Set,
    Status,
    Verbatim,
    encode,
    encode_reply,
    plain,
)

WIRE: list[tuple[bytes, Reply]] = [
    (b"+OK\r\n", Status(b"OK")),
    (b"-ERR no\r\n", Error(b"ERR no")),
    (b":-7\r\n", Integer(-7)),
    (b"$3\r\na\r\n\r\n", Bulk(b"a\r\n")),
    (b"$0\r\n\r\n", Bulk(b"")),
    (b"$-1\r\n", Nil()),
    (b"*-1\r\n", Nil(array=True)),
    (b"*0\r\n", Array(())),
    (b"*2\r\n:1\r\n*1\r\n+x\r\n", Array((Integer(1), Array((Status(b"x"),))))),
    (b"_\r\n", Nil()),
    (b"#t\r\n", Boolean(True)),
    (b",1.5\r\n", Double(b"1.5")),
    (b"(123456789012345678901\r\n", BigNumber(b"123456789012345678901")),
    (b"=5\r\ntxt:a\r\n", Verbatim(b"txt", b"a")),
    (b"!6\r\nERR no\r\n", Error(b"ERR no")),
    (b"%1\r\n+a\r\n:1\r\n", Map(((Status(b"a"), Integer(1)),))),
    (b"~1\r\n:1\r\n", Set((Integer(1),))),
    (b">2\r\n+message\r\n:1\r\n", Push((Status(b"message"), Integer(1)))),
    (b"|1\r\n+ttl\r\n:9\r\n$1\r\nv\r\n", Bulk(b"v")),
    (b"*1\r\n|1\r\n+ttl\r\n:9\r\n$1\r\nv\r\n", Array((Bulk(b"v"),))),
]


@pytest.mark.parametrize(("data", "reply"), WIRE, ids=lambda value: repr(value)[:30])
def test_a_reply_is_read_whole_and_byte_by_byte(data: bytes, reply: Reply) -> None:
    whole = ReplyParser()
    whole.feed(data + b":99\r\n")
    assert [whole.get(), whole.get(), whole.get()] == [reply, Integer(99), None]
    slow = ReplyParser()
    for at in range(len(data) - 1):
        slow.feed(data[at : at + 1])
        assert slow.get() is None
    assert slow.pending()
    slow.feed(data[-1:])
    assert slow.get() == reply
    assert not slow.pending()


@pytest.mark.parametrize(
    "data", [b"HTTP/1.1 400\r\n", b":x\r\n", b"$-2\r\n", b"$1\r\nabc", b"#x\r\n", b"\r\n", b"*1\r\n" * 500]
)
def test_what_is_not_resp_is_an_error(data: bytes) -> None:
    parser = ReplyParser()
    parser.feed(data)
    with pytest.raises(ProtocolError):
        parser.get()


@given(st.binary(max_size=60))
def test_any_bytes_give_replies_or_one_error(data: bytes) -> None:
    parser = ReplyParser()
    parser.feed(data)
    try:
        while parser.get() is not None:
            pass
    except ProtocolError:
        pass


_scalar = st.one_of(
    st.binary(max_size=8).map(Bulk), st.integers(-9, 9).map(Integer), st.booleans().map(Boolean), st.just(Nil())
)
_any_reply = st.recursive(
    _scalar,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda items: Array(tuple(items))),
        st.lists(inner, max_size=4).map(lambda items: Set(tuple(items))),
        st.lists(st.tuples(inner, inner), max_size=3).map(lambda pairs: Map(tuple(pairs))),
    ),
    max_leaves=12,
)


@given(_any_reply)
def test_what_a_server_sends_in_resp3_a_client_reads(reply: Reply) -> None:
    parser = ReplyParser()
    parser.feed(encode_reply(reply, 3))
    assert parser.get() == reply


def test_resp3_kinds_become_what_redis_sends_in_resp2() -> None:
    reply = Map(((Bulk(b"f"), Boolean(True)), (Bulk(b"g"), Double(b"1.5"))))
    assert encode_reply(reply, 2) == b"*4\r\n$1\r\nf\r\n:1\r\n$1\r\ng\r\n$3\r\n1.5\r\n"


def test_plain_values_keep_errors_apart() -> None:
    assert plain(Array((Bulk(b"a"), Nil(), Error(b"ERR x")))) == [b"a", None, Error(b"ERR x")]
    assert plain(Map(((Bulk(b"f"), Integer(1)),))) == {b"f": 1}
    assert plain(Map(((Array(()), Integer(1)),))) == [([], 1)]


@given(st.lists(st.lists(st.binary(max_size=6), min_size=1, max_size=4), max_size=5), st.integers(1, 7))
def test_a_server_reads_commands_cut_anywhere(commands: list[list[bytes]], size: int) -> None:
    data = b"".join(map(encode, commands))
    parser, seen = CommandParser(), []
    for at in range(0, len(data), size):
        parser.feed(data[at : at + size])
        while (argv := parser.get()) is not None:
            seen.append(argv)
    assert seen == commands


INLINE = [(b"PING\r\n", [b"PING"]), (b'SET k "a b"\n', [b"SET", b"k", b"a b"]), (b"\r\n*0\r\n*-1\r\nPING\n", [b"PING"])]


@pytest.mark.parametrize(("data", "argv"), INLINE)
def test_inline_and_empty_commands(data: bytes, argv: list[bytes]) -> None:
    parser = CommandParser()
    parser.feed(data)
    assert parser.get() == argv
    assert parser.get() is None


BROKEN = [
    (b"*x\r\n", "invalid multibulk length"),
    (b"*99999999\r\n", "invalid multibulk length"),
    (b"*1\r\n:1\r\n", r"expected '\$', got ':'"),
    (b"*1\r\n$-5\r\n", "invalid bulk length"),
    (b"*1\r\n$999999999999\r\n", "invalid bulk length"),
    (b'GET "a\r\n', "unbalanced quotes in request"),
    (b"a" * 70000, "too big inline request"),
    (b"*" + b"1" * 70000, "too big mbulk count string"),
]


@pytest.mark.parametrize(("data", "says"), BROKEN, ids=[says for _, says in BROKEN])
def test_a_servers_protocol_errors_have_redis_words(data: bytes, says: str) -> None:
    parser = CommandParser()
    parser.feed(data)
    with pytest.raises(ProtocolError, match=says):
        parser.get()


def test_a_command_may_not_grow_without_end() -> None:
    parser = CommandParser(Limits(total=100))
    parser.feed(b"*9\r\n" + b"$60\r\n" + b"x" * 60 + b"\r\n")
    assert parser.get() is None
    parser.feed(b"$60\r\n")
    with pytest.raises(ProtocolError, match="too big command"):
        parser.get()
