"""The course as a table of what is done: for the shell's `lessons` and the command line's alike."""

from __future__ import annotations

from tutor.lesson import Course
from tutor.session.progress import Progress
from tutor.view import LessonRow, TrackRows

__all__ = ["lesson_rows"]


def lesson_rows(course: Course, progress: Progress, here: str) -> list[TrackRows]:
    """Every track with its lessons in course order; `here` is the id of the lesson that the learner is in, if any."""
    statuses = progress.statuses()
    rows = [
        (
            outline.track,
            LessonRow(
                outline.id,
                outline.title,
                outline.minutes,
                tuple(statuses.get(exercise.id, "new") for exercise in outline.exercises),
                outline.id == here,
            ),
        )
        for outline in course.lessons
    ]
    return [TrackRows(track.title, tuple(row for id_, row in rows if id_ == track.id)) for track in course.tracks]
