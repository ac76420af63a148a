"""`redis-tutor`, `redis-tutor shell` and `redis-tutor start`: the ways into the shell."""

from __future__ import annotations

import argparse
import os

from tutor.cli.places import debug_log, progress_file
from tutor.shell import run_shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tutor.backends import Backend

__all__ = ["resume", "shell", "start"]


def resume(options: argparse.Namespace) -> int:
    """Go on where the learner stopped; the first time, with the first lesson."""
    return _run(options, resume=True)


def shell(options: argparse.Namespace) -> int:
    """A prompt, and no lesson until one is asked for."""
    return _run(options, resume=False)


def start(options: argparse.Namespace) -> int:
    """The prompt, in this lesson."""
    from tutor.lesson import find_course, load_course

    # An id that is not there is said here, before the screen changes; the needs decide which server answers.
    lesson = load_course(find_course(options.course)).outline(options.lesson)
    return _run(options, lesson=lesson.id, needs=lesson.needs)


def _run(
    options: argparse.Namespace, *, resume: bool = False, lesson: str | None = None, needs: tuple[str, ...] = ()
) -> int:
    def opened() -> Backend:
        from tutor.backends import open_backend

        return open_backend(options.backend, needs)

    if options.backend not in ("auto", "embedded"):
        # A word that names no backend is said before the screen changes. The usual ones wait until the prompt stands.
        opened()
    return run_shell(
        opened,
        progress_path=str(progress_file()),
        course_path=options.course,
        lesson=lesson,
        resume=resume,
        color=not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
        plain=options.plain,
        debug_log=str(debug_log()) if options.debug else None,
    )
