"""`redis-tutor lessons`: the course, with what is done."""

from __future__ import annotations

import argparse
import json
import sys

from tutor.cli.places import progress_file
from tutor.cli.screen import look_of, show
from tutor.lesson import Course, Outline, find_course, load_course
from tutor.session import Progress, lesson_rows
from tutor.view import Drawing, Look, draw_lessons

__all__ = ["draw_course", "lessons"]


def lessons(options: argparse.Namespace) -> int:
    """Print the lessons in course order; 3 when one of them is broken, the others are listed all the same."""
    course = load_course(find_course(options.course))
    if options.json:
        print(json.dumps([_as_json(outline) for outline in course.lessons], indent=2, ensure_ascii=False))
    else:
        look = look_of(options)
        with Progress.open(progress_file()) as progress:
            show(draw_course(course, progress, look), look)
    for problem in course.problems:
        sys.stderr.write(f"redis-tutor: {problem}\n")
    return course.problems[0].exit_code if course.problems else 0


def draw_course(course: Course, progress: Progress, look: Look) -> Drawing:
    """The course's table, with the lesson marked that the learner was in last."""
    place = progress.where()
    return draw_lessons(lesson_rows(course, progress, place.lesson if place else ""), look)


def _as_json(outline: Outline) -> dict[str, object]:
    return {
        "id": outline.id,
        "title": outline.title,
        "track": outline.track,
        "needs": list(outline.needs),
        "exercises": [{"id": e.id, "kind": e.kind, "points": e.points} for e in outline.exercises],
    }
