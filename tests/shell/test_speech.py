"""What is typed that is no command: a sentence, a query, an answer without its `check`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shell.conftest import Terminal


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("What is a key?", "This shell reads commands, not sentences."),
        ("hello how are you", "This shell reads commands, not sentences."),
        ("select * from users", "This looks like SQL."),
        ("INSERT INTO users VALUES 1", "This looks like SQL."),
        ("create table users", "This looks like SQL."),
        ("SETT color blue", "`why` explains it."),
        ("GET", "`why` explains it."),
    ],
)
def test_what_is_no_command_gets_a_sentence_about_it(terminal: Terminal, typed: str, said: str) -> None:
    terminal.type(typed, "(error)", said)


def test_redis_gets_what_only_looks_like_it(terminal: Terminal) -> None:
    terminal.type("SELECT 1", "OK")
    terminal.type("SET from select", "OK")


def test_an_answer_of_several_words_is_asked_for_as_one(tmp_path: Path) -> None:
    with Terminal(tmp_path, lesson="counting") as terminal:
        terminal.see("Enter goes on.")
        terminal.type("next", "INCRBY stock 7")
        terminal.type("seven I think", "unknown command", "If this is your answer, type `check seven I think`")
        terminal.type("EXIST x y", "Did you mean EXISTS", "If this is your answer")


def test_a_transcript_is_pasted_without_its_replies(terminal: Terminal) -> None:
    terminal.press("\x1b[200~  > SET p 1\n  OK\n  # one more\n  > INCR p\n  (integer) 2\n\x1b[201~")
    drawn = terminal.type("", "OK", "(integer) 2", "A>")
    assert "error" not in drawn
    terminal.type("# a comment of my own", "A>")
    assert "error" not in terminal.type("GET p", '"2"')


@pytest.mark.parametrize("typed", ["a", "A", "(a)", "a)", "check a."])
def test_a_letter_is_an_answer_however_it_is_written(tmp_path: Path, typed: str) -> None:
    with Terminal(tmp_path, lesson="counting") as terminal:
        terminal.see("Enter goes on.")
        for _ in range(4):
            terminal.type("next", "/5")
        terminal.see("(c) `GET views`")
        terminal.type("f", "Answer with")
        terminal.type("b", "(b) `APPEND views 1`", "look next")
        terminal.type(typed, "Right", "Enter goes on.")
