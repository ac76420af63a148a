"""A coloured reply is redis-cli's text, to the byte, and nothing that a server sends reaches the terminal raw."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tutor.view import Look, draw_answer, draw_reply, render, text_of
from tutor.wire import Array, Bulk, Double, Error, Integer, Map, Nil, Push, Reply, Set, Status, Verbatim, terminal

printable = st.text("abc XYZ09:'*", max_size=12).map(str.encode)


def replies(words: st.SearchStrategy[bytes]) -> st.SearchStrategy[Reply]:
    """Replies of every kind; `words` are the texts of those that are printed as they are."""
    scalars: st.SearchStrategy[Reply] = st.one_of(
        st.builds(Nil),
        st.builds(Integer, st.integers(-(2**63), 2**63 - 1)),
        st.builds(Bulk, st.binary(max_size=16)),
        st.builds(Status, words),
        st.builds(Error, words),
        st.builds(Double, st.just(b"1.5")),
        st.builds(Verbatim, st.just(b"txt"), words),
    )

    def nested(inner: st.SearchStrategy[Reply]) -> st.SearchStrategy[Reply]:
        items = st.lists(inner, max_size=12).map(tuple)
        return st.one_of(
            st.builds(Array, items),
            st.builds(Set, items),
            st.builds(Push, items),
            st.builds(Map, st.lists(st.tuples(inner, inner), max_size=4).map(tuple)),
        )

    return st.recursive(scalars, nested, max_leaves=20)


@given(replies(printable))
def test_the_text_is_what_redis_cli_prints(reply: Reply) -> None:
    assert text_of(draw_reply(reply)).encode() == terminal(reply)


@given(replies(printable))
def test_colour_adds_nothing_but_colour(reply: Reply) -> None:
    drawing = draw_reply(reply)
    coloured = render(drawing, Look(color=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text_of(drawing)
    assert "\x1b" not in render(drawing, Look(color=False))


@given(replies(st.binary(max_size=12)))
def test_no_control_character_reaches_the_terminal(reply: Reply) -> None:
    text = render(draw_reply(reply), Look(color=False))
    assert all(sign.isprintable() or sign == "\n" for sign in text)


def test_a_report_keeps_its_lines_and_other_strings_their_quotes() -> None:
    report = Bulk(b"# Server\r\nredis_version:7.0.15\r\n")
    assert text_of(draw_answer([b"info", b"server"], report)) == "# Server\nredis_version:7.0.15"
    assert text_of(draw_answer([b"GET", b"k"], report)) == terminal(report).decode()
    assert text_of(draw_answer([b"CLIENT", b"LIST"], Bulk(b"a\x1b[2J\n"))) == "a\\x1b[2J"
