"""Whole programs: the prompt, the first answer, one command, ten thousand commands."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from benchmarks.measure import Limit, command_ms, interleave, median, screen_ms
from benchmarks.peers import Peers

__all__ = ["one_shot", "pipe", "prompt"]

_BARE = "from prompt_toolkit import PromptSession; PromptSession().prompt('bare> ')"
_RAW = (
    "import socket; s = socket.create_connection(('127.0.0.1', {port})); "
    "s.sendall(b'*1\\r\\n$4\\r\\nPING\\r\\n'); print(s.recv(64)[1:-2].decode())"
)
_COMMANDS = 10_000


def prompt(peers: Peers, port: int, runs: int) -> list[Limit]:
    """From the start of the program until a key that is typed is on the screen; then until the first answer."""
    with tempfile.TemporaryDirectory() as home:
        env = {"REDIS_TUTOR_HOME": home, "HOME": home}
        bare = [peers.python, "-c", _BARE]
        iredis, waits = [peers.iredis, "-p", str(port)], f":{port}>".encode()
        ours = [peers.ours, "shell", "--backend", "embedded"]
        ready = interleave(
            {
                "bare": lambda: screen_ms(bare, [(b"bare>", b"z"), (b"z", b"")], env),
                "iredis": lambda: screen_ms(iredis, [(waits, b"z"), (b"z", b"")], env),
                "ours": lambda: screen_ms(ours, [(b"A>", b"z"), (b"z", b"")], env),
            },
            runs,
        )
        answered = interleave(
            {
                "iredis": lambda: screen_ms(iredis, [(waits, b"PING\r"), (b"PONG", b"")], env),
                "ours": lambda: screen_ms(ours, [(b"A>", b"PING\r"), (b"PONG", b"")], env),
            },
            runs,
        )
    _print("prompt usable", ready)
    _print("first answer in the shell (ours: embedded; iredis: a running redis-server)", answered)
    return [
        Limit("prompt usable / a bare PromptSession", median(ready["ours"]) / median(ready["bare"]), 1.3),
        Limit("prompt usable / iredis", median(ready["ours"]) / median(ready["iredis"]), 0.6),
        Limit(
            "first answer of the embedded server / iredis on a running server, at the prompt",
            median(answered["ours"]) / median(answered["iredis"]),
            1.2,
        ),
    ]


def one_shot(peers: Peers, port: int, runs: int) -> list[Limit]:
    """One PING, as a whole program."""
    # On a terminal: in a pipe the peer prints nothing at all.
    programs = {
        "raw socket": [peers.python, "-c", _RAW.format(port=port)],
        "iredis": [peers.iredis, "-p", str(port), "PING"],
        "ours": [peers.ours, "run", "--backend", f"redis://127.0.0.1:{port}", "PING"],
        "ours, embedded": [peers.ours, "run", "PING"],
    }
    with tempfile.TemporaryDirectory() as home:
        env = {"HOME": home}
        times = interleave(
            {name: (lambda argv=argv: screen_ms(argv, [(b"PONG", b"")], env)) for name, argv in programs.items()}, runs
        )
    _print("one PING", times)
    ours = median(times["ours"])
    return [
        Limit("run PING / a raw socket in Python", ours / median(times["raw socket"]), 4.0),
        Limit("run PING / iredis", ours / median(times["iredis"]), 0.4),
        Limit(
            "run PING on a fresh embedded server / iredis on a running server",
            median(times["ours, embedded"]) / median(times["iredis"]),
            1.2,
        ),
    ]


def pipe(peers: Peers, port: int, runs: int) -> list[Limit]:
    """Ten thousand commands on standard input; the two outputs have to be equal."""
    url = f"redis://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        source = str(Path(folder) / "commands.txt")
        Path(source).write_text(_commands(), encoding="utf-8")
        ours, cli = [peers.ours, "run", "--backend", url], [peers.redis_cli, "-p", str(port)]
        last = f"\n{_COMMANDS - 1}\n".encode()
        times = interleave(
            {
                "redis-cli": lambda: command_ms(cli, stdin=source, expect=last),
                "ours": lambda: command_ms(ours, stdin=source, expect=last),
            },
            runs,
        )
    _print(f"{_COMMANDS:,} commands on stdin", times)
    ratio = median(times["ours"]) / median(times["redis-cli"])
    return [Limit(f"{_COMMANDS:,} commands on stdin / redis-cli < file", ratio, 1.0)]


def _commands() -> str:
    chance = random.Random(7)
    lines = ["PING"]
    for number in range(1, _COMMANDS - 1):
        key = f"key:{chance.randrange(500)}"
        lines.append(chance.choice([f'SET {key} "value {number}"', f"GET {key}", f"INCR n:{key}", f"LPUSH l:{key} x"]))
    return "\n".join([*lines, f"ECHO {_COMMANDS - 1}"]) + "\n"


def _print(title: str, times: dict[str, list[float]]) -> None:
    print(f"\n{title} (ms: median, of {len(next(iter(times.values())))} runs each, in turn)")
    for name, values in times.items():
        print(f"  {name:16} {median(values):8.1f}   from {min(values):.1f} to {max(values):.1f}")
