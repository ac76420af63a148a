"""The shell in a real pseudo-terminal, as a program."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Self

import pytest

from tests.shell.conftest import COURSE

PROGRAM = """
import sys
from tutor.backends import open_backend
from tutor.errors import TutorError
from tutor.shell import run_shell
try:
    code = run_shell(lambda: open_backend("embedded"), progress_path=sys.argv[1], course_path=sys.argv[2])
except TutorError as fault:
    sys.exit(f"{fault} ({fault.exit_code})")
sys.exit(code)
"""
WITHIN = 20.0


class Program:
    """The shell as a child on a terminal of its own."""

    def __init__(self, home: Path, term: str = "xterm-256color") -> None:
        self._master, terminal = pty.openpty()
        termios.tcsetwinsize(terminal, (40, 100))
        env = {**os.environ, "TERM": term}
        self._child = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(home / "progress.sqlite3"), str(COURSE)],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=env,
            start_new_session=True,
        )
        os.close(terminal)
        self.text = ""
        self._at = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        os.close(self._master)

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def see(self, *expected: str) -> None:
        """Read until these texts came, each behind the one before."""
        deadline = time.monotonic() + WITHIN
        for text in expected:
            while text not in self.text[self._at :]:
                assert time.monotonic() < deadline, f"{text!r} did not come: {self.text[self._at :][-1500:]!r}"
                assert self._read(deadline), f"the shell ended before {text!r} came: {self.text[-1500:]!r}"
            self._at = self.text.index(text, self._at) + len(text)

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return True
        try:
            data = os.read(self._master, 65536).decode("utf-8", "replace")
        except OSError:
            return False
        if "\x1b[6n" in data:
            # The line editor asks where the cursor is; a terminal answers.
            self.press("\x1b[1;1R")
        self.text += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]", "", data)
        return bool(data)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, as a terminal does for Ctrl-C or when it is closed."""
        os.kill(self._child.pid, number)

    def end(self) -> int:
        """Wait for the end; the exit code."""
        deadline = time.monotonic() + WITHIN
        while self._child.poll() is None and time.monotonic() < deadline:
            self._read(time.monotonic() + 0.05)
        return self._child.wait(1)


@pytest.mark.parametrize("term", ["xterm-256color", "dumb"])
def test_the_main_road(tmp_path: Path, term: str) -> None:
    with Program(tmp_path, term) as program:
        program.see("Redis Tutor", "This is a shell for Redis", "A>")
        program.see("Enter goes on.")
        program.press("\r")
        program.see("INCRBY stock 7")
        program.press("check (integer) 7\r")
        program.see("Right", "A missing key counts as 0.")
        program.press("SET greeting hello\r")
        program.see("OK")
        program.press("quit\r")
        assert program.end() == 0
    with Program(tmp_path, term) as program:
        program.see("A>", "INCRBY stock 7", "A>")
        program.press("\x04")
        assert program.end() == 0


def test_a_signal_at_the_prompt_ends_nothing(tmp_path: Path) -> None:
    with Program(tmp_path) as program:
        program.see("Enter goes on.")
        program.signal(signal.SIGINT)
        program.see("Nothing is waiting")
        program.press("PING\r")
        program.see("PONG")
        program.press("quit\r")
        assert program.end() == 0


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_a_program_that_is_ended_takes_its_server_with_it(tmp_path: Path, ending: signal.Signals) -> None:
    with Program(tmp_path) as program:
        program.see("Enter goes on.")
        program.signal(ending)
        assert program.end() == 0


@pytest.fixture
def nobody(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """The shell without a terminal."""
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "progress.sqlite3"), str(COURSE)]
    return subprocess.run(command, input="PING\n", capture_output=True, text=True, check=False, timeout=WITHIN)


def test_without_a_terminal_it_says_what_to_type_instead(nobody: subprocess.CompletedProcess[str]) -> None:
    assert "redis-tutor run" in nobody.stderr
    assert "(2)" in nobody.stderr
    assert "Traceback" not in nobody.stderr


def test_the_prompt_waits_for_nothing_heavy() -> None:
    """What is imported before the prompt stands: the line editor, the catalog's walk, and little else."""
    code = (
        "import sys, prompt_toolkit, prompt_toolkit.shortcuts; before = set(sys.modules); import tutor.shell.start;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"dataclasses", "json", "yaml", "sqlite3", "markdown_it", "redis", "subprocess", "tutor.session"}
    assert not heavy & set(done.stdout.split())
