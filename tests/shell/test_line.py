"""What a typed line is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.catalog import load
from tutor.errors import QuotingError
from tutor.shell.line import logical_lines, read_line, to_bytes, unfinished
from tutor.shell.vocabulary import ALIASES, RULE, SHARED, WORDS, tutor_word
from tutor.wire import split

CATALOG = load()
text = st.text(alphabet=st.one_of(st.characters(), st.sampled_from(" \"'\\\n:>AB")), max_size=60)


@pytest.mark.parametrize(
    ("typed", "client", "argv"),
    [
        ("GET k", "", [b"GET", b"k"]),
        ("  GET   k  ", "", [b"GET", b"k"]),
        ("B> GET k", "B", [b"GET", b"k"]),
        ("b>GET k", "B", [b"GET", b"k"]),
        ("> SET a 1", "", [b"SET", b"a", b"1"]),
        ("B>", "B", []),
        (r'SET k "a\xff b"', "", [b"SET", b"k", b"a\xff b"]),
        ("SET k ключ", "", [b"SET", b"k", "ключ".encode()]),
        ("NEXT", "", [b"NEXT"]),
        ("RESET", "", [b"RESET"]),
        ("Quit", "", [b"Quit"]),
        ("client list", "", [b"client", b"list"]),
        ("CLIENT B", "", [b"CLIENT", b"B"]),
    ],
)
def test_a_line_for_redis(typed: str, client: str, argv: list[bytes]) -> None:
    line = read_line(typed)
    assert (line.tutor, line.client, line.argv) == (None, client, argv)


@pytest.mark.parametrize(
    ("typed", "name", "rest"),
    [
        ("next", "next", ""),
        (":next", "next", ""),
        (":RESET", "reset", ""),
        ("reset", "reset", ""),
        ("check (integer) 5", "check", "(integer) 5"),
        ('check "it\'s"', "check", '"it\'s"'),
        ("client b", "client", "b"),
        ("client", "client", ""),
        ("exit", "quit", ""),
        ("?", "help", ""),
        ("explain SET k v", "explain", "SET k v"),
    ],
)
def test_a_line_for_the_tutor(typed: str, name: str, rest: str) -> None:
    line = read_line(typed)
    assert line.tutor is not None
    assert (line.tutor.name, line.rest) == (name, rest)


def test_no_word_of_the_tutor_hides_a_command_of_redis() -> None:
    both = {word for word in [*WORDS, *ALIASES] if CATALOG.get(word) is not None}
    assert both == set(SHARED)
    for word in both:
        # In capitals the word always reaches Redis, and the rule that help shows says so.
        assert tutor_word(SHARED[word], "") is None
        assert word in RULE or SHARED[word] in RULE
    subcommands = CATALOG.get("CLIENT")
    assert subcommands is not None
    for subcommand in subcommands.subcommands:
        assert tutor_word("client", f" {subcommand.lower()}") is None


@given(text)
def test_words_are_those_of_the_one_splitter(typed: str) -> None:
    line = read_line(typed)
    assert all(0 <= word.start < word.end <= len(typed) for word in line.words)
    if line.redis_words and line.tutor is None:
        try:
            assert line.argv == split(to_bytes(typed[line.at :]))
        except QuotingError:
            assert line.fault is not None


@given(st.text(alphabet=" ab\"'\\é", max_size=40))
def test_words_stand_where_they_are_said_to(typed: str) -> None:
    line = read_line(typed)
    if line.fault is None and line.tutor is None:
        for word in line.words:
            assert split(to_bytes(typed[word.start : word.end])) == [word.data]


def test_several_lines_run_in_order_and_open_quotes_join_them() -> None:
    assert logical_lines("SET a 1\r\nSET b 2\n\n  \nGET a") == ["SET a 1", "SET b 2", "GET a"]
    assert logical_lines('SET a "x\ny"\nGET a') == ['SET a "x\ny"', "GET a"]
    assert logical_lines("SET a \\\n  1\nGET a") == ["SET a   1", "GET a"]


@pytest.mark.parametrize("typed", ['SET a "x', "SET a 'x", "SET a \\"])
def test_a_line_that_goes_on(typed: str) -> None:
    assert unfinished(typed)


@pytest.mark.parametrize("typed", ["", "SET a 1", 'SET a "x"', "check it's", 'SET a "x"y', "hint \\x"])
def test_a_line_that_is_whole(typed: str) -> None:
    assert not unfinished(typed)


@given(text)
def test_no_line_is_lost(typed: str) -> None:
    kept = "".join("".join(logical_lines(typed)).split())
    plain = "".join(typed.replace("\r\n", "\n").replace("\r", "\n").split())
    assert kept.replace("\\", "") == plain.replace("\\", "")
