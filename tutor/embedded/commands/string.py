"""Strings: floats as Redis prints them, sizes checked before they are allocated, LCS as Redis walks it."""

from __future__ import annotations

from typing import Any

from tutor.embedded import numbers
from tutor.embedded.commands.base import Family
from tutor.embedded.fake import OK, Int, Key, SimpleError, SimpleString, command

__all__ = ["Strings"]

_MOST = 512 * 1024 * 1024
_TOO_LONG = "ERR string exceeds maximum allowed size (proto-max-bulk-len)"
_INT64 = 1 << 63


class Strings(Family):
    """What Redis does otherwise than fakeredis."""

    def grow(self, key: Any, size: int) -> None:
        """Refuse a string longer than Redis allows, or than there is memory for, before it is made."""
        if size > _MOST:
            raise SimpleError(_TOO_LONG)
        held = len(key.value) if isinstance(key.value, bytes) else 0
        self._server.guard_room(max(0, size - held) + size)

    @command(name="APPEND", fixed=(Key(bytes), bytes))
    def append(self, key: Any, value: bytes) -> int:
        """The new length."""
        old = key.get(b"")
        self.grow(key, len(old) + len(value))
        key.update(old + value)
        return len(key.value)

    @command(name="SETRANGE", fixed=(Key(bytes), Int, bytes))
    def setrange(self, key: Any, offset: int, value: bytes) -> int:
        """Zero bytes fill the gap; an empty value changes nothing."""
        if offset < 0:
            raise SimpleError("ERR offset is out of range")
        old = key.get(b"")
        if not value:
            return len(old)
        self.grow(key, offset + len(value))
        key.update(old[:offset].ljust(offset, b"\x00") + value + old[offset + len(value) :])
        return len(key.value)

    @command(name="DECRBY", fixed=(Key(bytes), Int))
    def decrby(self, key: Any, amount: int) -> int:
        """The smallest integer has no opposite."""
        if amount == -_INT64:
            raise SimpleError("ERR decrement would overflow")
        base: Any = self
        result: int = base._incrby(key, -amount)
        return result

    @command(name="INCRBYFLOAT", fixed=(Key(bytes), bytes))
    def incrbyfloat(self, key: Any, amount: bytes) -> bytes:
        """Added and printed as a long double: 3.14, not 3.14000000000000012."""
        step = numbers.read(amount)
        current = numbers.read(key.get(b"0"))
        if current is None:
            raise SimpleError("ERR value is not a valid float")
        if step is None:
            infinite = amount.lower().lstrip(b"+-") in (b"inf", b"infinity")
            raise SimpleError(
                "ERR increment would produce NaN or Infinity" if infinite else "ERR value is not a valid float"
            )
        text = numbers.add(current, step)
        key.update(text)
        return text

    @command(name="SETEX", fixed=(Key(), bytes, bytes))
    def setex(self, key: Any, seconds: bytes, value: bytes) -> SimpleString:
        """A moment, not a length, is what is kept."""
        return self._set_for(key, Int.decode(seconds), 1000, value, "setex")

    @command(name="PSETEX", fixed=(Key(), bytes, bytes))
    def psetex(self, key: Any, ms: bytes, value: bytes) -> SimpleString:
        """As SETEX, in milliseconds, which fakeredis cuts to seconds."""
        return self._set_for(key, Int.decode(ms), 1, value, "psetex")

    def _set_for(self, key: Any, span: int, unit: int, value: bytes, name: str) -> SimpleString:
        moment = self._moment(span, unit, True, name)
        key.value = value
        key.expireat = moment / 1000
        return OK

    def _moment(self, span: int, unit: int, relative: bool, name: str) -> int:
        """When a key expires, in milliseconds; what is not in the future or does not fit is refused."""
        wrong = SimpleError(f"ERR invalid expire time in '{name}' command")
        if span <= 0 or span * unit >= _INT64:
            raise wrong
        moment = span * unit + (self._server.now_ms if relative else 0)
        if moment >= _INT64:
            raise wrong
        return moment

    @command(name="GETEX", fixed=(Key(bytes),), repeat=(bytes,))
    def getex(self, key: Any, *args: bytes) -> bytes | None:
        """One option at most; a moment that is over deletes the key."""
        option = args[0].lower() if args else b""
        if not args:
            value: bytes | None = key.get(None)
            return value
        if option == b"persist" and len(args) == 1:
            if key and key.expireat is not None:
                key.expireat = None
            kept: bytes | None = key.get(None)
            return kept
        unit, relative = {b"ex": (1000, True), b"px": (1, True), b"exat": (1000, False), b"pxat": (1, False)}.get(
            option, (0, False)
        )
        if not unit or len(args) != 2:
            raise SimpleError("ERR syntax error")
        span = Int.decode(args[1])
        if not key:
            return None
        moment = self._moment(span, unit, relative, "getex")
        found: bytes = key.value
        if moment <= self._server.now_ms:
            key.value = None
        else:
            key.expireat = moment / 1000
        return found

    @command(name="LCS", fixed=(Key(), Key()), repeat=(bytes,))
    def lcs(self, one: Any, other: Any, *args: bytes) -> Any:
        """Redis's own walk back through the table, which decides between equally long ones."""
        if any(item.value is not None and not isinstance(item.value, bytes) for item in (one, other)):
            raise SimpleError("ERR The specified keys must contain string values")
        length = index = with_lengths = False
        shortest, at = 0, 0
        while at < len(args):
            word = args[at].lower()
            if word == b"len":
                length = True
            elif word == b"idx":
                index = True
            elif word == b"withmatchlen":
                with_lengths = True
            elif word == b"minmatchlen" and at + 1 < len(args):
                at += 1
                shortest = max(0, Int.decode(args[at]))
            else:
                raise SimpleError("ERR syntax error")
            at += 1
        if length and index:
            raise SimpleError("ERR If you want both the length and indexes, please just use IDX.")
        first, second = one.get(b""), other.get(b"")
        cells = (len(first) + 1) * (len(second) + 1)
        if cells * 4 >= 1 << 32:
            raise SimpleError("ERR String too long for LCS")
        self._server.guard_room(cells * 4)
        total, text, matches = _lcs(first, second, shortest, with_lengths)
        return {b"matches": matches, b"len": total} if index else total if length else text

    @command(name="SETBIT", fixed=(Key(bytes), bytes, bytes))
    def set_one_bit(self, key: Any, offset: bytes, bit: bytes) -> int:
        """The old bit; the string grows as far as needed, if there is memory."""
        place = self.bit_offset(offset)
        if bit not in (b"0", b"1"):
            raise SimpleError("ERR bit is not an integer or out of range")
        byte, mask = place >> 3, 0x80 >> (place & 7)
        old = key.get(b"")
        if byte >= len(old):
            self.grow(key, byte + 1)
        data = bytearray(old.ljust(byte + 1, b"\x00"))
        before = int(bool(data[byte] & mask))
        data[byte] = data[byte] | mask if bit == b"1" else data[byte] & ~mask
        if len(data) != len(old) or before != int(bit):
            key.update(bytes(data))
        return before

    @staticmethod
    def bit_offset(offset: bytes) -> int:
        """A bit's place: at most what 512 MB hold."""
        place = Int.decode(offset, "ERR bit offset is not an integer or out of range")
        if not 0 <= place < _MOST * 8:
            raise SimpleError("ERR bit offset is not an integer or out of range")
        return place

    @command(name="BITFIELD", fixed=(Key(bytes),), repeat=(bytes,))
    def bitfield(self, key: Any, *args: bytes) -> Any:
        """The furthest bit is looked at before anything is written."""
        furthest = 0
        for at, word in enumerate(args[:-2]):
            if word.lower() in (b"set", b"incrby"):
                size = int(args[at + 1][1:]) if args[at + 1][1:].isdigit() else 64
                place = args[at + 2].removeprefix(b"#")
                if place.isdigit():
                    furthest = max(furthest, int(place) * (size if args[at + 2][:1] == b"#" else 1) + size)
        if 0 < furthest <= _MOST * 8:
            self.grow(key, furthest // 8 + 1)
        base: Any = super()
        return base.bitfield(key, *args)

    @command(name="BITOP", fixed=(bytes, Key()), repeat=(Key(bytes),))
    def bitop(self, operation: bytes, target: Any, *keys: Any) -> int:
        """An operation that does not exist is a syntax error."""
        if operation.lower() not in (b"and", b"or", b"xor", b"not"):
            raise SimpleError("ERR syntax error")
        self._server.guard_room(3 * max(len(key.get(b"")) for key in keys))
        base: Any = super()
        result: int = base.bitop(operation, target, *keys)
        return result


def _lcs(one: bytes, other: bytes, shortest: int, with_lengths: bool) -> tuple[int, bytes, list[Any]]:
    """Length, text and ranges of the longest common subsequence."""
    wide = len(other)
    rows = [[0] * (wide + 1)]
    for char in one:
        above, row = rows[-1], [0]
        for at in range(wide):
            row.append(above[at] + 1 if char == other[at] else max(above[at + 1], row[at]))
        rows.append(row)
    text, matches = bytearray(), list[Any]()
    i, j = len(one), wide
    run: list[int] | None = None  # start and end in `one`, start and end in `other`
    while i > 0 and j > 0:
        if one[i - 1] == other[j - 1]:
            text.append(one[i - 1])
            if run is not None and run[0] == i and run[2] == j:
                run[0], run[2] = i - 1, j - 1
            else:
                _close(run, matches, shortest, with_lengths)
                run = [i - 1, i - 1, j - 1, j - 1]
            i, j = i - 1, j - 1
        else:
            if rows[i - 1][j] > rows[i][j - 1]:
                i -= 1
            else:
                j -= 1
    _close(run, matches, shortest, with_lengths)
    return rows[-1][-1], bytes(reversed(text)), matches


def _close(run: list[int] | None, matches: list[Any], shortest: int, with_lengths: bool) -> None:
    if run is not None:
        size = run[1] - run[0] + 1
        if size >= shortest:
            found: list[Any] = [[run[0], run[1]], [run[2], run[3]]]
            matches.append([*found, size] if with_lengths else found)
