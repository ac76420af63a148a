"""DBSIZE, FLUSHALL, TIME, INFO, CONFIG, COMMAND, and what else concerns the server as a whole."""

from __future__ import annotations

from typing import Any

from tutor.embedded.commands.base import Family
from tutor.embedded.fake import OK, Int, SimpleError, SimpleString, command

__all__ = ["Server"]


class Server(Family):
    """What Redis does otherwise than fakeredis, or what fakeredis lacks."""

    @command(name="TIME", fixed=())
    def time(self) -> list[bytes]:
        """Seconds and microseconds, of the server's own clock."""
        seconds, micros = divmod(self._server.clock.micros(), 1_000_000)
        return [b"%d" % seconds, b"%d" % micros]

    @command(name="FLUSHALL", fixed=(), repeat=(bytes,))
    def flushall(self, *args: bytes) -> SimpleString:
        """ASYNC and SYNC are the same here."""
        self._check_flush(args)
        for data in self._server.dbs.values():
            data.clear()
        return OK

    @command(name="FLUSHDB", fixed=(), repeat=(bytes,))
    def flushdb(self, *args: bytes) -> SimpleString:
        """As FLUSHALL, for the selected database."""
        self._check_flush(args)
        self._db.clear()
        return OK

    @staticmethod
    def _check_flush(args: tuple[bytes, ...]) -> None:
        if len(args) > 1 or (args and args[0].lower() not in (b"async", b"sync")):
            raise SimpleError("ERR syntax error")

    @command(name="TUTOR.CLOCK", fixed=(), repeat=(bytes,))
    def tutor_clock(self, *args: bytes) -> Any:
        """For observers: read the clock, set it still, move it on, or let it show real time again."""
        clock = self._server.clock
        word = args[0].lower() if args else b""
        if word == b"set" and len(args) == 2:
            clock.set(Int.decode(args[1]))
        elif word == b"advance" and len(args) == 2:
            clock.advance(Int.decode(args[1]))
        elif word == b"run" and len(args) == 1:
            clock.run()
        elif args:
            raise SimpleError("ERR TUTOR.CLOCK takes nothing, SET ms, ADVANCE ms, or RUN")
        if args:
            self._server.tick()
            self._server.record(0, (b"TUTOR.CLOCK", b"RESTORE", *clock.saved()))
        return clock.ms()

    @command(name="TUTOR.RESET", fixed=())
    def tutor_reset(self) -> SimpleString:
        """For observers: forget all data and settings; clients stay connected."""
        self._server.clear()
        self._server.wipe = True
        return OK
