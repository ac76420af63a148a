"""What a lesson file may have is what docs/authoring.md tells, and nothing is left out there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.lesson.fields import CHECK_GROUPS, COURSE, FRONT_MATTER, KINDS, TRACK
from tutor.lesson.shapes import Choices, Either, Field, ListOf, MappingOf, Record, Shape, Told

DOCS = (Path(__file__).parent.parent.parent / "docs" / "authoring.md").read_text(encoding="utf-8")


def names(shape: Shape | None) -> Iterator[str]:
    """Every field's name and every word of an enumeration, however deep."""
    match shape:
        case Record(fields=fields):
            for name, field in fields.items():
                assert isinstance(field, Field)
                yield name
                yield from names(field.shape)
        case ListOf(shape=inner) | MappingOf(shape=inner):
            yield from names(inner)
        case Either(scalar=one, items=two, fields=three):
            for inner in (one, two, three):
                yield from names(inner)
        case Told(sorts=sorts):
            for _, record in sorts.values():
                yield from names(record)
        case Choices(words=words):
            yield from words


RECORDS = [FRONT_MATTER, TRACK, COURSE, *KINDS.values(), *(record for _, record in CHECK_GROUPS.values())]
NAMES = sorted({name for record in RECORDS for name in names(record)} | set(KINDS))


@pytest.mark.parametrize("name", NAMES)
def test_a_field_is_told_in_the_docs(name: str) -> None:
    code = " ".join(re.findall(r"`[^`]+`|```.*?```", DOCS, re.DOTALL))
    assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", code), f"docs/authoring.md does not tell of {name!r}"
