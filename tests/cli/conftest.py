"""The command as a learner types it: a process, its output, its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tutor.backends import Backend

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home for the learner's data."""
    return tmp_path / "home"


@pytest.fixture
def tutor(home: Path) -> Run:
    """`redis-tutor` with these words, in a session without a terminal."""

    def run(*words: str, stdin: str = "", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tutor.cli", *words],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            env={**os.environ, "REDIS_TUTOR_HOME": str(home), **(env or {})},
            check=False,
            timeout=60,
            start_new_session=True,
        )

    return run


@pytest.fixture
def url(_real: Backend) -> Iterator[str]:
    """A live server's URL."""
    yield _real.address.url
    _real.clean()
