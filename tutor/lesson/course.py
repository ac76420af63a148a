"""A course: the list of its lessons, read at once and cheaply, and each lesson, read when it is taken.

The list needs the front matter of each lesson, and of each exercise its id, kind and points. Those three are found
by their indentation without parsing the file; where a file is written in another style, it is parsed after all.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tutor.errors import CourseError, UsageError
from tutor.lesson.data import Exercise, ExerciseOutline, Lesson, Outline, Track
from tutor.lesson.yamltree import Fields, Items, Scalar, compose

__all__ = ["Course", "find_course", "load_course"]

_ITEM = re.compile(r"^- +(?=\S)", re.MULTILINE)
_BIGGEST_FILE = 1024 * 1024


def find_course(path: str | Path | None = None) -> Path:
    """The folder of the course: the path that is given, or the installed package's, or `lessons/` of a checkout.

    Raises `CourseError` when there is no course.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in [Path(path)] if path else [package / "_lessons", package.parent / "lessons"]:
        if (folder / "course.yaml").is_file():
            return folder
    if path:
        raise CourseError(str(path), "there is no course.yaml in this folder. Name the folder that has it.")
    raise CourseError(str(package), "no lessons are installed. Install the tutor again: pip install redis-tutor.")


def load_course(folder: str | Path) -> Course:
    """The course whose course.yaml is in this folder. Raises `CourseError` when that file is broken."""
    return Course(Path(folder))


class Course:
    """Tracks, and lessons in course order.

    A lesson whose head is broken is left out of `lessons` and told in `problems`, so that the others can be taken.
    """

    def __init__(self, folder: Path) -> None:
        from tutor.lesson.fields import COURSE

        self.folder = folder
        file = self._shown(folder / "course.yaml")
        root = compose(_read(folder / "course.yaml", file), file)
        if root is None:
            raise CourseError(f"{file}:1", "the course is empty. It needs format_version, title and tracks.")
        row = COURSE.read(root, file)
        self.title: str = row.get("title")
        """What the course is called."""
        tracks = row.get("tracks")
        self.tracks: tuple[Track, ...] = tuple(
            Track(t.get("id"), t.get("title"), t.get("about", ""), t.get("lessons")) for t in tracks
        )
        """In order."""
        self.problems: list[CourseError] = []
        """What is wrong with the heads of lessons."""
        self._taken: dict[str, Lesson] = {}
        self._tracks: dict[str, str] = {}
        self._broken: dict[str, CourseError] = {}
        self.lessons: tuple[Outline, ...] = tuple(self._outlines(tracks))
        """In course order, without those in `problems`."""
        self._outline_of = {exercise.id: outline for outline in self.lessons for exercise in outline.exercises}

    # -- the list ------------------------------------------------------------------------------------------------

    def _outlines(self, tracks: Any) -> list[Outline]:
        outlines = []
        for track in tracks:
            for id_ in track.get("lessons"):
                try:
                    if id_ in self._tracks:
                        raise CourseError(track.where("lessons"), f"the lesson {id_} stands in the course twice.")
                    self._tracks[id_] = track.get("id")
                    outlines.append(self._outline(id_, track))
                except CourseError as error:
                    self.problems.append(error)
                    self._broken.setdefault(id_, error)
        for outline in outlines:
            self._check_after(outline)
        return outlines

    def _check_after(self, outline: Outline) -> None:
        unknown = [id_ for id_ in outline.after if id_ not in self._tracks]
        if unknown:
            file = self._shown(self.folder / outline.track / outline.id / "lesson.md")
            line = _line_of(self.folder / outline.track / outline.id / "lesson.md", "after:")
            message = f"after names the lesson {unknown[0]!r}, which is not in course.yaml."
            self.problems.append(CourseError(f"{file}:{line}", message))

    def _outline(self, id_: str, track: Any) -> Outline:
        from tutor.lesson.markdown import read_front_matter, split_front_matter

        folder = self.folder / track.get("id") / id_
        if not folder.is_dir():
            raise CourseError(
                track.where("lessons"),
                f"there is no lesson in {self._shown(folder)}. Type: redis-tutor lesson new {track.get('id')}/{id_}",
            )
        file = self._shown(folder / "lesson.md")
        front, _, _ = split_front_matter(_read(folder / "lesson.md", file), file)
        row = read_front_matter(front, file)
        for name, value, said in (("id", id_, "its folder"), ("track", track.get("id"), "course.yaml")):
            if row.get(name) != value:
                raise CourseError(row.where(name), f"the {name} is {row.get(name)!r} here and {value!r} by {said}.")
        return Outline(**_head(row), exercises=self._exercise_outlines(folder))

    def _exercise_outlines(self, folder: Path) -> tuple[ExerciseOutline, ...]:
        file = self._shown(folder / "exercises.yaml")
        text = _read(folder / "exercises.yaml", file)
        found = _skim(text)
        return tuple(found) if found is not None else tuple(_parse_outlines(text, file))

    # -- one lesson ----------------------------------------------------------------------------------------------

    def outline(self, id_: str) -> Outline:
        """A lesson in the list. Raises `UsageError` for an id that is not there, with the nearest that is."""
        for outline in self.lessons:
            if outline.id == id_:
                return outline
        if id_ in self._broken:
            raise self._broken[id_]
        raise UsageError(f"There is no lesson {id_!r}. {_near(id_, [o.id for o in self.lessons], 'lessons')}")

    def lesson(self, id_: str) -> Lesson:
        """A lesson with its steps. Raises `CourseError` when its files are broken."""
        if id_ not in self._taken:
            self._taken[id_] = self._lesson(self.outline(id_))
        return self._taken[id_]

    def exercise(self, id_: str) -> Exercise:
        """An exercise by its id. Raises `UsageError` for one that is not there."""
        lesson_id = id_.partition(".")[0]
        if id_ not in self._outline_of:
            if lesson_id in self._broken:
                raise self._broken[lesson_id]
            raise UsageError(f"There is no exercise {id_!r}. {_near(id_, list(self._outline_of), 'lessons')}")
        return next(exercise for exercise in self.lesson(lesson_id).exercises if exercise.id == id_)

    def lesson_of(self, exercise_id: str) -> Outline | None:
        """The lesson that an exercise belongs to, or None."""
        return self._outline_of.get(exercise_id)

    def _lesson(self, outline: Outline) -> Lesson:
        from tutor.lesson.exercises import read_exercises
        from tutor.lesson.markdown import parse_page, read_front_matter, split_front_matter

        folder = self.folder / outline.track / outline.id
        file, exercises_file = (self._shown(folder / name) for name in ("lesson.md", "exercises.yaml"))
        front, body, line = split_front_matter(_read(folder / "lesson.md", file), file)
        row = read_front_matter(front, file)
        page = parse_page(body, file, line)
        exercises = read_exercises(
            _read(folder / "exercises.yaml", exercises_file), exercises_file, outline.id, page.places
        )
        steps = tuple(exercises[step] if isinstance(step, str) else step for step in page.steps)
        return Lesson(**_head(row), steps=steps, folder=str(folder))

    def _shown(self, path: Path) -> str:
        """A path as messages show it: from the course's folder on."""
        return str(Path(self.folder.name) / path.relative_to(self.folder))


