"""A lesson's Markdown on a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tutor.view import Look, draw_markdown, render, text_of, width


def drawn(text: str, columns: int = 40, *, plain: bool = False) -> list[str]:
    look = Look(columns, plain=plain)
    return [row.rstrip() for row in text_of(draw_markdown(text, look)).split("\n")]


def test_a_paragraph_is_wrapped_between_words() -> None:
    assert drawn("Redis keeps each value under a key, in memory.", 26) == [
        "Redis keeps each value",
        "under a key, in memory.",
    ]


def test_code_is_not_broken_at_its_spaces() -> None:
    assert drawn("To count, write `INCRBY page 5` and look.", 26) == ["To count, write", "INCRBY page 5 and look."]


def test_code_is_quoted_where_colour_cannot_set_it_apart() -> None:
    look = Look(40, color=False)
    assert render(draw_markdown("Write `GET k` now.", look), look) == "Write `GET k` now."


def test_a_transcript_keeps_its_lines() -> None:
    text = '```redis\n> SET greeting "a long good morning to all of you"\nOK\nB> GET k\n1) "v"\n```'
    assert drawn(text, 20) == [
        '  > SET greeting "a long good morning to all of you"',
        "  OK",
        "  B> GET k",
        '  1) "v"',
    ]


def test_lists_are_numbered_or_marked_and_their_lines_hang() -> None:
    assert drawn("- one two three four\n- five", 18) == ["• one two three", "  four", "• five"]
    assert drawn("1. one\n2. two") == ["1. one", "2. two"]


def test_the_letter_of_an_item_is_its_mark() -> None:
    assert drawn("- (a) `GET k`\n- (b) `DEL k`") == ["(a) GET k", "(b) DEL k"]


def test_a_table_becomes_records_where_it_has_no_room() -> None:
    table = "| reply | means |\n|---|---|\n| `-1` | no end |\n| `-2` | no key |"
    assert drawn(table) == ["reply  means", "─────────────", "-1     no end", "-2     no key"]
    assert drawn(table, plain=True) == ["reply: -1", "means: no end", "", "reply: -2", "means: no key"]


def test_a_comment_for_writers_is_not_shown() -> None:
    assert drawn("one\n\n<!-- exercise: a.b -->\n\ntwo") == ["one", "", "two"]


def test_an_address_is_shown_once() -> None:
    assert drawn("[the page](https://redis.io)") == ["the page <https://redis.io>"]
    assert drawn("<https://redis.io>") == ["https://redis.io"]


def test_plain_text_has_no_frames_and_no_colour() -> None:
    text = "# Title\n\n> quoted\n\n- item\n\n---\n\n| a |\n|---|\n| b |"
    look = Look(40, color=True, plain=True)
    assert render(draw_markdown(text, look), look).isascii()


@given(st.text(alphabet="ab 键é\n*`_#->|(1.)", max_size=120), st.integers(20, 90))
def test_any_text_is_drawn_and_fits(text: str, columns: int) -> None:
    look = Look(columns)
    drawing = draw_markdown(text, look)
    in_code = "```" in text or "    " in text
    assert in_code or all(width(row) <= columns for row in text_of(drawing).split("\n"))
