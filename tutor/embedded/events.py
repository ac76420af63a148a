"""Keyspace events: which event each command announces, and for which class of key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tutor.embedded.state import State

__all__ = ["announce"]

_RENAMED = {"setex": b"set", "psetex": b"set", "setnx": b"set", "mset": b"set", "msetnx": b"set", "getset": b"set",
            "incr": b"incrby", "decr": b"decrby", "unlink": b"del", "getdel": b"del", "hmset": b"hset",
            "hsetnx": b"hset", "lpushx": b"lpush", "rpushx": b"rpush", "pexpire": b"expire", "expireat": b"expire",
            "pexpireat": b"expire", "substr": b"getrange"}  # fmt: skip
_KINDS: dict[type[Any], bytes] = {bytes: b"$", list: b"l"}
_MODELS = {b"hash": b"h", b"set": b"s", b"zset": b"z", b"stream": b"t"}
_GENERIC = frozenset((b"del", b"expire", b"persist", b"rename", b"move", b"copy", b"restore"))


def announce(state: State, database: int, name: str, items: list[Any]) -> None:
    """Publish the events of one command for the keys that it changed."""
    event = _RENAMED.get(name, name.replace(" ", "-").encode())
    for item in items:
        if not item.is_modified:
            continue
        kind = _KINDS.get(type(item.value)) or _MODELS.get(getattr(item.value, "_model_type", b""), b"g")
        state.announce(database, b"g" if event in _GENERIC else kind, event, item.key)
        if item.value is None and event not in (b"del", b"rename", b"move"):
            state.announce(database, b"g", b"del", item.key)
