"""`redis-tutor check`: one answer to one exercise, from a file, for scripts, editors and other tools."""

from __future__ import annotations

import argparse
import json
import sys

from tutor.backends import open_backend
from tutor.checkers import Verdict
from tutor.cli.places import progress_file
from tutor.cli.screen import look_of, show
from tutor.errors import UsageError
from tutor.lesson import find_course, load_course
from tutor.session import Progress, check_answer
from tutor.view import draw_verdict

__all__ = ["check"]

_BIGGEST = 1024 * 1024


def check(options: argparse.Namespace) -> int:
    """Print the verdict; 0 when passed, 1 when not. The attempt is not noted in the learner's progress."""
    course = load_course(find_course(options.course))
    lesson = course.lesson_of(course.exercise(options.exercise).id)
    answer = _read(options.answer)
    if options.seed is None:
        with Progress.open(progress_file()) as progress:
            seed = progress.seed
    else:
        seed = options.seed
    with open_backend(options.backend, lesson.needs if lesson else ()) as backend:
        try:
            verdict = check_answer(course, options.exercise, answer, backend, seed)
        finally:
            backend.clean()
    if options.json:
        print(json.dumps(_as_json(verdict), indent=2, ensure_ascii=False))
    else:
        look = look_of(options)
        show(draw_verdict(verdict, look), look)
    return 0 if verdict.passed else 1


def _read(path: str) -> str:
    try:
        if path == "-":
            text = sys.stdin.buffer.read(_BIGGEST + 1)
        else:
            with open(path, "rb") as file:
                text = file.read(_BIGGEST + 1)
    except OSError as fault:
        raise UsageError(f"The answer cannot be read: {path}: {fault.strerror}.") from None
    if len(text) > _BIGGEST:
        raise UsageError(f"The answer in {path} is larger than 1 MB. Answers are a few lines.")
    try:
        return text.decode()
    except UnicodeDecodeError as fault:
        raise UsageError(
            f"The answer in {path} is not UTF-8 text (byte {fault.start + 1}). Write other bytes as \\xHH in quotes."
        ) from None


def _as_json(verdict: Verdict) -> dict[str, object]:
    feedback = verdict.feedback
    return {
        "passed": verdict.passed,
        "points": verdict.points,
        "max_points": verdict.max_points,
        "failed_check": feedback.check if feedback else None,
        "feedback": None
        if feedback is None
        else {"expected": feedback.expected, "got": feedback.got, "why": feedback.why, "look": feedback.look},
    }
