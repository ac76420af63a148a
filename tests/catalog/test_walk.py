"""The walk over the argument tree, by tables of lines and by lines that nobody would write."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalog.conftest import cases, words_of
from tutor.catalog import Catalog, Problem, Walk, load

CATALOG = load()
TOKENS = sorted({token for name in CATALOG.names() for token in name.encode().split()})
WORDS = st.one_of(
    st.binary(max_size=12),
    st.sampled_from(
        [b"", b"0", b"1", b"2", b"-1", b"99999999999999999999", b"1.5", b"k", b"NX", b"EX", b"STREAMS", b"KEYS"]
    ),
    st.sampled_from(TOKENS),
)


def shown(walk: Walk) -> list[str]:
    """What may follow, as the table writes it."""
    return [f"<{e.text}>" if e.kind == "argument" else e.text for e in walk.expected]


def filled(catalog: Catalog, argv: list[bytes]) -> list[bytes]:
    """The shortest line that can be sent and begins so: always the first thing that is required."""
    values = {"integer": b"1", "double": b"0.01", "unix-time": b"1", "pattern": b"*", "string": b"x"}
    while not (walk := catalog.walk(argv)).complete:
        needed = next((e for e in walk.expected if e.required), None)
        if needed is None:
            return argv
        key = b"k%d" % len(argv)
        word = values.get(needed.type, key) if needed.kind == "argument" else needed.text.strip('"').encode()
        argv = [*argv, b"0" if needed.text == "numkeys" and argv[0][:4] in (b"EVAL", b"FCAL") else word]
    return argv


@pytest.mark.parametrize("row", cases("walk.yaml"))
def test_line(catalog: Catalog, row: dict[str, Any]) -> None:
    walk = catalog.walk(words_of(row["line"]))
    assert " ".join(token.role for token in walk.tokens) == row["words"]
    if "next" in row:
        expected = row["next"]
        cut = expected[-1:] == ["…"]
        assert shown(walk)[: len(expected) - 1 if cut else None] == expected[: -1 if cut else None]
    assert walk.complete is row["sent"]
    wrong = walk.problem and f"{walk.problem.kind} at {walk.problem.index}"
    assert wrong == row.get("wrong")


@pytest.mark.parametrize("name", [name for name in CATALOG.names() if not CATALOG.get(name).subcommands])  # type: ignore[union-attr]
def test_every_command_can_be_completed(catalog: Catalog, name: str) -> None:
    """Typing what is required, and nothing else, leads to a line that can be sent; its length is the arity."""
    command = catalog.get(name)
    assert command is not None
    line = filled(catalog, name.encode().split())
    assert catalog.walk(line).complete
    assert len(line) >= abs(command.arity)
    if command.arity > 0:
        assert len(line) == command.arity
        assert catalog.walk([*line, b"x"]).problem is not None or name == "SCRIPT DEBUG"


def test_problem_says_what_and_what_to_type(catalog: Catalog) -> None:
    problem = catalog.walk([b"SET", b"k", b"v", b"NXX"]).problem
    assert problem is not None
    assert problem.message.startswith("“NXX” cannot stand here in SET; NX, XX, IFEQ")
    assert problem.suggestion == "Did you mean NX?"
    problem = catalog.walk([b"SET", b"k", b"v", b"NX", b"xx"]).problem
    assert problem == Problem("exclusive", 4, "XX and NX exclude each other.", "Keep one: remove XX or NX.")
    problem = catalog.walk([b"ZADD", b"k"]).problem
    assert problem is not None
    assert problem.message == "ZADD is not finished: <score> has to follow."


def test_problem_shows_any_word_on_one_line(catalog: Catalog) -> None:
    problem = catalog.walk([b"\x1b[31m\nboom\xff" + b"x" * 1000]).problem
    assert problem is not None
    assert problem.message.isprintable()
    assert len(problem.message) < 100


def test_options_carry_the_servers_that_have_them(catalog: Catalog) -> None:
    found = {e.text: e.argument.since for e in catalog.walk([b"SET", b"k", b"v"]).expected if e.argument}
    assert found["IFEQ"] == {"redis": "8.4.0", "valkey": "8.1.0"}
    assert found["IFDEQ"] == {"redis": "8.4.0"}


def test_tokens_and_syntax_share_their_arguments(catalog: Catalog) -> None:
    """So that the shell can mark in the syntax line what is being typed."""
    walk = catalog.walk([b"SET", b"k", b"v", b"EX"])
    assert walk.command is not None
    marked = [part.text for part in walk.command.parts() if part.argument is walk.expected[0].argument]
    assert marked == ["EX", "seconds"]


@given(st.lists(WORDS, max_size=12))
def test_any_words_give_a_walk(argv: list[bytes]) -> None:
    walk = CATALOG.walk(argv)
    assert [token.text for token in walk.tokens] == argv
    assert [token.index for token in walk.tokens] == list(range(len(argv)))
    assert not (walk.complete and walk.problem)
    if argv and not walk.complete:
        assert walk.problem is not None
        assert 0 <= walk.problem.index <= len(argv)


@given(st.sampled_from(CATALOG.names()), st.data())
def test_following_what_is_expected_is_never_wrong(name: str, data: st.DataObject) -> None:
    """Whatever is chosen of what may come next, the line is right so far."""
    # Two: a count of words that come in pairs has to be even.
    values = {"key": b"k", "integer": b"2", "double": b"2", "unix-time": b"2", "pattern": b"*", "string": b"x"}
    argv = name.encode().split()
    for _ in range(10):
        walk = CATALOG.walk(argv)
        assert walk.problem is None or walk.problem.kind == "too-few", (argv, walk.problem)
        if not walk.expected:
            assert walk.complete
            return
        chosen = data.draw(st.sampled_from(walk.expected))
        argv.append(values[chosen.type] if chosen.kind == "argument" else chosen.text.strip('"').encode())


@pytest.mark.parametrize(
    "line",
    [
        [b"DEL", *[b"k"] * 2000],
        [b"SORT", b"k", *[b"GET", b"x"] * 1000],
        [b"BLPOP", *[b"a"] * 2000],
        [b"FT.AGGREGATE", b"i", b"q", *[b"APPLY", b"a", b"AS", b"b"] * 500],
        [b"BITFIELD", b"k", *[b"GET", b"u8", b"0"] * 700],
        [b"XREAD", b"STREAMS", *[b"a"] * 2000],
    ],
    ids=lambda line: line[0].decode(),
)
def test_two_thousand_words_take_no_time(catalog: Catalog, line: list[bytes]) -> None:
    started = time.process_time()
    walk = catalog.walk(line)
    assert time.process_time() - started < 0.25
    assert all(token.role != "unknown" for token in walk.tokens)
