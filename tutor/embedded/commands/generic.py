"""Commands on keys of any type: what Redis does otherwise than fakeredis, or what fakeredis lacks."""

from __future__ import annotations

import copy
import random
from typing import Any

from tutor.embedded.commands.base import Family
from tutor.embedded.dump import freeze, thaw
from tutor.embedded.encoding import encoding_of, size_of
from tutor.embedded.fake import OK, CommandItem, Int, Item, Key, SimpleError, SimpleString, command
from tutor.embedded.glob import compile_glob
from tutor.embedded.reply import Verbatim, spell

__all__ = ["Generic"]

_NO_KEY = "ERR no such key"
_INT64 = 1 << 63


class Generic(Family):
    """Expiry, copies, dumps, and what OBJECT and MEMORY say."""

    def _expire_at(self, key: Any, ms: int, args: tuple[bytes, ...], name: str) -> int:
        """Set the moment of expiry in milliseconds; a moment that is over deletes the key at once."""
        flags = {arg.lower() for arg in args}
        for arg in args:
            if arg.lower() not in (b"nx", b"xx", b"gt", b"lt"):
                raise SimpleError(f"ERR Unsupported option {spell(arg)}")
        if b"nx" in flags and len(flags) > 1:
            raise SimpleError("ERR NX and XX, GT or LT options at the same time are not compatible")
        if {b"gt", b"lt"} <= flags:
            raise SimpleError("ERR GT and LT options at the same time are not compatible")
        if not -_INT64 <= ms < _INT64:
            raise SimpleError(f"ERR invalid expire time in '{name}' command")
        if not key:
            return 0
        current = None if key.expireat is None else round(key.expireat * 1000)
        if (
            (b"nx" in flags and current is not None)
            or (b"xx" in flags and current is None)
            or (b"gt" in flags and (current is None or ms <= current))
            or (b"lt" in flags and current is not None and ms >= current)
        ):
            return 0
        if ms <= self._server.now_ms:
            key.value = None
        else:
            key.expireat = ms / 1000
        return 1

    @command(name="EXPIRE", fixed=(Key(), Int), repeat=(bytes,))
    def expire(self, key: Any, seconds: int, *args: bytes) -> int:
        """A time that does not fit in 64 bits of milliseconds is refused by name."""
        self._check_seconds(seconds, "expire")
        return self._expire_at(key, self._server.now_ms + seconds * 1000, args, "expire")

    @command(name="PEXPIRE", fixed=(Key(), Int), repeat=(bytes,))
    def pexpire(self, key: Any, ms: int, *args: bytes) -> int:
        """As EXPIRE, in milliseconds."""
        return self._expire_at(key, self._server.now_ms + ms, args, "pexpire")

    @command(name="EXPIREAT", fixed=(Key(), Int), repeat=(bytes,))
    def expireat(self, key: Any, timestamp: int, *args: bytes) -> int:
        """As EXPIRE, at a Unix time."""
        self._check_seconds(timestamp, "expireat")
        return self._expire_at(key, timestamp * 1000, args, "expireat")

    @command(name="PEXPIREAT", fixed=(Key(), Int), repeat=(bytes,))
    def pexpireat(self, key: Any, timestamp: int, *args: bytes) -> int:
        """As EXPIREAT, in milliseconds."""
        return self._expire_at(key, timestamp, args, "pexpireat")

    @staticmethod
    def _check_seconds(seconds: int, name: str) -> None:
        if not -_INT64 <= seconds * 1000 < _INT64:
            raise SimpleError(f"ERR invalid expire time in '{name}' command")

    @command(name="TTL", fixed=(Key(),))
    def ttl(self, key: Any) -> int:
        """Redis rounds half a second up."""
        left: int = self.pttl(key)
        return left if left < 0 else (left + 500) // 1000

    @command(name="PTTL", fixed=(Key(),))
    def pttl(self, key: Any) -> int:
        """-2 without the key, -1 without a time to live."""
        if not key:
            return -2
        return -1 if key.expireat is None else max(0, round(key.expireat * 1000) - self._server.now_ms)

    @command(name="EXPIRETIME", fixed=(Key(),))
    def expiretime(self, key: Any) -> int:
        """Rounded to the nearest second."""
        moment: int = self.pexpiretime(key)
        return moment if moment < 0 else (moment + 500) // 1000

    @command(name="PEXPIRETIME", fixed=(Key(),))
    def pexpiretime(self, key: Any) -> int:
        """The moment of expiry in milliseconds."""
        if not key:
            return -2
        return -1 if key.expireat is None else round(key.expireat * 1000)

    @command(name="KEYS", fixed=(bytes,))
    def keys(self, pattern: bytes) -> list[bytes]:
        """Matched by our own linear matcher."""
        if pattern == b"*":
            return list(self._db)
        wanted = compile_glob(pattern)
        return [key for key in self._db if wanted.match(key)]

    @command(name="TOUCH", fixed=(Key(),), repeat=(Key(),))
    def touch(self, *keys: Any) -> int:
        """How many of the keys exist, counting one that is given twice twice."""
        return sum(1 for key in keys if key)

    @command(name="RANDOMKEY", fixed=())
    def randomkey(self) -> bytes | None:
        """Nil in an empty database."""
        keys = list(self._db)
        return random.choice(keys) if keys else None

    @command(name="RENAME", fixed=(Key(), Key()))
    def rename(self, key: Any, newkey: Any) -> SimpleString:
        """The time to live moves along."""
        if not key:
            raise SimpleError(_NO_KEY)
        if newkey.key != key.key:
            newkey.value, newkey.expireat = key.value, key.expireat
            key.value = None
        return OK

    @command(name="MOVE", fixed=(Key(), bytes))
    def move(self, key: Any, index: bytes) -> int:
        """To another database, if the key is not there yet."""
        number = self._database_number(index, "ERR value is not an integer or out of range")
        if number == self._db_num:
            raise SimpleError("ERR source and destination objects are the same")
        target = self._server.dbs[number]
        if not key or key.key in target:
            return 0
        item = Item(key.value)
        item.expireat = key.expireat
        target[key.key] = item
        target.notify_watch(key.key)
        key.value = None
        return 1

    def _database_number(self, index: bytes, wrong: str) -> int:
        number = Int.decode(index, wrong)
        if not 0 <= number < len(self._server.dbs):
            raise SimpleError("ERR DB index is out of range")
        return number

    @command(name="COPY", fixed=(Key(), Key()), repeat=(bytes,))
    def copy(self, key: Any, newkey: Any, *args: bytes) -> int:
        """A copy of its own: fakeredis lets both keys share one value."""
        number, replace, at = self._db_num, False, 0
        while at < len(args):
            if args[at].lower() == b"replace":
                replace = True
            elif args[at].lower() == b"db" and at + 1 < len(args):
                at += 1
                number = self._database_number(args[at], "ERR value is not an integer or out of range")
            else:
                raise SimpleError("ERR syntax error")
            at += 1
        if key.key == newkey.key and number == self._db_num:
            raise SimpleError("ERR source and destination objects are the same")
        target = self._server.dbs[number]
        if not key or (newkey.key in target and not replace):
            return 0
        self._server.guard_room(size_of(key.value))
        copied = CommandItem(newkey.key, target, item=target.get(newkey.key))
        copied.value = copy.deepcopy(key.value)
        copied.expireat = key.expireat
        copied.writeback()
        return 1

    @command(name="SWAPDB", fixed=(bytes, bytes))
    def swapdb(self, first: bytes, second: bytes) -> SimpleString:
        """Which of the two numbers is wrong is said."""
        one = self._database_number(first, "ERR invalid first DB index")
        other = self._database_number(second, "ERR invalid second DB index")
        if one != other:
            self._server.dbs[one].swap(self._server.dbs[other])
            for index in (one, other):
                for key in list(self._server.dbs[index].stored()):
                    self._server.dbs[index].notify_watch(key)
        return OK

    @command(name="TYPE", fixed=(Key(),))
    def type_cmd(self, key: Any) -> SimpleString:
        """`none` for a key that is not there."""
        return SimpleString(type_name(key.value))

    @command(name="SCAN", fixed=(bytes,), repeat=(bytes,))
    def scan(self, cursor: bytes, *args: bytes) -> list[Any]:
        """An unknown TYPE matches nothing."""
        return self.scan_items(self._db, cursor, args, None, typed=True)

    def scan_items(
        self, keys: Any, cursor: bytes, args: tuple[bytes, ...], scanned: bytes | None, typed: bool = False
    ) -> list[Any]:
        """The common part of the SCAN family: options first, then fakeredis's cursors."""
        place = cursor_number(cursor)
        if place >= 1 << 63:
            return [b"0", []]
        pattern, wanted, count, at = None, None, 10, 0
        while at < len(args):
            word, left = args[at].lower(), len(args) - at - 1
            if word == b"count" and left:
                count = Int.decode(args[at + 1])
                if count < 1:
                    raise SimpleError("ERR syntax error")
            elif word == b"match" and left:
                pattern = args[at + 1]
            elif word == b"type" and left and typed:
                wanted = args[at + 1].lower()
            else:
                raise SimpleError("ERR syntax error")
            at += 2
        base: Any = self
        result: list[Any] = base._scan(keys, place, b"COUNT", b"%d" % count, scanned_key=scanned)
        if pattern is not None:
            glob = compile_glob(pattern)
            result[1] = [key for key in result[1] if glob.match(key)]
        if wanted is not None:
            result[1] = [key for key in result[1] if key in self._db and type_name(self._db[key].value) == wanted]
        return result

    @command(name="DUMP", fixed=(Key(missing_return=None),))
    def dump(self, key: Any) -> bytes:
        """An encoding of our own, which RESTORE here reads: Redis's is its RDB format."""
        return freeze(key.key, key.value)

    @command(name="RESTORE", fixed=(Key(), bytes, bytes), repeat=(bytes,))
    def restore(self, key: Any, ttl: bytes, payload: bytes, *args: bytes) -> SimpleString:
        """Never unpickles: the payload is a checksum and commands, which are checked one by one."""
        replace, absolute, at = False, False, 0
        while at < len(args):
            word = args[at].lower()
            if word == b"replace":
                replace = True
            elif word == b"absttl":
                absolute = True
            elif word in (b"idletime", b"freq") and at + 1 < len(args):
                at += 1
                Int.decode(args[at])
            else:
                raise SimpleError("ERR syntax error")
            at += 1
        if key and not replace:
            raise SimpleError("BUSYKEY Target key name already exists.")
        ms = Int.decode(ttl)
        if ms < 0:
            raise SimpleError("ERR Invalid TTL value, must be >= 0")
        key.value = thaw(payload, self._server)
        key.expireat = None if ms == 0 else (ms if absolute else self._server.now_ms + ms) / 1000
        return OK

    @command(name="OBJECT ENCODING", fixed=(Key(missing_return=None),))
    def object_encoding(self, key: Any) -> bytes:
        """How Redis 7.0 would store this value, by its default thresholds."""
        return encoding_of(key.value, self._server.config)

    @command(name="OBJECT REFCOUNT", fixed=(Key(missing_return=None),))
    def object_refcount(self, key: Any) -> int:
        """Small integers are shared objects, with the number that stands for `for ever`."""
        if isinstance(key.value, bytes) and encoding_of(key.value, {}) == b"int" and 0 <= int(key.value) < 10000:
            return 2147483647
        return 1

    @command(name="OBJECT IDLETIME", fixed=(Key(missing_return=None),))
    def object_idletime(self, key: Any) -> int:
        """Seconds since the key was used."""
        return max(0, self._server.now_ms - self._db.used.get(key.key, self._server.started)) // 1000

    @command(name="OBJECT FREQ", fixed=(Key(missing_return=None),))
    def object_freq(self, key: Any) -> int:
        """Only counted under an LFU policy."""
        raise SimpleError(
            "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when "
            "switching between policies at runtime LRU and LFU data will take some time to adjust."
        )

    @command(name="OBJECT HELP", fixed=())
    def object_help(self) -> list[SimpleString]:
        """The subcommands."""
        words = ("ENCODING <key>", "FREQ <key>", "IDLETIME <key>", "REFCOUNT <key>", "HELP")
        return [SimpleString(b"OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:")] + [
            SimpleString(word.encode()) for word in words
        ]

    @command(name="MEMORY USAGE", fixed=(Key(missing_return=None),), repeat=(bytes,))
    def memory_usage(self, key: Any, *args: bytes) -> int:
        """An estimate: what the value would roughly take in Redis."""
        if args and (len(args) != 2 or args[0].lower() != b"samples"):
            raise SimpleError("ERR syntax error")
        if args:
            Int.decode(args[1])
        return 48 + len(key.key) + size_of(key.value)

    @command(name="MEMORY DOCTOR", fixed=())
    def memory_doctor(self) -> Verbatim:
        """Nothing to say."""
        return Verbatim(b"This is the tutor's own server: it has no allocator to examine.\n")


def type_name(value: Any) -> bytes:
    """What TYPE says."""
    if value is None:
        return b"none"
    if isinstance(value, bytes):
        return b"string"
    if isinstance(value, list):
        return b"list"
    name: bytes = value.model_type()
    return name


def cursor_number(cursor: bytes) -> int:
    """A cursor is an unsigned 64-bit number in decimal."""
    digits = cursor.removeprefix(b"-")
    if not digits.isdigit() or int(digits) >= 1 << 64:
        raise SimpleError("ERR invalid cursor")
    return int(cursor) % (1 << 64)
