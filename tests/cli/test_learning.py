"""Lessons, checks and progress from the command line, as other tools use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_lessons_as_json_have_what_other_tools_rely_on(tutor: Run) -> None:
    listed = json.loads(tutor("lessons", "--json").stdout)
    assert [lesson["id"] for lesson in listed] == [
        *("keys", "strings", "lists", "sets", "sorted-sets", "hashes", "streams"),
    ]
    for lesson in listed:
        assert list(lesson) == ["id", "title", "track", "needs", "exercises"]
        assert len(lesson["exercises"]) >= 3
        assert len({exercise["kind"] for exercise in lesson["exercises"]}) >= 2
        assert all(list(exercise) == ["id", "kind", "points"] for exercise in lesson["exercises"])


ANSWERS = [
    ("strings.lock-order", "d e c a", True, None),
    ("strings.lock-order", "(d)\n(e)\n(c)\n(a)\n", True, None),
    ("strings.lock-order", "e d c a", False, "lock-first"),
    ("strings.lock-order", "b, e, c, a", False, "lock-with-end"),
    ("strings.predict-lifetime", "(integer) -1", True, None),
    ("strings.predict-lifetime", "(integer) -2", False, "predict"),
]


@pytest.mark.parametrize(("exercise", "answer", "passed", "failed"), ANSWERS)
@pytest.mark.parametrize("backend", ["embedded", "redis-server"])
def test_an_answer_is_checked(
    tutor: Run,
    request: pytest.FixtureRequest,
    exercise: str,
    answer: str,
    passed: bool,
    failed: str | None,
    backend: str,
) -> None:
    if backend == "redis-server":
        request.getfixturevalue("url")
    done = tutor("check", exercise, "--answer", "-", "--json", "--backend", backend, stdin=answer)
    verdict = json.loads(done.stdout)
    assert list(verdict) == ["passed", "points", "max_points", "failed_check", "feedback"]
    assert (verdict["passed"], verdict["failed_check"], done.returncode) == (passed, failed, 0 if passed else 1)
    assert verdict["points"] == (verdict["max_points"] if passed else 0)
    if not passed:
        assert verdict["feedback"]["why"]


def test_commands_in_a_file_with_the_values_of_a_seed(tutor: Run, tmp_path: Path) -> None:
    answer = tmp_path / "answer.redis"
    shown = json.loads(
        tutor("check", "strings.count-visits", "--answer", _write(answer, "PING"), "--seed", "7", "--json").stdout
    )
    why = shown["feedback"]["why"]
    assert shown["failed_check"] == "total"
    # "There were 61 visits and 12 more came": the words name the values, and the setup names the page.
    before, more = (int(word) for word in why.split() if word.isdigit())
    for page in ("home", "pricing", "blog", "docs"):
        done = tutor(
            "check", "strings.count-visits", "--answer", _write(answer, f"INCRBY views:{page} {more}"), "--seed", "7"
        )
        if done.returncode == 0:
            break
    else:
        pytest.fail(f"no page passed: {before} {more}")
    assert tutor("check", "strings.count-visits", "--answer", str(answer), "--seed", "8").returncode == 1


def _write(path: Path, text: str) -> str:
    path.write_text(text)
    return str(path)


BAD = [
    (["check", "strings.nothing", "--answer", "-"], 2, "no exercise 'strings.nothing'"),
    (["check", "strings.lock-order", "--answer", "/nowhere"], 2, "cannot be read"),
    (["start", "strnigs"], 2, "strings"),
    (["progress", "import", "/nowhere"], 7, "cannot be read"),
    (["progress", "reset"], 2, "--yes"),
    (["lessons", "--course", "/nowhere"], 3, "course.yaml"),
]


@pytest.mark.parametrize(
    ("words", "code", "says"), BAD, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_what_is_wrong_is_said(tutor: Run, words: list[str], code: int, says: str) -> None:
    done = tutor(*words, stdin="x")
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert says in done.stderr


def test_check_refuses_a_live_database_that_is_not_empty(tutor: Run, url: str) -> None:
    used = f"{url}?db=4"
    tutor("run", "--backend", used, "SET", "theirs", "1")
    done = tutor("check", "strings.lock-order", "--answer", "-", "--backend", used, stdin="d e c a")
    assert done.returncode == 5
    assert "holds 1 keys" in done.stderr
    assert tutor("run", "--backend", used, "GET", "theirs").stdout == "1\n"
    empty = f"{url}?db=5"
    assert tutor("check", "strings.lock-order", "--answer", "-", "--backend", empty, stdin="d e c a").returncode == 0
    assert tutor("run", "--backend", empty, "DBSIZE").stdout == "0\n"


def test_progress_is_taken_along(tutor: Run, tmp_path: Path, home: Path) -> None:
    file = str(tmp_path / "progress.json")
    assert tutor("progress", "export", file).returncode == 0
    exported = json.loads(Path(file).read_text())
    exported["log"].append(
        {"uid": "a" * 32, "at": 1, "what": "passed", "subject": "strings.lock-order", "detail": {"max_points": 2}}
    )
    Path(file).write_text(json.dumps(exported))
    assert "1 new" in tutor("progress", "import", file).stdout
    assert "0 new" in tutor("progress", "import", file).stdout
    shown = json.loads(tutor("progress", "--json").stdout)
    assert (shown["points"], shown["exercises"]["strings.lock-order"]) == (2, "solved")
    assert tutor("progress", "reset", "--yes").returncode == 0
    assert json.loads(tutor("progress", "--json").stdout)["points"] == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', "[" * 100_000, "\x00\xff"])
def test_what_is_no_export_changes_nothing(tutor: Run, tmp_path: Path, text: str) -> None:
    done = tutor("progress", "import", _write(tmp_path / "bad.json", text))
    assert done.returncode == 7
    assert "Traceback" not in done.stderr


def test_a_read_only_home_does_not_stop_anybody(tutor: Run, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    env = {"REDIS_TUTOR_HOME": str(blocked / "home")}
    assert tutor("check", "strings.lock-order", "--answer", "-", stdin="d e c a", env=env).returncode == 0
    done = tutor("progress", env=env)
    assert done.returncode == 0
    assert "not being saved" in done.stderr


def test_explain_and_doctor(tutor: Run) -> None:
    done = tutor("explain", "SET", "k", "v", "EX", "3", "NX")
    assert done.returncode == 0
    assert "EX 3" in done.stdout
    wrong = tutor("explain", "SET", "k", "v", "NX", "XX")
    assert wrong.returncode == 1
    assert "XX" in wrong.stdout
    looked = tutor("doctor")
    assert looked.returncode == 0, looked.stdout
    assert "Embedded server" in looked.stdout
    assert "pip uninstall redis-tutor" in looked.stdout


def test_the_shell_needs_a_terminal_and_says_what_does_not(tutor: Run) -> None:
    done = tutor(stdin="PING\n")
    assert done.returncode == 2
    assert "redis-tutor run" in done.stderr
