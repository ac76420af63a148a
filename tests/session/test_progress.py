"""Progress is kept whatever happens to the process, the file, the disk, or the other shell."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.checkers import Feedback, Verdict
from tutor.errors import ProgressError
from tutor.session import Place, Progress

PASSED = Verdict(True, None, 2, 2)
FAILED = Verdict(False, Feedback("total", "5", "4", "why", "look"), 0, 2)


class StoppedClock:
    """A clock that a test sets, in seconds since 1970."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "progress.sqlite3"


def passed(progress: Progress, exercise: str) -> None:
    progress.attempt(exercise, PASSED, answer="INCR k", seed=1)


def failed(progress: Progress, exercise: str) -> None:
    progress.attempt(exercise, FAILED, answer="SET k", seed=1)


# -- what is remembered ----------------------------------------------------------------------------------------------


def test_every_status(path: Path) -> None:
    with Progress.open(path) as progress:
        failed(progress, "a.tried")
        failed(progress, "a.solved")
        passed(progress, "a.solved")
        failed(progress, "a.solved")
        progress.revealed("a.revealed")
        passed(progress, "a.revealed")
        passed(progress, "a.solved-first")
        progress.revealed("a.solved-first")
        progress.hinted("a.hinted", 1)
    with Progress.open(path) as progress:
        names = ("new", "tried", "solved", "revealed", "solved-first", "hinted")
        assert [progress.status(f"a.{name}") for name in names] == [
            "new",
            "tried",
            "solved",
            "revealed",
            "solved",
            "new",
        ]
        assert progress.statuses() == {
            "a.tried": "tried",
            "a.solved": "solved",
            "a.revealed": "revealed",
            "a.solved-first": "solved",
        }
        assert progress.points == 4
        assert progress.warning == ""


def test_where_and_who(path: Path) -> None:
    with Progress.open(path) as progress:
        assert progress.where() is None
        seed = progress.seed
        progress.went("strings", 3)
        progress.went("lists", 1)
    with Progress.open(path) as progress:
        assert progress.where() == Place("lists", 1)
        assert progress.step_in("strings") == 3
        assert progress.step_in("sets") is None
        assert progress.seed == seed


def test_two_learners_have_two_seeds(tmp_path: Path) -> None:
    with Progress.open(tmp_path / "one") as one, Progress.open(tmp_path / "two") as two:
        assert one.seed != two.seed


def test_the_log_keeps_the_answer(path: Path) -> None:
    with Progress.open(path, now=StoppedClock()) as progress:
        failed(progress, "a.b")
        (entry,) = progress.log()
    assert (entry.at, entry.what, entry.subject) == (1_800_000_000_000, "tried", "a.b")
    assert entry.detail == {"answer": "SET k", "points": 0, "max_points": 2, "failed_check": "total", "seed": 1}


@pytest.mark.parametrize(
    ("subject", "left"),
    [("", {}), ("a", {"b.x": "solved"}), ("a.x", {"a.y": "solved", "b.x": "solved"})],
    ids=["everything", "a lesson", "an exercise"],
)
def test_beginning_again(subject: str, left: dict[str, str], path: Path) -> None:
    with Progress.open(path) as progress:
        for exercise in ("a.x", "a.y", "b.x"):
            passed(progress, exercise)
        progress.reset(subject)
        assert progress.statuses() == left
        passed(progress, "a.x")
        assert progress.status("a.x") == "solved"


def test_a_clock_that_goes_back_does_not_change_the_story(path: Path) -> None:
    clock = StoppedClock()
    with Progress.open(path, now=clock) as progress:
        progress.revealed("a.b")
        clock.seconds -= 3600
        passed(progress, "a.b")
        assert progress.status("a.b") == "revealed"


