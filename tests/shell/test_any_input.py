"""Whatever is typed, the shell answers and goes on: no traceback, no fault of ours."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prompt_toolkit.input import create_pipe_input

from tests.shell.conftest import COURSE, WITHIN, Collected
from tutor.backends import open_backend
from tutor.catalog import load
from tutor.errors import TutorError
from tutor.shell.grammar import Grammar
from tutor.shell.repl import Shell
from tutor.shell.room import Room
from tutor.shell.start import open_session

CATALOG = load()
NAMES = [name for name in CATALOG.names() if name.split()[0] not in ("SHUTDOWN", "DEBUG", "MONITOR")]
anything = st.text(alphabet=st.characters(codec="utf-8"), max_size=80)
raw = st.binary(max_size=60).map(lambda data: data.decode("utf-8", "surrogateescape"))
words = st.lists(st.sampled_from(["k", "1", "-1", '"a b"', "'", '"', "\\", "NX", "EX", "*", "0.01"]), max_size=5)
commands = st.builds(lambda name, rest: " ".join([name, *rest]), st.sampled_from(NAMES), words)
tutors = st.builds(
    lambda word, rest: f"{word} {rest}",
    st.sampled_from(
        ["next", "back", "show", "hint", "why", "explain", "help", "start", "lessons", "progress", ":reset"]
    ),
    anything,
)
spoken = st.builds(lambda text: f"B> {text}", commands)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Hands a text to a running shell as if it was typed; answers what was drawn. Faults of ours come out raw."""
    home = tmp_path_factory.mktemp("home")
    output = Collected(60, 40)
    texts: queue.Queue[str | None] = queue.Queue()
    done: queue.Queue[Exception | None] = queue.Queue()

    async def first() -> None:
        loop = asyncio.get_running_loop()
        while (text := await loop.run_in_executor(None, texts.get)) is not None:
            try:
                await asyncio.wait_for(shell.run_text(text), WITHIN)
                done.put(None)
            except TutorError:  # a sentence for the learner, which the loop shows
                done.put(None)
            except Exception as fault:  # noqa: BLE001 - handed to the test, which fails by it
                done.put(fault)

    grammar = Grammar(CATALOG)
    with create_pipe_input() as keys:
        room = Room(
            lambda: open_session(lambda: open_backend("embedded"), str(COURSE), str(home / "p.sqlite3"), grammar),
            lambda: CATALOG,
        )
        shell = Shell(room, grammar, history=str(home / "history"), input=keys, output=output)

        def run() -> None:
            asyncio.run(shell.run(first))

        thread = threading.Thread(target=run)
        thread.start()

        def take(text: str) -> str:
            begin = len(output.text)
            texts.put(text)
            fault = done.get(timeout=2 * WITHIN)
            if fault is not None:
                raise fault
            return output.text[begin:]

        yield take
        texts.put(None)
        keys.send_text("\x03\x04")
        thread.join(WITHIN)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(anything, raw, commands, tutors, spoken))
def test_any_line_is_answered(take: Callable[[str], str], text: str) -> None:
    drawn = take(text)
    assert "The tutor itself has failed" not in drawn
    assert "Traceback" not in drawn
