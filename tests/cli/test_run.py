"""`redis-tutor run`: argv taken as given, commands on stdin, exit codes."""

from __future__ import annotations

import subprocess

import pytest

from tests.cli.conftest import Run
from tests.servers import need


def _name(value: object) -> str:
    return " ".join(value) if isinstance(value, list) else ""


ONE = [
    (["PING"], "PONG\n", 0),
    (["ECHO", "two words"], "two words\n", 0),
    (["ECHO", "--json"], "--json\n", 0),
    (["ECHO", ""], "\n", 0),
    (["--terminal", "ECHO", 'a"b'], '"a\\"b"\n', 0),
    (["--json", "MGET", "a", "b"], "[null,null]\n", 0),
    (["-3", "--terminal", "HGETALL", "none"], "(empty hash)\n", 0),
    (["--terminal", "CLIENT", "NOSUCH"], "(error) ERR unknown subcommand 'NOSUCH'. Try CLIENT HELP.\n", 1),
    (["GET"], "ERR wrong number of arguments for 'get' command\n\n", 1),
    (["--backend", "embedded", "PING"], "PONG\n", 0),
]


@pytest.mark.parametrize(("words", "printed", "code"), ONE, ids=_name)
def test_one_command_on_a_fresh_server(tutor: Run, words: list[str], printed: str, code: int) -> None:
    done = tutor("run", *words)
    assert (done.stdout, done.stderr, done.returncode) == (printed, "", code)


def test_a_report_keeps_its_lines_as_redis_cli_prints_it(tutor: Run) -> None:
    assert tutor("run", "--terminal", "INFO", "server").stdout.startswith("# Server\nredis_version:")


def test_commands_on_stdin_share_one_server_that_ends(tutor: Run) -> None:
    assert tutor("run", stdin='SET k "a b"\n\n# a comment\nGET k\nAPPEND k !').stdout == "OK\na b\n4\n"
    assert tutor("run", stdin="EXISTS k\n").stdout == "0\n"


def test_a_bad_line_is_told_with_its_number_and_the_others_run(tutor: Run) -> None:
    done = tutor("run", stdin='SET a 1\nSET b "open\nINCR a\n')
    assert done.stdout == "OK\n2\n"
    assert done.stderr.startswith('line 2: The quote " at position 7 is never closed')
    assert done.returncode == 2


def test_an_error_reply_among_others_makes_the_exit_code_1(tutor: Run) -> None:
    done = tutor("run", stdin="SET a x\nINCR a\nGET a\n")
    assert done.stdout == "OK\nERR value is not an integer or out of range\n\nx\n"
    assert done.returncode == 1


def test_ten_thousand_commands_print_what_redis_cli_prints(tutor: Run, url: str) -> None:
    lines = "".join(f"SET k:{n % 99} 'v {n}'\nGET k:{n % 99}\nINCR n\nHGETALL h\nRPUSH l {n}\n" for n in range(2000))
    ours = tutor("run", "--backend", url, stdin=lines)
    tutor("run", "--backend", url, "--yes", "FLUSHALL")
    cli = [need("redis-cli"), "-s", url.removeprefix("unix://")]
    theirs = subprocess.run(cli, input=lines, capture_output=True, text=True, check=True)
    assert ours.stdout == theirs.stdout
    assert ours.stdout.count("\n") == 10_000
    assert ours.returncode == 0


def test_what_destroys_asks_first_also_in_a_pipe(tutor: Run, url: str) -> None:
    tutor("run", "--backend", url, "SET", "theirs", "1")
    done = tutor("run", "--backend", url, stdin="GET theirs\nFLUSHALL\n")
    assert done.returncode == 5
    assert "it removes every key of every database" in done.stderr
    assert "--yes" in done.stderr
    assert tutor("run", "--backend", url, "GET", "theirs").stdout == "1\n"
    assert tutor("run", "--backend", url, "--yes", "FLUSHALL").stdout == "OK\n"


USAGE = [
    (["run", "--backend", "redis", "PING"], 2, "is not a backend"),
    (["run", "--backend", "redis://127.0.0.1:1", "PING"], 4, "No Redis server answers at redis://127.0.0.1:1"),
    (["frobnicate"], 2, "invalid choice"),
    (["run", "--nonsense", "PING"], 2, "unrecognized arguments"),
]


@pytest.mark.parametrize(("words", "code", "says"), USAGE, ids=_name)
def test_what_is_wrong_is_said_in_one_line(tutor: Run, words: list[str], code: int, says: str) -> None:
    done = tutor(*words)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_any_bytes_may_be_arguments(tutor: Run) -> None:
    assert tutor("run", "--terminal", "ECHO", "gr\udcfc\udcdf").stdout == '"gr\\xfc\\xdf"\n'
