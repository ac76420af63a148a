"""The file under a learner's progress: SQLite, opened so that nothing acknowledged is lost and nothing stops a lesson.

The log of what happened is append-only: triggers refuse every UPDATE and DELETE. With the write-ahead log and
`synchronous = FULL`, a row that `append` has returned from is on the disk, whatever ends the process next
(https://www.sqlite.org/pragma.html#pragma_synchronous). A file that cannot be used is never overwritten: a broken
one is set aside, one of a newer version is left alone, and the lesson goes on in memory.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from tutor.errors import ProgressError

__all__ = ["VERSION", "open_store"]

VERSION = 1
# Another shell holds the file for a millisecond or two at a time.
_BUSY_SECONDS = 10.0

_SCHEMA_1 = """
CREATE TABLE learner (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    seed INTEGER NOT NULL
) STRICT;
CREATE TABLE log (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('tried', 'passed', 'hint', 'revealed', 'place', 'reset')),
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX log_by_time ON log (at);
CREATE TRIGGER log_is_never_changed BEFORE UPDATE ON log
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_is_never_shortened BEFORE DELETE ON log
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""


def _create(database: sqlite3.Connection) -> None:
    for statement in _statements(_SCHEMA_1):
        database.execute(statement)
    database.execute("INSERT INTO learner (id, seed) VALUES (1, ?)", (int.from_bytes(os.urandom(6), "big"),))


# The step from each version to the next. A new version appends its own here, and never changes an old one.
_MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_create,)


def open_store(path: Path | None) -> tuple[sqlite3.Connection, str]:
    """The database at a path, and a warning for the learner, which is empty when all is well.

    None, and any path that cannot be used, give a database in memory.
    """
    if path is None:
        return _in_memory(), ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _open(path), ""
    except ProgressError as error:
        return _in_memory(), f"{error} Progress is not being saved."
    except sqlite3.DatabaseError as error:
        if not _is_broken(error):
            return _in_memory(), f"Progress is not being saved: {path} cannot be used ({error})."
    except OSError as error:
        return _in_memory(), f"Progress is not being saved: {error.filename or path}: {error.strerror}."
    return _replace(path)


def _open(path: Path) -> sqlite3.Connection:
    # A shell opens it in one thread and closes it in another, never at once; SQLite itself takes care of the rest.
    database = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        _migrate(database, path)
        # A look at every page costs nothing at this size, and finds damage before a lesson builds on it.
        found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(f"malformed: {found}")
    except BaseException:
        database.close()
        raise
    return database


def _migrate(database: sqlite3.Connection, path: Path | None) -> None:
    if database.execute("PRAGMA user_version").fetchone()[0] == VERSION:
        return
    database.execute("BEGIN IMMEDIATE")
    try:
        # Read again under the lock: another process may have been quicker.
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise ProgressError(
                f"{path} was written by a newer version of the tutor ({version}; this one knows {VERSION}). "
                f"Update with: pip install --upgrade redis-tutor."
            )
        for step in _MIGRATIONS[version:]:
            step(database)
        database.execute(f"PRAGMA user_version = {VERSION}")
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise


def _in_memory() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _migrate(database, None)
    return database


def _is_broken(error: sqlite3.DatabaseError) -> bool:
    """Whether the file itself is damaged, in contrast to a full disk, a lock or a missing right."""
    code = getattr(error, "sqlite_errorcode", None)
    return "malformed" in str(error) or code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def _replace(path: Path) -> tuple[sqlite3.Connection, str]:
    aside = path.with_name(f"{path.name}.broken-{time.strftime('%Y%m%d-%H%M%S')}")
    try:
        os.replace(path, aside)
        for suffix in ("-wal", "-shm"):
            beside = path.with_name(path.name + suffix)
            if beside.exists():
                os.replace(beside, aside.with_name(aside.name + suffix))
        database = _open(path)
    except (OSError, sqlite3.DatabaseError) as error:
        return _in_memory(), f"Progress is not being saved: {path} is damaged, and cannot be set aside ({error})."
    return database, f"The progress file was damaged. It is kept as {aside}; a new one begins now."


def _statements(script: str) -> list[str]:
    """The statements of a script one by one: `executescript` would commit the transaction that they belong to."""
    found, collected = [], ""
    for line in script.splitlines(keepends=True):
        collected += line
        if sqlite3.complete_statement(collected):
            found.append(collected.strip())
            collected = ""
    return found
