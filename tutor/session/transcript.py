"""Everything that happened between the clients and the server, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from tutor.checkers import Call, Event
from tutor.wire import Reply

__all__ = ["Transcript"]

# No attempt comes near this; somebody who runs MONITOR for a day does.
_MOST = 20_000


class Transcript:
    """Calls and events, each with its number. Of a very long session the oldest are forgotten."""

    def __init__(self) -> None:
        self.calls: deque[Call] = deque(maxlen=_MOST)
        """What was sent, in order."""
        self.events: deque[Event] = deque(maxlen=_MOST)
        """What arrived, in order: answers and messages."""
        self._number = 0
        self._mark = 0

    def __iter__(self) -> Iterator[Call | Event]:
        """Both, in the order in which they happened."""
        entries: list[Call | Event] = [*self.calls, *self.events]
        return iter(sorted(entries, key=lambda entry: entry.number))

    def sent(self, client: str, argv: tuple[bytes, ...]) -> Call:
        """Note a command."""
        call = Call(client, argv, self._next())
        self.calls.append(call)
        return call

    def arrived(self, client: str, call: Call | None, reply: Reply) -> Event:
        """Note an answer or a message."""
        event = Event(client, call, reply, self._next())
        if call is not None:
            call.reply = reply
            call.answered = event.number
        self.events.append(event)
        return event

    def lost(self, client: str, call: Call | None, what: tuple[str, ...]) -> Event:
        """Note that a connection was lost, and with it the answer to a call."""
        event = Event(client, call, None, self._next(), what)
        if call is not None:
            call.lost = True
        self.events.append(event)
        return event

    @property
    def position(self) -> int:
        """The number of the last thing that happened."""
        return self._number

    def sent_since(self, position: int) -> bool:
        """Whether a command was sent after that moment."""
        return bool(self.calls) and self.calls[-1].number > position

    def mark(self) -> None:
        """An attempt begins here."""
        self._mark = self._number

    def attempt(self) -> tuple[tuple[Call, ...], tuple[Event, ...]]:
        """The calls and events since the mark."""
        calls = tuple(call for call in self.calls if call.number > self._mark)
        return calls, tuple(event for event in self.events if event.number > self._mark)

    def _next(self) -> int:
        self._number += 1
        return self._number
