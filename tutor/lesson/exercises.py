"""exercises.yaml to exercises: each row of the file becomes the data of its kind, with every fault at its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tutor.errors import CourseError
from tutor.lesson.checks import Check
from tutor.lesson.data import Choice, Exercise, Item, Option, Ordering, Prediction, Task, Wrong
from tutor.lesson.fields import KINDS
from tutor.lesson.probes import build_check
from tutor.lesson.scrutiny import Place, check_commands, check_names, try_out
from tutor.lesson.seeds import Drawn, Range
from tutor.lesson.shapes import Choices, Row
from tutor.lesson.template import Template
from tutor.lesson.yamltree import Fields, Items, Node, compose

__all__ = ["read_exercises"]

_ITEM = re.compile(r"^ {0,3}[-*] \(([a-z])\) +(.+?)\s*$", re.MULTILINE)
_LIKE_ITEM = re.compile(r"^\s*[-*]\s*\(?([A-Za-z])[).]", re.MULTILINE)
_CODE = re.compile(r"(`+)(.+?)\1(?!`)")


def read_exercises(text: str, file: str, lesson_id: str, places: Mapping[str, Place]) -> dict[str, Exercise]:
    """The exercises of a lesson by id. Raises `CourseError` at the first fault."""
    root = compose(text, file)
    if root is None:
        root = Items((), 1)
    if not isinstance(root, Items):
        raise CourseError(f"{file}:{root.line}", "here belongs a list of exercises, each beginning with `- id: `.")
    exercises: dict[str, Exercise] = {}
    for node in root.nodes:
        row = KINDS[_kind(node, file)].read(node, file)
        id_ = row.get("id")
        if id_ in exercises:
            raise CourseError(row.where("id"), f"the id {id_} is taken by the exercise at {exercises[id_].where}.")
        if id_.partition(".")[0] != lesson_id:
            raise CourseError(row.where("id"), f"the id {id_} must begin with the lesson's: {lesson_id}.")
        place = places.get(id_)
        if place is None:
            raise CourseError(
                row.where("id"), f"lesson.md has no place for {id_}. Add there: <!-- exercise: {id_} -->."
            )
        exercises[id_] = _exercise(node, row, place)
    for id_, place in places.items():
        if id_ not in exercises:
            raise CourseError(f"{place.file}:{place.line}", f"exercises.yaml has no exercise with the id {id_}.")
    check_commands(exercises.values())
    return exercises


def _kind(node: Node, file: str) -> str:
    if not isinstance(node, Fields):
        raise CourseError(f"{file}:{node.line}", "here belongs an exercise, which begins with `- id: `.")
    for key, value in node.pairs:
        if key.text == "kind":
            return Choices(tuple(KINDS)).read(value, file)
    raise CourseError(f"{file}:{node.line}", f"this exercise needs 'kind': one of {', '.join(KINDS)}.")


def _exercise(node: Node, row: Row, place: Place) -> Exercise:
    seeded = {name: _source(row, name, source) for name, source in row.get("seeded", {}).items()}
    names = {*seeded, *row.get("derived", {})}
    check_names(node, row, place, names)
    common: dict[str, Any] = {
        "id": row.get("id"),
        "kind": row.get("kind"),
        "points": int(row.get("points")),
        "title": place.title,
        "text": place.text,
        "setup": row.get("setup", ()),
        "hints": row.get("hints"),
        "why": row.get("why"),
        "seeded": seeded,
        "derived": row.get("derived", {}),
        "where": row.where(),
        "lines": row.lines,
        "text_line": place.text_line,
    }
    exercise = _BUILDERS[common["kind"]](row, place, common)
    try_out(exercise, row)
    return exercise


def _source(row: Row, name: str, source: Any) -> Drawn:
    if isinstance(source, tuple):
        return source
    span = Range(int(source.get("from")), int(source.get("to")))
    if span.first >= span.last:
        raise CourseError(
            source.where(), f"{name} is drawn from {span.first} to {span.last}: the first must be smaller."
        )
    return span


# -- one builder for each kind -----------------------------------------------------------------------------------


def _task(row: Row, place: Place, common: dict[str, Any]) -> Task:
    checks = _checks(row)
    solutions = tuple(_joined(solution) for solution in row.get("solutions"))
    kind = common["kind"]
    if kind in ("reply", "timeline") and not any(check.group == kind for check in checks):
        raise CourseError(row.where("checks"), f"a {kind} exercise needs at least one check with `{kind}:`.")
    wrong = _wrongs(row, {check.id for check in checks}, _joined)
    return Task(**common, checks=checks, solutions=solutions, wrong=wrong)


def _prediction(row: Row, place: Place, common: dict[str, Any]) -> Prediction:
    wrong = _wrongs(row, None, str)
    right = (row.get("answer"), *row.get("accept", ()))
    for entry in wrong:
        if entry.answer in right:
            raise CourseError(entry.where, f"{entry.answer!r} stands among the right answers too.")
    return Prediction(
        **common, command=row.get("command"), answer=row.get("answer"), accept=row.get("accept", ()), wrong=wrong
    )


def _ordering(row: Row, place: Place, common: dict[str, Any]) -> Ordering:
    items = _items(place)
    letters = {item.letter for item in items}
    for item in items:
        if item.command is None:
            raise CourseError(
                f"{place.file}:{place.line}",
                f"item ({item.letter}) of {row.get('id')} needs its command in `backticks`.",
            )
    checks = _checks(row)
    wrong = _wrongs(row, {check.id for check in checks}, ", ".join)
    answers = [(solution, row.where("solutions")) for solution in row.get("solutions")]
    for answer, where in [*answers, *((tuple(entry.answer.split(", ")), entry.where) for entry in wrong)]:
        for letter in answer:
            if letter not in letters:
                raise CourseError(
                    where, f"there is no item ({letter}) in the text of {row.get('id')}; it has {_listed(letters)}."
                )
    return Ordering(**common, items=items, checks=checks, solutions=row.get("solutions"), wrong=wrong)


def _choice(row: Row, place: Place, common: dict[str, Any]) -> Choice:
    items = _items(place)
    options: dict[str, Row] = row.get("options")
    shown = {item.letter for item in items}
    if shown != set(options):
        raise CourseError(
            row.where("options"),
            f"the options are {_listed(set(options))}, and the text of {row.get('id')} shows {_listed(shown)}.",
        )
    if sum(bool(option.get("right")) for option in options.values()) != 1:
        raise CourseError(row.where("options"), "exactly one option must have `right: true`.")
    if len(options) < 3:
        raise CourseError(row.where("options"), "here belong three or more options, one right and two or more wrong.")
    wrong = tuple(
        Wrong(letter, None, Template(option.get("why")), option.where())
        for letter, option in options.items()
        if not option.get("right")
    )
    choices = tuple(Option(letter, bool(o.get("right")), o.get("why")) for letter, o in options.items())
    return Choice(**common, items=items, options=choices, wrong=wrong)


_BUILDERS: dict[str, Callable[[Row, Place, dict[str, Any]], Exercise]] = {
    "state": _task,
    "reply": _task,
    "timeline": _task,
    "predict": _prediction,
    "order": _ordering,
    "choice": _choice,
}


# -- parts ---------------------------------------------------------------------------------------------------------


def _joined(lines: str | tuple[str, ...]) -> str:
    return lines if isinstance(lines, str) else "\n".join(lines)


def _checks(row: Row) -> tuple[Check, ...]:
    checks: dict[str, Check] = {}
    for group, fields in row.get("checks"):
        check = build_check(group, fields)
        if check.id in checks:
            raise CourseError(fields.where("id"), f"the check {check.id!r} stands here a second time. Ids are unique.")
        checks[check.id] = check
    return tuple(checks.values())


def _wrongs(row: Row, checks: set[str] | None, join: Callable[[Any], str]) -> tuple[Wrong, ...]:
    entries = []
    for entry in row.get("wrong"):
        fails = entry.get("fails")
        if checks is not None and fails not in checks:
            raise CourseError(
                entry.where("fails"), f"no check has the id {fails!r}; there are {', '.join(sorted(checks))}."
            )
        why = entry.get("why")
        entries.append(Wrong(join(entry.get("answer")), fails, Template(why) if why else None, entry.where()))
    return tuple(entries)


def _items(place: Place) -> tuple[Item, ...]:
    items: dict[str, Item] = {}
    for found in _ITEM.finditer(place.text):
        code = _CODE.search(found[2])
        if found[1] in items:
            raise CourseError(
                f"{place.file}:{place.line}", f"the letter ({found[1]}) stands twice in this exercise's list."
            )
        items[found[1]] = Item(found[1], found[2], code[2].strip() if code else None)
    if not items:
        like = " Write each as `- (a) text`." if _LIKE_ITEM.search(place.text) else ""
        raise CourseError(
            f"{place.file}:{place.line}", f"this exercise needs a list of lettered items, one line each: - (a) …{like}"
        )
    return tuple(items.values())


def _listed(letters: set[str]) -> str:
    return ", ".join(sorted(letters)) or "none"
