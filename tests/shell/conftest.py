"""A terminal for tests: keys go in through a pipe, and what is drawn is collected."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Self

import pytest
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from tutor.backends import Backend, open_backend
from tutor.shell.start import start

COURSE = Path(__file__).resolve().parent / "course"
WITHIN = 10.0

CTRL_C, CTRL_D, TAB, ENTER, ALT_ENTER = "\x03", "\x04", "\t", "\r", "\x1b\r"


class Collected(DummyOutput):
    """An output that remembers all that was written to it."""

    def __init__(self, columns: int, rows: int) -> None:
        self.text = ""
        self.changed = threading.Condition()
        self._size = Size(rows=rows, columns=columns)

    def write(self, data: str) -> None:
        with self.changed:
            self.text += data
            self.changed.notify_all()

    write_raw = write

    def get_size(self) -> Size:
        return self._size


class Terminal:
    """A shell in a thread, with the keys and the eyes of a learner."""

    def __init__(
        self,
        home: Path,
        *,
        backend: Callable[[], Backend] = lambda: open_backend("embedded"),
        lesson: str | None = None,
        resume: bool = False,
        plain: bool = False,
        columns: int = 100,
        rows: int = 40,
    ) -> None:
        self.output = Collected(columns, rows)
        self.code: int | None = None
        self._at = 0
        self._pipe = create_pipe_input()
        self._input = self._pipe.__enter__()

        def run() -> None:
            self.code = start(
                backend,
                progress_path=str(home / "progress.sqlite3"),
                course_path=str(COURSE),
                lesson=lesson,
                resume=resume,
                color=False,
                plain=plain,
                debug_log=str(home / "debug.log"),
                input=self._input,
                output=self.output,
            )

        self._thread = threading.Thread(target=run)
        self._thread.start()

    def press(self, keys: str) -> None:
        """Press keys."""
        self._input.send_text(keys)

    def type(self, text: str, *expected: str) -> str:
        """Type a line and send it; wait for texts, in order."""
        self.press(text + ENTER)
        return self.see(*expected)

    def see(self, *expected: str) -> str:
        """Wait until these texts stand on the screen, each behind the one before; answers what was drawn since."""
        begin = self._at
        with self.output.changed:
            for text in expected:
                found = self.output.changed.wait_for(partial(self._stands, text), WITHIN)
                assert found, f"{text!r} did not come; since then: {self.output.text[begin:][-2000:]}"
                self._at = self.output.text.index(text, self._at) + len(text)
            return self.output.text[begin : self._at]

    def _stands(self, text: str) -> bool:
        return text in self.output.text[self._at :]

    def leave(self) -> int | None:
        """Leave, and wait until the shell has ended."""
        self.press(CTRL_C + CTRL_C + CTRL_D)
        self._thread.join(WITHIN)
        assert not self._thread.is_alive(), self.output.text[-2000:]
        return self.code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        if self._thread.is_alive():
            self.leave()
        self._pipe.__exit__(None, None, None)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A shell on an embedded server, without a lesson."""
    with Terminal(tmp_path) as opened:
        yield opened
    assert not (tmp_path / "debug.log").exists(), (tmp_path / "debug.log").read_text()
