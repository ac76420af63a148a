"""The command line: the only place that prints and exits.

Each command is a function in a module of its own, imported when it is called: `redis-tutor run PING` should not pay
for what the lessons need.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from tutor.cli.parser import build_parser
from tutor.errors import TutorError

__all__ = ["main"]

_INTERRUPTED = 130
_BROKEN_PIPE = 141
_OUR_FAULT = 70

# Command → module and function; the function takes the parsed options and answers the exit code.
_COMMANDS = {
    "check": ("tutor.cli.check", "check"),
    "doctor": ("tutor.cli.doctor", "doctor"),
    "explain": ("tutor.cli.explain", "explain"),
    "lesson": ("tutor.cli.author", "lesson"),
    "lessons": ("tutor.cli.lessons", "lessons"),
    "progress": ("tutor.cli.progress", "progress"),
    "prove": ("tutor.cli.author", "prove"),
    "resume": ("tutor.cli.learn", "resume"),
    "run": ("tutor.cli.run", "run"),
    "sandbox": ("tutor.cli.sandbox", "sandbox"),
    "shell": ("tutor.cli.learn", "shell"),
    "start": ("tutor.cli.learn", "start"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and answer its exit code; every error ends here, in words."""
    options = build_parser().parse_args(argv)
    if options.debug:
        return _debug(options)
    return _run(options)


def _run(options: argparse.Namespace) -> int:
    try:
        from importlib import import_module

        module, function = _COMMANDS[options.command or "resume"]
        return int(getattr(import_module(module), function)(options))
    except TutorError as fault:
        if options.debug:
            _write_log(fault)
        sys.stderr.write(f"redis-tutor: {fault}\n")
        return fault.exit_code
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has had enough, as `| head` does. Python must not try to flush it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return _BROKEN_PIPE
    except Exception as fault:  # noqa: BLE001  the one place where a fault of ours becomes a sentence
        return _own_fault(fault)


def _debug(options: argparse.Namespace) -> int:
    """The same, with what was asked, how long it took and how it ended in a log."""
    import platform
    import time

    from tutor import __version__

    place = _write_log(
        f"{time.strftime('%Y-%m-%d %H:%M:%S')} redis-tutor {__version__}, Python {platform.python_version()}, "
        f"{platform.system()}: {_without_secrets(options)}\n"
    )
    began = time.monotonic()
    code = _run(options)
    _write_log(f"ended with {code} after {time.monotonic() - began:.3f} s\n")
    sys.stderr.write(f"The log is in {place}.\n")
    return code


def _without_secrets(options: argparse.Namespace) -> dict[str, object]:
    """The options, fit to be sent to somebody: no password, neither as an option nor in a URL."""
    import re

    hidden = {name: "***" if name == "password" and value else value for name, value in vars(options).items()}
    return {name: re.sub(r"//[^/@\s]*@", "//***@", v) if isinstance(v, str) else v for name, v in hidden.items()}


def _own_fault(fault: Exception) -> int:
    place = _write_log(fault)
    sys.stderr.write(
        f"redis-tutor: this is a fault of the tutor, not yours: {type(fault).__name__}: {fault}\n"
        f"Your progress is kept. What happened is written in {place}; please send it with what you typed.\n"
    )
    return _OUR_FAULT


def _write_log(what: str | Exception) -> str:
    """Append to the log; answers its place. Where there can be none, a temporary file takes it."""
    import tempfile

    from tutor.cli.places import debug_log

    if isinstance(what, Exception):
        import traceback

        what = "".join(traceback.format_exception(what))
    place = str(debug_log())
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "a", encoding="utf-8") as log:
            log.write(what)
    except OSError:
        with tempfile.NamedTemporaryFile("w", prefix="redis-tutor-", suffix=".log", delete=False) as log:
            log.write(what)
            place = log.name
    return place
