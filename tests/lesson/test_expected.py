"""A printed reply, read back and compared: holes, order, nesting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.lesson import matches, parse_expected
from tutor.wire import Array, Bulk, Error, Integer, Map, Nil, Reply, Status, terminal

A, B, C = Bulk(b"a"), Bulk(b"b"), Bulk(b"c")


@pytest.mark.parametrize(
    ("text", "reply", "right"),
    [
        ("OK", Status(b"OK"), True),
        ("OK", Bulk(b"OK"), False),
        ('"OK"', Bulk(b"OK"), True),
        ("(integer) 1", Integer(1), True),
        ('"1"', Integer(1), False),
        ("(nil)", Nil(), True),
        ("(nil)", Nil(array=True), True),
        ('""', Nil(), False),
        ("(empty array)", Array(()), True),
        ("(empty array)", Nil(), False),
        ("(error) ERR no", Error(b"ERR no"), True),
        ("(error) ERR <any>", Error(b"ERR anything at all"), True),
        ("<any>", Array((A, B)), True),
        ("(integer) <any>", Integer(1234), True),
        ("(integer) <any>", Bulk(b"1234"), False),
        ('1) "a"\n2) "b"', Array((A, B)), True),
        ('1) "a"\n2) "b"', Array((B, A)), False),
        ('1) "a"\n2) "b"', Array((A, B, C)), False),
        ('1) "a"\n2) <any>', Array((A, B)), True),
        ('1) "a"\n2) <any>', Array((A, Array((B, C)))), True),
        ('<unordered>\n1) "a"\n2) "b"', Array((B, A)), True),
        ('<unordered>\n1) "a"\n2) "a"', Array((B, A)), False),
        ('<unordered>\n1) "a"\n2) "b"', Array((A,)), False),
        ('<unordered>\n1) <any>\n2) "b"', Array((B, C)), True),
        ('<unordered>\n1) <any>\n2) "b"', Array((C, B)), True),
        ('1) "a"\n2) 1) "b"\n   2) "c"', Array((A, Array((B, C)))), True),
        ('1) 1) "a"\n   2) 1) "b"\n2) "c"', Array((Array((A, Array((B,)))), C)), True),
        ('1) 1) "a"\n   2) 1) "b"\n2) "c"', Array((Array((A, B)), C)), False),
        ('1# "a" => (integer) 1', Map(((A, Integer(1)),)), True),
        ('1# "a" => (integer) 2', Map(((A, Integer(1)),)), False),
    ],
)
def test_matching(text: str, reply: Reply, right: bool) -> None:
    assert matches(parse_expected(text), reply) is right


_WORDS = st.binary(max_size=6) | st.sampled_from([b"1) x", b"<any>", b"", b"\n", b" "])
_REPLIES = st.recursive(
    st.builds(Bulk, _WORDS)
    | st.builds(Integer, st.integers(-(2**63), 2**63 - 1))
    | st.just(Nil())
    | st.just(Status(b"OK")),
    lambda inner: st.builds(Array, st.lists(inner, max_size=12).map(tuple)),
    max_leaves=30,
)


@given(_REPLIES)
def test_every_reply_matches_what_redis_cli_prints_of_it(reply: Reply) -> None:
    assert matches(parse_expected(terminal(reply).decode("ascii")), reply)


@given(_REPLIES, _REPLIES)
def test_a_different_reply_does_not_match(one: Reply, other: Reply) -> None:
    text = terminal(one).decode("ascii")
    if "<any>" not in text and terminal(other) != terminal(one):
        assert not matches(parse_expected(text), other)


@given(st.text())
def test_any_text_can_be_an_expectation(text: str) -> None:
    assert matches(parse_expected(text), Integer(1)) in (True, False)