def test_the_log_can_only_grow(path: Path) -> None:
    with Progress.open(path) as progress:
        passed(progress, "a.b")
    database = sqlite3.connect(path)
    for statement in ("UPDATE log SET what = 'tried'", "DELETE FROM log"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute(statement)
    database.close()


# -- a process that dies, and two at once ----------------------------------------------------------------------------

_WRITER = """
import sys
from tutor.checkers import Verdict
from tutor.session import Progress
name, path, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Progress.open(path) as progress:
    for number in range(count):
        progress.attempt(f"{name}.e{number}", Verdict(True, None, 1, 1), answer="x" * 500, seed=1)
        print(number, flush=True)
"""


def writer(name: str, path: Path, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _WRITER, name, str(path), str(count)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent.parent,
    )


@pytest.mark.parametrize("after", [1, 2, 7, 40, 150])
def test_what_was_acknowledged_survives_kill_9(after: int, path: Path) -> None:
    with writer("w", path, 1_000_000) as process:
        assert process.stdout is not None
        for _ in range(after):
            last = int(process.stdout.readline())
        os.kill(process.pid, signal.SIGKILL)
        rest = process.stdout.read().split("\n")
    complete = [int(line) for line in rest[:-1] if line]
    last = max([last, *complete])
    with Progress.open(path) as progress:
        assert progress.warning == ""
        statuses = progress.statuses()
        assert all(statuses[f"w.e{number}"] == "solved" for number in range(last + 1))
        passed(progress, "w.after")
        assert progress.status("w.after") == "solved"


def test_two_shells_at_once_lose_nothing(path: Path) -> None:
    with writer("one", path, 120) as one, writer("two", path, 120) as two:
        assert one.stdout is not None
        assert two.stdout is not None
        one.stdout.read()
        two.stdout.read()
    assert (one.returncode, two.returncode) == (0, 0)
    with Progress.open(path) as progress:
        assert len(progress.log()) == 240
        assert len({entry.at for entry in progress.log()}) == 240


def test_what_one_shell_does_the_other_sees(path: Path) -> None:
    with Progress.open(path) as one, Progress.open(path) as two:
        passed(one, "a.b")
        assert two.status("a.b") == "solved"
        assert one.seed == two.seed


# -- files that cannot be used ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [b"", b"this is no database", b"\x00" * 8192, b"SQLite format 3\x00" + b"\xff" * 8000],
    ids=["empty", "text", "zeros", "half"],
)
def test_a_damaged_file_is_set_aside(damage: bytes, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(damage)
    with Progress.open(path) as progress:
        passed(progress, "a.b")
        warning = progress.warning
    with Progress.open(path) as progress:
        assert progress.status("a.b") == "solved", "a new file was begun, and it is kept"
        assert progress.warning == ""
    kept = list(path.parent.glob("*.broken-*"))
    if damage:
        assert [file.read_bytes() for file in kept] == [damage]
        assert str(kept[0]) in warning
    else:
        assert (kept, warning) == ([], ""), "an empty file is a new database"


def test_a_page_overwritten_in_the_middle_is_noticed(path: Path) -> None:
    with Progress.open(path) as progress:
        for number in range(100):
            passed(progress, f"a.e{number}")
    data = bytearray(path.read_bytes())
    data[8192:12288] = b"\xff" * 4096
    path.write_bytes(data)
    with Progress.open(path) as progress:
        assert "was damaged" in progress.warning
        assert progress.statuses() == {}
        passed(progress, "a.b")
        assert progress.status("a.b") == "solved"


def test_a_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    with Progress.open(path) as progress:
        passed(progress, "a.b")
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    before = path.read_bytes()
    with Progress.open(path) as progress:
        assert "newer version" in progress.warning
        assert "pip install --upgrade redis-tutor" in progress.warning
        passed(progress, "a.c")
        assert progress.status("a.c") == "solved"
    assert path.read_bytes() == before


def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with Progress.open(tmp_path / "file" / "progress.sqlite3") as progress:
        assert progress.warning.startswith("Progress is not being saved: ")
        passed(progress, "a.b")
        assert progress.status("a.b") == "solved"


_FULL_DISK = """
import resource, signal, sys
from tutor.checkers import Verdict
from tutor.session import Progress
with Progress.open(sys.argv[1]) as progress:
    seed = progress.seed
    progress.attempt("a.first", Verdict(True, None, 1, 1), answer="", seed=1)
    # No file may grow beyond this: what a full disk does, without one.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000))
    for number in range(100):
        progress.attempt(f"a.e{number}", Verdict(True, None, 1, 1), answer="x" * 5000, seed=1)
    assert "not being saved any more" in progress.warning, progress.warning
    assert len(progress.statuses()) == 101
    assert progress.seed == seed
"""


def test_a_disk_that_fills_up(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert done.returncode == 0, done.stderr
    with Progress.open(path) as progress:
        assert progress.warning == ""
        assert progress.status("a.first") == "solved"


# -- taking it along -------------------------------------------------------------------------------------------------


def test_two_machines_merge_without_loss(tmp_path: Path) -> None:
    clock = StoppedClock()
    with Progress.open(tmp_path / "one", now=clock) as one, Progress.open(tmp_path / "two", now=clock) as two:
        passed(one, "a.x")
        clock.seconds += 10
        failed(two, "a.x")
        passed(two, "a.y")
        two.revealed("a.z")
        clock.seconds += 10
        passed(one, "a.z")
        seed = one.seed
        first, second = json.loads(json.dumps(one.export())), json.loads(json.dumps(two.export()))
        assert one.import_(second) == 3
        assert two.import_(first) == 2
        assert one.log() == two.log()
        assert one.statuses() == two.statuses() == {"a.x": "solved", "a.y": "solved", "a.z": "revealed"}
        assert one.import_(second) == 0, "twice is once"
        assert one.seed == seed, "who has begun keeps their numbers"


def test_a_new_machine_takes_over_the_numbers_too(tmp_path: Path) -> None:
    with Progress.open(tmp_path / "one") as one, Progress.open(tmp_path / "two") as two:
        passed(one, "a.x")
        two.went("strings", 0)
        two.import_(one.export())
        assert two.seed == one.seed


def test_a_reset_travels_too(tmp_path: Path) -> None:
    clock = StoppedClock()
    with Progress.open(tmp_path / "one", now=clock) as one, Progress.open(tmp_path / "two", now=clock) as two:
        passed(one, "a.x")
        clock.seconds += 10
        two.reset()
        clock.seconds += 10
        passed(one, "a.y")
        one.import_(two.export())
        assert one.statuses() == {"a.y": "solved"}


def good_export() -> dict[str, Any]:
    with Progress.open(None) as progress:
        passed(progress, "a.x")
        return json.loads(json.dumps(progress.export()))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": "other/1"}, "not an exported progress"),
        ({"seed": "x"}, "no seed"),
        ({"seed": -1}, "no seed"),
        ({"log": None}, "no log"),
        ({"log": [1]}, "Entry 1 .* damaged"),
        ({"log": [{}]}, "Entry 1 .* damaged"),
    ],
    ids=str,
)
def test_a_bad_export_is_refused(change: dict[str, Any], why: str) -> None:
    with Progress.open(None) as progress:
        with pytest.raises(ProgressError, match=why):
            progress.import_({**good_export(), **change})
        assert progress.log() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uid", ""),
        ("uid", 5),
        ("at", -1),
        ("at", True),
        ("at", 2**60),
        ("what", "won"),
        ("what", []),
        ("subject", None),
        ("subject", "x" * 1000),
        ("detail", []),
        ("detail", {"points": "lots", "x": []}),
        ("detail", {"answer": "x" * 100_000}),
    ],
)
def test_a_bad_entry_is_refused_and_nothing_is_imported(field: str, value: object) -> None:
    data = good_export()
    data["log"].append({**data["log"][0], "uid": "another-one", field: value})
    with Progress.open(None) as progress:
        with pytest.raises(ProgressError, match=r"Entry 2 .* damaged\. Nothing was imported"):
            progress.import_(data)
        assert progress.log() == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(_JSON, st.lists(_JSON, max_size=2), _JSON)
def test_any_data_is_imported_or_refused(whole: object, log: list[object], detail: object) -> None:
    entry = {"uid": "x" * 32, "at": 1, "what": "passed", "subject": "a.x", "detail": detail}
    with Progress.open(None) as progress:
        for data in (whole, {"format": "redis-tutor-progress/1", "seed": 1, "log": [*log, entry]}):
            try:
                progress.import_(data)
            except ProgressError:
                continue
            progress.statuses()
            assert progress.points >= 0
