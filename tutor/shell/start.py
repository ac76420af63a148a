"""From nothing to a prompt: what is made at once, and what waits until the prompt stands."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

from prompt_toolkit.input import Input
from prompt_toolkit.output import Output

from tutor import __version__
from tutor.shell.grammar import Grammar
from tutor.shell.repl import Shell
from tutor.shell.room import Room
from tutor.view.drawing import BLANK, Drawing, Look, line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tutor.backends import Backend
    from tutor.session import Session

__all__ = ["open_session", "start"]

_TURN_SECONDS = 0.0005

_WELCOME = (
    "This is a shell for Redis, with a teacher in it: you type real commands.\n"
    "Read a step, then press Enter. At an exercise, answer, and type `check`.\n"
    "A wrong answer is explained; `hint` helps, and `reveal` shows a solution.\n"
    "`why` explains the last reply, and `explain SET k v NX` any command.\n"
    "`help` lists everything, `quit` leaves; next time you go on from there."
)


def start(
    open_backend: Callable[[], Backend],
    *,
    progress_path: str,
    course_path: str | None,
    lesson: str | None,
    resume: bool,
    color: bool,
    plain: bool,
    debug_log: str | None,
    input: Input | None = None,
    output: Output | None = None,
) -> int:
    """Make the shell and run it."""
    grammar = Grammar()

    def opened() -> Session:
        return open_session(open_backend, course_path, progress_path, grammar)

    shell = Shell(
        Room(opened, lambda: grammar.catalog),
        grammar,
        history=os.path.join(os.path.dirname(progress_path), "history"),
        input=input,
        output=output,
        color=color,
        plain=plain,
        debug_log=debug_log,
    )
    first_time = resume and lesson is None and not os.path.exists(progress_path)
    shell.greet(_greeting(shell.look, first_time))

    async def first() -> None:
        from tutor.shell.commands import begin

        await begin(shell, lesson, resume=resume)

    # While the background reads the lessons, a key must not wait for its turn longer than anybody notices.
    sys.setswitchinterval(_TURN_SECONDS)
    loop = asyncio.new_event_loop()
    try:
        with _silent_terminal():
            loop.run_until_complete(shell.run(first))
    finally:
        loop.close()
    return 0


def open_session(
    open_backend: Callable[[], Backend], course_path: str | None, progress_path: str, grammar: Grammar
) -> Session:
    """Start the server, and read course and progress while it comes up."""
    from concurrent.futures import ThreadPoolExecutor

    backend = open_backend()
    with ThreadPoolExecutor(1) as pool:
        started = pool.submit(backend.start)
        try:
            from tutor.lesson import find_course, load_course
            from tutor.session import Progress, Session

            course = load_course(find_course(course_path))
            progress = Progress.open(progress_path)
        finally:
            started.result()
    return Session(course, backend, progress, catalog=grammar.catalog)


def _greeting(look: Look, first_time: bool) -> Drawing:
    head = line(("Redis Tutor", "heading"), (f" {__version__}", "quiet"))
    if not first_time:
        return ((*head, *line(("  help · lessons · quit" if not look.plain else ". Type help.", "quiet"))),)
    from tutor.view import draw_text

    return (head, BLANK, *draw_text(_WELCOME, look))


@contextlib.contextmanager
def _silent_terminal() -> Iterator[None]:
    """Between two prompts the terminal does not echo what is typed ahead; the next prompt shows it in its place."""
    try:
        import termios

        descriptor = sys.stdin.fileno()
        before: list[Any] = termios.tcgetattr(descriptor)
    except (ImportError, OSError, ValueError, AttributeError):
        yield
        return
    except termios.error:
        yield
        return
    silent = list(before)
    silent[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(descriptor, termios.TCSANOW, silent)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSANOW, before)
