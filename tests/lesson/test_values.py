"""Seeded values: the same for ever, in their range; and arithmetic that cannot do harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.lesson import EvaluationError, evaluate
from tutor.lesson.seeds import Range, draw
from tutor.lesson.template import fill, placeholders


def test_the_draw_never_changes() -> None:
    """These values were calculated once by the rule in the module's docstring, with sha256sum.

    A learner's progress and a teacher's answer sheet depend on them: if this fails, the code is wrong, not the test.
    """
    values = draw(42, "strings.count-visits", {"page": ("home", "pricing", "blog", "docs"), "n": Range(2, 30)}, {})
    # printf 'redis-tutor/1|42|strings.count-visits|page' | sha256sum  → dda5b08e8a0c927f…; …|n → 714f70efeb94732a…
    assert 0xDDA5B08E8A0C927F % 4 == 3
    assert 0x714F70EFEB94732A % 29 + 2 == 23
    assert values == {"page": "docs", "n": 23}


@given(st.integers(0, 2**48), st.integers(-50, 50), st.integers(1, 100))
def test_a_drawn_number_is_in_its_range(seed: int, first: int, width: int) -> None:
    value = draw(seed, "a.b", {"n": Range(first, first + width)}, {})["n"]
    assert isinstance(value, int)
    assert first <= value <= first + width


@given(st.integers(0, 2**48))
def test_another_name_changes_nothing(seed: int) -> None:
    one = draw(seed, "a.b", {"n": Range(0, 1000)}, {})
    two = draw(seed, "a.b", {"m": Range(0, 1000), "n": Range(0, 1000)}, {})
    assert one["n"] == two["n"]


def test_all_values_of_a_range_are_drawn() -> None:
    assert {draw(seed, "a.b", {"n": Range(1, 6)}, {})["n"] for seed in range(200)} == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("before + n", 49),
        ("n - 1", 6),
        ("-n * 3", -21),
        ("before // n", 6),
        ("before % n", 0),
        ("page + ':' + str(n)", "home:7"),
        ("max(n, before, 50)", 50),
        ("min(n, before)", 7),
        ("len(page) + int('3')", 7),
        ("(n + 1) * (n - 1)", 48),
    ],
)
def test_expressions(expression: str, value: object) -> None:
    assert evaluate(expression, {"n": 7, "before": 42, "page": "home"}) == value


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("x", "'x' is not declared above it"),
        ("n + page", "do not mix"),
        ("page * n", "do not mix"),
        ("page - page", "only be joined"),
        ("n / 2", "only names, numbers"),
        ("n ** 9", "only names, numbers"),
        ("n // 0", "divides by zero"),
        ("n.real", "only names, numbers"),
        ("[n][0]", "only names, numbers"),
        ("(lambda: n)()", "only names, numbers"),
        ("__import__('os')", "only names, numbers"),
        ("print(n)", "only names, numbers"),
        ("True", "only names, numbers"),
        ("1.5", "only names, numbers"),
        ("int('x')", "cannot be calculated"),
        ("max()", "cannot be calculated"),
        ("max(n, page)", "cannot be calculated"),
        ("int(n, base=2)", "only names, numbers"),
        ("9223372036854775807 + 1", "does not fit into 64 bits"),
        ("n n", "not an expression"),
        ("", "not an expression"),
        ("1 + " * 200 + "1", "longer than 500"),
    ],
)
def test_what_is_refused(expression: str, why: str) -> None:
    with pytest.raises(EvaluationError, match=why):
        evaluate(expression, {"n": 7, "page": "home"})


@given(st.text(max_size=600), st.integers(), st.text(max_size=50))
def test_any_text_is_evaluated_or_refused(expression: str, number: int, text: str) -> None:
    try:
        value = evaluate(expression, {"n": number % 1000, "t": text})
    except EvaluationError:
        return
    assert isinstance(value, int | str)


_ATOMS = st.sampled_from(["n", "t", "1", "'a'", "9223372036854775807", "str(n)", "len(t)", "int('2')"])
_EXPRESSIONS = st.recursive(
    _ATOMS,
    lambda inner: st.builds(
        lambda left, op, right: f"({left} {op} {right})", inner, st.sampled_from(["+", "-", "*", "//", "%"]), inner
    ),
    max_leaves=12,
)


@given(_EXPRESSIONS)
def test_arithmetic_stays_bounded(expression: str) -> None:
    try:
        value = evaluate(expression, {"n": 7, "t": "text" * 100})
    except EvaluationError:
        return
    assert abs(value) < 2**63 if isinstance(value, int) else len(value) <= 10_000


def test_placeholders() -> None:
    assert list(placeholders("a ${x}\n$${y} ${ z } ${open")) == [("x", 0), ("z", 1), ("", 1)]
    assert fill("${a}-$${a}-${ b }", {"a": 1, "b": "two"}) == "1-${a}-two"
