"""Talking with the server: a command and its answer, what comes later, and what comes unasked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tutor import view, wire
from tutor.errors import TutorError
from tutor.shell.place import Arrival, ClientState, other
from tutor.shell.vocabulary import CLIENTS
from tutor.view.cells import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tutor.shell.repl import Shell
    from tutor.view import Drawing
    from tutor.wire import Reply

__all__ = ["Talk"]

# What takes longer than this is said to be waiting, and the prompt comes back.
_PATIENCE = 0.25
# What the embedded server answers without having it: figures of a process, files, other nodes.
_SIMULATED = frozenset(
    {
        *(b"INFO", b"MEMORY", b"SLOWLOG", b"LATENCY", b"LASTSAVE", b"SAVE", b"BGSAVE", b"BGREWRITEAOF"),
        *(b"ROLE", b"REPLICAOF", b"WAIT", b"CLUSTER", b"MODULE"),
    }
)
# What changes which names there are in the menu.
_MOVES = frozenset({b"SELECT", b"FLUSHALL", b"FLUSHDB", b"SWAPDB", b"RESET"})


class Talk:
    """The two clients of a shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self.client = CLIENTS[0]
        """Who speaks when a line does not say it."""
        self.states: dict[str, ClientState] = {}
        self.waiting: dict[str, tuple[bytes, ...]] = {}
        """For each client that waits: the command that has no answer yet."""
        self.last: tuple[str, tuple[bytes, ...], Reply] | None = None
        """The last command that was answered: who, what, and the answer."""
        self._home = ""
        self._links: dict[str, tuple[int, int]] = {}

    def state(self, client: str) -> ClientState:
        """What the prompt shows of a client."""
        return self.states.get(client, ClientState())

    # -- a command -----------------------------------------------------------------------------------------------

    async def say(self, client: str, argv: Sequence[bytes]) -> None:
        """Send a command and show its answer, or that it waits."""
        if client in self.waiting:
            await self._shell.show(view.draw_text(self._busy(client), self._shell.look, "quiet"))
            return
        shell = self._shell
        if not await shell.ready():
            return
        risk = await shell.background.do(lambda: shell.room.risk(client, argv))
        if risk and not await shell.confirm(f"{clean(argv[0]).upper()}: {risk}. Do it?"):
            await shell.show(view.draw_text("Not sent.", shell.look, "quiet"))
            return
        call = tuple(argv)
        self.waiting[client] = call
        try:
            said = await shell.background.do(lambda: shell.room.say(client, argv, _PATIENCE))
        except TutorError:
            self.waiting.pop(client, None)
            raise
        if said.lost:
            await shell.show(self._lost(client, said.lost))
        await self.settle()
        if said.lost and said.reply is None:
            self.waiting.pop(client, None)
        elif said.reply is not None:
            self.waiting.pop(client, None)
            await self.answered(client, call, said.reply)
        elif client in self.waiting:
            await self._wait(client, call)
        # While this answer was waited for, something may have been read that reached the other client.
        await self.arrivals()

    async def answered(self, client: str, argv: tuple[bytes, ...], reply: Reply) -> None:
        """Show an answer that was waited for."""
        self.last = (client, argv, reply)
        self._forget(argv)
        await self._shell.show(view.draw_answer(argv, reply), *self._footnote(argv, reply))
        if self._left(client):
            await self._shell.say(
                f"QUIT ends the connection of client {client}. A new one is made. `quit` leaves the shell."
            )

    def _footnote(self, argv: tuple[bytes, ...], reply: Reply) -> list[Drawing]:
        name = argv[0].upper()
        if name in _SIMULATED and self._shell.room.backend.name == "embedded" and not self._shell.told(name.decode()):
            text = "(simulated: the embedded server has no such inside. A real server has: --backend redis-server)"
            return [view.draw_text(text, self._shell.look, "quiet")]
        if not isinstance(reply, wire.Error):
            return []
        from tutor.shell.speech import read_speech

        text = " ".join(word.decode("utf-8", "backslashreplace") for word in argv)
        unknown = reply.text.startswith(b"ERR unknown command")
        problem = self._shell.grammar.meant(argv[0]) if unknown else None
        meant = problem.suggestion if problem is not None else ""
        said = read_speech(text, self._shell.place, unknown=unknown, meant=meant)
        # The first error of a session says once where help is.
        if not said and not self._shell.told("why"):
            said = "`why` explains it."
        return [view.draw_text(said, self._shell.look, "quiet")] if said else []

    def _forget(self, argv: tuple[bytes, ...]) -> None:
        if argv and argv[0].upper() in _MOVES:
            self._shell.names.clear()
        else:
            self._shell.names.forget()

    def _busy(self, client: str) -> str:
        name = clean(self.waiting[client][0]).upper()
        return (
            f"Client {client} waits for the answer to {name}. Speak as the other one: `{other(client)}> …`, "
            f"or press Ctrl-C to stop the waiting."
        )

    async def _wait(self, client: str, call: tuple[bytes, ...]) -> None:
        """The prompt comes back for the other client."""
        free = other(client)
        name = clean(call[0]).upper()
        shell = self._shell
        if not shell.room.blocks(call):
            text = f"(waiting: the server is busy with {name} of client {client}; press Ctrl-C to stop it)"
        else:
            text = f"(waiting: {client} is blocked by {name}; press Ctrl-C to stop)"
            if client == self.client and free not in self.waiting:
                self._home, self.client = client, free
                text += f" You are client {free} now."
            elif free in self.waiting:
                text += " Both clients wait now."
        await shell.show(view.draw_text(text, shell.look, "quiet"))

    # -- what comes by itself ------------------------------------------------------------------------------------

    async def arrivals(self) -> None:
        """Read what has come, and show it above the prompt."""
        shell = self._shell
        came = await shell.background.do(shell.room.arrivals)
        await self.settle()
        for arrival in came:
            await self._arrived(arrival)

    async def _arrived(self, arrival: Arrival) -> None:
        shell, client = self._shell, arrival.client
        waited = client in self.waiting and bool(arrival.argv)
        if arrival.reply is None:
            self.waiting.pop(client, None)
            if not self._left(client):
                await shell.show(self._lost(client, arrival.lost))
            return
        if waited:
            argv = self.waiting.pop(client)
            self.last = (client, argv, arrival.reply)
            self._forget(argv)
            if self._home == client:
                # The learner was moved to the other client for the time of the waiting; now it is over.
                self.client, self._home = client, ""
        mark = view.Span(f"{client}< " if not shell.look.plain else f"To {client}: ", "push")
        await shell.show(tuple((mark, *spans) for spans in view.draw_reply(arrival.reply)))

    def _left(self, client: str) -> bool:
        """Whether the client had said QUIT: then the end of its connection is no surprise."""
        return self.last is not None and self.last[0] == client and self.last[1][0].upper() == b"QUIT"

    def _lost(self, client: str, lost: str) -> Drawing:
        text = f"The connection of client {client} was lost, and it was made again. {lost}".strip()
        return view.draw_text(text, self._shell.look, "wrong")

    async def settle(self) -> None:
        """Take over what the clients' states are now, and listen to new connections."""
        room = self._shell.room
        self.states = room.states
        links = set(room.links.items())
        for client, (descriptor, number) in set(self._links.items()) - links:
            asyncio.get_running_loop().remove_reader(descriptor)
            if self._links.get(client) == (descriptor, number):
                del self._links[client]
                # With the old connection went the command that it waited for.
                self.waiting.pop(client, None)
        for client, link in links - set(self._links.items()):
            self._links[client] = link
            self._listen(client)

    def _listen(self, client: str) -> None:
        asyncio.get_running_loop().add_reader(self._links[client][0], self._readable, client)

    def _readable(self, client: str) -> None:
        # Until it has been read, the socket stays readable and would wake the loop again and again.
        asyncio.get_running_loop().remove_reader(self._links[client][0])
        self._shell.later(self._read(client, self._links[client]))

    async def _read(self, client: str, link: tuple[int, int]) -> None:
        await self.arrivals()
        if self._links.get(client) == link:
            self._listen(client)

    def stop(self) -> None:
        """No more listening."""
        for descriptor, _ in self._links.values():
            asyncio.get_running_loop().remove_reader(descriptor)
        self._links.clear()

    def come_home(self) -> None:
        """A step begins: its first client speaks, whoever spoke before."""
        self.client, self._home = CLIENTS[0], ""

    # -- Ctrl-C --------------------------------------------------------------------------------------------------

    async def interrupt(self) -> bool:
        """Stop the command that waits: the current client's, else the other's; False when none does."""
        client = self.client if self.client in self.waiting else other(self.client)
        if client not in self.waiting:
            return False
        shell = self._shell
        call = self.waiting[client]
        text = await shell.background.do(lambda: shell.room.stop(client, call))
        if text:
            await shell.show(line_of(text))
        await self.arrivals()
        return True


def line_of(text: str) -> Drawing:
    """One quiet line."""
    return (view.line((text, "quiet")),)
