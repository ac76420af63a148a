"""Any bytes in any file of a course are read, or refused with their place; never a traceback."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.lesson.conftest import GOOD
from tests.lesson.test_broken import load_all
from tutor.errors import CourseError

FILES = ("course.yaml", "basics/first/lesson.md", "basics/first/exercises.yaml")
_GOOD = {name: (GOOD / name).read_bytes() for name in FILES}


def refused_or_read(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        course = Path(shutil.copytree(GOOD, Path(folder) / "good"))
        (course / name).write_bytes(data)
        try:
            load_all(course)
        except CourseError as error:
            place, _, line = error.where.rpartition(":")
            assert place.startswith("good")
            assert int(line) >= 1


@pytest.mark.parametrize("name", FILES)
@settings(deadline=None, max_examples=150)
@given(data=st.binary(max_size=300))
@example(data=b"[" * 50_000)
@example(data=b"- " * 50_000)
@example(data=b"---\n" + b"a: " * 1000)
@example(data=b"- id: first.a\n  kind: [state]\n")
@example(data=b"- {id: first.a, kind: predict, points: 1, ? [a] : b}\n")
@example(data=b"- *x\n")
@example(data=b"&a [*a]\n")
@example(data=b"\x00")
@example(data=b"---\n---\n---\n")
def test_any_bytes(name: str, data: bytes) -> None:
    refused_or_read(name, data)


@pytest.mark.parametrize("name", FILES)
@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_a_good_file_with_a_piece_changed(name: str, data: st.DataObject) -> None:
    good = _GOOD[name]
    at = data.draw(st.integers(0, len(good)))
    length = data.draw(st.integers(0, 30))
    piece = data.draw(
        st.binary(max_size=8) | st.sampled_from([b"${", b"}", b'"', b": ", b"\n", b"- ", b"&a", b"[", b"${n}"])
    )
    refused_or_read(name, good[:at] + piece + good[at + length :])
