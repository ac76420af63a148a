"""Whatever stands in an answer's file: a verdict, or a sentence that says why there is none."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tutor.backends import Backend
from tutor.catalog import Catalog
from tutor.checkers import Verdict
from tutor.errors import TutorError
from tutor.lesson import Course
from tutor.session import check_answer

_WORDS = st.sampled_from(
    [
        "SET",
        "GET",
        "visits:home",
        "1",
        "MULTI",
        "EXEC",
        "BLPOP",
        "0",
        "SUBSCRIBE",
        "SELECT",
        "3",
        "QUIT",
        "HELLO",
        "RESET",
        "DEL",
        "*",
        "INCRBY",
        "-1",
        "XADD",
        "KEYS",
        "nil",
        "MONITOR",
        "WATCH",
        "a",
        "(b)",
        "B>",
        "A>",
        ">",
        "#",
        "'",
        '"two',
        'words"',
    ]
)
_ANSWERS = st.text(max_size=40) | st.lists(st.lists(_WORDS, min_size=1, max_size=5).map(" ".join), max_size=5).map(
    "\n".join
)
_EXERCISES = st.sampled_from(["predict", "pick", "sort", "count", "swap", "handover"])


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exercise=_EXERCISES, answer=_ANSWERS)
def test_any_answer(exercise: str, answer: str, backend: Backend, course: Course, catalog: Catalog) -> None:
    try:
        verdict = check_answer(course, f"first.{exercise}", answer, backend, 1, catalog=catalog)
    except TutorError:
        return
    assert isinstance(verdict, Verdict)
    assert verdict.passed is (verdict.feedback is None)
