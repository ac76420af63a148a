"""DUMP and RESTORE: a value as a checksum and the commands that build it. Nothing is ever unpickled."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from tutor.embedded.fake import SimpleError
from tutor.errors import ProtocolError
from tutor.wire import CommandParser, encode

if TYPE_CHECKING:
    from tutor.embedded.state import State

__all__ = ["freeze", "thaw"]

_MAGIC = b"TUTOR1"
_KEY = b"k"
_BUILDERS = frozenset(
    (b"SET", b"RPUSH", b"SADD", b"HSET", b"ZADD", b"XADD", b"XSETID", b"XGROUP", b"TUTOR.CONSUMER", b"TUTOR.PENDING")
)


def freeze(key: bytes, value: Any) -> bytes:
    """The value as bytes that `thaw` reads."""
    from tutor.embedded.snapshot import build

    body = b"".join(encode(words) for words in build(_KEY, value))
    return _MAGIC + hashlib.sha256(body).digest()[:16] + body


def thaw(payload: bytes, state: State) -> Any:
    """The value. Commands other than the few that build values are refused, whatever the checksum says."""
    from tutor.embedded.client import Client
    from tutor.embedded.state import State as Scratch

    head = len(_MAGIC)
    digest, body = payload[head : head + 16], payload[head + 16 :]
    if payload[:head] != _MAGIC or hashlib.sha256(body).digest()[:16] != digest:
        raise SimpleError("ERR DUMP payload version or checksum are wrong")
    scratch = Scratch(state.clock, state.version)
    scratch.replaying = True
    client = Client(scratch, 0, observer=True)
    parser = CommandParser()
    parser.feed(body)
    try:
        while (argv := parser.get()) is not None:
            at = 2 if argv[0] == b"XGROUP" else 1
            if argv[0] not in _BUILDERS or argv[at : at + 1] != [_KEY]:
                raise SimpleError("ERR Bad data format")
            client.execute(argv)
    except ProtocolError:
        raise SimpleError("ERR Bad data format") from None
    item = client.look(_KEY)
    if item is None:
        raise SimpleError("ERR Bad data format")
    return item.value
