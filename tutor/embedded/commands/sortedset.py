"""Sorted sets: what Redis does otherwise than fakeredis."""

from __future__ import annotations

import itertools
import random
from typing import Any

from tutor.embedded.commands.base import Family
from tutor.embedded.commands.list import key_count
from tutor.embedded.commands.set import count_and_limit
from tutor.embedded.fake import CommandItem, Float, Int, Key, SimpleError, ZSet, command, load_part
from tutor.embedded.reply import double

__all__ = ["SortedSets"]

_parsing: Any = load_part("fakeredis._command_args_parsing")
_timeout, StringTest = _parsing.Timeout, _parsing.StringTest
_WRONGTYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"


class SortedSets(Family):
    """Ranges that are stored, pops that wait, random members, and the cursor of ZSCAN."""

    @command(name="ZRANGESTORE", fixed=(Key(), Key(ZSet), bytes, bytes), repeat=(bytes,))
    def zrangestore(self, target: Any, source: Any, start: bytes, stop: bytes, *args: bytes) -> int:
        """Knows no WITHSCORES: the scores are always stored."""
        if any(arg.lower() == b"withscores" for arg in args):
            raise SimpleError("ERR syntax error")
        base: Any = self
        found = ZSet()
        for member in base._zrange_args(source, start, stop, *args):
            found.add(member, source.value.get(member))
        target.value = found
        return len(found)

    @command(name="ZRANGE", fixed=(Key(ZSet), bytes, bytes), repeat=(bytes,))
    def zrange(self, key: Any, start: bytes, stop: bytes, *args: bytes) -> Any:
        """Scores do not go with a range by name."""
        words = {arg.lower() for arg in args}
        if {b"withscores", b"bylex"} <= words:
            raise SimpleError("ERR syntax error, WITHSCORES not supported in combination with BYLEX")
        base: Any = self
        if not words & {b"byscore", b"bylex"}:
            Int.decode(start)
            Int.decode(stop)
        return base._zrange_args(key, start, stop, *args)

    def _zrangebylex(self, key: Any, low: Any, high: Any, reverse: bool, offset: int, count: int) -> list[bytes]:
        """By name among equal scores; with mixed scores, which Redis leaves open, it walks on as Redis does."""
        if reverse:
            low, high = high, low
        found = _lex_range(list(key.value), low, high, reverse)
        base: Any = self
        limited: list[bytes] = base._limit_items(found, offset, count)
        return limited

    @command(name="ZLEXCOUNT", fixed=(Key(ZSet), StringTest, StringTest))
    def zlexcount(self, key: Any, low: Any, high: Any) -> int:
        """How many ZRANGE BYLEX would show."""
        return len(_lex_range(list(key.value), low, high, False))

    @command(name="ZREMRANGEBYLEX", fixed=(Key(ZSet), StringTest, StringTest))
    def zremrangebylex(self, key: Any, low: Any, high: Any) -> int:
        """Remove what ZRANGE BYLEX would show."""
        members = _lex_range(list(key.value), low, high, False)
        for member in members:
            key.value.discard(member)
            key.updated()
        return len(members)

    @command(name="ZREVRANGE", fixed=(Key(ZSet), bytes, bytes), repeat=(bytes,))
    def zrevrange(self, key: Any, start: bytes, stop: bytes, *args: bytes) -> Any:
        """ZRANGE REV with the old syntax."""
        if any(arg.lower() != b"withscores" for arg in args):
            raise SimpleError("ERR syntax error")
        return self.zrange(key, start, stop, b"REV", *args)

    @command(name="ZRANK", fixed=(Key(ZSet), bytes))
    def zrank(self, key: Any, member: bytes) -> int | None:
        """WITHSCORE came later than 7.0."""
        return int(key.value.rank(member)[0]) if member in key.value else None

    @command(name="ZREVRANK", fixed=(Key(ZSet), bytes))
    def zrevrank(self, key: Any, member: bytes) -> int | None:
        """From the highest score."""
        return len(key.value) - 1 - int(key.value.rank(member)[0]) if member in key.value else None

    @command(name="ZPOPMIN", fixed=(Key(ZSet),), repeat=(bytes,))
    def zpopmin(self, key: Any, *args: bytes) -> list[Any]:
        """RESP3 pairs members with scores only when a count was given."""
        return self._zpop_some(key, args, False)

    @command(name="ZPOPMAX", fixed=(Key(ZSet),), repeat=(bytes,))
    def zpopmax(self, key: Any, *args: bytes) -> list[Any]:
        """From the highest score."""
        return self._zpop_some(key, args, True)

    def _zpop_some(self, key: Any, args: tuple[bytes, ...], highest: bool) -> list[Any]:
        if len(args) > 1:
            raise SimpleError("ERR syntax error")
        count = Int.decode(args[0], "ERR value is out of range, must be positive") if args else 1
        if count < 0:
            raise SimpleError("ERR value is out of range, must be positive")
        base: Any = self
        popped: list[Any] = base._zpop(key, count, highest, flatten_list=self._resp_version == 2 or not args)
        return popped

    def _zpop_first(self, keys: Any, count: int, highest: bool) -> tuple[bytes, list[Any]] | None:
        """Pop from the first of the keys that has members."""
        base: Any = self
        for key in keys:
            item = CommandItem(key, self._db, item=self._db.get(key))
            if item.value is None:
                continue
            if not isinstance(item.value, ZSet):
                raise SimpleError(_WRONGTYPE)
            popped = base._zpop(item, count, highest, flatten_list=False)
            item.writeback()
            return key, popped
        return None

    @command(name="BZPOPMIN", fixed=(bytes, bytes), repeat=(bytes,))
    def bzpopmin(self, *args: bytes) -> Any:
        """Key, member and score of the lowest."""
        return self._bzpop_one(args, False)

    @command(name="BZPOPMAX", fixed=(bytes, bytes), repeat=(bytes,))
    def bzpopmax(self, *args: bytes) -> Any:
        """Key, member and score of the highest."""
        return self._bzpop_one(args, True)

    def _bzpop_one(self, args: tuple[bytes, ...], highest: bool) -> Any:
        def attempt(_: bool) -> list[Any] | None:
            found = self._zpop_first(args[:-1], 1, highest)
            return None if found is None else [found[0], *found[1][0]]

        return self._blocking(_timeout.decode(args[-1]), attempt)

    @command(name="ZMPOP", fixed=(bytes, bytes, bytes), repeat=(bytes,))
    def zmpop(self, *args: bytes) -> Any:
        """The first key that has members, and pairs of members and scores."""
        keys, count, highest = _mpop(args)
        found = self._zpop_first(keys, count, highest)
        return None if found is None else list(found)

    @command(name="BZMPOP", fixed=(bytes, bytes, bytes, bytes), repeat=(bytes,))
    def bzmpop(self, *args: bytes) -> Any:
        """ZMPOP that waits."""
        seconds = _timeout.decode(args[0])
        keys, count, highest = _mpop(args[1:])

        def attempt(_: bool) -> list[Any] | None:
            found = self._zpop_first(keys, count, highest)
            return None if found is None else list(found)

        return self._blocking(seconds, attempt)

    @command(name="ZMSCORE", fixed=(Key(ZSet), bytes), repeat=(bytes,))
    def zmscore(self, key: Any, *members: bytes) -> list[float | None]:
        """Nil for each that is not there."""
        return [key.value.get(member) for member in members]

    @command(name="ZRANDMEMBER", fixed=(Key(ZSet),), repeat=(bytes,))
    def zrandmember(self, key: Any, *args: bytes) -> Any:
        """One member without a count; with one an array."""
        items = list(key.value.items())
        if not args:
            return random.choice(items)[0] if items else None
        count = Int.decode(args[0])
        if len(args) > 2 or (len(args) == 2 and args[1].lower() != b"withscores"):
            raise SimpleError("ERR syntax error")
        base: Any = self
        chosen = base.choose_some(items, count)
        if len(args) == 1:
            return [member for member, _ in chosen]
        return (
            [list(pair) for pair in chosen] if self._resp_version == 3 else [word for pair in chosen for word in pair]
        )

    @command(name="ZINTERCARD", fixed=(bytes, bytes), repeat=(bytes,))
    def zintercard(self, numkeys: bytes, *args: bytes) -> int:
        """As SINTERCARD, with errors of its own."""
        if Int.decode(numkeys) < 1:
            raise SimpleError("ERR at least 1 input key is needed for 'zintercard' command")
        if int(numkeys) > len(args):
            raise SimpleError("ERR syntax error")
        keys, limit = count_and_limit(numkeys, args)
        base: Any = self
        size = len(base._zunioninterdiff("ZINTER", None, len(keys), *keys))
        return min(limit, size) if limit else size

    @command(name="ZSCAN", fixed=(Key(ZSet), bytes), repeat=(bytes,))
    def zscan(self, key: Any, cursor: bytes, *args: bytes) -> list[Any]:
        """Members and scores in turn; the scores are strings in RESP3 too."""
        base: Any = self
        place, members = base.scan_items(key.value, cursor, args, key.key)
        return [place, [word for member in members for word in (member, double(key.value[member]))]]

    @command(name="ZINCRBY", fixed=(Key(ZSet), bytes, bytes))
    def zincrby(self, key: Any, increment: Any, member: bytes) -> float:
        """The increment is read before the sum is made; ZADD INCR comes here with a number."""
        step = Float.decode(increment) if isinstance(increment, bytes) else increment
        base: Any = super()
        score: float = base.zincrby(key, step, member)
        return score


