"""Lessons as data: what a course holds, and the loader that names file and line of every fault.

`find_course()` lists the lessons; `course.lesson(id)` reads one; `instantiate(exercise, seed)` draws its values.
The format is described in docs/authoring.md.
"""

from __future__ import annotations

from tutor.lesson.calls import CallPattern, CallShape, call_shape, parse_call
from tutor.lesson.checks import (
    Bounds,
    Check,
    Contents,
    Keyspace,
    KeyState,
    Pairs,
    Probe,
    Received,
    ReplyIs,
    Timeline,
    Trace,
)
from tutor.lesson.course import Course, find_course, load_course
from tutor.lesson.data import (
    Choice,
    Example,
    Exercise,
    ExerciseOutline,
    Head,
    Instance,
    Item,
    Lesson,
    LessonStep,
    Option,
    Ordering,
    Outline,
    Prediction,
    Reading,
    Task,
    Track,
    Wrong,
    instantiate,
)
from tutor.lesson.evaluator import EvaluationError, Value, evaluate
from tutor.lesson.expected import Elements, Expected, Line, is_pattern, matches, parse_expected
from tutor.lesson.template import Template
from tutor.lesson.transcript import FIRST_CLIENT, Arrival, Step, Typed, parse_lines, parse_transcript

__all__ = [
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
