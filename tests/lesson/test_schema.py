"""The schema for editors: fresh, accepting our lessons, refusing what the loader refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tutor.lesson.schema import exercises_schema, schema_text

ROOT = Path(__file__).parent.parent.parent
LESSONS = sorted((ROOT / "lessons").glob("*/*/exercises.yaml"))


def test_the_file_is_fresh() -> None:
    written = (ROOT / "lessons" / "exercises.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(), "write it again: python -m tutor.lesson.schema lessons"


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.parent.name)
def test_it_accepts_our_lessons(path: Path) -> None:
    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), exercises_schema())


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "nothing"},
        {"points": 0},
        {"points": "many"},
        {"hints": ["one"]},
        {"anwser": "x"},
        {"wrong": []},
        {"id": "Not.An-Id"},
    ],
    ids=str,
)
def test_it_refuses_what_the_loader_refuses(change: dict[str, Any]) -> None:
    good = yaml.safe_load((ROOT / "tests/cases/lesson/good/basics/first/exercises.yaml").read_text())
    jsonschema.validate(good, exercises_schema())
    good[0].update(change)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(good, exercises_schema())
