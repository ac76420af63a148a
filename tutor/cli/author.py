"""`redis-tutor prove` and `redis-tutor lesson new`: what an author needs."""

from __future__ import annotations

import argparse
import json
import os
import sys

from tutor.lesson import Course, find_course, load_course

__all__ = ["lesson", "prove"]


def prove(options: argparse.Namespace) -> int:
    """Prove the named lessons on each backend; 1 when anything does not hold."""
    from tutor.session import watch

    folder = find_course(options.course)
    code = _prove_once(options, load_course(folder))
    if options.watch:
        for _ in watch([folder]):
            code = _prove_once(options, load_course(folder))
    return code


def _prove_once(options: argparse.Namespace, course: Course) -> int:
    from tutor.session import prove as prove_course

    counter = _Counter(quiet=options.json or not sys.stderr.isatty())
    report = prove_course(
        course,
        options.lessons or [lesson.id for lesson in course.lessons],
        options.backends or ["embedded", "redis-server"],
        jobs=options.jobs or os.cpu_count() or 1,
        on_progress=counter,
    )
    counter.clear()
    if options.json:
        print(json.dumps(report.to_json(), indent=2, ensure_ascii=False))
    else:
        print(report.text())
    return 0 if report.passed else 1


class _Counter:
    """One line on the terminal that says how far it is."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def __call__(self, done: int, total: int, what: str) -> None:
        if not self._quiet:
            sys.stderr.write(f"\r\x1b[K{done}/{total} {what}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Leave the line empty for what comes."""
        if not self._quiet:
            sys.stderr.write("\r\x1b[K")


def lesson(options: argparse.Namespace) -> int:
    """Write the skeleton of a lesson, and say what to do next."""
    from tutor.session import new_lesson

    track, _, name = options.where.partition("/")
    folder = new_lesson(find_course(options.course), track, name)
    print(f"Wrote {folder}. It loads and proves as it stands. Next:")
    print(f"  1. write what is read in {folder / 'lesson.md'}, and what is checked in {folder / 'exercises.yaml'}")
    course = f" --course {options.course}" if options.course else ""
    print(f"  2. redis-tutor prove {name} --watch{course}")
    return 0
