"""Replies that mean something particular because of a word in the command: a literal table of such cases.

The catalog says what a reply of a command may mean; here stands what it means *with these words and this state*.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tutor.explain.scene import TYPE_NAMES, KeyState, Scene, shown
from tutor.wire import Integer, Nil, Reply

__all__ = ["CASES", "Case"]

Case = Callable[[Sequence[bytes], Reply, Scene], "str | None"]


def _has(argv: Sequence[bytes], *words: bytes) -> bool:
    return not set(words).isdisjoint(word.upper() for word in argv[2:])


def _key(argv: Sequence[bytes]) -> str:
    return shown(argv[1]) if len(argv) > 1 else "the key"


def _state(argv: Sequence[bytes], scene: Scene) -> KeyState | None:
    return scene.keys.get(argv[1]) if len(argv) > 1 else None


def _kind(state: KeyState) -> str:
    return TYPE_NAMES[state.type][0] if state.type in TYPE_NAMES else f"a value of type {state.type}"


def _set_nil(argv: Sequence[bytes], reply: Reply, scene: Scene) -> str | None:
    if not isinstance(reply, Nil):
        return None
    key, options = _key(argv), argv[1:]
    if _has(options, b"GET"):
        return f"With GET, SET answers the old value, and {key} had none."
    state = _state(argv, scene)
    end = f" It leaves in {state.ttl} seconds." if state and state.ttl >= 0 else ""
    if _has(options, b"NX"):
        return f"NX writes only when the key is not there, and {key} exists already. Nothing was written.{end}"
    if _has(options, b"XX"):
        return f"XX writes only when the key is there, and {key} does not exist. Nothing was written."
    return None


def _get_nil(argv: Sequence[bytes], reply: Reply, scene: Scene) -> str | None:
    if not isinstance(reply, Nil):
        return None
    return f"There is no key {_key(argv)}: it was never set, or was deleted, or its time was over."


def _expire_zero(argv: Sequence[bytes], reply: Reply, scene: Scene) -> str | None:
    state = _state(argv, scene)
    if reply != Integer(0) or state is None:
        return None
    key = _key(argv)
    if state.type == "none":
        return f"There is no key {key}, so there was nothing to give an end to."
    for word, condition in (
        (b"NX", "it has an end already"),
        (b"XX", "it has no end yet"),
        (b"GT", "the new end would not be later than the one it has" if state.ttl >= 0 else "it lives for ever"),
        (b"LT", "the new end would not be earlier than the one it has"),
    ):
        if _has(argv[1:], word):
            return f"{key} exists, but {condition}, so {word.decode()} held the command back."
    return None


def _persist_zero(argv: Sequence[bytes], reply: Reply, scene: Scene) -> str | None:
    state = _state(argv, scene)
    if reply != Integer(0) or state is None:
        return None
    return f"There is no key {_key(argv)}." if state.type == "none" else f"{_key(argv)} had no end to take away."


def _ttl(argv: Sequence[bytes], reply: Reply, scene: Scene) -> str | None:
    if reply == Integer(-2):
        return f"-2 means that there is no key {_key(argv)}. It may have been there until its time was over."
    if reply == Integer(-1):
        return f"-1 means that {_key(argv)} exists and has no end: it stays until somebody deletes it."
    if isinstance(reply, Integer):
        unit = "milliseconds" if argv[0].upper().startswith(b"P") else "seconds"
        return f"{_key(argv)} has {reply.value} {unit} left."
    return None


def _added(argv: Sequence[bytes], reply: Reply, scene: Scene) -> str | None:
    """SADD, HSET, ZADD count what is new, not what was written."""
    if not isinstance(reply, Integer):
        return None
    name = argv[0].upper()
    what = {b"SADD": "member", b"HSET": "field", b"ZADD": "member"}[name]
    if name == b"ZADD" and _has(argv, b"CH", b"INCR"):
        return None
    if reply.value == 0:
        tail = {
            b"SADD": "each one was in the set already, and a set holds it once.",
            b"HSET": "each one was there already. Its value has been replaced all the same.",
            b"ZADD": "each one was there already. Its score has been set, unless an option forbade it.",
        }[name]
        return f"0 counts the {what}s that are new: {tail}"
    several = "" if reply.value == 1 else "s"
    return f"{reply.value} {what}{several} of {_key(argv)} {'is' if not several else 'are'} new."


def _removed(argv: Sequence[bytes], reply: Reply, scene: Scene) -> str | None:
    if reply != Integer(0):
        return None
    if argv[0].upper() in (b"DEL", b"UNLINK"):
        return "0 keys were removed: none of these names existed."
    return f"Nothing was removed: {_key(argv)} holds none of these, or does not exist."


def _exec_nil(argv: Sequence[bytes], reply: Reply, scene: Scene) -> str | None:
    if not isinstance(reply, Nil):
        return None
    return (
        "A key that you watched was changed after WATCH, by another client or by yourself. So nothing of the "
        "transaction was run. Read again, decide again, try again."
    )


def _block_nil(argv: Sequence[bytes], reply: Reply, scene: Scene) -> str | None:
    if not isinstance(reply, Nil):
        return None
    return "The time to wait was over, or somebody ended the waiting, and nothing had come."


def _publish(argv: Sequence[bytes], reply: Reply, scene: Scene) -> str | None:
    if reply == Integer(0):
        return (
            f"Nobody listens to {_key(argv)} at this moment, so the message is gone: "
            "pub/sub keeps nothing for those who come later."
        )
    return f"{reply.value} client(s) received the message." if isinstance(reply, Integer) else None


# By command. A function answers None when these words and this state are nothing particular.
CASES: dict[str, Case] = {
    "SET": _set_nil,
    "GET": _get_nil,
    "GETDEL": _get_nil,
    "GETEX": _get_nil,
    "EXPIRE": _expire_zero,
    "PEXPIRE": _expire_zero,
    "EXPIREAT": _expire_zero,
    "PEXPIREAT": _expire_zero,
    "PERSIST": _persist_zero,
    "TTL": _ttl,
    "PTTL": _ttl,
    "SADD": _added,
    "HSET": _added,
    "ZADD": _added,
    "DEL": _removed,
    "UNLINK": _removed,
    "SREM": _removed,
    "HDEL": _removed,
    "ZREM": _removed,
    "LREM": _removed,
    "EXEC": _exec_nil,
    "BLPOP": _block_nil,
    "BRPOP": _block_nil,
    "BLMOVE": _block_nil,
    "BLMPOP": _block_nil,
    "BZPOPMIN": _block_nil,
    "BZPOPMAX": _block_nil,
    "PUBLISH": _publish,
}
