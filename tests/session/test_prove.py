"""A course is proved: what holds is counted, and each thing that does not hold is found and told with its place."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from tests.servers import need
from tutor.errors import UsageError
from tutor.lesson import find_course, load_course
from tutor.session import Fault, LessonProof, Report, new_lesson, prove, watch

LESSON, EXERCISES = "basics/first/lesson.md", "basics/first/exercises.yaml"


@pytest.fixture(params=["embedded", "redis-server"])
def spec(request: pytest.FixtureRequest) -> str:
    """The backends that a proof opens by itself."""
    if request.param == "redis-server":
        need("redis-server")
    return str(request.param)


def proved(folder: Path, *specs: str, jobs: int = 1) -> Report:
    course = load_course(folder)
    return prove(course, [lesson.id for lesson in course.lessons], specs or ["embedded"], jobs=jobs)


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_a_good_course_holds(good: Path, spec: str) -> None:
    report = proved(good, spec)
    assert report.passed, report.text()
    (proof,) = report.proofs
    assert (proof.lesson, proof.backend, proof.skipped) == ("first", spec, "")
    # Two transcripts of five steps; a prediction (1 right, 2 wrong) and a task (2 and 2) with three seeds each;
    # a choice (1 and 2), an order (1 and 2), a reply and a timeline (1 and 2 each) with one.
    assert proof.counted == {"transcripts": 2, "commands": 5, "exercises": 6, "solutions": 13, "wrong": 20}
    counted = "1 lesson, 2 transcripts, 5 commands, 6 exercises, 13 solutions, 20 wrong answers."
    assert f"{spec}: {counted}" in report.text()
    assert "All holds: 0 faults" in report.text()
    assert json.loads(json.dumps(report.to_json()))["passed"] is True


BROKEN = [
    (LESSON, '\n"good morning"', '\n"good evening"', "transcript:18", "and not:"),
    (LESSON, "(integer) 1\nB<", "(integer) 2\nB<", "transcript:30", "(integer) 2"),
    (LESSON, 'B< 2) "mail"', 'B< 2) "letter"', "transcript:32", '2) "letter"'),
    (LESSON, 'B< 1) "jobs"\nB< 2) "mail"\n', "", "transcript:30", "this reaches client B, and is not shown"),
    (LESSON, "B> BRPOP jobs 0\n>", "B> PING\n>", "transcript:29", "has no reply here, and the server answers"),
    (LESSON, "What does `INCRBY stock", "What does `INCRYB stock", "words:23", "Did you mean INCRBY"),
    (LESSON, "A key holds", "A `KYE` holds", "words:13", "the command KYE"),
    (LESSON, "GET, INCRBY, LPUSH", "GET, INCRBY, LPUHS", "words:1", "LPUHS"),
    (EXERCISES, "SET visits:${page} ${before}", "SETT visits:${page} ${before}", "setup:51", "fails: ERR"),
    (EXERCISES, '"INCRBY visits:${page} ${n}"', '"INCR visits:${page}"', "solution:61", "fails at 'total'"),
    (EXERCISES, '      equals: "${total}"', '      equals: "${before}"', "solution:61", "fails at 'total'"),
    (EXERCISES, '"SET visits:${page} ${total}"', '"INCRBY visits:${page} ${n}"', "wrong:69", "wrong answer passes"),
    (EXERCISES, "fails: adds", "fails: total", "wrong:69", "fails at 'adds'"),
    (EXERCISES, 'answer: "(integer) ${n}"', 'answer: "(integer) 1"', "answer:7", "INCRBY stock"),
    (EXERCISES, '    - answer: "(nil)"', '    - answer: "${n}"', "wrong:10", "this wrong answer passes"),
    (EXERCISES, "    - [b, c, a]", "    - [b, a, c]", "solution:35", "fails at 'lock-first'"),
    (EXERCISES, "[d, c, a], fails: safe", "[b, c, a], fails: safe", "wrong:37", "passes"),
    (EXERCISES, '["SET token new GET"]', '["SET token new"]', "solution:85", "fails at 'reply'"),
    (EXERCISES, '"A INCR", "A DEL"]', '"A DEL", "A INCR"]', "solution:35", "fails at 'lock-first'"),
]


@pytest.mark.parametrize(("file", "old", "new", "fault", "says"), BROKEN)
def test_what_does_not_hold_is_found(
    file: str, old: str, new: str, fault: str, says: str, good: Path, spec: str
) -> None:
    change(good, file, old, new)
    report = proved(good, spec)
    assert not report.passed
    what, _, line = fault.partition(":")
    found = [each for each in report.faults if (each.what, each.where) == (what, f"good/{file}:{line}")]
    assert found, report.text()
    assert any(says in each.message for each in found), report.text()
    assert f"{found[0].where}: {what}" in report.text()


def test_an_exercise_that_is_solved_before_it_begins(good: Path, spec: str) -> None:
    change(good, EXERCISES, '"SET visits:${page} ${before}"', '"SET visits:${page} ${total}"')
    assert ("start", "first.count passes before anything is done.") in [
        (fault.what, fault.message) for fault in proved(good, spec).faults
    ]


def test_a_wrong_answer_that_gets_the_words_of_another(good: Path) -> None:
    change(
        good,
        EXERCISES,
        '"SET visits:${page} ${total}"\n      fails: adds',
        '"set visits:${page} ${n}"\n      fails: total\n      why: Other words.',
    )
    assert [(fault.what, fault.where) for fault in proved(good).faults] == [("wrong", f"good/{EXERCISES}:69")]


def test_a_broken_lesson_is_told_and_the_others_go_on(good: Path) -> None:
    new_lesson(good, "basics", "second")
    (good / "basics/second/exercises.yaml").write_text("- id: second.x\n  kind: nothing\n")
    report = proved(good)
    assert [(fault.what, fault.where) for fault in report.faults] == [("file", "good/basics/second/exercises.yaml:2")]
    assert {proof.lesson: proof.counted.get("exercises", 0) for proof in report.proofs} == {"first": 6, "second": 0}


def test_a_lesson_without_a_head_is_told_too(good: Path) -> None:
    change(good, "course.yaml", "[first]", "[first, second]")
    report = proved(good)
    assert [fault.where for fault in report.faults] == ["good/course.yaml:6"]


def test_several_at_once_find_the_same(good: Path) -> None:
    new_lesson(good, "basics", "second")
    change(good, LESSON, '\n"good morning"', '\n"good evening"')
    seen: list[tuple[int, int, str]] = []
    course = load_course(good)
    report = prove(course, ["first", "second"], ["embedded"], jobs=2, on_progress=lambda *step: seen.append(step))
    alone = prove(course, ["first", "second"], ["embedded"])
    assert report.faults == alone.faults
    assert [proof.counted for proof in report.proofs] == [proof.counted for proof in alone.proofs]
    assert [(done, total) for done, total, _ in seen] == [(0, 2), (1, 2), (2, 2)]
    assert all(isinstance(fault, Fault) for fault in report.faults)


def test_a_server_that_is_missing_is_told(good: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.delenv("REQUIRE_SERVERS", raising=False)
    course = load_course(good)
    report = prove(course, ["first"], ["embedded", "redis-server"])
    assert report.passed
    assert list(report.not_tried) == ["redis-server"]
    assert "redis-server: not tried. No redis-server or valkey-server is on this machine's PATH" in report.text()
    monkeypatch.setenv("REQUIRE_SERVERS", "1")
    report = prove(course, ["first"], ["embedded", "redis-server"])
    assert not report.passed
    assert report.faults == ()


def test_one_of_a_thing_is_no_plural() -> None:
    counted = {"transcripts": 1, "commands": 1, "exercises": 1, "solutions": 1, "wrong": 1}
    fault = Fault("first", "embedded", "start", "f:1", "It passes.")
    text = Report((LessonProof("first", "embedded", (fault,), counted, 0.1),), {}, False, 0.1, (fault,)).text()
    assert "embedded: 1 lesson, 1 transcript, 1 command, 1 exercise, 1 solution, 1 wrong answer." in text
    assert "Not proved: 1 fault, 0.1 s." in text


def test_a_lesson_that_needs_what_a_server_does_not_offer_is_skipped_there(good: Path, spec: str) -> None:
    change(good, LESSON, "needs: []", "needs: [search]")
    report = proved(good, spec)
    assert report.passed
    assert [proof.skipped for proof in report.proofs] == ["needs search"]
    assert "Not here: first (needs search)" in report.text()


def test_an_unknown_lesson_is_refused(good: Path) -> None:
    with pytest.raises(UsageError, match="Did you mean first"):
        prove(load_course(good), ["frist"], ["embedded"])


def test_the_skeleton_of_a_lesson_proves(good: Path, spec: str) -> None:
    new_lesson(good, "basics", "brand-new")
    report = proved(good, spec)
    assert report.passed, report.text()


def test_our_own_lessons_hold(spec: str) -> None:
    report = proved(find_course(), spec)
    assert report.passed, report.text()


def test_watching_tells_what_was_saved(good: Path) -> None:
    path = good / LESSON
    assert list(watch([good], interval=0.01, turns=3)) == [], "nothing was saved"
    changes = watch([good], interval=0.01)
    saving = threading.Timer(0.05, lambda: path.write_text("saved"))  # behind the first look
    saving.start()
    assert next(changes) == [path]
    saving.join()


def test_a_need_that_no_server_can_offer(good: Path) -> None:
    change(good, LESSON, "needs: []", "needs: [lau]")
    assert [fault.message for fault in proved(good).faults] == [
        "needs names 'lau', which no backend can offer. Did you mean lua?"
    ]
