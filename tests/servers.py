"""Programs that tests need and pip does not bring."""

from __future__ import annotations

import os
import shutil

import pytest

__all__ = ["lacking", "need"]

_PACKAGES = {"redis-server": "redis-server", "redis-cli": "redis-tools"}


def need(program: str) -> str:
    """The program's path. Where it is missing the test skips and says why; with REQUIRE_SERVERS set it fails."""
    path = shutil.which(program)
    if path is None:
        lacking(f"{program} is not on PATH (Debian: apt-get install {_PACKAGES[program]})")
    return str(path)


def lacking(why: str) -> None:
    """Skip for want of something outside, or fail where everything has to be there."""
    if os.environ.get("REQUIRE_SERVERS"):
        pytest.fail(why)
    pytest.skip(why)
