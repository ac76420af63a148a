"""Letters are typed in many ways; the text of the lines is an answer too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.checkers import read_letter, read_order
from tutor.errors import UsageError
from tutor.lesson import Item

ITEMS = (
    Item("a", "`DEL lock`", "DEL lock"),
    Item("b", "`SET lock me NX`, if it is free", "SET lock me NX"),
    Item("c", "`INCR work`", "INCR work"),
)


@pytest.mark.parametrize(
    "typed",
    [
        "b c a",
        "B, C, A",
        "bca",
        "b\nc\na",
        "(b) (c) (a)",
        "[b, c, a]",
        "b > c > a",
        "SET lock me NX\nINCR work\nDEL lock",
        "`SET lock me NX`, if it is free\nincr  work\nDEL lock\n",
        "1. SET lock me NX\n2. INCR work\n3. DEL lock",
        "- (b) `SET lock me NX`, if it is free\n- (c) `INCR work`\n- (a) `DEL lock`",
    ],
)
def test_an_order(typed: str) -> None:
    assert read_order(typed, ITEMS) == ("b", "c", "a")


def test_lines_may_be_left_out() -> None:
    assert read_order("b", ITEMS) == ("b",)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Answer with letters: a, b, c"),
        ("b d", "none of the lines"),
        ("b c b", r"\(b\) stands twice"),
        ("GET x", "none of the lines"),
    ],
)
def test_no_order(typed: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        read_order(typed, ITEMS)


@pytest.mark.parametrize("typed", ["c", "(c)", "c)", " C. ", "INCR work", "`INCR work`"])
def test_a_letter(typed: str) -> None:
    assert read_letter(typed, ITEMS) == "c"


def test_one_letter_and_not_two() -> None:
    with pytest.raises(UsageError, match="one letter"):
        read_letter("a b", ITEMS)


@given(st.text())
def test_any_text_is_letters_or_refused(text: str) -> None:
    try:
        letters = read_order(text, ITEMS)
    except UsageError:
        return
    assert letters
    assert set(letters) <= {"a", "b", "c"}
