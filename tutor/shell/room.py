"""What is behind the shell: the server and its two clients. All of it is used in the background alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tutor import explain, wire
from tutor.catalog import Catalog
from tutor.shell.place import Arrival, ClientState, Said
from tutor.shell.vocabulary import WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tutor.backends import Backend, Connection
    from tutor.explain import Scene
    from tutor.session import Session
    from tutor.shell.study import Study
    from tutor.wire import Reply

__all__ = ["Room"]

# How long our own questions may take, in seconds. They are asked beside the learner's work and can be dropped.
_QUESTION = 0.25
# A command of each module, by which it is known that the server has it.
_MODULES = {
    b"JSON.GET": "json",
    b"FT.SEARCH": "search",
    b"BF.ADD": "bloom",
    b"TS.ADD": "timeseries",
    b"VADD": "vectorset",
}
# Keys that `why` looks at.
_MOST_KEYS = 8


class Room:
    """A server, its two clients, and what the shell wants to know of them.

    `states` and `links` are made here and may be read by the event loop at any time.
    """

    def __init__(self, open_session: Callable[[], Session], catalog: Callable[[], Catalog]) -> None:
        self._open_session = open_session
        self._catalog = catalog
        self._session: Session | None = None
        self._study: Study | None = None
        self._ids: dict[int, int] = {}
        self._links: dict[str, tuple[Connection, int]] = {}
        self._made = 0
        self.states: dict[str, ClientState] = {}
        """By client: what its prompt shows."""
        self.links: dict[str, tuple[int, int]] = {}
        """By client: its socket's descriptor, and a number that is new with every connection."""

    @property
    def session(self) -> Session:
        """The session, once opened."""
        if self._session is None:
            self._session = self._open_session()
        return self._session

    @property
    def study(self) -> Study:
        """The lessons of the session."""
        if self._study is None:
            from tutor.shell.study import Study

            self._study = Study(self.session)
        return self._study

    @property
    def backend(self) -> Backend:
        """Who answers."""
        return self.session.backend

    # -- lifecycle -----------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Start the server and connect the first client. Raises `TutorError` with what to do."""
        self.session.connection("A")
        self._look()

    def version(self) -> tuple[str, frozenset[str]]:
        """The server's version as it says it, and which of the catalog's modules it has."""
        replies = self.ask(0, [(b"INFO", b"server"), *((b"COMMAND", b"INFO", name) for name in _MODULES)])
        said = replies[0] if replies else None
        text = said.data.decode("latin-1") if isinstance(said, wire.Bulk | wire.Verbatim) else ""
        version = next((row[14:].strip() for row in text.splitlines() if row.startswith("redis_version:")), "")
        found = [
            module
            for module, reply in zip(_MODULES.values(), (replies or [])[1:], strict=False)
            if isinstance(reply, wire.Array) and reply.items and not isinstance(reply.items[0], wire.Nil)
        ]
        return version, frozenset(found)

    def close(self) -> None:
        """End the clients and the server; what was begun in vain is nothing to end."""
        if self._session is not None:
            self._session.close()
            self._session.progress.close()
            self._session.backend.close()

    # -- talking -------------------------------------------------------------------------------------------------

    def risk(self, client: str, argv: Sequence[bytes]) -> str | None:
        """Why this command asks first, or None."""
        return self.backend.risk(self.session.connection(client), argv)

    def say(self, client: str, argv: Sequence[bytes], patience: float) -> Said:
        """Send a command and give it a moment; no reply means that it waits."""
        mended = self._mend(client)
        self._identify(client)
        call = self.session.submit(client, tuple(argv))
        reply = self.session.wait(call, patience)
        self._look()
        if call.lost:
            return Said(None, self._lost(client))
        return Said(reply, mended)

    def _mend(self, speaker: str) -> str:
        """Connect again what was lost while the server was away; answers what the speaker has lost by it.

        Raises `Unreachable` while it is still away.
        """
        said = ""
        for client, connection in self.session.connections().items():
            if connection.broken:
                # What a failed attempt has forgotten is still known from what the prompt showed.
                known = self.states.get(client, ClientState())
                lost = connection.reopen() or known.lasting
                said = _lost_words(lost) if client == speaker else said
        return said

    def _lost(self, client: str) -> str:
        """What went with the connection, as the session's event tells it."""
        told = [event for event in self.session.poll() if event.client == client and event.reply is None]
        self._ids.pop(self._number(client), None)
        return _lost_words(told[0].lost if told else ())

    def arrivals(self) -> list[Arrival]:
        """What has come since: answers that were waited for, messages, losses."""
        self._mend("")
        events = self.session.poll()
        self._look()
        return [
            Arrival(
                event.client,
                event.call.argv if event.call is not None else (),
                event.reply,
                _lost_words(event.lost) if event.reply is None else "",
            )
            for event in events
        ]

    def blocks(self, argv: Sequence[bytes]) -> bool:
        """Whether this command may wait for another client."""
        command = self._catalog().find(argv)
        return command is not None and command.is_blocking

    def _look(self) -> None:
        connections = self.session.connections()
        self.states = {
            client: ClientState(c.database, c.in_transaction, c.protocol == 3, c.subscribed)
            for client, c in connections.items()
        }
        links = {}
        for client, connection in connections.items():
            if connection.broken:
                continue
            descriptor = connection.fileno()
            known = self._links.get(client)
            if known is None or known[0] is not connection or self.links.get(client, (-1, 0))[0] != descriptor:
                self._made += 1
                self._links[client] = (connection, self._made)
            links[client] = (descriptor, self._links[client][1])
        self.links = links

    def look(self) -> None:
        """Find out anew which connections there are; an exercise that begins may bring new ones."""
        self._look()

    # -- stopping ------------------------------------------------------------------------------------------------

    def _identify(self, client: str) -> None:
        """Ask for the client's number while it can still be asked: a blocked client can be freed by number alone."""
        connection = self.session.connection(client)
        self._look()
        if self._number(client) not in self._ids and _idle(connection):
            reply = connection.call("CLIENT", "ID", timeout=5)
            self._ids[self._number(client)] = reply.value if isinstance(reply, wire.Integer) else 0

    def _number(self, client: str) -> int:
        return self.links[client][1] if client in self.links else 0

    def stop(self, client: str, argv: Sequence[bytes]) -> str:
        """End the command that a client waits for; answers what could not be done, or nothing."""
        if self.blocks(argv):
            number = self._ids.get(self._number(client), 0)
            replies = self.ask(0, [(b"CLIENT", b"UNBLOCK", b"%d" % number)]) if number else None
            if replies == [wire.Integer(1)]:
                return ""
        self.backend.interrupt()
        return "Asked the server to stop. If no answer comes, it may be busy with something longer."

    # -- questions -----------------------------------------------------------------------------------------------

    def ask(self, database: int, commands: Sequence[tuple[bytes, ...]]) -> list[Reply] | None:
        """Ask beside the learner's work, in one round trip; None when the server does not answer at once."""
        from tutor.errors import BackendError

        asked: list[tuple[bytes, ...]] = list(commands)
        home = self.backend.address.database or 0
        away = database != home
        if away:
            # The observer serves the checks as well, and those look at the lesson's own database.
            asked = [(b"SELECT", b"%d" % database), *asked, (b"SELECT", b"%d" % home)]
        try:
            replies = self.backend.observe().call_many(asked, timeout=_QUESTION)
        except BackendError:
            return None
        return replies[1:-1] if away else replies

    def scene(self, client: str, argv: Sequence[bytes]) -> Scene:
        """What is known of the keys of a command, for `why`."""
        command = self._catalog().find(argv)
        keys = [argv[place] for place in command.keys(argv)][:_MOST_KEYS] if command else []
        questions = [question for key in keys for question in ((b"TYPE", key), (b"TTL", key))]
        replies = self.ask(self.states[client].database if client in self.states else 0, questions) if keys else []
        states = {}
        for key, kind, ttl in zip(keys, (replies or [])[::2], (replies or [])[1::2], strict=False):
            if isinstance(kind, wire.Status) and isinstance(ttl, wire.Integer):
                states[key] = explain.KeyState(kind.text.decode("latin-1"), ttl.value)
        return explain.Scene(states, tuple(WORDS))


def _idle(connection: Connection) -> bool:
    return not (connection.waiting or connection.in_transaction or connection.subscribed or connection.broken)


def _lost_words(lost: Sequence[str]) -> str:
    return f"Lost with it: {', '.join(lost)}." if lost else "Nothing was lost with it."
