"""Lists: what Redis does otherwise than fakeredis."""

from __future__ import annotations

from typing import Any

from tutor.embedded.commands.base import Family
from tutor.embedded.fake import CommandItem, Int, Key, SimpleError, command, load_part

__all__ = ["Lists"]

_timeout: Any = load_part("fakeredis._command_args_parsing").Timeout
_WRONGTYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"


class Lists(Family):
    """Counts, moves that wait, and positions."""

    @command(name="LPOP", fixed=(Key(),), repeat=(bytes,))
    def lpop(self, key: Any, *args: bytes) -> Any:
        """Without a count one element; with one an array, nil when the key is missing."""
        return self._pop(key, args, True, "lpop")

    @command(name="RPOP", fixed=(Key(),), repeat=(bytes,))
    def rpop(self, key: Any, *args: bytes) -> Any:
        """As LPOP, at the other end."""
        return self._pop(key, args, False, "rpop")

    def _pop(self, key: Any, args: tuple[bytes, ...], left: bool, name: str) -> Any:
        if len(args) > 1:
            raise SimpleError(f"ERR wrong number of arguments for '{name}' command")
        count = 1
        if args:
            count = Int.decode(args[0], "ERR value is out of range, must be positive")
            if count < 0:
                raise SimpleError("ERR value is out of range, must be positive")
        if not key:
            base: Any = self
            return base.nil_array() if args else None
        if type(key.value) is not list:
            raise SimpleError(_WRONGTYPE)
        items: list[bytes] = key.value
        taken = items[:count] if left else items[: -count - 1 : -1]
        if taken:
            del items[slice(len(taken)) if left else slice(len(items) - len(taken), None)]
            key.updated()
        return taken if args else taken[0]

    @command(name="LMOVE", fixed=(Key(), Key(), bytes, bytes))
    def lmove(self, source: Any, target: Any, where: bytes, to: bytes) -> bytes | None:
        """The ends are checked first, the types only when there is something to move."""
        return self._move(source, target, _is_left(where), _is_left(to))

    @command(name="RPOPLPUSH", fixed=(Key(), Key()))
    def rpoplpush(self, source: Any, target: Any) -> bytes | None:
        """LMOVE RIGHT LEFT."""
        return self._move(source, target, False, True)

    def _move(self, source: Any, target: Any, left: bool, to_left: bool) -> bytes | None:
        if not source:
            return None
        if type(source.value) is not list:
            raise SimpleError(_WRONGTYPE)
        if target.value is not None and type(target.value) is not list:
            raise SimpleError(_WRONGTYPE)
        element: bytes = source.value.pop(0 if left else -1)
        items = source.value if target.key == source.key else target.value if target.value is not None else []
        items.insert(0 if to_left else len(items), element)
        source.updated()
        if target.key != source.key:
            target.update(items)
        else:
            target.value = source.value
            target.expireat = source.expireat
        return element

    @command(name="BLMOVE", fixed=(bytes, bytes, bytes, bytes, bytes))
    def blmove(self, source: bytes, target: bytes, where: bytes, to: bytes, timeout: bytes) -> Any:
        """LMOVE that waits for the source to have something."""
        left, to_left = _is_left(where), _is_left(to)
        return self._wait_to_move(source, target, left, to_left, _timeout.decode(timeout))

    @command(name="BRPOPLPUSH", fixed=(bytes, bytes, bytes))
    def brpoplpush(self, source: bytes, target: bytes, timeout: bytes) -> Any:
        """BLMOVE RIGHT LEFT."""
        return self._wait_to_move(source, target, False, True, _timeout.decode(timeout))

    def _wait_to_move(self, source: bytes, target: bytes, left: bool, to_left: bool, seconds: float) -> Any:
        def attempt(_: bool) -> bytes | None:
            first = CommandItem(source, self._db, item=self._db.get(source))
            second = CommandItem(target, self._db, item=self._db.get(target))
            element = self._move(first, second, left, to_left)
            if element is not None:
                first.writeback()
                if target != source:
                    second.writeback()
            return element

        return self._blocking(seconds, attempt)

    @command(name="LPOS", fixed=(Key(list), bytes), repeat=(bytes,))
    def lpos(self, key: Any, element: bytes, *args: bytes) -> Any:
        """A rank may be any integer but zero."""
        options = {b"rank": 1, b"count": -1, b"maxlen": 0}
        for word, value in zip(args[::2], args[1::2], strict=False):
            name = word.lower()
            if name not in options:
                raise SimpleError("ERR syntax error")
            options[name] = self._lpos_number(name, value)
        if len(args) % 2:
            raise SimpleError("ERR syntax error")
        rank, count, most = options[b"rank"], options[b"count"], options[b"maxlen"]
        items: list[bytes] = key.value
        places = range(len(items)) if rank > 0 else range(len(items) - 1, -1, -1)
        found = [place for place in (places[:most] if most else places) if items[place] == element]
        found = found[abs(rank) - 1 :]
        if count < 0:
            return found[0] if found else None
        return found[:count] if count else found

    @staticmethod
    def _lpos_number(name: bytes, value: bytes) -> int:
        number = Int.decode(value)
        if name == b"rank" and number == 0:
            raise SimpleError(
                "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... "
                "or use negative to start from the end of the list"
            )
        if name == b"rank" and number == -(1 << 63):
            return -1  # its absolute value overflows in Redis 7.0, and so counts as passed
        if name != b"rank" and number < 0:
            raise SimpleError(f"ERR {name.decode().upper()} can't be negative")
        return number

    @command(name="LTRIM", fixed=(Key(list), Int, Int))
    def ltrim(self, key: Any, start: int, stop: int) -> Any:
        """Keep what LRANGE would show."""
        base: Any = super()
        if key and stop < -1:
            stop += len(key.value)
            if stop < 0:
                stop, start = 0, 1
        return base.ltrim(key, start, stop)

    @command(name="LMPOP", fixed=(bytes, bytes, bytes), repeat=(bytes,))
    def lmpop(self, *args: bytes) -> Any:
        """The number of keys has its own error."""
        base: Any = super()
        return base.lmpop(key_count(args[0]), *args[1:])

    @command(name="BLMPOP", fixed=(bytes, bytes, bytes, bytes), repeat=(bytes,))
    def blmpop(self, *args: bytes) -> Any:
        """The timeout is read first."""
        base: Any = super()
        return base.blmpop(_timeout.decode(args[0]), key_count(args[1]), *args[2:])


def key_count(word: bytes) -> int:
    """How many keys follow."""
    count = Int.decode(word, "ERR numkeys should be greater than 0")
    if count < 1:
        raise SimpleError("ERR numkeys should be greater than 0")
    return count


def _is_left(word: bytes) -> bool:
    if word.lower() not in (b"left", b"right"):
        raise SimpleError("ERR syntax error")
    return word.lower() == b"left"
