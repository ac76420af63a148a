"""The learner's shell: prompt, menu, colours, lessons, two clients."""

from __future__ import annotations

from collections.abc import Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tutor.backends import Backend

__all__ = ["run_shell"]


def run_shell(
    open_backend: Callable[[], Backend],
    *,
    progress_path: str,
    course_path: str | None = None,
    lesson: str | None = None,
    resume: bool = True,
    color: bool = True,
    plain: bool = False,
    debug_log: str | None = None,
) -> int:
    """Run the shell until the learner leaves; answers the exit code.

    `open_backend` makes a backend that is not started yet; it is called behind the first prompt. `lesson` is the
    lesson to begin; else, with `resume`, the learner goes on where they were, the first time with the first lesson.
    Raises `UsageError` when there is no terminal.
    """
    import sys

    from tutor.errors import UsageError

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "The shell needs a terminal to talk with you, and here is none. "
            "To run commands from a file or a pipe, type: redis-tutor run < commands.txt"
        )
    from tutor.shell.start import start

    return start(
        open_backend,
        progress_path=progress_path,
        course_path=course_path,
        lesson=lesson,
        resume=resume,
        color=color,
        plain=plain,
        debug_log=debug_log,
    )
