"""A new lesson's skeleton: two files, listed in the course, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.errors import UsageError
from tutor.lesson import load_course
from tutor.lesson.skeleton import new_lesson


def test_it_loads_and_is_listed(good: Path) -> None:
    folder = new_lesson(good, "basics", "second-steps")
    assert sorted(path.name for path in folder.iterdir()) == ["exercises.yaml", "lesson.md"]
    course = load_course(good)
    assert course.problems == []
    assert [lesson.id for lesson in course.lessons] == ["first", "second-steps"]
    lesson = course.lesson("second-steps")
    assert lesson.title == "Second steps"
    assert {exercise.kind for exercise in lesson.exercises} == {"predict", "state"}
    assert "Fill in" in (folder / "lesson.md").read_text()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    lessons: [first]   # stays\n", "    lessons: [first, new]   # stays\n"),
        (
            "    lessons:\n      # the first\n      - first   # stays\n",
            "    lessons:\n      # the first\n      - first   # stays\n      - new\n",
        ),
        ("    lessons:\n    - first\n", "    lessons:\n    - first\n    - new\n"),
        ("    lessons: [first, new]\n", "    lessons: [first, new]\n"),
    ],
    ids=["flow", "block", "flush-block", "listed-already"],
)
def test_course_yaml_keeps_its_comments(before: str, after: str, good: Path) -> None:
    path = good / "course.yaml"
    head = "# Kept.\nformat_version: 1\ntitle: T\ntracks:\n  - id: basics\n    title: Basics\n"
    tail = "  - id: more\n    title: More\n    lessons: []\n"
    path.write_text(head + before + tail)
    new_lesson(good, "basics", "new")
    assert path.read_text() == head + after + tail
    assert [lesson.id for lesson in load_course(good).lessons] == ["first", "new"]


def test_the_right_track_is_changed(good: Path) -> None:
    path = good / "course.yaml"
    path.write_text(path.read_text() + "  - id: more\n    title: More\n    lessons: []\n")
    new_lesson(good, "more", "new")
    assert [track.lessons for track in load_course(good).tracks] == [("first",), ("new",)]


@pytest.mark.parametrize(
    ("track", "name", "why"),
    [
        ("basics", "first", "already"),
        ("basics", "Bad Id", "cannot be the id"),
        ("nowhere", "new", "no track"),
        ("basics", "../x", "cannot be"),
    ],
)
def test_what_is_refused(track: str, name: str, why: str, good: Path) -> None:
    before = sorted(good.rglob("*"))
    with pytest.raises(UsageError, match=why):
        new_lesson(good, track, name)
    assert sorted(good.rglob("*")) == before
