"""What a learner has done, kept as a log of what happened; every status is read from it.

A log merges: the rows of two machines put together tell the whole story, in the order of their times, and
importing the same rows twice changes nothing. `reset` is a row too: what came before it no longer counts.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

from tutor.checkers import Verdict
from tutor.errors import ProgressError
from tutor.session.store import open_store

__all__ = ["Entry", "Place", "Progress", "Status"]

Status: TypeAlias = Literal["new", "tried", "revealed", "solved"]
_BECOMES: dict[str, Status] = {"tried": "tried", "passed": "solved", "revealed": "revealed"}
_WHAT = frozenset({"tried", "passed", "hint", "revealed", "place", "reset"})
_FORMAT = "redis-tutor-progress/1"
# A clock may stand still or go back; what happens here later is later all the same, than all that was imported too.
_APPEND = """
INSERT INTO log (uid, at, what, subject, detail)
VALUES (?, max(?, coalesce((SELECT max(at) FROM log), 0) + 1), ?, ?, ?)
"""
_IMPORT = "INSERT INTO log (uid, at, what, subject, detail) VALUES (?, ?, ?, ?, ?) ON CONFLICT (uid) DO NOTHING"
_MOST_ENTRIES = 1_000_000
_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log."""

    uid: str
    """Unique in the world, so that two machines' logs merge."""
    at: int
    """Milliseconds since 1970, and always later than what was here before."""
    what: str
    """`tried`, `passed`, `hint`, `revealed`, `place` or `reset`."""
    subject: str
    """The exercise's id; for a place the lesson's; for a reset an exercise, a lesson, or nothing for everything."""
    detail: Mapping[str, Any]
    """For an attempt `answer`, `points`, `max_points`, `failed_check`, `seed`; for a place `step`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a learner was."""

    lesson: str
    step: int
    """Index into the lesson's steps."""


