"""A line explained, word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.catalog import load
from tutor.explain import explain_command
from tutor.wire import split

CATALOG = load()


def parts(line: bytes) -> list[tuple[str, str]]:
    return [(part.text, part.role) for part in explain_command(CATALOG, split(line)).parts]


def test_an_option_and_its_value_are_one_part() -> None:
    assert parts(b"SET k v EX 3 NX") == [
        ("SET", "command"),
        ("k", "key"),
        ("v", "value"),
        ("EX 3", "option"),
        ("NX", "option"),
    ]


def test_a_subcommand_belongs_to_its_command() -> None:
    assert parts(b"xgroup create s g 0")[0] == ("xgroup create", "command")


def test_each_part_says_what_it_is() -> None:
    explanation = explain_command(CATALOG, split(b"SET k v EX 3 NX"))
    assert "second" in explanation.parts[3].means
    assert "not exist" in explanation.parts[4].means
    assert explanation.problem == ""
    assert ("cost", "O(1)") in explanation.facts


def test_the_wrong_word_is_marked_and_the_right_one_offered() -> None:
    explanation = explain_command(CATALOG, split(b"SET k v NXX"))
    assert [part.text for part in explanation.parts if part.wrong] == ["NXX"]
    assert "NX" in explanation.suggestion


def test_a_wrong_value_marks_the_option_that_it_belongs_to() -> None:
    explanation = explain_command(CATALOG, split(b"SET k v EX soon"))
    assert [part.text for part in explanation.parts if part.wrong] == ["EX soon"]


def test_a_name_alone_is_explained_as_a_whole() -> None:
    explanation = explain_command(CATALOG, [b"expire"])
    assert explanation.problem == ""
    assert explanation.syntax.startswith("EXPIRE key seconds")
    assert {"NX", "XX", "GT", "LT"} <= {name for name, _ in explanation.options}
    assert explanation.replies
    assert explanation.mistake


def test_a_container_lists_its_subcommands() -> None:
    names = {name for name, _ in explain_command(CATALOG, [b"XGROUP"]).options}
    assert {"CREATE", "DESTROY"} <= names


def test_an_unknown_command_gets_a_suggestion() -> None:
    explanation = explain_command(CATALOG, [b"GTE", b"k"])
    assert explanation.title == ""
    assert "GET" in explanation.suggestion


@pytest.mark.parametrize("name", CATALOG.names())
def test_every_command_is_explained(name: str) -> None:
    explanation = explain_command(CATALOG, name.encode().split())
    assert explanation.title == name
    assert explanation.sentence


@given(st.lists(st.binary(max_size=10), max_size=6))
def test_any_words_are_explained(argv: list[bytes]) -> None:
    explanation = explain_command(CATALOG, argv)
    assert all(part.text for part in explanation.parts)
