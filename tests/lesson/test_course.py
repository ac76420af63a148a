"""What a course offers once it is loaded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tutor.errors import CourseError, UsageError
from tutor.lesson import (
    Choice,
    Example,
    Exercise,
    Ordering,
    Prediction,
    Reading,
    Task,
    find_course,
    instantiate,
    load_course,
)

ROOT = Path(__file__).parent.parent.parent


def test_the_list_shows_every_exercise_without_reading_the_lessons(good: Path) -> None:
    outline = load_course(good).lessons[0]
    assert (outline.id, outline.title, outline.track, outline.minutes) == ("first", "First steps", "basics", 5)
    assert [(e.id.partition(".")[2], e.kind, e.points) for e in outline.exercises] == [
        ("predict", "predict", 1),
        ("pick", "choice", 1),
        ("sort", "order", 2),
        ("count", "state", 2),
        ("swap", "reply", 2),
        ("handover", "timeline", 3),
    ]


def test_the_list_is_the_same_when_the_file_is_written_in_another_style(good: Path) -> None:
    before = load_course(good).lessons[0].exercises
    path = good / "basics/first/exercises.yaml"
    text = path.read_text()
    # A comment behind a kind, a quoted id: both are beyond what indentation alone tells.
    text = text.replace("id: first.pick\n", 'id: "first.pick"\n').replace("kind: state", 'kind: "state"')
    path.write_text(text)
    assert load_course(good).lessons[0].exercises == before


def test_headings_and_exercises_open_steps(good: Path) -> None:
    steps = load_course(good).lesson("first").steps
    assert [type(step) for step in steps] == [Example, Prediction, Example, Choice, Ordering, Task, Task, Task]
    first, _, two, _, _, job, swap, _ = steps
    assert isinstance(first, Example)
    assert first.title == "First steps"
    assert first.text.startswith("A key holds a value.")
    assert [line.text for line in first.lines if hasattr(line, "text")] == [
        'SET greeting "good morning"',
        "GET greeting",
    ]
    assert isinstance(two, Example)
    assert len(two.lines) == 3, "two typed lines, and one reply of two elements that reaches B"
    assert isinstance(job, Exercise)
    assert isinstance(swap, Exercise)
    assert job.title == "A small job", "a heading over nothing but an exercise belongs to it"
    assert swap.title is None


def test_a_section_without_a_transcript_is_a_reading(good: Path) -> None:
    path = good / "basics/first/lesson.md"
    path.write_text(path.read_text() + "\n## Remember\n\n- Keys hold values.\n")
    last = load_course(good).lesson("first").steps[-1]
    assert last == Reading("Remember", "- Keys hold values.", 62, 64)


def test_items_have_their_letters_and_commands(good: Path) -> None:
    sort = load_course(good).exercise("first.sort")
    assert isinstance(sort, Ordering)
    assert [(item.letter, item.command) for item in sort.items] == [
        ("a", "DEL lock"),
        ("b", "SET lock me NX EX 30"),
        ("c", "INCR work"),
        ("d", "SET lock me"),
    ]


def test_an_instance_has_its_values_everywhere(good: Path) -> None:
    course = load_course(good)
    exercise = course.exercise("first.count")
    instance = instantiate(exercise, 7)
    page, n, before = (instance.values[name] for name in ("page", "n", "before"))
    assert isinstance(n, int)
    assert isinstance(before, int)
    assert instance.values["total"] == before + n
    drawn = instance.exercise
    assert isinstance(drawn, Task)
    assert drawn.text == f"Add `{n}` to the counter `visits:{page}`."
    assert drawn.setup == (f"SET visits:{page} {before}",)
    assert drawn.solutions[0] == f"INCRBY visits:{page} {n}"
    assert "${" not in repr((drawn.text, drawn.setup, drawn.solutions, drawn.hints))
    assert exercise.text == "Add `${n}` to the counter `visits:${page}`.", "the course keeps its templates"


@pytest.mark.parametrize("ask", ["lesson", "exercise", "outline"])
def test_an_id_that_is_not_there_is_told_with_the_nearest(ask: str, good: Path) -> None:
    course = load_course(good)
    word, near = ("first.cuont", "first.count") if ask == "exercise" else ("frist", "first")
    with pytest.raises(UsageError, match=re.escape(f"Did you mean {near}?")):
        getattr(course, ask)(word)


def test_the_course_of_this_checkout_is_found() -> None:
    assert find_course() == ROOT / "lessons"
    with pytest.raises(CourseError, match=r"no course\.yaml in this folder"):
        find_course(ROOT / "tests")


def test_every_lesson_of_ours_loads_and_its_list_is_true() -> None:
    course = load_course(find_course())
    assert course.problems == []
    for outline in course.lessons:
        lesson = course.lesson(outline.id)
        assert [(e.id, e.kind, e.points) for e in lesson.exercises] == [
            (e.id, e.kind, e.points) for e in outline.exercises
        ] or {e.id for e in lesson.exercises} == {e.id for e in outline.exercises}
        for exercise in lesson.exercises:
            for seed in range(5):
                instantiate(exercise, seed)
