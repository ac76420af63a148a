"""The skeleton of a new lesson: it loads and proves as it stands, and says what to fill in."""

from __future__ import annotations

import re
from pathlib import Path

from tutor.errors import CourseError, UsageError
from tutor.lesson.course import load_course
from tutor.lesson.fields import ID

__all__ = ["new_lesson"]

_LESSON = """\
---
id: {id}
title: {title}
track: {track}
minutes: 15
needs: []
teaches: [SET, GET]            # fill in: the commands that it teaches
after: []
---

# {title}

Fill in: what this is about, in two or three plain sentences, and a first look at it.

```redis
> SET greeting "good morning"
OK
> GET greeting
"good morning"
```

<!-- exercise: {id}.predict-get -->
The key `{key}` does not exist. What does `GET {key}` answer?

## A small job

<!-- exercise: {id}.small-job -->
Put the number `${{n}}` under the key `{key}`, so that it stays for ever.

## Remember

- Fill in: what the reader should still know tomorrow.
"""

_EXERCISES = """\
# yaml-language-server: $schema=../../exercises.schema.json
# What each field means: docs/authoring.md. Prove it: redis-tutor prove {id} --watch

- id: {id}.predict-get
  kind: predict
  points: 1
  command: GET {key}
  answer: (nil)
  why: "(nil) means that there is no value. An empty string would be printed as two quotes."
  hints:
    - "Fill in: a nudge. What could Redis answer when there is nothing to give?"
    - "Fill in: nearly there. The answer has three letters, in round brackets."
  wrong:
    - answer: '""'
      why: "That is the empty string, which is a value. Here there is none."
    - answer: "(error) ERR no such key"
      why: "Reading a key that does not exist is no error. Redis says that there is no value."

- id: {id}.small-job
  kind: state
  points: 2
  seeded:
    n: {{from: 2, to: 90}}
  checks:
    - id: value
      key: {key}
      equals: "${{n}}"
      otherwise: "The key {key} should hold ${{expected}}. It holds ${{actual}}."
    - id: stays
      key: {key}
      ttl: none
      otherwise: "The value is right. But TTL answers ${{actual}}: the key will leave, and it should stay."
  solutions:
    - "SET {key} ${{n}}"
  wrong:
    - answer: "SET {key} ${{n}} EX 60"
      fails: stays
      why: "EX 60 gives the key a lifetime of a minute. Leave it away, and the key stays."
    - answer: "APPEND {key} 0${{n}}"
      fails: value
  hints:
    - "Fill in: a nudge. Which command puts a value under a key?"
    - "Fill in: nearly there. SET wants the key, and then the value."
"""


def new_lesson(course_folder: str | Path, track: str, id_: str) -> Path:
    """Write the two files of a new lesson and add it to course.yaml, whose comments stay; answers the new folder.

    Raises `UsageError` for an id that cannot be one or is taken, `CourseError` when course.yaml cannot be changed.
    """
    course = load_course(course_folder)
    tracks = [each.id for each in course.tracks]
    if not re.fullmatch(ID, id_):
        raise UsageError(f"{id_!r} cannot be the id of a lesson. Use small letters, digits and hyphens: sorted-sets.")
    if track not in tracks:
        raise UsageError(f"There is no track {track!r}. The tracks are {', '.join(tracks)}; course.yaml lists them.")
    folder = course.folder / track / id_
    if folder.exists() or any(id_ in each.lessons and each.id != track for each in course.tracks):
        raise UsageError(f"There is a lesson {id_!r} already. Choose another id.")
    listed = any(id_ in each.lessons for each in course.tracks)
    index = course.folder / "course.yaml"
    text = index.read_text(encoding="utf-8")
    changed = text if listed else _listed(text, track, id_)
    names = {"id": id_, "track": track, "title": id_.replace("-", " ").capitalize(), "key": f"{id_}:first"}
    folder.mkdir(parents=True)
    (folder / "lesson.md").write_text(_LESSON.format(**names), encoding="utf-8")
    (folder / "exercises.yaml").write_text(_EXERCISES.format(**names), encoding="utf-8")
    if changed != text:
        index.write_text(changed, encoding="utf-8")
    return folder


def _listed(text: str, track: str, id_: str) -> str:
    """course.yaml with the lesson added to its track: only the characters that are needed, so that comments stay."""
    lines = text.split("\n")
    begin = next((at for at, line in enumerate(lines) if re.match(rf"\s*-?\s*id:\s*{track}\s*(#.*)?$", line)), None)
    for at in range(begin if begin is not None else len(lines), len(lines)):
        flow = re.match(r"(\s*(?:- )?lessons:\s*\[)([^\]]*)(\].*)$", lines[at])
        if flow:
            between = ", " if flow[2].strip() else ""
            lines[at] = f"{flow[1]}{flow[2].rstrip()}{between}{id_}{flow[3]}"
            return "\n".join(lines)
        block = re.match(r"(\s*)lessons:\s*(#.*)?$", lines[at])
        if block:
            last = at
            item = "  - "
            while last + 1 < len(lines) and re.match(r"\s*(- [a-z0-9-]+\s*)?(#.*)?$", lines[last + 1]):
                last += 1
                found = re.match(r"(\s*- )[a-z]", lines[last])
                item = found[1] if found else item
            while last > at and not lines[last].strip():
                last -= 1
            lines.insert(last + 1, f"{item if item.startswith(block[1]) else block[1] + item}{id_}")
            return "\n".join(lines)
    raise CourseError("course.yaml:1", f"the lessons of {track} are not found. Add {id_} to its list by hand.")