class Progress:
    """The log of one learner, in a file or in memory."""

    def __init__(self, database: sqlite3.Connection, warning: str, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now
        self.warning = warning
        """What to tell the learner: that progress is not being saved, or that a damaged file was set aside."""

    @classmethod
    def open(cls, path: str | Path | None, *, now: Callable[[], float] = time.time) -> Self:
        """The progress in a file, which is made if it is missing; None keeps it in memory.

        Never raises: what cannot be read or written becomes a progress in memory, and `warning` says so.
        """
        database, warning = open_store(Path(path) if path is not None else None)
        return cls(database, warning, now)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # -- writing -------------------------------------------------------------------------------------------------

    def attempt(self, exercise_id: str, verdict: Verdict, *, answer: str, seed: int) -> None:
        """Note an answer that was checked."""
        detail = {
            "answer": answer[:_LONGEST],
            "points": verdict.points,
            "max_points": verdict.max_points,
            "failed_check": verdict.feedback.check if verdict.feedback else "",
            "seed": seed,
        }
        self._append("passed" if verdict.passed else "tried", exercise_id, detail)

    def hinted(self, exercise_id: str, number: int) -> None:
        """Note that a hint was shown."""
        self._append("hint", exercise_id, {"number": number})

    def revealed(self, exercise_id: str) -> None:
        """Note that the solution was shown."""
        self._append("revealed", exercise_id, {})

    def went(self, lesson_id: str, step: int) -> None:
        """Note where the learner is."""
        self._append("place", lesson_id, {"step": step})

    def reset(self, subject: str = "") -> None:
        """Begin again: with one exercise, one lesson, or everything. The log keeps what was."""
        self._append("reset", subject, {})

    def _append(self, what: str, subject: str, detail: Mapping[str, Any]) -> None:
        row = (os.urandom(16).hex(), int(self._now() * 1000), what, subject, json.dumps(detail, ensure_ascii=False))
        try:
            self._database.execute(_APPEND, row)
        except sqlite3.DatabaseError as error:
            self._go_on_in_memory(error)
            self._database.execute(_APPEND, row)

    def _go_on_in_memory(self, error: sqlite3.DatabaseError) -> None:
        """The disk is full, or the file is gone: keep what can still be read, and say that nothing is saved."""
        memory, _ = open_store(None)
        try:
            rows = self._database.execute("SELECT uid, at, what, subject, detail FROM log ORDER BY number").fetchall()
            seed = self.seed
        except sqlite3.DatabaseError:
            rows, seed = [], None
        memory.executemany(_IMPORT, rows)
        if seed is not None:
            memory.execute("UPDATE learner SET seed = ?", (seed,))
        self._database.close()
        self._database = memory
        self.warning = f"Progress is not being saved any more: {error}. What you did before is in the file."

    # -- reading -------------------------------------------------------------------------------------------------

    @property
    def seed(self) -> int:
        """The seed from which this learner's values are drawn."""
        return int(self._database.execute("SELECT seed FROM learner").fetchone()[0])

    def status(self, exercise_id: str) -> Status:
        """`solved` when it was passed before its solution was shown; `revealed` once that was shown; `tried`; `new`."""
        return self._statuses([exercise_id])[exercise_id]

    def statuses(self) -> dict[str, Status]:
        """The status of every exercise that was ever touched."""
        return self._statuses(None)

    def _statuses(self, wanted: list[str] | None) -> dict[str, Status]:
        found: dict[str, Status] = dict.fromkeys(wanted or (), "new")
        for what, subject, _ in self._counting("tried", "passed", "revealed"):
            if (wanted is None or subject in found) and found.get(subject, "new") in ("new", "tried"):
                found[subject] = _BECOMES[what]
        return found

    @property
    def points(self) -> int:
        """The points of all exercises that are solved."""
        statuses = self.statuses()
        worth = {
            subject: int(json.loads(detail).get("max_points", 0))
            for _, subject, detail in self._counting("passed")
            if statuses.get(subject) == "solved"
        }
        return sum(worth.values())

    def where(self) -> Place | None:
        """The lesson and step where the learner was last; None when no lesson was begun."""
        places = self._counting("place")
        return _place(places[-1]) if places else None

    def step_in(self, lesson_id: str) -> int | None:
        """The step of a lesson where the learner was last; None when it was not begun."""
        places = [row for row in self._counting("place") if row[1] == lesson_id]
        return _place(places[-1]).step if places else None

    def log(self) -> list[Entry]:
        """Every row, by its time."""
        rows = self._database.execute("SELECT uid, at, what, subject, detail FROM log ORDER BY at, uid")
        return [Entry(uid, at, what, subject, json.loads(detail)) for uid, at, what, subject, detail in rows]

    def _counting(self, *whats: str) -> list[tuple[str, str, str]]:
        """What, subject and detail of the rows that still count: those that no later reset has taken back."""
        marks = ", ".join("?" * len(whats))
        rows = self._database.execute(
            f"SELECT what, subject, detail FROM log WHERE what = 'reset' OR what IN ({marks}) ORDER BY at, uid", whats
        ).fetchall()
        last: dict[str, int] = {subject: at for at, (what, subject, _) in enumerate(rows) if what == "reset"}
        kept = []
        for at, row in enumerate(rows):
            taken_back = max(last.get(name, -1) for name in ("", row[1], row[1].partition(".")[0]))
            if at > taken_back:
                kept.append(row)
        return kept

    # -- taking it along -----------------------------------------------------------------------------------------

    def export(self) -> dict[str, object]:
        """Everything, as plain data for `json.dumps`."""
        entries = [
            {"uid": e.uid, "at": e.at, "what": e.what, "subject": e.subject, "detail": dict(e.detail)}
            for e in self.log()
        ]
        return {"format": _FORMAT, "seed": self.seed, "log": entries}

    def import_(self, data: object) -> int:
        """Add what another machine exported; answers how many rows were new. Nothing that is here is lost.

        A learner who has done nothing here takes over the other's seed, and with it the same values. Raises
        `ProgressError` for data that is no export, and then changes nothing.
        """
        seed, rows = _read_export(data)
        fresh = not self._database.execute("SELECT 1 FROM log WHERE what <> 'place' LIMIT 1").fetchone()
        try:
            self._database.execute("BEGIN IMMEDIATE")
            before = self._database.total_changes
            self._database.executemany(_IMPORT, rows)
            added = self._database.total_changes - before
            if fresh and added:
                self._database.execute("UPDATE learner SET seed = ?", (seed,))
            self._database.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise ProgressError(f"The progress could not be written: {error}. Nothing was changed.") from None
        return added


def _place(row: tuple[str, str, str]) -> Place:
    return Place(row[1], int(json.loads(row[2]).get("step", 0)))


def _read_export(data: object) -> tuple[int, list[tuple[str, int, str, str, str]]]:
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        said = data.get("format") if isinstance(data, dict) else type(data).__name__
        raise ProgressError(f"This is not an exported progress: its format is {said!r}, and {_FORMAT!r} is needed.")
    seed, log = data.get("seed"), data.get("log")
    if type(seed) is not int or not 0 <= seed < 2**63 or not isinstance(log, list) or len(log) > _MOST_ENTRIES:
        raise ProgressError("This exported progress has no seed, or no log. Export it again.")
    return seed, [_read_entry(entry, number) for number, entry in enumerate(log, 1)]


def _read_entry(entry: object, number: int) -> tuple[str, int, str, str, str]:
    if isinstance(entry, dict):
        fields: list[Any] = [entry.get(name) for name in ("uid", "at", "what", "subject", "detail")]
        uid, at, what, subject, detail = fields
        good = isinstance(uid, str) and 8 <= len(uid) <= 64 and type(at) is int and 0 <= at < 2**53
        good = good and isinstance(what, str) and what in _WHAT
        if good and isinstance(subject, str) and len(subject) <= 200 and isinstance(detail, dict) and _plain(detail):
            text = json.dumps(detail, ensure_ascii=False)
            if len(text) <= 4 * _LONGEST:
                return uid, at, what, subject, text
    raise ProgressError(f"Entry {number} of this exported progress is damaged. Nothing was imported.")


def _plain(detail: dict[str, Any]) -> bool:
    numbers = ("points", "max_points", "number", "step", "seed")
    return all(isinstance(v, str) or (type(v) is int and k in numbers) for k, v in detail.items())