def _head(row: Any) -> dict[str, Any]:
    return {
        "id": row.get("id"),
        "title": row.get("title"),
        "track": row.get("track"),
        "minutes": int(row.get("minutes")),
        "needs": row.get("needs", ()),
        "teaches": tuple(" ".join(name.upper().split()) for name in row.get("teaches")),
        "after": row.get("after", ()),
        "docs": row.get("docs", ""),
    }


def _read(path: Path, shown: str) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CourseError(f"{shown}:1", f"this file cannot be read: {error.strerror or error}.") from None
    if len(data) > _BIGGEST_FILE:
        raise CourseError(f"{shown}:1", "this file is bigger than 1 MB. A lesson is a few pages of text.")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CourseError(
            f"{shown}:{line}", f"the byte {data[error.start]:#04x} here is not UTF-8. Save the file as UTF-8."
        ) from None


def _line_of(path: Path, start: str) -> int:
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    return next((number for number, line in enumerate(lines, 1) if line.startswith(start)), 1)


def _skim(text: str) -> list[ExerciseOutline] | None:
    """Ids, kinds and points by their indentation; None when an item does not show all three that way."""
    starts = list(_ITEM.finditer(text))
    outlines = []
    for found, following in zip_longest(starts, starts[1:]):
        block = text[found.end() : following.start() if following else len(text)]
        indent = " " * (found.end() - found.start())
        fields = {}
        for name in ("id", "kind", "points"):
            line = re.search(rf"(?:\A|^{indent}){name}: *([a-z0-9.-]+) *(?:#.*)?$", block, re.MULTILINE)
            if line is None:
                return None
            fields[name] = line[1]
        if not fields["points"].isdigit():
            return None
        outlines.append(ExerciseOutline(fields["id"], fields["kind"], int(fields["points"])))
    return outlines or None


def _parse_outlines(text: str, file: str) -> list[ExerciseOutline]:
    root = compose(text, file)
    outlines = []
    for node in root.nodes if isinstance(root, Items) else ():
        fields = {k.text: v.text for k, v in node.pairs if isinstance(v, Scalar)} if isinstance(node, Fields) else {}
        if {"id", "kind"} <= fields.keys() and re.fullmatch(r"[0-9]{1,3}", fields.get("points", "")):
            outlines.append(ExerciseOutline(fields["id"], fields["kind"], int(fields["points"])))
    return outlines


def _near(word: str, known: list[str], command: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, known, 1)
    return f"Did you mean {near[0]}?" if near else f"Type {command} to see them all."
