"""One client inside the worker: from a command's words to its reply.

The order of the checks is that of Redis's `processCommand`: does it exist, are there enough words, may this user run
it, is there memory for it, may it run in this context; then it is queued in a transaction, or runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutor.embedded import board, events, journal
from tutor.embedded.fake import BaseFakeSocket, NoResponse, SimpleError, SimpleString
from tutor.embedded.family import Families
from tutor.embedded.lookup import Command, find
from tutor.embedded.reply import NIL_ARRAY, Members, encode, encode_push, error_text

if TYPE_CHECKING:
    from tutor.embedded.state import State

__all__ = ["Blocked", "Client"]

_WORDED = (6,)  # the version in whose words fakeredis names the command that got too few arguments
_QUEUED = SimpleString(b"QUEUED")
_SUBSCRIBER_COMMANDS = frozenset(
    ("ping", "subscribe", "unsubscribe", "psubscribe", "punsubscribe", "ssubscribe", "sunsubscribe", "quit", "reset")
)
_LOOKS = frozenset(
    (*("object|encoding", "object|freq", "object|idletime", "object|refcount", "memory|usage", "type"),
     *("ttl", "pttl", "expiretime", "pexpiretime", "exists"))
)  # fmt: skip
"""Commands that look at a key without using it."""
_HTTP = frozenset((b"post", b"host:"))
"""What a web page makes a browser send here begins with one of these; its commands come behind."""
_UNQUEUED = frozenset(("exec", "discard", "multi", "watch", "quit", "reset"))
_SETS = frozenset(("smembers", "sinter", "sunion", "sdiff"))
_NIL_ARRAYS = frozenset(
    ("blpop", "brpop", "blmpop", "bzpopmin", "bzpopmax", "bzmpop", "lmpop", "zmpop", "xread", "xreadgroup", "exec")
)


class Blocked(Exception):
    """A command that has to wait: `keys` may serve it, `timeout` seconds end it (0: never), `argv` runs it again."""

    def __init__(self, timeout: float, argv: list[bytes] | None = None) -> None:
        super().__init__()
        self.timeout = timeout
        self.argv = argv


class Client(Families, BaseFakeSocket):  # type: ignore[misc, override]
    """A connection's state: database, protocol, transaction, subscriptions, and what is to be sent to it."""

    def __init__(self, state: State, number: int, slot: int = -1, observer: bool = False) -> None:
        super().__init__(state, 0, object)
        self._server: State = state
        state.sockets.clear()  # CLIENT LIST reads `people`; fakeredis's own list would keep every client alive
        self.number = number
        self.slot = slot
        self.observer = observer
        self.out: list[bytes] = []
        self.closing = False
        self.name = b""
        self.library = [b"", b""]
        self.address = [b"", b""]
        self.authenticated = not state.password
        self.born = state.clock.ms()
        self.seen = self.born
        self.last_command = b"NULL"
        self.deadline: float | None = None
        self.identity_changed = False
        self.parked: tuple[Command, list[bytes], list[tuple[int, bytes]]] | None = None
        self._argv: list[bytes] = []
        self._retrying = False
        self._queued: list[tuple[Command, list[bytes]]] = []

    @property
    def version(self) -> tuple[int, ...]:
        """The Redis version that this server answers like."""
        return self._server.version

    @property
    def protocol(self) -> int:
        """2 or 3."""
        return int(self._client_info["resp"])

    @property
    def state(self) -> State:
        """The server that this client talks to."""
        return self._server

    @property
    def database(self) -> int:
        """The number of the selected database."""
        return self._db_num

    @property
    def journaled(self) -> State | None:
        """The state, when effects are to be noted; None while the journal itself is being replayed."""
        return None if self._server.replaying else self._server

    def choose(self, database: int) -> None:
        """Select a database."""
        self._db_num, self._db = database, self._server.dbs[database]

    def look(self, key: bytes) -> Any:
        """The stored item of a key in the selected database, or None."""
        return self._db.get(key)

    def popped(self, result: list[Any]) -> int:
        """How many elements an LMPOP or ZMPOP reply holds."""
        return len(result[1])

    @property
    def user(self) -> bytes:
        """Whom this client is logged in as."""
        return str(self._client_info["user"]).encode("utf-8", "surrogateescape")

    def standing(self) -> tuple[int, int, int]:
        """What the supervisor needs to know to hand this client to another worker."""
        flags = (
            (board.MULTI if self._transaction is not None else 0)
            | (board.WATCHING if self._watches else 0)
            | (board.SUBSCRIBED if self._pubsub else 0)
            | (board.BLOCKED if self.parked else 0)
        )
        return flags, self._db_num, self.protocol

    def put_response(self, msg: Any) -> None:
        """fakeredis's way to send (un)subscriptions."""
        self.push(msg)

    def push(self, items: list[Any]) -> None:
        """Send a message that is not the reply to a command."""
        self.out.append(encode_push(items, self.protocol))
        self._server.unsent[self] = None

    def execute(self, argv: list[bytes]) -> None:
        """Run one command, and put its reply in `out`. Raises Blocked when it has to wait."""
        state = self._server
        state.tick()
        self.seen = state.now_ms
        self._argv = argv
        state.noting_use = not (self.observer or self._no_touch)
        try:
            result = self._process(argv)
        except SimpleError as error:
            state.stats["rejected"] += 1
            result = error.with_traceback(None)  # its frames would keep the command's words until some later collection
        self.answer(result)

    def answer(self, result: Any) -> None:
        """Put a reply in `out`, unless CLIENT REPLY says not to."""
        silent = self._reply_off or self._reply_skip
        self._reply_skip, self._reply_skip_next = self._reply_skip_next, False
        if silent or type(result) is NoResponse:
            return
        if type(result) is SimpleError:
            self.out.append(b"-" + error_text(result) + b"\r\n")
        else:
            self.out.append(encode(result, self.protocol))

    def _process(self, argv: list[bytes]) -> Any:
        try:
            entry = find(argv, self.observer)
            self.last_command = entry.label
            if entry.name in _LOOKS:
                self._server.noting_use = False
            if not self.observer:
                self._server.stats["commands"] += 1
                self._permit(entry, argv)
        except SimpleError as error:
            if self._transaction is not None:
                self._transaction_failed = True
            name = argv[0].lower()
            if name in _HTTP:
                self.closing = True
            if name == b"exec":
                self._end_transaction()
                words = error.value.removeprefix("ERR ")
                raise SimpleError(f"EXECABORT Transaction discarded because of: {words}") from None
            raise
        if self._transaction is not None and entry.name not in _UNQUEUED:
            self._queued.append((entry, argv))
            return _QUEUED
        return self.call(entry, argv)

    def _permit(self, entry: Command, argv: list[bytes]) -> None:
        state = self._server
        if not self.authenticated and "no_auth" not in entry.flags:
            raise SimpleError("NOAUTH Authentication required.")
        if self._client_info["user"] != "default" or state.restricted:
            state.acl.validate_command(self._client_info.user, self._client_info, argv)
        if state.memory_full and "denyoom" in entry.flags:
            raise SimpleError("OOM command not allowed when used memory > 'maxmemory'.")
        if self._pubsub and self.protocol == 2 and entry.name not in _SUBSCRIBER_COMMANDS:
            name = entry.name
            raise SimpleError(
                f"ERR Can't execute '{name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET "
                "are allowed in this context"
            )

    def permit_in_script(self, entry: Command, argv: list[bytes]) -> None:
        """The checks that a command inside a script goes through as well."""
        state = self._server
        if state.memory_full and "denyoom" in entry.flags:
            raise SimpleError("OOM command not allowed when used memory > 'maxmemory'.")
        if not self.observer and (self._client_info["user"] != "default" or state.restricted):
            state.acl.validate_command(self._client_info.user, self._client_info, argv)

    def call(self, entry: Command, argv: list[bytes], from_script: bool = False) -> Any:
        """Run a command that may run: the one way for direct, queued and scripted commands alike."""
        args = argv[entry.words :]
        result = self._run_command(getattr(self, entry.signature.func_name), entry.signature, args, from_script)
        if type(result) is SimpleError:
            return result
        if result is None and entry.name in _NIL_ARRAYS:
            return NIL_ARRAY
        if entry.name in _SETS and type(result) is list:
            return Members(result)
        return result

    def _run_command(self, func: Any, sig: Any, args: list[Any], from_script: bool) -> Any:
        """fakeredis's own way to run a command, with the effect noted; errors come back as values."""
        state = self._server
        touched = len(state.touched)
        items: list[Any] = []
        words = args
        try:
            applied = sig.apply(args, self._db, _WORDED)
            if len(applied) == 1:
                result = applied[0]
            else:
                args, items = applied
                result = func(*args)
        except SimpleError as error:
            result = error.with_traceback(None)
        for item in items:
            item.writeback(remove_empty_val="v" not in sig.flags)
        if type(result) is not SimpleError:
            journal.note(self, sig.name, words, result, len(state.touched) > touched)
        if items and state.config.get(b"notify-keyspace-events"):
            events.announce(state, self._db_num, sig.name, items)
        return result

    def _blocking(self, timeout: float | None, func: Any, shape: Any = None) -> Any:
        """Answer now, or say that the command has to wait. Inside EXEC and scripts nothing waits."""
        result = func(not self._retrying)
        if result is not None or self._in_transaction or self._script_resp is not None:
            return result if shape is None else shape(result)
        raise Blocked(timeout or 0.0)

    def _wait(self, timeout: float, argv: list[bytes]) -> Exception:
        """What to raise when the running command has to wait, to be run again as `argv`."""
        return Blocked(timeout, argv)

    def retry(self) -> bool:
        """Run the command again for which this client waits; False when it has to go on waiting."""
        if self.parked is None:
            return False
        entry, argv, _ = self.parked
        self._retrying, self._argv = True, argv
        try:
            result = self.call(entry, argv)
        except Blocked:
            return False
        finally:
            self._retrying = False
        if type(result) is SimpleError and result.value.startswith("WRONGTYPE"):
            return False  # a key of another type serves nobody; Redis goes on waiting
        self.unpark()
        self.answer(result)
        return True

    def give_up(self, with_error: bool) -> None:
        """End the waiting: the reply is what a timeout gives, or CLIENT UNBLOCK's error."""
        self.unpark()
        self.answer(SimpleError("UNBLOCKED client unblocked via CLIENT UNBLOCK") if with_error else NIL_ARRAY)
        self._server.unsent[self] = None

    def leave(self) -> None:
        """Forget everything that others know of this client: it is gone."""
        self._clear_watches()
        self._discard_subscriptions()
        self.unpark()
        self._server.people.pop(self.number, None)
        self._server.unsent.pop(self, None)

    def unpark(self) -> None:
        """Wait no longer."""
        if self.parked is not None:
            for place in self.parked[2]:
                queue = self._server.waiting.get(place)
                if queue is not None:
                    queue.pop(self, None)
                    if not queue:
                        del self._server.waiting[place]
        self.parked = None
        self.deadline = None
