"""`redis-tutor run`: one command, or as many as come on standard input, answered as redis-cli would print them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence

from tutor.backends import Answer, Backend, Connection, Message, open_backend
from tutor.errors import GuestRefusal, QuotingError, UsageError
from tutor.wire import Error, Reply, is_report, raw, split, terminal, to_json

__all__ = ["run"]

_CHUNK = 1 << 18
_PRINTERS: dict[str, Callable[[Reply], bytes]] = {"terminal": terminal, "raw": raw, "json": to_json}


def run(options: argparse.Namespace) -> int:
    """Send, print, and answer 1 when any reply was an error."""
    printer = _PRINTERS[options.output or ("terminal" if os.isatty(1) else "raw")]
    if not options.words and os.isatty(0):
        raise UsageError(
            "Nothing to run. Give a command (redis-tutor run PING), or commands on standard input, one a line "
            "(redis-tutor run < commands.txt). For a prompt type: redis-tutor shell."
        )
    with open_backend(options.backend) as backend:
        connection = backend.connect()
        try:
            if options.resp3:
                connection.call("HELLO", "3")
            work = _Run(backend, connection, printer, yes=options.yes)
            if options.words:
                work.send([tuple(os.fsencode(word) for word in options.words)])
            else:
                for commands in work.lines_of(0):
                    work.send(commands)
            work.listen()
        finally:
            connection.close()
    return work.exit_code


class _Run:
    """One run: what to ask first, how to print, and what the exit code will be."""

    def __init__(
        self, backend: Backend, connection: Connection, printer: Callable[[Reply], bytes], *, yes: bool
    ) -> None:
        self._backend = backend
        self._connection = connection
        self._printer = printer
        self._yes = yes
        self._guest = backend.name == "live"
        self._monitoring = False
        self.exit_code = 0

    def lines_of(self, descriptor: int) -> Iterator[list[tuple[bytes, ...]]]:
        """The commands of an input, as many at a time as have arrived: a file goes in few round trips, and a program
        that waits for each answer before it writes the next line gets it."""
        rest, number = b"", 0
        while chunk := os.read(descriptor, _CHUNK):
            lines = (rest + chunk).split(b"\n")
            rest = lines.pop()
            yield self._split(lines, number)
            number += len(lines)
        if rest:
            yield self._split([rest], number)

    def _split(self, lines: list[bytes], number: int) -> list[tuple[bytes, ...]]:
        commands = []
        for offset, line in enumerate(lines, 1):
            try:
                words = split(line)
            except QuotingError as fault:
                sys.stderr.write(f"line {number + offset}: {fault}\n")
                self.exit_code = 2
                continue
            if words and words[0][:1] != b"#":
                commands.append(tuple(words))
        return commands

    def send(self, commands: Sequence[tuple[bytes, ...]]) -> None:
        """Send these in one write, print each answer in its turn."""
        if self._guest:
            for argv in commands:
                self._ask_first(argv)
        self._monitoring = self._monitoring or any(argv[0].upper() == b"MONITOR" for argv in commands)
        self._connection.send_many(commands)
        missing = len(commands)
        out: list[bytes] = []
        while missing:
            # What has arrived is printed before we wait again, so that nobody waits for a line that is there.
            event = self._connection.receive(0)
            if event is None:
                self._write(out)
                event = self._connection.receive(None)
            if event is None:
                continue
            missing -= isinstance(event, Answer)
            if isinstance(event.reply, Error) and not self.exit_code:
                self.exit_code = 1
            out.append(self._print(event))
        self._write(out)

    def _print(self, event: Answer | Message) -> bytes:
        if self._printer is terminal and isinstance(event, Answer) and is_report(event.argv):
            return raw(event.reply).rstrip()
        return self._printer(event.reply)

    def listen(self) -> None:
        """After SUBSCRIBE or MONITOR: print what comes, until Ctrl-C."""
        while self._connection.subscribed or self._monitoring:
            event = self._connection.receive(None)
            if event is not None:
                self._write([self._print(event)])

    def _write(self, lines: list[bytes]) -> None:
        if lines:
            lines.append(b"")
            sys.stdout.buffer.write(b"\n".join(lines))
            sys.stdout.buffer.flush()
            lines.clear()

    def _ask_first(self, argv: tuple[bytes, ...]) -> None:
        reason = None if self._yes else self._backend.risk(self._connection, argv)
        if reason is None:
            return
        command = b" ".join(argv)[:60].decode("utf-8", "replace")
        if not _confirmed(f"{command} on {self._backend.address}: {reason}. Send it? (y/N) "):
            raise GuestRefusal(f"{command} was not sent: {reason}. To send it without being asked, add --yes.")


def _confirmed(question: str) -> bool:
    """Ask on the terminal itself: standard input may be the file of commands."""
    try:
        with open("/dev/tty", "r+", encoding="utf-8", buffering=1) as tty:
            tty.write(question)
            return tty.readline().strip().lower() in ("y", "yes")
    except OSError:
        return False
