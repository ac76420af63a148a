"""Inside one process: a keystroke with its menu, colours and bar; an exercise checked."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from pathlib import Path

from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from benchmarks.measure import Limit, median, percentile
from benchmarks.peers import Peers
from tutor.backends import open_backend
from tutor.catalog import load
from tutor.lesson import Task, find_course, instantiate, load_course
from tutor.shell.bar import Bar
from tutor.shell.completer import RedisCompleter
from tutor.shell.grammar import Grammar
from tutor.shell.lexer import RedisLexer
from tutor.shell.names import Names

__all__ = ["checked", "completion"]

_VALUES = {"integer": b"10", "double": b"1.5", "unix-time": b"1800000000", "pattern": b"user:*", "key": b"user:1"}
_LONGEST = 12
# The same keystrokes, in the peer's completer; its menu alone.
_IREDIS = """
import json, sys, time
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from iredis.completers import IRedisCompleter
completer, event, passes = IRedisCompleter(), CompleteEvent(), []
for _ in range(2):
    times = []
    for line in json.load(open(sys.argv[1])):
        for end in range(1, len(line) + 1):
            began = time.perf_counter()
            try:
                list(completer.get_completions(Document(line[:end]), event))
            except Exception:
                continue
            times.append((time.perf_counter() - began) * 1000)
    passes.append(times)
print(json.dumps(passes))
"""


def completion(peers: Peers) -> list[Limit]:
    """Every command of the catalog typed letter by letter: the first time, and again."""
    lines = _lines()
    cold, warm = _typed(lines), _typed(lines, again=True)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "lines.json"
        source.write_text(json.dumps(lines))
        done = subprocess.run(
            [peers.python, "-c", _IREDIS, str(source)], capture_output=True, text=True, check=True, cwd=folder
        )
    theirs_cold, theirs_warm = json.loads(done.stdout)
    print(f"\na keystroke: menu, colours and bar; {len(lines)} commands (ms: median, 99th percentile, worst)")
    for name, times in (
        ("ours, cold", cold),
        ("ours, warm", warm),
        ("iredis, cold", theirs_cold),
        ("iredis, warm", theirs_warm),
    ):
        print(f"  {name:16} {median(times):8.3f} {percentile(times, 0.99):8.3f} {max(times):8.3f}")
    return [
        Limit("a keystroke, cold, 99th percentile", percentile(cold, 0.99), 2.0, "ms"),
        Limit("a keystroke, warm, 99th percentile", percentile(warm, 0.99), 2.0, "ms"),
    ]


def _lines() -> list[str]:
    """For each command a line that is complete and goes on with some of its options."""
    catalog = load()
    lines = []
    for name in catalog.names():
        words = name.encode().split(b" ")
        while len(words) < _LONGEST:
            expected = catalog.walk(words).expected
            if not expected:
                break
            # The last of what may come: behind the values that repeat stand the options.
            choice = expected[-1]
            value = _VALUES.get(choice.type, b"value")
            words.append(value if choice.kind == "argument" else choice.text.encode())
        lines.append(b" ".join(words).decode())
    return lines


def _typed(lines: list[str], *, again: bool = False) -> list[float]:
    grammar = Grammar(load())
    names = Names(_nobody)
    completer = RedisCompleter(grammar, names, lessons=list, answers=list)
    lexer, bar = RedisLexer(grammar), Bar(grammar, status=lambda: ("", ""))
    event = CompleteEvent(text_inserted=True)
    times: list[float] = []
    for counted in (False, True) if again else (True,):
        for text in lines:
            for end in range(1, len(text) + 1):
                document = Document(text[:end])
                began = time.perf_counter()
                list(completer.get_completions(document, event))
                lexer.lex_document(document)(0)
                bar.draw(document.text_before_cursor, 100)
                if counted:
                    times.append((time.perf_counter() - began) * 1000)
    return times


async def _nobody(_: object) -> None:
    """No server: what it would tell comes behind the keystroke anyway."""


def checked() -> list[Limit]:
    """Every exercise that is answered with commands: its first solution, from an empty database to the verdict."""
    from tutor.session import check_answer

    course = load_course(find_course())
    answers = []
    for outline in course.lessons:
        for exercise in course.lesson(outline.id).exercises:
            if isinstance(exercise, Task):
                answers.append((exercise.id, instantiate(exercise, 1).exercise.solutions[0]))
    times = []
    with open_backend("embedded") as backend:
        for counted in (False, True, True, True):
            for exercise_id, answer in answers:
                began = time.perf_counter()
                verdict = check_answer(course, exercise_id, answer, backend, 1)
                took = (time.perf_counter() - began) * 1000
                if not verdict.passed:
                    raise SystemExit(f"{exercise_id}: its solution does not pass")
                if counted:
                    times.append(took)
    print(
        f"\nan exercise checked on the embedded server, {len(answers)} exercises (ms: median, 95th percentile, worst)"
    )
    print(f"  {median(times):8.2f} {percentile(times, 0.95):8.2f} {max(times):8.2f}")
    return [Limit("an exercise checked, 95th percentile", percentile(times, 0.95), 20.0, "ms")]
