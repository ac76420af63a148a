"""What is written down so that a new worker can be where the old one was: effects, not commands.

A command whose outcome depends on chance, on time or on who waits is written as what it did: SPOP as SREM, XADD with
its id, a relative time to live as an absolute one, a blocking pop as the pop that happened. Everything else is written
as it was. Each effect carries the clock's milliseconds and is replayed at that time, so that what a command derives
from the time (a stream entry's delivery time) comes out the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tutor.wire import encode

if TYPE_CHECKING:
    from tutor.embedded.client import Client
    from tutor.embedded.state import Effect

__all__ = ["MARK", "journaled_commands", "note", "write"]

MARK = b"@"
"""The word that opens a line of the journal: `@ milliseconds database` holds for the commands after it."""

Words = tuple[bytes, ...]
Rewrite = Callable[["Client", Sequence[bytes], Any], Iterable[Words]]


def note(client: Client, name: str, args: Sequence[bytes], result: Any, touched: bool) -> None:
    """Hand the effect of a command that went well to the state. `touched`: it changed a key that can be watched."""
    state = client.journaled
    if state is None:
        return
    if name in _REWRITES:
        if touched or name not in _TELLING:
            for words in _REWRITES[name](client, args, result):
                state.record(client.database, words)
    elif name in _AS_IT_IS and (touched or name not in _TELLING):
        state.record(client.database, (*name.encode().split(b" "), *args))


def write(effects: Iterable[Effect]) -> bytes:
    """The effects as bytes: commands in RESP, with a mark wherever time or database change."""
    out: list[bytes] = []
    place: tuple[int, int] | None = None
    for ms, database, argv in effects:
        if (ms, database) != place:
            place = (ms, database)
            out.append(encode((MARK, b"%d" % ms, b"%d" % database)))
        out.append(encode(argv))
    return b"".join(out)


def _string(client: Client, args: Sequence[bytes], result: Any) -> Iterable[Words]:
    """The string as it is now, with the moment of its expiry."""
    item = client.look(args[0])
    if item is None:
        return [(b"DEL", args[0])]
    words: Words = (b"SET", args[0], item.value)
    return [words if item.expireat is None else (*words, b"PXAT", b"%d" % round(item.expireat * 1000))]


def _expiry(client: Client, args: Sequence[bytes], result: Any) -> Iterable[Words]:
    item = client.look(args[0])
    if item is None:
        return [(b"DEL", args[0])]
    if item.expireat is None:
        return [(b"PERSIST", args[0])]
    return [(b"PEXPIREAT", args[0], b"%d" % round(item.expireat * 1000))]


def _hash_field(client: Client, args: Sequence[bytes], result: Any) -> Iterable[Words]:
    return [(b"HSET", args[0], args[1], result)]


def _spop(client: Client, args: Sequence[bytes], result: Any) -> Iterable[Words]:
    members = [result] if isinstance(result, bytes) else list(result or ())
    return [(b"SREM", args[0], *members)] if members else []


def _xadd(client: Client, args: Sequence[bytes], result: Any) -> Iterable[Words]:
    if result is None:
        return []
    at = 1
    while at < len(args):
        word = args[at].upper()
        if word in (b"MAXLEN", b"MINID"):
            at += 3 if args[at + 1] in (b"~", b"=") else 2
        elif word == b"LIMIT":
            at += 2
        elif word == b"NOMKSTREAM":
            at += 1
        else:
            break
    return [(b"XADD", *args[:at], result, *args[at + 1 :])]


def _xreadgroup(client: Client, args: Sequence[bytes], result: Any) -> Iterable[Words]:
    """The same read at the same time, which cannot block: its entries are there."""
    words = [b"XREADGROUP", *args]
    for at, word in enumerate(words):
        if word.upper() == b"STREAMS":
            break
        if word.upper() == b"BLOCK":
            del words[at : at + 2]
            break
    return [tuple(words)]


def _pop(command: bytes) -> Rewrite:
    def rewrite(client: Client, args: Sequence[bytes], result: Any) -> Iterable[Words]:
        return [(command, result[0])] if isinstance(result, list) else []

    return rewrite


def _move(client: Client, args: Sequence[bytes], result: Any) -> Iterable[Words]:
    return [(b"LMOVE", *args[:4])] if isinstance(result, bytes) else []


def _rpoplpush(client: Client, args: Sequence[bytes], result: Any) -> Iterable[Words]:
    return [(b"RPOPLPUSH", *args[:2])] if isinstance(result, bytes) else []


def _mpop(command: bytes, keys_at: int) -> Rewrite:
    def rewrite(client: Client, args: Sequence[bytes], result: Any) -> Iterable[Words]:
        if not isinstance(result, list):
            return []
        where = args[keys_at + 1 + int(args[keys_at])]
        return [(command, b"1", result[0], where, b"COUNT", b"%d" % client.popped(result))]

    return rewrite


_REWRITES: dict[str, Rewrite] = {
    "blmove": _move,
    "blmpop": _mpop(b"LMPOP", 1),
    "blpop": _pop(b"LPOP"),
    "brpop": _pop(b"RPOP"),
    "brpoplpush": _rpoplpush,
    "bzmpop": _mpop(b"ZMPOP", 1),
    "bzpopmax": _pop(b"ZPOPMAX"),
    "bzpopmin": _pop(b"ZPOPMIN"),
    "expire": _expiry,
    "expireat": _expiry,
    "getex": _expiry,
    "hincrbyfloat": _hash_field,
    "incrbyfloat": _string,
    "pexpire": _expiry,
    "pexpireat": _expiry,
    "psetex": _string,
    "set": _string,
    "setex": _string,
    "spop": _spop,
    "xadd": _xadd,
    "xreadgroup": _xreadgroup,
}

_AS_IT_IS = frozenset(
    (
        "acl deluser", "acl setuser", "append", "bitfield", "bitop", "config set", "copy", "decr", "decrby",
        "del", "flushall", "flushdb", "function delete", "function flush", "function load", "function restore",
        "geoadd", "georadius", "georadiusbymember", "geosearchstore", "getdel", "getset", "hdel", "hincrby",
        "hmset", "hset", "hsetnx", "incr", "incrby", "linsert", "lmove", "lmpop", "lpop", "lpush", "lpushx",
        "lrem", "lset", "ltrim", "move", "mset", "msetnx", "persist", "pfadd", "pfmerge", "rename", "renamenx",
        "restore", "rpop", "rpoplpush", "rpush", "rpushx", "sadd", "script flush", "script load", "sdiffstore",
        "setbit", "setnx", "setrange", "sinterstore", "smove", "sort", "srem", "sunionstore", "swapdb",
        "unlink", "xack", "xautoclaim", "xclaim", "xdel", "xgroup create", "xgroup createconsumer",
        "xgroup delconsumer", "xgroup destroy", "xgroup setid", "xsetid", "xtrim", "zadd", "zdiffstore",
        "zincrby", "zinterstore", "zmpop", "zpopmax", "zpopmin", "zrangestore", "zrem", "zremrangebylex",
        "zremrangebyrank", "zremrangebyscore", "zunionstore",
    )
)  # fmt: skip
"""Commands that do the same again when they are given the same state and time."""

_TELLING = frozenset(
    (
        "append", "decr", "decrby", "del", "expire", "expireat", "getdel", "getex", "hdel", "hset", "incr",
        "lpop", "lpush", "persist", "pexpire", "pexpireat", "rpop", "rpush", "sadd", "set", "setnx",
        "setrange", "srem", "unlink", "zadd", "zrem",
    )
)  # fmt: skip
"""Commands that always mark the key that they change; without a mark they have changed nothing."""


def journaled_commands() -> frozenset[str]:
    """Every command whose effects are written down; a subcommand is `container|subcommand`."""
    return frozenset(name.replace(" ", "|") for name in (*_REWRITES, *_AS_IT_IS))
