"""Taking a lesson at the terminal: reading, answering, being told why, coming back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.servers import need
from tests.shell.conftest import CTRL_C, ENTER, Terminal
from tutor.backends import open_backend
from tutor.wire import Bulk, Integer


def test_the_first_time_it_says_what_this_is_and_begins_the_first_lesson(tmp_path: Path) -> None:
    with Terminal(tmp_path, resume=True) as terminal:
        terminal.see("This is a shell for Redis", "Counting", "> INCR views", "Enter goes on.")
        terminal.press(ENTER)
        terminal.see("Exercise", "What does `INCRBY stock 7` answer?")
    with Terminal(tmp_path, resume=True) as terminal:
        drawn = terminal.see("What does `INCRBY stock 7` answer?")
        assert "This is a shell for Redis" not in drawn


def test_a_lesson_from_its_first_step_to_its_last(tmp_path: Path) -> None:
    with Terminal(tmp_path, lesson="counting") as terminal:
        terminal.see("Enter goes on.")
        terminal.type("next", "What does `INCRBY stock 7` answer?", "0 of 4 points")
        terminal.type("check (nil)", "Not yet", "nil is what GET answers for a missing key.")
        terminal.type("hint", "Hint 1 of 2", "Redis starts counting somewhere.")
        terminal.type("(integer) 7", "Right", "1 point", "A missing key counts as 0.")
        # Passing never moves on by itself; Enter on an empty line does.
        terminal.type("", "More", "`INCRBY` adds more than one.")
        terminal.type("", "Add `5` visits to `views`.")
        terminal.type("", "This exercise is open")
        terminal.type("SET views 5", "OK")
        terminal.type("check", "Not yet", "SET replaces: the 10 earlier visits are gone.", "`reset`")
        terminal.type("reset", "begins again")
        terminal.type("GET views", '"10"')
        terminal.type("INCRBY views 5", "(integer) 15")
        terminal.type("check", "Right", "2 points", "no visit is lost")
        terminal.type("", "Which one adds one?", "(a) `INCR views`")
        terminal.type("check b", "Not yet", "APPEND puts a sign at the end")
        terminal.type("a", "Right", "INCR adds one.")
        terminal.type("", "Counting ends here. You have 4 of 4 points.", "Enter begins the next lesson: Waiting")
        terminal.type("lessons", "counting", "●●●", "waiting")
        terminal.type("progress", "4 of 6 points")
        terminal.type("back", "Which one adds one?")


def test_check_asks_for_the_answer_and_a_command_there_is_a_command(tmp_path: Path) -> None:
    with Terminal(tmp_path, lesson="counting") as terminal:
        terminal.see("Enter goes on.")
        terminal.type("next", "INCRBY stock 7")
        terminal.type("check", "What does it answer?")
        terminal.type("hint", "Hint 1 of 2")
        terminal.type("check", "What does it answer?")
        terminal.press(CTRL_C)
        terminal.see("No answer was given")
        terminal.type("check", "What does it answer?")
        terminal.type("7", "Right")


def test_a_solution_is_shown_when_asked_twice_and_brings_no_points(tmp_path: Path) -> None:
    with Terminal(tmp_path, lesson="counting") as terminal:
        terminal.see("Enter goes on.")
        terminal.type("next", "INCRBY stock 7")
        terminal.type("reveal", "not as solved", "[y/N]")
        terminal.type("n")
        terminal.type("reveal", "[y/N]")
        terminal.type("y", "A solution:", "(integer) 7")
        terminal.type("check (integer) 7", "Right", "no points")
        terminal.type("", "`INCRBY` adds more than one.")
    rows = sqlite3.connect(tmp_path / "progress.sqlite3").execute("SELECT what FROM log WHERE what='revealed'")
    assert len(rows.fetchall()) == 1


def test_two_clients_in_an_exercise(tmp_path: Path) -> None:
    with Terminal(tmp_path, lesson="waiting") as terminal:
        terminal.see("Enter goes on.")
        terminal.type("next", "Let client B wait")
        terminal.type("LPUSH jobs 1", "(integer) 1")
        terminal.type("check", "Not yet", "B has to wait")
        terminal.type("reset", "begins again")
        terminal.type("B> BRPOP jobs 0", "(waiting: B is blocked by BRPOP")
        terminal.type("LPUSH jobs 1", "(integer) 1", 'B< 2) "1"')
        terminal.type("check", "Right", "straight to B")


def test_an_exercise_that_begins_ends_what_still_waits(tmp_path: Path) -> None:
    with Terminal(tmp_path, lesson="counting") as terminal:
        terminal.see("Enter goes on.")
        terminal.type("BRPOP q 0", "(waiting", "B>")
        terminal.type("next", "INCRBY stock 7")
        terminal.type("A> PING", "PONG")
        terminal.type("B> PING", "PONG")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("start nothing", "There is no lesson 'nothing'"),
        ("start two words", "Which lesson?"),
        ("check", "nothing to check in this step"),
        ("hint", "this step is to read"),
        ("reveal", "nothing to reveal"),
        ("back", "the first step"),
        ("client c", "(error)"),
        (":client c", "client A and client B"),
        ("explain", "What is to be explained?"),
        ("why", "Nothing was answered yet"),
    ],
)
def test_a_command_that_makes_no_sense_here_says_what_does(tmp_path: Path, typed: str, said: str) -> None:
    with Terminal(tmp_path, lesson="counting") as terminal:
        terminal.see("Enter goes on.")
        terminal.type(typed, said)


def test_a_screen_reader_gets_words(tmp_path: Path) -> None:
    with Terminal(tmp_path, lesson="counting", plain=True, columns=60) as terminal:
        terminal.see("Counting. Step 1 of 5.")
        terminal.type("next", "Exercise. Step 2 of 5. 1 point.")
        terminal.type("check OK", "Not yet.", "Expected:", "Got: OK", "Why: OK is what SET answers.")
        drawn = terminal.type("lessons", "counting: Counting, 5 minutes, 0 of 3 exercises solved, you are here")
        assert "┃" not in terminal.output.text
        assert "●" not in drawn


def test_a_narrow_terminal_is_enough(tmp_path: Path) -> None:
    with Terminal(tmp_path, lesson="counting", columns=40) as terminal:
        terminal.see("Counting", "1/5", "Enter goes on.")
        terminal.type("next", "INCRBY stock 7")
        terminal.type("check OK", "Not yet", "OK is what SET")


def test_a_lesson_that_was_left_at_its_end_goes_on_with_the_next_one(tmp_path: Path) -> None:
    with Terminal(tmp_path, lesson="counting") as terminal:
        terminal.see("Enter goes on.")
        for _ in range(5):
            terminal.type("next", "A>")
        terminal.see("Still open: steps 2, 4, 5.", "Enter begins the next lesson: Waiting")
    with Terminal(tmp_path, resume=True) as terminal:
        terminal.see("Counting ends here.", "Enter begins the next lesson: Waiting")
        terminal.type("back", "Which one adds one?")
        terminal.type("next", "Counting ends here.")
        terminal.type("", "A client can wait for an element.")
        terminal.type("next", "Let client B wait")
        terminal.type("next", "Waiting ends here.", "This was the last lesson.", "0 of 6 points", "`start counting`")
        terminal.type("next", "Waiting ends here.")


def test_a_step_begins_with_the_first_client(tmp_path: Path) -> None:
    with Terminal(tmp_path, lesson="waiting") as terminal:
        terminal.see("Enter goes on.")
        terminal.type("next", "Let client B wait")
        terminal.type("BRPOP jobs 0", "You are client B now.", "B>")
        terminal.type("BRPOP jobs 0", "Both clients wait now.")
        terminal.type("reset", "begins again", "RESET is written", "A>")
        terminal.type("LPUSH jobs 1", "(integer) 1")
        assert "capitals" not in terminal.type("reset", "begins again", "A>")


def test_a_guest_is_told_where_the_lesson_works(tmp_path: Path) -> None:
    need("redis-server")
    with open_backend("redis-server") as server:
        own, free = server.connect(0), server.connect(1)
        own.call("SET", "prod:1", "precious")
        url = f"unix://{server.address.path}"
        with Terminal(tmp_path, backend=lambda: open_backend(url), lesson="counting") as terminal:
            terminal.see("Lessons work in database 1 of this server, which was empty.", "Counting")
            terminal.type("SET mine 1", "OK")
            assert "Lessons work" not in terminal.type("next", "INCRBY stock 7")
        assert own.call("GET", "prod:1") == Bulk(b"precious")
        assert free.call("DBSIZE") == Integer(0)
        own.close()
        free.close()
