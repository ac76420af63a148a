"""What the command line offers is documented, and what the documents say of it is so."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tutor import errors
from tutor.cli import _COMMANDS
from tutor.cli.parser import build_parser

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMAND_LINE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")


def _commands() -> dict[str, argparse.ArgumentParser]:
    (found,) = (a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(found.choices)


def test_every_command_is_in_the_readme_and_has_a_function() -> None:
    names = set(_commands())
    assert names | {"resume"} == set(_COMMANDS)
    assert [name for name in names if name not in README] == []


def test_every_exit_code_is_in_the_table() -> None:
    codes = {getattr(errors, name).exit_code for name in errors.__all__}
    table = {
        int(code) for row in re.findall(r"^\| ([\d, ]+) \|", COMMAND_LINE, re.MULTILINE) for code in row.split(",")
    }
    assert codes <= table
    assert {0, 70, 130, 141} <= table


def test_the_tree_of_errors_says_its_own_exit_codes() -> None:
    assert errors.__doc__ is not None
    drawn = {name: int(code) for name, code in re.findall(r"(?:──|^)\s*(\w+) +(\d+) ", errors.__doc__, re.MULTILINE)}
    assert drawn == {name: getattr(errors, name).exit_code for name in errors.__all__ if name != "TutorError"}


@pytest.mark.parametrize("name", sorted(_commands()))
def test_every_command_helps(tutor: Run, name: str) -> None:
    done = tutor(name, "--help")
    assert done.returncode == 0
    assert f"redis-tutor {name}" in done.stdout


def test_the_log_says_what_happened_and_no_password(tutor: Run, home: Path) -> None:
    done = tutor("run", "--debug", "--backend", "redis://ann:secret@127.0.0.1:1", "PING")
    assert f"The log is in {home / 'debug.log'}." in done.stderr
    log = (home / "debug.log").read_text(encoding="utf-8")
    assert "Unreachable" in log
    assert "ended with 4" in log
    assert "secret" not in log + done.stderr
