"""Every broken file is told with its place, what is wrong, and what to write: cases/lesson/broken.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tutor.errors import CourseError
from tutor.lesson import load_course

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent.parent / "cases" / "lesson" / "broken.yaml").read_text(encoding="utf-8")
)


def load_all(folder: Path) -> None:
    """Load the course and all of its lessons; raise the first fault."""
    course = load_course(folder)
    if course.problems:
        raise course.problems[0]
    for outline in course.lessons:
        course.lesson(outline.id)


def test_the_course_loads_as_it_stands(good: Path) -> None:
    load_all(good)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_broken_file_is_told_with_its_place(case: dict[str, Any], good: Path) -> None:
    path = good / case["file"]
    text = path.read_text(encoding="utf-8")
    if "replace" in case:
        assert text.count(case["replace"]) == 1, "the case must name one place"
        text = text.replace(case["replace"], case["with"])
    else:
        text = case["with"]
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        load_all(good)
    assert str(caught.value) == case["says"]


def test_a_file_that_is_not_utf_8(good: Path) -> None:
    (good / "basics/first/exercises.yaml").write_bytes(b"- id: first.a\n  kind: \xff\n")
    with pytest.raises(CourseError, match=r"exercises.yaml:2: the byte 0xff here is not UTF-8"):
        load_all(good)


def test_a_file_that_is_missing(good: Path) -> None:
    (good / "basics/first/exercises.yaml").unlink()
    with pytest.raises(CourseError, match=r"exercises.yaml:1: this file cannot be read: No such file"):
        load_all(good)


def test_a_broken_lesson_does_not_hide_the_others(good: Path) -> None:
    text = (good / "course.yaml").read_text()
    (good / "course.yaml").write_text(text.replace("[first]", "[first, second]"))
    course = load_course(good)
    assert [lesson.id for lesson in course.lessons] == ["first"]
    assert [problem.where for problem in course.problems] == ["good/course.yaml:6"]
    with pytest.raises(CourseError, match="there is no lesson in good/basics/second"):
        course.lesson("second")
