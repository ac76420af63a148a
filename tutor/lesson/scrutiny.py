"""A look at an exercise as a whole: every `${name}` is declared, and drawn once it can be calculated and read.

Every command that a check names is in the catalog.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tutor.catalog import load
from tutor.errors import CourseError
from tutor.lesson.calls import call_fault
from tutor.lesson.checks import Bounds, Check, KeyState, Probe, ReplyIs, Timeline, Trace
from tutor.lesson.data import Exercise, Ordering, Prediction, Task, instantiate
from tutor.lesson.evaluator import EvaluationError
from tutor.lesson.seeds import draw
from tutor.lesson.shapes import Row
from tutor.lesson.template import placeholders
from tutor.lesson.transcript import parse_lines
from tutor.lesson.yamltree import Fields, Items, Node, Scalar, scalars

__all__ = ["Place", "check_commands", "check_names", "try_out"]

# What a message may name beside the exercise's own values.
_SAID = frozenset({"expected", "actual", "key", "commands"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where an exercise stands in lesson.md."""

    title: str | None
    text: str
    file: str
    line: int
    """The line of its marker."""
    text_line: int
    """The line where its text begins."""


def check_names(node: Node, row: Row, place: Place, names: set[str]) -> None:
    """Every `${name}` must be declared; a message may also name what was expected and found."""
    assert isinstance(node, Fields)
    for key, value in node.pairs:
        for own, _ in value.pairs if key.text in ("seeded", "derived") and isinstance(value, Fields) else ():
            if own.text in _SAID:
                where = f"{row.file}:{own.line}"
                raise CourseError(where, f"the name {own.text!r} is taken: messages use it for what was found.")
        for scalar, said in _texts(key.text, value):
            for name, offset in placeholders(scalar.text):
                line = scalar.line + (offset if scalar.block else 0)
                _check_name(name, names | _SAID if said else names, f"{row.file}:{line}")
    for name, offset in placeholders(place.text):
        _check_name(name, names, f"{place.file}:{place.text_line + offset}")


def _texts(field: str, value: Node) -> list[tuple[Scalar, bool]]:
    """The texts of a field, each with whether it is said after a check failed."""
    if field in ("seeded", "derived"):
        return []
    if field not in ("checks", "wrong"):
        return [(scalar, False) for scalar in scalars(value)]
    found = []
    for entry in value.nodes if isinstance(value, Items) else ():
        for key, inner in entry.pairs if isinstance(entry, Fields) else ():
            found += [(scalar, key.text in ("otherwise", "why")) for scalar in scalars(inner)]
    return found


def _check_name(name: str, names: set[str], where: str) -> None:
    from difflib import get_close_matches

    if name in names:
        return
    if not name:
        raise CourseError(where, "a `${` is not closed. Write ${name}, or $${ for the two characters themselves.")
    near = get_close_matches(name, names, 1)
    hint = f"Did you mean ${{{near[0]}}}?" if near else "Declare it under seeded or derived."
    raise CourseError(where, f"${{{name}}} is not declared. {hint} $${{ gives a literal ${{.")


def try_out(exercise: Exercise, row: Row) -> None:
    """Draw once, so that what cannot be calculated or read as a command is found when the file is loaded."""
    try:
        draw(0, exercise.id, exercise.seeded, exercise.derived)
    except EvaluationError as error:
        raise CourseError(row.where("derived"), f"{error}.") from None
    drawn = instantiate(exercise, 0).exercise
    if isinstance(drawn, Task | Ordering):
        for check in drawn.checks:
            _try_numbers(check)
    lines = [(line, row.where("setup")) for line in drawn.setup]
    if isinstance(drawn, Task):
        lines += [(solution, row.where("solutions")) for solution in drawn.solutions]
        lines += [(wrong.answer, wrong.where) for wrong in drawn.wrong]
    if isinstance(drawn, Prediction):
        lines.append((drawn.command, row.where("command")))
    if isinstance(drawn, Ordering):
        lines += [(item.command or "", row.where()) for item in drawn.items]
    for text, where in lines:
        file, _, line = where.rpartition(":")
        if not parse_lines(text, file, int(line)):
            raise CourseError(where, "a command belongs here, and there is none.")


def _try_numbers(check: Check) -> None:
    probe = check.probe
    numerals: list[str | None] = []
    if isinstance(probe, KeyState):
        bounds = [bound for bound in (probe.length, probe.ttl) if isinstance(bound, Bounds)]
        numerals = [side for bound in bounds for side in (bound.least, bound.most)]
    elif isinstance(probe, Trace):
        numerals = [probe.at_most, probe.clients]
    for numeral in numerals:
        if numeral is not None and not re.fullmatch(r"-?[0-9]+", numeral):
            raise CourseError(check.where, f"where this check needs a whole number, it gets {numeral[:60]!r}.")


def check_commands(exercises: Iterable[Exercise]) -> None:
    """Every command that a check names must be known, and every call that it asks for must be one."""
    tasks = [exercise for exercise in exercises if isinstance(exercise, Task | Ordering)]
    if not tasks:
        return
    catalog = load()
    for exercise in tasks:
        drawn = instantiate(exercise, 0).exercise
        assert isinstance(drawn, Task | Ordering)
        for check in drawn.checks:
            for name in _commands(check.probe):
                if catalog.get(name) is None:
                    near = ", ".join(catalog.suggest(name))
                    hint = f" The nearest: {near}." if near else ""
                    raise CourseError(check.where, f"there is no Redis command {name}.{hint}")
            for line in _lines(check.probe):
                fault = call_fault(catalog, line)
                if fault:
                    raise CourseError(check.where, f"the call {line[:60]!r} cannot be looked for. {fault}")


def _commands(probe: Probe) -> Iterator[str]:
    match probe:
        case Trace():
            for names in (probe.uses, probe.uses_one_of, probe.avoids):
                yield from names or ()
            yield from (name for name, _ in probe.options or ())
        case ReplyIs(of=name) if name != "last":
            yield name
        case Timeline():
            calls = [*(probe.order or ()), *([probe.waited] if probe.waited else [])]
            yield from (call.partition(" ")[2] for call in calls)


def _lines(probe: Probe) -> tuple[str, ...]:
    return (*(probe.calls or ()), *(probe.calls_one_of or ())) if isinstance(probe, Trace) else ()
