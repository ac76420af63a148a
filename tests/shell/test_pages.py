"""A text that is longer than the screen waits for Enter."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.shell.conftest import Terminal
from tutor.shell.pages import cut_page, page_rows
from tutor.view import Span, text_of

LINES = st.lists(st.sampled_from(["", "a line", "it leads on:", "  > GET k"]), max_size=60)


@given(lines=LINES, rows=st.integers(8, 50))
def test_pages_lose_nothing_and_none_is_longer_than_the_screen(lines: list[str], rows: int) -> None:
    rest = tuple((Span(text),) if text else () for text in lines)
    shown: list[str] = []
    while rest:
        page, rest = cut_page(rest, rows)
        assert len(page) <= rows
        assert page
        shown += [text_of([spans]) for spans in page]
    assert [text for text in shown if text] == [text for text in lines if text]


def test_a_page_ends_between_paragraphs_and_not_below_a_line_that_leads_on() -> None:
    texts = ["head", "", "one", "two", "", "three", "see:", "", "> GET k", "four", "", "five", "six"]
    drawing = tuple((Span(text),) if text else () for text in texts)
    page, rest = cut_page(drawing, 10)
    assert text_of(page) == "head\n\none\ntwo"
    assert text_of(rest).startswith("\nthree\nsee:")


def test_a_low_screen_keeps_less_free_for_the_menu_and_always_shows_something() -> None:
    assert page_rows(35) == 26
    assert page_rows(24) == 18
    assert page_rows(5) == page_rows(24, 100) == 8


def test_the_rest_of_a_step_comes_with_enter_and_waits_while_commands_are_typed(tmp_path: Path) -> None:
    with Terminal(tmp_path, lesson="counting", rows=14) as terminal:
        drawn = terminal.see("Counting", "1/5", "A string can hold", "Enter shows more.")
        assert "INCR views" not in drawn
        terminal.type("PING", "PONG")
        terminal.type("", "> INCR views", "Enter goes on.")
        terminal.type("", "Exercise", "2/5")


def test_next_shows_the_rest_first_and_a_passed_exercise_needs_none(tmp_path: Path) -> None:
    with Terminal(tmp_path, lesson="counting", rows=14) as terminal:
        terminal.see("Enter shows more.")
        terminal.type("next", "> INCR views", "Enter goes on.")
        terminal.type("next", "What does `INCRBY stock 7` answer?")
        terminal.type("7", "Right")
        terminal.type("next", "More", "3/5")


def test_help_is_read_before_the_step_goes_on(tmp_path: Path) -> None:
    with Terminal(tmp_path, lesson="counting", rows=30) as terminal:
        terminal.see("Enter goes on.")
        terminal.type("help", "Lessons", "Enter shows more.")
        # What is typed instead ends the reading.
        terminal.type("PING", "PONG")
        terminal.type("", "What does `INCRBY stock 7` answer?")


def test_a_screen_reader_gets_all_of_it_at_once(tmp_path: Path) -> None:
    with Terminal(tmp_path, lesson="counting", rows=14, plain=True) as terminal:
        assert "shows more" not in terminal.see("> INCR views", "Enter goes on.")
