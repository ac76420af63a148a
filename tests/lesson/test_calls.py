"""A call with holes, as a check names it: read strictly, compared by meaning. More cases: cases/checkers/work.yaml."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.catalog import load
from tutor.errors import QuotingError
from tutor.lesson import call_shape, parse_call
from tutor.lesson.calls import call_fault
from tutor.wire import quote, split

CATALOG = load()


@pytest.mark.parametrize(
    "line",
    [
        "GET k",
        "get k",
        "BRPOP queue:scan 60",
        "BRPOP <any> 60",
        "BRPOP queue:scan <any>",
        "BRPOP <any> <any>",
        "BRPOP queue:scan <rest>",
        "LMOVE a b <any> LEFT",
        "BLMOVE a b RIGHT <any> <any>",
        "ZADD board GT <any> <any> 5 ana <rest>",
        "ZADD board GT <rest>",
        "XADD audit * <rest>",
        "XADD audit <any> f v",
        "SINTERCARD <any> a b",
        "SINTERCARD 2 a b",
        "SET k v EX <any>",
        "XREAD BLOCK 0 STREAMS alerts $",
        "ZRANGEBYSCORE shoes (30 90",
        "OBJECT ENCODING <any>",
        'SET "two words" <any>',
    ],
)
def test_a_line_that_can_be_looked_for(line: str) -> None:
    assert call_fault(CATALOG, line) == ""


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "has to begin with the name"),
        ("<rest>", "has to begin with the name"),
        ("<any> k", "has to begin with the name"),
        ("HEXIST k f", "Did you mean HEXISTS"),
        ("OBJECT ENCODINGS k", "no subcommand"),
        ("B> GET k", "no Redis command “B>”"),
        ("GET", "not finished"),
        ("GET a b", "one word too many"),
        ("GET <any> <any>", "cannot stand where it does"),
        ("LMOVE a b RIGHT UP", "LEFT or RIGHT"),
        ("BRPOP q sixty", "not finished"),
        ("EXPIRE k soon", "has to be a whole number"),
        ("SET k v NX XX", "XX"),
        ("GET <rest> k", "only be the last word"),
        ('GET "k', "never closed"),
    ],
)
def test_a_line_that_cannot(line: str, why: str) -> None:
    assert why in call_fault(CATALOG, line)


def test_the_name_has_its_container() -> None:
    assert parse_call(CATALOG, "object encoding k").name == "OBJECT ENCODING"


def test_options_have_no_order_and_sides_have_one() -> None:
    def shape(line: str) -> object:
        return call_shape(CATALOG, split(line.encode()))

    assert shape("SET k v NX EX 5") == shape("set k v ex 5 nx")
    assert shape("GEOSEARCH g FROMMEMBER a BYRADIUS 1 km ASC") == shape("GEOSEARCH g ASC BYRADIUS 1 km FROMMEMBER a")
    assert shape("LMOVE a b LEFT RIGHT") != shape("LMOVE a b RIGHT LEFT")
    assert shape("SORT k GET a GET b") != shape("SORT k GET b GET a")


_WORDS = st.sampled_from([b"SET", b"ZADD", b"XADD", b"LMOVE", b"GT", b"NX", b"EX", b"*", b"1", b"left", b"<any>", b""])


@given(st.lists(_WORDS | st.binary(max_size=4), min_size=1, max_size=8))
def test_every_call_matches_itself_and_not_a_longer_one(argv: list[bytes]) -> None:
    line = b" ".join(quote(word) for word in argv).decode("ascii")
    pattern = parse_call(CATALOG, line)
    assert pattern.matches(CATALOG, argv)
    assert not pattern.matches(CATALOG, [*argv, b"more"])
    assert parse_call(CATALOG, f"{line} <rest>").matches(CATALOG, argv)


@given(st.text())
def test_any_text_is_read_or_refused(line: str) -> None:
    assert isinstance(call_fault(CATALOG, line), str)
    try:
        parse_call(CATALOG, line)
    except QuotingError:
        assert call_fault(CATALOG, line)
