"""Commands, two clients, waiting, messages: a learner at the terminal, without a lesson."""

from __future__ import annotations

import stat
from pathlib import Path

from tests.servers import need
from tests.shell.conftest import ALT_ENTER, CTRL_C, ENTER, TAB, Terminal
from tutor.backends import open_backend


def test_a_command_typed_before_the_server_is_there_waits_for_it(terminal: Terminal) -> None:
    terminal.press("PING" + ENTER + "SET k v" + ENTER)
    terminal.see("PONG", "OK")
    assert terminal.leave() == 0


def test_replies_are_printed_as_redis_cli_does(terminal: Terminal) -> None:
    terminal.type(r'SET k "a\xffb"', "OK")
    terminal.type("GET k", r'"a\xffb"')
    terminal.type("RPUSH l a b", "(integer) 2")
    terminal.type("LRANGE l 0 -1", '1) "a"\r\n2) "b"')
    terminal.type("GET l", "(error) WRONGTYPE")
    terminal.type("why", "l is a list", "LRANGE")


def test_ctrl_c_clears_a_half_typed_line(terminal: Terminal) -> None:
    terminal.press("SET k oops" + CTRL_C)
    terminal.type("EXISTS k", "(integer) 0")


def test_an_open_quote_goes_on_and_a_backslash_too(terminal: Terminal) -> None:
    terminal.press('SET k "a' + ENTER + 'b"' + ENTER)
    terminal.see("OK")
    terminal.type("GET k", r'"a\nb"')
    terminal.press("SET k \\" + ENTER + "joined" + ENTER)
    terminal.see("OK")
    terminal.type("GET k", '"joined"')


def test_nobody_is_caught_in_an_open_quote(terminal: Terminal) -> None:
    terminal.press("GET it's" + ENTER + ENTER)
    terminal.see("is never closed")


def test_lines_run_in_order_whether_pasted_or_typed_with_alt_enter(terminal: Terminal) -> None:
    terminal.press("\x1b[200~SET a 1\nINCR a\nINCR a\n\x1b[201~" + ENTER)
    terminal.see("OK", "(integer) 2", "(integer) 3")
    terminal.press("INCR a" + ALT_ENTER + "INCR a" + ENTER)
    terminal.see("(integer) 4", "(integer) 5")


def test_lines_that_arrive_at_once_run_in_order(terminal: Terminal) -> None:
    terminal.press("".join(f"RPUSH q {number}{ENTER}" for number in range(20)))
    terminal.see(*(f"(integer) {number + 1}\r\n" for number in range(20)))


def test_enter_takes_a_word_of_the_menu_and_does_not_send_yet(terminal: Terminal) -> None:
    terminal.type("PING", "PONG")
    terminal.type("SET k v EX 100", "OK")
    terminal.press("SET k w KEEP")
    terminal.see("Keep the time to live")
    terminal.press(TAB)
    # The bar names the option as soon as its word is whole.
    terminal.see("KEEPTTL]")
    terminal.press(ENTER + ENTER)
    terminal.see("OK")
    terminal.type("PERSIST k", "(integer) 1")


def test_the_bar_shows_the_syntax_and_a_phrase(terminal: Terminal) -> None:
    terminal.press("EXPIRE k ")
    # Only what differs from the screen before is drawn anew, so the phrase comes in pieces.
    terminal.see("EXPIRE key seconds [NX | XX | GT | LT]", "in seconds.")


def test_a_quoting_fault_is_shown_at_its_place(terminal: Terminal) -> None:
    terminal.type('SET k "a"b', 'SET k "a"b\r\n         ^')


# -- the tutor's words and Redis's ------------------------------------------------------------------------------


def test_small_letters_are_the_tutors_and_capitals_are_redis(terminal: Terminal) -> None:
    terminal.type("QUIT", "OK", "ends the connection of client A", "`quit` leaves the shell")
    terminal.type("PING", "PONG")
    terminal.type("RESET", "RESET\r\n")
    terminal.type("NEXT", "(error) ERR unknown command 'NEXT'")
    terminal.type("why", "The tutor has one", "next")
    terminal.type("client list", "id=")
    terminal.type("next", "No lesson has begun")
    terminal.press("quit" + ENTER)
    assert terminal.leave() == 0


def test_help_shows_the_rule_and_every_command(terminal: Terminal) -> None:
    drawn = terminal.type("help", "Enter shows more.")
    drawn += terminal.type("", "Ctrl-D", "RESET")
    for word in ("lessons", "start LESSON", "check [ANSWER]", "client A|B", "Ctrl-R"):
        assert word in drawn
    terminal.type("help SET", "SET key value")
    terminal.type("help next", "Go on to the next step")


def test_what_the_embedded_server_only_simulates_is_called_so(terminal: Terminal) -> None:
    terminal.type("INFO server", "redis_version:", "(simulated:")
    assert "simulated" not in terminal.type("SET k v", "OK")


