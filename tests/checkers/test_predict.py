"""Predicted replies: kind to how people type, strict where it matters. The table is in cases/checkers/predict.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tutor.checkers import Verdict, judge_predict
from tutor.lesson import Instance, Prediction, Template, Wrong
from tutor.wire import Array, Bulk, Integer, Nil, Status, terminal

TABLE = yaml.safe_load((Path(__file__).parent.parent / "cases/checkers/predict.yaml").read_text(encoding="utf-8"))
CASES = [(group, typed, outcome) for group in TABLE for typed, outcome in group["typed"].items()]


def prediction(answer: str, wrong: list[str], accept: tuple[str, ...] = ()) -> Instance:
    exercise = Prediction(
        id="a.b",
        kind="predict",
        points=2,
        title=None,
        text="What?",
        setup=(),
        hints=("one", "two"),
        why="Because.",
        wrong=tuple(Wrong(text, None, Template(f"why {n}"), f"f:{n}") for n, text in enumerate(wrong, 1)),
        seeded={},
        derived={},
        where="f:1",
        command="CMD",
        answer=answer,
        accept=accept,
    )
    return Instance(exercise, 1, {})


def outcome_of(verdict: Verdict) -> str:
    if verdict.passed:
        assert verdict.points == verdict.max_points == 2
        assert verdict.why == "Because."
        return "right"
    assert verdict.feedback is not None
    assert verdict.points == 0
    why = verdict.feedback.why
    if why.startswith("why "):
        return f"wrong {why[4:]}"
    return "kind" if "kind of reply" in why else "other"


@pytest.mark.parametrize(("group", "typed", "outcome"), CASES, ids=[f"{g['answer']!r}-{t!r}" for g, t, _ in CASES])
def test_what_is_typed(group: dict[str, list[str]], typed: str, outcome: str) -> None:
    verdict = judge_predict(prediction(str(group["answer"]), group["wrong"]), typed)
    assert outcome_of(verdict) == outcome


def test_what_the_author_accepts_is_right() -> None:
    assert judge_predict(prediction("(integer) 1", ["(nil)", "OK"], ("one visit",)), " one visit").passed


def test_the_expected_reply_is_not_given_away() -> None:
    feedback = judge_predict(prediction("(integer) 1", ["(nil)", "OK"]), "(nil)").feedback
    assert feedback is not None
    assert (feedback.expected, feedback.got) == ("what CMD answers", "(nil)")


_REPLIES = st.recursive(
    st.builds(Bulk, st.binary(max_size=8))
    | st.builds(Integer, st.integers(-99, 99))
    | st.just(Nil())
    | st.just(Status(b"OK")),
    lambda inner: st.builds(Array, st.lists(inner, max_size=4).map(tuple)),
    max_leaves=8,
)


@given(_REPLIES)
def test_what_redis_cli_prints_is_right(reply: Integer) -> None:
    text = terminal(reply).decode("ascii")
    assert judge_predict(prediction(text, ["(nil)" if text != "(nil)" else "OK"]), text).passed


@given(st.text())
def test_anything_can_be_typed(text: str) -> None:
    for answer in ("(integer) 1", '"a"', "1) OK\n2) (nil)"):
        judge_predict(prediction(answer, ["(nil)", "(error)"]), text)
