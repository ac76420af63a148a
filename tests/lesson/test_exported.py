"""What others may use is listed, and there. Ruff keeps it sorted."""

from __future__ import annotations

import tutor.lesson


def test_the_public_names() -> None:
    assert all(getattr(tutor.lesson, name) is not None for name in tutor.lesson.__all__)
    assert tutor.lesson.__all__ == PUBLIC


PUBLIC = [
    "FIRST_CLIENT",
    "Arrival",
    "Bounds",
    "CallPattern",
    "CallShape",
    "Check",
    "Choice",
    "Contents",
    "Course",
    "Elements",
    "EvaluationError",
    "Example",
    "Exercise",
    "ExerciseOutline",
    "Expected",
    "Head",
    "Instance",
    "Item",
    "KeyState",
    "Keyspace",
    "Lesson",
    "LessonStep",
    "Line",
    "Option",
    "Ordering",
    "Outline",
    "Pairs",
    "Prediction",
    "Probe",
    "Reading",
    "Received",
    "ReplyIs",
    "Step",
    "Task",
    "Template",
    "Timeline",
    "Trace",
    "Track",
    "Typed",
    "Value",
    "Wrong",
    "call_shape",
    "evaluate",
    "find_course",
    "instantiate",
    "is_pattern",
    "load_course",
    "matches",
    "parse_call",
    "parse_expected",
    "parse_lines",
    "parse_transcript",
]
