"""What a course is made of, as written: frozen data, without a line of machinery.

`Course` (in `course`) lists an `Outline` for each lesson, which is cheap; a `Lesson` with its steps is read when it
is taken. An `Exercise` holds templates; `instantiate` draws its values and answers the `Instance` a learner meets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tutor.errors import CourseError
from tutor.lesson.checks import Check
from tutor.lesson.evaluator import EvaluationError, Value
from tutor.lesson.seeds import Drawn, draw
from tutor.lesson.template import Template, render
from tutor.lesson.transcript import Step as TranscriptStep

__all__ = [
    "Choice",
    "Example",
    "Exercise",
    "ExerciseOutline",
    "Head",
    "Instance",
    "Item",
    "Lesson",
    "LessonStep",
    "Option",
    "Ordering",
    "Outline",
    "Prediction",
    "Reading",
    "Task",
    "Track",
    "Wrong",
    "instantiate",
]


@dataclass(frozen=True, slots=True)
class Track:
    """A row of lessons on one subject."""

    id: str
    title: str
    about: str
    """One or two sentences; may be empty."""
    lessons: tuple[str, ...]
    """Ids, in order."""


@dataclass(frozen=True, slots=True)
class ExerciseOutline:
    """What a list of exercises shows."""

    id: str
    kind: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a lesson says of itself before it begins."""

    id: str
    title: str
    track: str
    minutes: int
    """How long it takes, about."""
    needs: tuple[str, ...]
    """Capabilities that the backend must offer."""
    teaches: tuple[str, ...]
    """Commands, in capitals."""
    after: tuple[str, ...]
    """Lessons that come before."""
    docs: str
    """A page for further reading, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline(Head):
    """A lesson in the list of lessons."""

    exercises: tuple[ExerciseOutline, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A step to read."""

    title: str | None
    """Its heading."""
    text: str
    """Markdown, without the heading."""
    line: int
    """Line of lesson.md where it begins."""
    text_line: int
    """Line of lesson.md where its text begins."""


@dataclass(frozen=True, slots=True)
class Example:
    """A step to read that shows transcripts."""

    title: str | None
    text: str
    """Markdown, without the heading; the transcripts stand in it as ```redis blocks."""
    transcripts: tuple[tuple[TranscriptStep, ...], ...]
    """Each block of the text, parsed."""
    line: int
    text_line: int

    @property
    def lines(self) -> tuple[TranscriptStep, ...]:
        """All of its transcripts as one."""
        return tuple(step for block in self.transcripts for step in block)


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer that people really give, and why it is wrong."""

    answer: str
    """Command lines, a reply, or letters, as the learner would write them."""
    fails: str | None
    """The id of the check that it must fail at; None where there are no checks."""
    why: Template | None
    """What to say; None when the check's own words fit."""
    where: str
    """`file:line`."""


@dataclass(frozen=True, slots=True)
class Item:
    """One lettered line of an exercise's text."""

    letter: str
    text: str
    """The line as written, Markdown."""
    command: str | None
    """Its first code span."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice."""

    letter: str
    right: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """What every exercise has. Each kind adds its own below."""

    id: str
    """`<lesson>.<name>`, never changed once published."""
    kind: str
    """`state`, `reply`, `predict`, `order`, `choice` or `timeline`."""
    points: int
    title: str | None
    """The heading above it, when nothing but the exercise stands under it."""
    text: str
    """Markdown: what the learner reads before answering."""
    setup: tuple[str, ...]
    """Command lines that run before the learner begins, on an empty database."""
    hints: tuple[str, ...]
    """From a nudge to nearly there."""
    why: str | None
    """Said after a right answer."""
    wrong: tuple[Wrong, ...]
    seeded: Mapping[str, Drawn]
    """Names whose values are drawn."""
    derived: Mapping[str, str]
    """Names whose values are calculated, in order."""
    where: str
    """`file:line` in exercises.yaml."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """The line of each of its fields there."""
    text_line: int = 1
    """The line of lesson.md where its text begins."""

    def at(self, name: str) -> str:
        """`file:line` of one of its fields."""
        file, _, line = self.where.rpartition(":")
        return f"{file}:{self.lines.get(name, line)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Exercise):
    """Kinds `state`, `reply` and `timeline`: the learner answers with commands."""

    checks: tuple[Check, ...]
    solutions: tuple[str, ...]
    """Each is one or more command lines, `B> ` before the second client's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction(Exercise):
    """Kind `predict`: the learner says what a command will answer."""

    command: str
    answer: str
    """As redis-cli prints it."""
    accept: tuple[str, ...]
    """Other right answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering(Exercise):
    """Kind `order`: the learner puts lines in order; some may be left out."""

    items: tuple[Item, ...]
    checks: tuple[Check, ...]
    solutions: tuple[tuple[str, ...], ...]
    """Each is the letters of the lines, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Exercise):
    """Kind `choice`: the learner picks one option."""

    items: tuple[Item, ...]
    options: tuple[Option, ...]


LessonStep: TypeAlias = Reading | Example | Exercise


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson(Head):
    """A lesson with all that is in it."""

    steps: tuple[LessonStep, ...]
    folder: str
    """Where its files are."""

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Its exercises, in order."""
        return tuple(step for step in self.steps if isinstance(step, Exercise))


@dataclass(frozen=True, slots=True)
class Instance:
    """An exercise as one learner meets it: every name has its value."""

    exercise: Exercise
    """The same kind of data with the values filled in."""
    seed: int
    values: Mapping[str, Value]


def instantiate(exercise: Exercise, seed: int) -> Instance:
    """Draw the values for a seed and fill them in. Raises `CourseError` when one cannot be calculated."""
    try:
        values = draw(seed, exercise.id, exercise.seeded, exercise.derived)
    except EvaluationError as error:
        raise CourseError(exercise.where, f"{error}.") from None
    return Instance(render(exercise, values), seed, values)
