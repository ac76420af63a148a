"""What has been said on a connection, without the connection: which answer belongs to which command, what is a message,
and what the server keeps for this client.

Redis answers in order, so an answer belongs to the oldest command that has none. Messages come between the answers:
RESP3 marks them as pushes; in RESP2 only their first word and our own state tell them from an array.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.wire import Array, Bulk, Error, Integer, Push, Reply, Status

__all__ = ["Answer", "Conversation", "Message"]

# What a subscribed connection gets. In RESP2 these come as plain arrays, told from answers by their first word.
_MESSAGES = frozenset({b"message", b"pmessage", b"smessage"})
_CONFIRMATIONS = frozenset(
    {b"subscribe", b"unsubscribe", b"psubscribe", b"punsubscribe", b"ssubscribe", b"sunsubscribe"}
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command was answered."""

    argv: tuple[bytes, ...]
    """The command, as it was sent."""
    reply: Reply
    """The server's reply; an error is a reply."""


@dataclass(frozen=True, slots=True)
class Message:
    """What the server says unasked: a published message, a line of MONITOR, an invalidation."""

    reply: Reply
    """An Array in RESP2, a Push in RESP3, a Status for MONITOR."""


class Conversation:
    """One client's side of the protocol, fed with what it sends and what it gets."""

    def __init__(self, database: int) -> None:
        self.protocol = 2
        """2 or 3, as HELLO last agreed."""
        self.database = database
        """The logical database in use, as SELECT last agreed."""
        self.begin_again()

    def begin_again(self) -> None:
        """A new connection for the same client: protocol and database stay, as the greeting asks for them again."""
        self.in_transaction = False
        """True between MULTI and EXEC or DISCARD."""
        self.waiting: deque[tuple[bytes, ...]] = deque()
        """The commands that were sent and not answered yet, oldest first."""
        self.channels: set[tuple[bytes, bytes]] = set()
        """What is subscribed to: the kind of subscription, and the channel or pattern."""
        self._watching = self._monitoring = False
        self._queued: list[tuple[bytes, ...]] = []
        self._confirmations = 0

    def asked(self, commands: Sequence[tuple[bytes, ...]]) -> None:
        """These are being sent."""
        self.waiting.extend(commands)

    def losses(self) -> tuple[str, ...]:
        """What would be gone if the connection ended now, in words."""
        lost = []
        if self.in_transaction:
            lost.append(f"the transaction (MULTI) with {len(self._queued)} queued commands")
        if self._watching:
            lost.append("the watched keys (WATCH)")
        if self.channels:
            names = ", ".join(sorted({channel.decode("utf-8", "replace") for _, channel in self.channels}))
            lost.append(f"the subscriptions to {names}")
        if self._monitoring:
            lost.append("MONITOR")
        return (*lost, *(f"the answer to {b' '.join(argv).decode('utf-8', 'replace')}" for argv in self.waiting))

    def sort(self, reply: Reply) -> Answer | Message:
        """What this reply is: the answer to the oldest command that waits, or a message."""
        if isinstance(reply, Push) or (isinstance(reply, Array) and self._may_be_told(reply)):
            return self._told(reply)
        if self._monitoring and isinstance(reply, Status) and b" [" in reply.text[:40]:
            return Message(reply)
        if not self.waiting:
            return Message(reply)
        argv = self.waiting.popleft()
        self._note(argv, reply)
        return Answer(argv, reply)

    def _may_be_told(self, reply: Array) -> bool:
        """In RESP2 a message is an array like any other; only its first word and our own state tell."""
        if self.protocol != 2 or len(reply.items) < 3 or not isinstance(reply.items[0], Bulk):
            return False
        kind = reply.items[0].data
        if kind in _MESSAGES:
            return bool(self.channels)
        if kind not in _CONFIRMATIONS or not isinstance(reply.items[2], Integer):
            return False
        return self._confirmations > 0 or bool(self.waiting and self.waiting[0][0].lower() == kind)

    def _told(self, reply: Push | Array) -> Answer | Message:
        kind = reply.items[0].data if reply.items and isinstance(reply.items[0], Bulk) else b""
        if kind not in _CONFIRMATIONS:
            return Message(reply)
        answered = not self._confirmations and bool(self.waiting and self.waiting[0][0].lower() == kind)
        if answered:
            argv = self.waiting.popleft()
            # One confirmation comes for each channel; the first is the answer, the others follow as messages.
            self._confirmations = max(1, len(argv) - 1 or self._count(kind))
        self._confirmations = max(0, self._confirmations - 1)
        channel = reply.items[1]
        if isinstance(channel, Bulk):
            base = kind.replace(b"unsub", b"sub")
            if base == kind:
                self.channels.add((base, channel.data))
            else:
                self.channels.discard((base, channel.data))
        return Answer(argv, reply) if answered else Message(reply)

    def _count(self, kind: bytes) -> int:
        base = kind.replace(b"unsub", b"sub")
        return sum(1 for subscribed, _ in self.channels if subscribed == base)

    def _note(self, argv: tuple[bytes, ...], reply: Reply) -> None:
        """Follow the state that the server keeps of this connection."""
        name = argv[0].upper() if argv else b""
        if name in (b"EXEC", b"DISCARD"):
            queued, self._queued = self._queued, []
            if self.in_transaction and isinstance(reply, Array) and name == b"EXEC":
                for command, answer in zip(queued, reply.items, strict=False):
                    self._note(command, answer)
            self.in_transaction = self._watching = False
        elif isinstance(reply, Error):
            return
        elif self.in_transaction and reply == Status(b"QUEUED"):
            self._queued.append(argv)
        elif name == b"MULTI":
            self.in_transaction = True
        elif name in (b"WATCH", b"UNWATCH"):
            self._watching = name == b"WATCH"
        elif name == b"SELECT" and len(argv) == 2:
            self.database = int(argv[1])
        elif name == b"HELLO" and len(argv) > 1:
            self.protocol = int(argv[1])
        elif name == b"MONITOR":
            self._monitoring = True
        elif name == b"RESET":
            self.protocol, self.database = 2, 0
            self.in_transaction = self._watching = self._monitoring = False
            self.channels.clear()
