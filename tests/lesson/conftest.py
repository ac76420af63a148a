"""A small course that holds one exercise of every kind, copied where a test may change it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

GOOD = Path(__file__).parent.parent / "cases" / "lesson" / "good"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """The folder of a course that loads."""
    return Path(shutil.copytree(GOOD, tmp_path / "good"))
