"""One thread for everything that may wait: the server, the lessons' files, the progress.

The event loop only draws and reads keys. What it wants from the rest of the house is done in the background, one
thing after another; so nothing there has to be safe against a second thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["Background"]

T = TypeVar("T")


class Background:
    """Does work in order, away from the event loop."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "tutor-background")

    async def do(self, work: Callable[[], T]) -> T:
        """The result of the work, when its turn has come and it is done."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def close(self) -> None:
        """Finish what was begun, and end the thread."""
        self._pool.shutdown(cancel_futures=True)
