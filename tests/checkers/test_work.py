"""Every checker on every server, from a table: cases/checkers/work.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tutor.backends import Backend
from tutor.catalog import Catalog, load
from tutor.checkers import CHECKERS, Verdict
from tutor.lesson import Instance, Task
from tutor.lesson.fields import CHECK_GROUPS
from tutor.lesson.probes import build_check
from tutor.lesson.shapes import Told
from tutor.lesson.yamltree import compose
from tutor.session import Desk

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent.parent / "cases/checkers/work.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def judged(case: dict[str, Any], backend: Backend, catalog: Catalog) -> Verdict:
    fields = {"id": "it", "otherwise": "${key}|${expected}|${actual}|${commands}", **case["check"]}
    node = compose(yaml.safe_dump(fields, allow_unicode=True, sort_keys=False), "case")
    assert node is not None
    group, row = Told("a check", CHECK_GROUPS).read(node, "case")
    task = Task(
        id="a.b",
        kind="state",
        points=1,
        title=None,
        text="",
        setup=tuple(case.get("setup", ())),
        hints=(),
        why=None,
        wrong=(),
        seeded={},
        derived={},
        where="case:1",
        checks=(build_check(group, row),),
        solutions=(),
    )
    instance = Instance(task, 1, {})
    desk = Desk(backend, catalog)
    try:
        desk.begin(instance)
        return desk.judge(instance, "\n".join(case["sent"]) or None)
    finally:
        desk.close()


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{c['check']}" for n, c in enumerate(CASES)])
def test_a_check_holds_or_says_what_it_found(case: dict[str, Any], backend: Backend, catalog: Catalog) -> None:
    feedback = judged(case, backend, catalog).feedback
    if case.get("holds"):
        assert feedback is None, feedback
        return
    assert feedback is not None
    if "got" in case:
        assert feedback.got == case["got"]
    if "expected" in case:
        assert feedback.expected == case["expected"]
    key = case["check"].get("key")
    if key:
        assert feedback.why.startswith(f"{key}|{feedback.expected}|{feedback.got}|")
    assert feedback.look


def test_every_group_of_checks_has_its_checker() -> None:
    assert sorted(CHECKERS) == sorted(name for name, _ in CHECK_GROUPS.values())


def test_every_group_has_its_cases() -> None:
    assert {next(key for key in case["check"] if key in CHECK_GROUPS) for case in CASES} == set(CHECK_GROUPS)


def test_somebody_who_left_the_database_is_told(backend: Backend, catalog: Catalog) -> None:
    case = {"sent": ["SELECT 3", "SET k v"], "check": {"key": "k", "equals": "v"}}
    feedback = judged(case, backend, catalog).feedback
    assert feedback is not None
    assert "Client A has left for database 3" in feedback.look


def test_a_very_long_value_is_cut_in_the_message(backend: Backend, catalog: Catalog) -> None:
    case = {"sent": ["SETRANGE k 100000 x"], "check": {"key": "k", "equals": "v"}}
    feedback = judged(case, backend, catalog).feedback
    assert feedback is not None
    assert len(feedback.got) < 500