def _lex_range(members: list[bytes], low: Any, high: Any, reverse: bool) -> list[bytes]:
    def from_low(member: bytes) -> bool:
        value = low.value
        return bool(value < member) if low.exclusive or not isinstance(value, bytes) else value <= member

    def to_high(member: bytes) -> bool:
        value = high.value
        return bool(value > member) if high.exclusive or not isinstance(value, bytes) else value >= member

    first, second = (to_high, from_low) if reverse else (from_low, to_high)
    ordered = members[::-1] if reverse else members
    start = next((at for at, member in enumerate(ordered) if first(member)), len(ordered))
    return list(itertools.takewhile(second, ordered[start:]))


def _mpop(args: tuple[bytes, ...]) -> tuple[tuple[bytes, ...], int, bool]:
    """numkeys, the keys, MIN or MAX, and COUNT."""
    many = key_count(args[0])
    if many + 1 >= len(args) or args[many + 1].lower() not in (b"min", b"max"):
        raise SimpleError("ERR syntax error")
    rest, count = args[many + 2 :], 1
    if rest:
        if len(rest) != 2 or rest[0].lower() != b"count":
            raise SimpleError("ERR syntax error")
        count = Int.decode(rest[1], "ERR count should be greater than 0")
        if count < 1:
            raise SimpleError("ERR count should be greater than 0")
    return args[1 : many + 1], count, args[many + 1].lower() == b"max"
