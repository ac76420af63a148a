"""Words as redis-cli reads and writes them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.conftest import RedisCli
from tutor.errors import QuotingError
from tutor.wire import quote, split

LINES = [
    (rb"SET k v", [b"SET", b"k", b"v"]),
    (rb"  SET   k	v  ", [b"SET", b"k", b"v"]),
    (rb'SET k "two words"', [b"SET", b"k", b"two words"]),
    (rb'"a\xffb\t\"q\""', [b'a\xffb\t"q"']),
    (rb'"\n\r\t\b\a\\\q"', [b"\n\r\t\b\a\\q"]),
    (rb'"\xZZ\x4"', [b"xZZx4"]),
    (rb"'it\'s'", [b"it's"]),
    (rb"'no \n here'", [rb"no \n here"]),
    (rb'SET k ""', [b"SET", b"k", b""]),
    (rb'pre"fix"', [b"prefix"]),
    ("GET größe".encode(), [b"GET", "größe".encode()]),
    (rb"", []),
    (rb"   ", []),
    (rb'"a" "b"', [b"a", b"b"]),
    (b"a\x0bb 'c'", [b"a\x0bb", b"c"]),
]

FAULTS = [
    (b'SET k "open', 6, "never closed"),
    (b"SET k 'open", 6, "never closed"),
    (b'SET k "a"b', 9, "followed by a space"),
    (b"GET 'a''b'", 7, "followed by a space"),
    (b'"\\', 0, "never closed"),
]


@pytest.mark.parametrize(("line", "words"), LINES)
def test_a_line_becomes_words(line: bytes, words: list[bytes]) -> None:
    assert split(line) == words


@pytest.mark.parametrize(("line", "position", "says"), FAULTS)
def test_a_quoting_error_knows_its_place(line: bytes, position: int, says: str) -> None:
    with pytest.raises(QuotingError, match=says) as fault:
        split(line)
    assert fault.value.position == position


def test_seven_bytes() -> None:
    assert len(split(rb'"a\xffb\t\"q\""')[0]) == 7


@given(st.binary())
def test_a_quoted_value_reads_back(data: bytes) -> None:
    assert split(quote(data)) == [data]


@given(st.binary())
def test_any_line_gives_words_or_a_place(line: bytes) -> None:
    position, words = 0, []
    try:
        words = split(line)
    except QuotingError as fault:
        position = fault.position
    assert 0 <= position <= len(line)
    assert sum(map(len, words)) <= len(line)


# Behind a first word, so that redis-cli does not take the line for one of its own (`quit`, or a number of repetitions).
_TYPED = st.text(alphabet="ab \t\"'\\xfn0", max_size=24).map(lambda text: b"ECHO " + text.encode())


@settings(deadline=None, max_examples=60)
@given(lines=st.lists(_TYPED, min_size=1, max_size=40))
def test_redis_cli_reads_the_same_words(redis_cli: RedisCli, lines: list[bytes]) -> None:
    """redis-cli drops a line that it cannot split."""
    ours = []
    for line in lines:
        with contextlib.suppress(QuotingError):
            ours.append(split(line))
    assert redis_cli.sends(b"".join(line + b"\n" for line in lines)) == ours
