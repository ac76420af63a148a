"""Where a learner's own files live."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["data_folder", "debug_log", "progress_file"]


def data_folder() -> Path:
    """The folder of this learner's data: $REDIS_TUTOR_HOME, else where this system keeps such things."""
    named = os.environ.get("REDIS_TUTOR_HOME")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("redis-tutor", appauthor=False)


def progress_file() -> Path:
    """The SQLite file with attempts and progress."""
    return data_folder() / "progress.sqlite3"


def debug_log() -> Path:
    """The log that `--debug` writes, and that a fault of ours is written to."""
    return data_folder() / "debug.log"
