"""Timing whole programs and single calls on a noisy machine: in turn, repeated, medians."""

from __future__ import annotations

import os
import pty
import select
import signal
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Limit", "command_ms", "interleave", "median", "percentile", "screen_ms"]


@dataclass(frozen=True, slots=True)
class Limit:
    """One number that we promise."""

    words: str
    """What is compared with what."""
    measured: float
    """A ratio, or milliseconds."""
    allowed: float
    """The most that `measured` may be."""
    unit: str = "×"
    """`×` for a ratio, `ms` for milliseconds."""

    @property
    def met(self) -> bool:
        """Whether the promise holds in this run."""
        return self.measured <= self.allowed

    def __str__(self) -> str:
        mark = "met   " if self.met else "MISSED"
        return f"  {mark} {self.measured:8.2f} {self.unit} (at most {self.allowed:g} {self.unit})  {self.words}"


def interleave(cases: Mapping[str, Callable[[], float]], runs: int) -> dict[str, list[float]]:
    """Run each case once a round, `runs` rounds after one that is not counted: drift of the machine hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(runs + 1):
        for name, case in cases.items():
            took = case()
            if number:
                times[name].append(took)
    return times


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def command_ms(argv: Sequence[str], *, stdin: str | None = None, expect: bytes = b"") -> float:
    """Milliseconds from the start of a program to its end, its output read; fails unless `expect` is in it."""
    with open(stdin or os.devnull, "rb") as source:
        began = time.perf_counter()
        done = subprocess.run(argv, stdin=source, capture_output=True, check=False)
        took = (time.perf_counter() - began) * 1000
    if expect not in done.stdout:
        raise SystemExit(f"{' '.join(argv)} printed {done.stdout[-200:]!r} {done.stderr[-300:]!r}")
    return took


def screen_ms(argv: Sequence[str], steps: Sequence[tuple[bytes, bytes]], env: Mapping[str, str]) -> float:
    """Milliseconds from the start of a program on a terminal until the last step is seen.

    A step waits for bytes on the screen, then types bytes. The terminal answers no questions about the cursor.
    """
    began = time.perf_counter()
    child, screen = pty.fork()
    if child == 0:
        os.execvpe(argv[0], list(argv), {**os.environ, **env, "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"})
    try:
        seen, took = b"", 0.0
        for awaited, typed in steps:
            while awaited not in seen:
                if not select.select([screen], [], [], 30)[0]:
                    raise SystemExit(f"{' '.join(argv)}: {awaited!r} was not seen; the screen ends in {seen[-400:]!r}")
                seen += os.read(screen, 65536)
            took = (time.perf_counter() - began) * 1000
            seen = b""
            os.write(screen, typed)
        return took
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(screen)
