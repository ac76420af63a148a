"""Values drawn from a seed: every learner gets their own numbers, and the same ones tomorrow.

The draw is fixed for ever, because a teacher's answer sheet and a learner's progress depend on it:

    number = first 8 bytes, big endian, of SHA-256("redis-tutor/1|<seed>|<exercise id>|<name>")

A list of choices answers `choices[number % len(choices)]`; a range answers `from + number % (to - from + 1)`. A name
is drawn on its own, so that adding another one changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tutor.lesson.evaluator import EvaluationError, Value, evaluate

__all__ = ["Drawn", "Range", "draw"]


@dataclass(frozen=True, slots=True)
class Range:
    """A whole number between two bounds, both included."""

    first: int
    last: int


Drawn: TypeAlias = Range | tuple[str, ...]


def draw(seed: int, exercise_id: str, seeded: Mapping[str, Drawn], derived: Mapping[str, str]) -> dict[str, Value]:
    """The values of all names, the derived ones calculated in the order in which they stand.

    Raises `EvaluationError` when a derived value cannot be calculated.
    """
    values: dict[str, Value] = {}
    for name, source in seeded.items():
        digest = hashlib.sha256(f"redis-tutor/1|{seed}|{exercise_id}|{name}".encode()).digest()
        number = int.from_bytes(digest[:8], "big")
        if isinstance(source, Range):
            values[name] = source.first + number % (source.last - source.first + 1)
        else:
            values[name] = source[number % len(source)]
    for name, expression in derived.items():
        try:
            values[name] = evaluate(expression, values)
        except EvaluationError as error:
            raise EvaluationError(f"the value of {name} is wrong: {error}") from None
    return values