def test_explain_runs_nothing(terminal: Terminal) -> None:
    terminal.type("explain SET k v EX 3 NX", "EX 3", "cost O(1)")
    terminal.type("EXISTS k", "(integer) 0")


# -- two clients -------------------------------------------------------------------------------------------------


def test_the_other_client_speaks_for_one_line_or_from_now_on(terminal: Terminal) -> None:
    terminal.type("SELECT 3", "OK", "A[3]>")
    terminal.type("SET k three", "OK")
    terminal.type("B> EXISTS k", "(integer) 0", "A[3]>")
    terminal.type("client b", "B>")
    terminal.type("MULTI", "OK", "B(tx)>")
    terminal.type("PING", "QUEUED")
    terminal.type("EXEC", "1) PONG", "B>")
    terminal.type("HELLO 3", '"proto" => (integer) 3', "B(resp3)>")


def test_a_blocked_client_leaves_the_prompt_to_the_other(terminal: Terminal) -> None:
    terminal.type("BRPOP jobs 0", "(waiting: A is blocked by BRPOP; press Ctrl-C to stop)", "B>")
    terminal.type("A> PING", "Client A waits for the answer to BRPOP")
    terminal.type("LPUSH jobs one", "(integer) 1")
    # Who was moved to the other client comes back when the waiting is over.
    terminal.see('A< 1) "jobs"', 'A< 2) "one"', "A>")


def test_ctrl_c_stops_a_blocked_command_and_only_that(terminal: Terminal) -> None:
    terminal.type("BRPOP jobs 0", "(waiting", "B>")
    terminal.press(CTRL_C)
    terminal.see("A< (nil)", "A>")
    terminal.press(CTRL_C)
    terminal.see("Nothing is waiting")
    terminal.type("PING", "PONG")


def test_ctrl_c_stops_a_script_without_an_end(terminal: Terminal) -> None:
    terminal.type("SET kept 1", "OK")
    terminal.type("EVAL 'while true do end' 0", "(waiting: the server is busy with EVAL")
    terminal.press(CTRL_C)
    terminal.see("A< (error)")
    terminal.type("GET kept", '"1"')


def test_messages_come_above_the_prompt_with_the_client_that_they_reach(terminal: Terminal) -> None:
    terminal.type("SUBSCRIBE news", '"subscribe"', "A(sub)>")
    terminal.type("B> PUBLISH news hello", "(integer) 1")
    terminal.see('A< 1) "message"', 'A< 2) "news"', 'A< 3) "hello"')
    terminal.type("B> SUBSCRIBE a b", '"subscribe"')
    terminal.see('B< 2) "b"')


def test_a_lost_connection_is_said_and_made_again(terminal: Terminal) -> None:
    terminal.type("MULTI", "OK", "A(tx)>")
    terminal.type("B> CLIENT KILL TYPE normal SKIPME yes", "(integer)")
    terminal.see("connection of client A was lost", "MULTI", "A>")
    terminal.type("PING", "PONG")


# -- files and servers -------------------------------------------------------------------------------------------


def test_lines_are_remembered_for_the_next_time_but_no_password(tmp_path: Path) -> None:
    with Terminal(tmp_path) as first:
        first.type("SET remembered 1", "OK")
        first.type("AUTH secret-word", "(error)")
    history = tmp_path / "history"
    assert "remembered" in history.read_text()
    assert "secret-word" not in history.read_text()
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    with Terminal(tmp_path) as second:
        second.type("PING", "PONG")
        second.press("\x12remem" + ENTER + ENTER)
        second.see("OK")


def test_a_home_that_cannot_be_written_does_not_stop_anybody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with Terminal(tmp_path / "file") as terminal:
        terminal.see("not")  # progress is not being saved
        terminal.type("PING", "PONG")


def test_a_server_that_does_not_answer_is_told_with_its_address(tmp_path: Path) -> None:
    with Terminal(tmp_path, backend=lambda: open_backend("unix:///nowhere/at/all.sock")) as terminal:
        terminal.see("unix:///nowhere/at/all.sock")
        assert terminal.leave() == 0


def test_a_live_server_is_asked_before_anything_destructive(tmp_path: Path) -> None:
    need("redis-server")
    with open_backend("redis-server") as server:
        server.observe().call("SET", "mine", "1")
        url = f"unix://{server.address.path}?db=0"
        with Terminal(tmp_path, backend=lambda: open_backend(url)) as terminal:
            terminal.type("FLUSHALL", "removes every key of every database", "[y/N]")
            terminal.type("", "Not sent.")
            terminal.type("start counting", "holds 1 key")
            terminal.type("GET mine", '"1"')
            terminal.type("FLUSHALL", "[y/N]")
            terminal.type("y", "OK")
