"""The JSON Schema of exercises.yaml, made from the tables of fields. Editors take their completion from it.

`python -m tutor.lesson.schema FOLDER` writes `exercises.schema.json` into the folder of a course.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tutor.lesson.fields import KINDS

__all__ = ["exercises_schema", "schema_text"]


def exercises_schema() -> dict[str, Any]:
    """The schema of the whole file: a list of exercises, told apart by their kind."""
    kinds = []
    for kind, record in KINDS.items():
        schema = record.schema()
        schema["properties"] = {**schema["properties"], "kind": {"const": kind}}
        kinds.append({"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": schema})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The exercises of a lesson of Redis Tutor",
        "type": "array",
        "items": {
            "type": "object",
            "required": ["id", "kind"],
            "properties": {"kind": {"description": "How the learner answers.", "enum": list(KINDS)}},
            "allOf": kinds,
        },
    }


def schema_text() -> str:
    """The schema as the file holds it."""
    return json.dumps(exercises_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (Path(sys.argv[1]) / "exercises.schema.json").write_text(schema_text(), encoding="utf-8")
