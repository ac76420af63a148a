"""Publish and subscribe: what Redis does otherwise than fakeredis."""

from __future__ import annotations

from typing import Any

from tutor.embedded.commands.base import Family
from tutor.embedded.fake import NoResponse, command

__all__ = ["PubSub"]


class PubSub(Family):
    """Messages go through the state, which knows patterns by our own matcher."""

    @command(name="PUBLISH", fixed=(bytes, bytes))
    def publish(self, channel: bytes, message: bytes) -> int:
        """How many clients got it."""
        return self._server.publish(channel, message)

    @command(name="SPUBLISH", fixed=(bytes, bytes))
    def spublish(self, channel: bytes, message: bytes) -> int:
        """To shard channels, which patterns never see."""
        receivers = sorted(self._server.ssubscribers.get(channel, ()), key=lambda client: client.number)
        for client in receivers:
            client.push([b"smessage", channel, message])
        return len(receivers)

    @command(name="UNSUBSCRIBE", fixed=(), repeat=(bytes,))
    def unsubscribe(self, *channels: bytes) -> NoResponse:
        """Without any subscription one message with a nil channel."""
        return self._end(channels, self._server.subscribers, b"unsubscribe")

    @command(name="PUNSUBSCRIBE", fixed=(), repeat=(bytes,))
    def punsubscribe(self, *patterns: bytes) -> NoResponse:
        """As UNSUBSCRIBE, for patterns."""
        return self._end(patterns, self._server.psubscribers, b"punsubscribe")

    @command(name="SUNSUBSCRIBE", fixed=(), repeat=(bytes,))
    def sunsubscribe(self, *channels: bytes) -> NoResponse:
        """As UNSUBSCRIBE, for shard channels."""
        return self._end(channels, self._server.ssubscribers, b"sunsubscribe")

    def _end(self, names: tuple[bytes, ...], subscribers: Any, word: bytes) -> NoResponse:
        base: Any = self
        mine = [name for name, clients in subscribers.items() if self in clients]
        if not names and not mine:
            self.push([word, None, self._pubsub])
            return NoResponse()
        done: NoResponse = base._unsubscribe(list(names) or mine, subscribers, word)
        return done
