"""`redis-tutor progress`: what was done, taken along to another machine, or begun again."""

from __future__ import annotations

import argparse
import json
import os
import sys

from tutor.cli.lessons import draw_course
from tutor.cli.places import progress_file
from tutor.cli.screen import look_of, show
from tutor.errors import ProgressError, UsageError
from tutor.lesson import find_course, load_course
from tutor.session import Progress

__all__ = ["progress"]

_BIGGEST = 512 * 1024 * 1024


def progress(options: argparse.Namespace) -> int:
    """Show, export, import or reset."""
    with Progress.open(progress_file()) as kept:
        if kept.warning:
            sys.stderr.write(f"redis-tutor: {kept.warning}\n")
        return _ACTIONS[options.what](options, kept)


def _show(options: argparse.Namespace, kept: Progress) -> int:
    course = load_course(find_course(options.course))
    statuses = kept.statuses()
    most = sum(exercise.points for lesson in course.lessons for exercise in lesson.exercises)
    if options.json:
        place = kept.where()
        known = {e.id: statuses.get(e.id, "new") for lesson in course.lessons for e in lesson.exercises}
        where = {"lesson": place.lesson, "step": place.step} if place else None
        print(json.dumps({"points": kept.points, "max_points": most, "where": where, "exercises": known}, indent=2))
        return 0
    look = look_of(options)
    show(draw_course(course, kept, look), look)
    print(f"\n{kept.points} of {most} points. Kept in {progress_file()}.")
    return 0


def _export(options: argparse.Namespace, kept: Progress) -> int:
    text = json.dumps(kept.export(), indent=1, ensure_ascii=False) + "\n"
    if options.file in (None, "-"):
        sys.stdout.write(text)
        return 0
    # Written beside and moved, so that a full disk does not leave half a file where a whole one was.
    part = f"{options.file}.part"
    try:
        with open(part, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(part, options.file)
    except OSError as fault:
        raise ProgressError(f"The export cannot be written: {options.file}: {fault.strerror}.") from None
    print(f"Exported to {options.file}. On the other machine: redis-tutor progress import {options.file}")
    return 0


def _import(options: argparse.Namespace, kept: Progress) -> int:
    if options.file is None:
        raise UsageError("Which file? Type: redis-tutor progress import FILE")
    try:
        if options.file == "-":
            data = sys.stdin.buffer.read(_BIGGEST)
        else:
            with open(options.file, "rb") as file:
                data = file.read(_BIGGEST)
        parsed = json.loads(data)
    except OSError as fault:
        raise ProgressError(f"The file cannot be read: {options.file}: {fault.strerror}.") from None
    except (ValueError, RecursionError):
        raise ProgressError(
            f"{options.file} is not an exported progress: it is not JSON. Nothing was changed."
        ) from None
    added = kept.import_(parsed)
    print(f"{added} new entries were added; nothing that was here is lost.")
    return 0


def _reset(options: argparse.Namespace, kept: Progress) -> int:
    if not options.yes:
        if not sys.stdin.isatty():
            raise UsageError(
                "This begins everything again. To do it without being asked: redis-tutor progress reset --yes"
            )
        sys.stdout.write("Begin again with every exercise? The log of what you did is kept. (y/N) ")
        sys.stdout.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            print("Nothing was changed.")
            return 1
    kept.reset()
    print("Everything is new again.")
    return 0


_ACTIONS = {"show": _show, "export": _export, "import": _import, "reset": _reset}
