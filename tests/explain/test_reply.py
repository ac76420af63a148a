"""Why a reply came, held against a table that a teacher could read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.catalog import Catalog, load
from tutor.explain import KeyState, Scene, explain_reply
from tutor.wire import Array, Bulk, Error, Integer, Nil, Reply, Status, split

CASES = Path(__file__).resolve().parent.parent / "cases" / "explain" / "replies.md"


def rows() -> list[tuple[str, str, str, list[str]]]:
    """The table's rows: typed, key, reply, and the words that have to be said."""
    found = []
    for text in CASES.read_text(encoding="utf-8").splitlines():
        if text.startswith("| `"):
            typed, key, reply, says = (cell.strip() for cell in text.strip("|").split(" | "))
            found.append((typed.strip("`"), key, reply, [part.strip() for part in says.split(";")]))
    return found


def reply_of(text: str) -> Reply:
    """A reply from redis-cli's text of it."""
    if text == "(nil)":
        return Nil()
    if text.startswith("(error) "):
        return Error(text[8:].encode())
    if text.startswith("(integer) "):
        return Integer(int(text[10:]))
    if scanned := re.fullmatch(r'1\) "(\d+)" 2\) 1\) "(\w+)"', text):
        return Array((Bulk(scanned[1].encode()), Array((Bulk(scanned[2].encode()),))))
    return Bulk(text[1:-1].encode()) if text.startswith('"') else Status(text.encode())


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


@pytest.mark.parametrize(("typed", "key", "reply", "says"), rows(), ids=lambda value: str(value)[:40])
def test_an_explanation_says_what_the_table_wants(
    catalog: Catalog, typed: str, key: str, reply: str, says: list[str]
) -> None:
    argv = split(typed.encode())
    kind, _, ttl = key.partition(" ")
    keys = {argv[1]: KeyState(kind, int(ttl) if ttl else -1)} if len(argv) > 1 else {}
    reason = explain_reply(catalog, argv, reply_of(reply), Scene(keys, ("next",)))
    text = " ".join([reason.kind, *reason.means, reason.look])
    for part in says:
        assert part in text


words = st.lists(st.binary(max_size=12), max_size=6)
replies = st.recursive(
    st.one_of(
        st.builds(Nil),
        st.builds(Integer, st.integers(-(2**63), 2**63 - 1)),
        st.builds(Bulk, st.binary(max_size=20)),
        st.builds(Status, st.binary(max_size=20)),
        st.builds(Error, st.binary(max_size=40)),
    ),
    lambda inner: st.builds(Array, st.lists(inner, max_size=4).map(tuple)),
    max_leaves=8,
)


@given(words, replies)
def test_any_reply_to_any_words_is_explained(argv: list[bytes], reply: Reply) -> None:
    reason = explain_reply(CATALOG, argv, reply)
    assert reason.means
    assert all(isinstance(part, str) and part for part in reason.means)


names = st.sampled_from([name.encode().split() for name in load().names()])


@given(names, words, replies)
def test_any_reply_to_any_command_is_explained(name: list[bytes], argv: list[bytes], reply: Reply) -> None:
    assert explain_reply(CATALOG, [*name, *argv], reply).means


CATALOG = load()
