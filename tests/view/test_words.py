"""Wrapping, pairs, cards, lists: what the tutor says, on a terminal of any width."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tutor.view import (
    LessonRow,
    Look,
    TrackRows,
    clean,
    cut,
    draw_fault,
    draw_hint,
    draw_lessons,
    draw_pairs,
    draw_text,
    draw_verdict,
    render,
    text_of,
    width,
)

PLAIN = Look(60, plain=True)
NARROW = Look(40, color=False)


@dataclass(frozen=True)
class Feedback:
    expected: str = '"63"'
    got: str = '"51"'
    why: str = "12 more visits came."
    look: str = "GET views:home"


@dataclass(frozen=True)
class Verdict:
    passed: bool
    feedback: Feedback | None = None
    points: int = 0
    max_points: int = 2
    why: str = ""


@example("000\x1f`\U00010c49", 18)
@given(st.text(max_size=200), st.integers(18, 90))
def test_a_sentence_fits_and_loses_no_word(text: str, columns: int) -> None:
    look = Look(columns)
    drawn = text_of(draw_text(text, look))
    assert all(width(row) <= look.measure for row in drawn.split("\n"))
    assert "".join(drawn.split()) == "".join(clean(text).replace("`", "").split())


def test_pairs_stand_in_columns_and_below_each_other_where_there_is_no_room() -> None:
    pairs = [("EX seconds", "Let the key expire."), ("NX", "Only when it is new.")]
    assert text_of(draw_pairs(pairs, Look(60))).split("\n") == [
        "EX seconds  Let the key expire.",
        "NX          Only when it is new.",
    ]
    assert text_of(draw_pairs(pairs, PLAIN)).split("\n") == [
        "EX seconds: Let the key expire.",
        "NX: Only when it is new.",
    ]


def test_a_wrong_answer_shows_expected_got_why_and_where_to_look() -> None:
    text = text_of(draw_verdict(Verdict(False, Feedback()), NARROW))
    for part in ("Not yet", '"63"', '"51"', "12 more visits", "GET views:home"):
        assert part in text


def test_a_right_answer_shows_its_points_and_the_why() -> None:
    text = text_of(draw_verdict(Verdict(True, None, 2, 2, "Nobody's visit is lost."), NARROW, "`next` goes on."))
    assert "2 points" in text
    assert "Nobody's visit" in text
    assert "`next` goes on." in text


def test_a_right_answer_after_the_solution_was_shown_says_that_it_brings_no_points() -> None:
    assert "no points" in text_of(draw_verdict(Verdict(True, None, 0), NARROW))


def test_a_fault_is_marked_at_its_place() -> None:
    drawn = text_of(draw_fault('SET ключ "a"b', 12, "There is something behind the quote.", NARROW)).split("\n")
    assert drawn[:2] == ['SET ключ "a"b', "            ^"]


def test_a_card_in_plain_mode_is_words_alone() -> None:
    for verdict in (Verdict(False, Feedback()), Verdict(True, None, 1)):
        assert render(draw_verdict(verdict, PLAIN, "x"), PLAIN).isascii()
    assert render(draw_hint("Look at INCRBY.", 2, 2, PLAIN), PLAIN) == (
        'Hint 2 of 2: Look at INCRBY. This was the last hint;\n"reveal" shows a solution.'
    )


@pytest.mark.parametrize("columns", [30, 40, 80, 200])
def test_the_list_of_lessons_fits(columns: int) -> None:
    rows = LessonRow("sorted-sets", "Sorted sets and what they are good for", 20, ("solved", "tried", "new"), True)
    drawn = text_of(draw_lessons([TrackRows("Structures", (rows,))], Look(columns)))
    assert all(width(row) <= max(columns, 36) for row in drawn.split("\n"))
    assert "sorted-sets" in drawn


def test_the_list_of_lessons_says_in_words_what_is_done() -> None:
    row = LessonRow("keys", "Keys", 15, ("solved", "revealed"), here=True)
    drawn = render(draw_lessons([TrackRows("Structures", (row,))], PLAIN), PLAIN)
    assert "keys: Keys, 15 minutes, 1 of 2 exercises solved, you are here" in drawn


def test_long_text_is_cut_by_cells_and_not_by_letters() -> None:
    assert cut("键键键键", 5) == "键键…"
    assert cut("abc", 3) == "abc"
