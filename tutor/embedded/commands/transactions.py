"""MULTI, EXEC, DISCARD, WATCH: the queue holds commands as they were typed, and runs them the one common way."""

from __future__ import annotations

from typing import Any

from tutor.embedded.commands.base import Family
from tutor.embedded.fake import OK, Key, SimpleError, SimpleString, command

__all__ = ["Transactions"]


class Transactions(Family):
    """What Redis does otherwise than fakeredis: an expired watched key is no change; errors stay in their place."""

    @command(name="MULTI", fixed=())
    def multi(self) -> SimpleString:
        """Open a queue. Redis allows no second one inside."""
        if self._transaction is not None:
            raise SimpleError("ERR MULTI calls can not be nested")
        self._transaction, self._transaction_failed = [], False
        self._queued = []
        return OK

    @command(name="DISCARD", fixed=())
    def discard(self) -> SimpleString:
        """Drop the queue and every WATCH."""
        if self._transaction is None:
            raise SimpleError("ERR DISCARD without MULTI")
        self._end_transaction()
        return OK

    @command(name="EXEC", fixed=())
    def exec_(self) -> Any:
        """Run the queue; a nil array when a watched key changed, an error when a command could not be queued."""
        if self._transaction is None:
            raise SimpleError("ERR EXEC without MULTI")
        queued, failed, dirty = self._queued, self._transaction_failed, self._watch_notified
        self._end_transaction()
        if failed:
            raise SimpleError("EXECABORT Transaction discarded because of previous errors.")
        if dirty:
            return None
        self._in_transaction = True
        try:
            return [self._exec_one(entry, argv) for entry, argv in queued]
        finally:
            self._in_transaction = False

    def _exec_one(self, entry: Any, argv: list[bytes]) -> Any:
        self._argv = argv
        return self.call(entry, argv)

    @command(name="WATCH", fixed=(Key(),), repeat=(Key(),))
    def watch(self, *keys: Any) -> SimpleString:
        """Remember the keys; whoever changes one makes the next EXEC answer nil."""
        if self._transaction is not None:
            raise SimpleError("ERR WATCH inside MULTI is not allowed")
        for key in keys:
            if (key.key, self._db) not in self._watches:
                self._watches.add((key.key, self._db))
                self._db.add_watch(key.key, self)
        return OK

    def _end_transaction(self) -> None:
        self._transaction, self._transaction_failed = None, False
        self._queued = []
        self._clear_watches()
