"""Transcripts: every line has one meaning, and any text is read or refused at its line."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.errors import CourseError
from tutor.lesson import Arrival, Typed, parse_lines, parse_transcript


def typed(client: str, text: str, expected: str | None, line: int) -> Typed:
    return Typed(client, text, tuple(word.encode() for word in text.split()), expected, line)


def test_every_line_has_its_meaning() -> None:
    text = dedent("""\
        # the first client is A
        > SET k v
        OK

        B> LRANGE l 0 -1
        1) "a"
        2) "b"
        > BRPOP q 0
        B> LPUSH q x
        (integer) 1
        < 1) "q"
        < 2) "x"
        """)
    assert parse_transcript(text, "f", 10) == (
        typed("A", "SET k v", "OK", 11),
        typed("B", "LRANGE l 0 -1", '1) "a"\n2) "b"', 14),
        typed("A", "BRPOP q 0", None, 17),
        typed("B", "LPUSH q x", "(integer) 1", 18),
        Arrival("A", '1) "q"\n2) "x"', 20),
    )


def test_two_messages_in_a_row_are_two() -> None:
    text = 'B< 1) "message"\nB< 2) "news"\nB< 3) "one"\nB< 1) "message"\nB< 2) "news"\nB< 3) "two"\nC< 1) "message"'
    assert parse_transcript(text, "f", 1) == (
        Arrival("B", '1) "message"\n2) "news"\n3) "one"', 1),
        Arrival("B", '1) "message"\n2) "news"\n3) "two"', 4),
        Arrival("C", '1) "message"', 7),
    )


def test_short_replies_that_arrive_are_one_each() -> None:
    assert parse_transcript("B< (nil)\nB< (nil)", "f", 1) == (Arrival("B", "(nil)", 1), Arrival("B", "(nil)", 2))


def test_an_unordered_reply_that_arrives_is_one() -> None:
    text = 'B< <unordered>\nB< 1) "b"\nB< 2) "a"'
    assert parse_transcript(text, "f", 1) == (Arrival("B", '<unordered>\n1) "b"\n2) "a"', 1),)


def test_a_hole_is_no_arrival() -> None:
    assert parse_transcript("> TIME\n1) <any>\n2) <any>\n> PING\n<any>", "f", 1)[1] == typed("A", "PING", "<any>", 4)


def test_a_learners_answer_may_have_marks_blank_lines_and_comments() -> None:
    lines = parse_lines("\n# first\nSET a 1\n> GET a\n  B> GET a  \n", "f", 1)
    assert [(line.client, line.text, line.line) for line in lines] == [
        ("A", "SET a 1", 3),
        ("A", "GET a", 4),
        ("B", "GET a", 5),
    ]


def test_bytes_are_what_redis_cli_would_send() -> None:
    assert parse_lines(r'SET k "a\xffb\t\"q\""', "f", 1)[0].argv == (b"SET", b"k", b'a\xffb\t"q"')


_LINES = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            ["> GET k", "B> ", "< x", 'B< 1) "a"', 'B< 2) "b"', "<any>", "<unordered>", "# c", '> "', "1) 1) x", ""]
        ),
    ),
    max_size=12,
)


@given(_LINES)
def test_any_transcript_is_read_or_refused_at_one_of_its_lines(lines: list[str]) -> None:
    text = "\n".join(lines)
    count = text.count("\n") + 1
    try:
        steps = parse_transcript(text, "f.md", 5)
    except CourseError as error:
        file, _, line = error.where.rpartition(":")
        assert file == "f.md"
        assert 5 <= int(line) < 5 + count
        return
    places = [step.line for step in steps]
    assert places == sorted(places)
    assert all(5 <= place < 5 + count for place in places)


@given(st.text())
def test_any_answer_is_read_or_refused(text: str) -> None:
    try:
        lines = parse_lines(text, "answer", 1)
    except CourseError:
        return
    assert all(line.argv for line in lines)


@pytest.mark.parametrize("text", ["B>", "> ", 'SET k "'])
def test_what_is_no_command_is_refused(text: str) -> None:
    with pytest.raises(CourseError, match=r"^f:3: "):
        parse_lines(text, "f", 3)
