"""Streams: reading that blocks, the shapes of XINFO, and error texts, as Redis 7.0 has them."""

from __future__ import annotations

from typing import Any

from tutor.embedded.commands.base import Family
from tutor.embedded.fake import OK, Int, Key, SimpleError, SimpleString, StreamEntryKey, XStream, command, load_part
from tutor.embedded.reply import Pairs, spell

__all__ = ["Streams"]

_model: Any = load_part("fakeredis.model._stream")
_WRONGTYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"


class Streams(Family):
    """What Redis does otherwise than fakeredis."""

    def _stream_at(self, key: bytes) -> Any:
        item = self._db.get(key)
        if item is None:
            return None
        if not isinstance(item.value, XStream):
            raise SimpleError(_WRONGTYPE)
        return item.value

    @command(name="XREAD", fixed=(bytes,), repeat=(bytes,))
    def xread(self, *args: bytes) -> Any:
        """`$` means the last entry at the time of the call, also when the call has to wait."""
        count, block, _, keys, ids = _read_options("xread", args)
        resolved: list[tuple[bytes, Any]] = []
        for key, given in zip(keys, ids, strict=True):
            stream = self._stream_at(key)
            if given == b"$":
                resolved.append((key, stream.last_id if stream is not None else StreamEntryKey(0, 0)))
            elif given == b">":
                raise SimpleError(
                    "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> "
                    "option."
                )
            else:
                resolved.append((key, _entry_id(given)))
        found = Pairs()
        for key, after in resolved:
            stream = self._stream_at(key)
            ids_after = stream.stream_read(after, count or None) if stream is not None else []
            if ids_after:
                found += [key, [stream.format_record(entry) for entry in ids_after]]
        return self._read_or_wait(found, block, args, keys, [after.encode() for _, after in resolved])

    @command(name="XREADGROUP", fixed=(bytes, bytes, bytes), repeat=(bytes,))
    def xreadgroup(self, *args: bytes) -> Any:
        """Missing key and missing group are one error. Reading one's own history never waits."""
        if args[0].lower() != b"group":
            raise SimpleError("ERR syntax error")
        group, consumer = args[1:3]
        count, block, noack, keys, ids = _read_options("xreadgroup", args[3:])
        for key, given in zip(keys, ids, strict=True):
            stream = self._stream_at(key)
            if stream is None or stream.group_get(group) is None:
                raise SimpleError(
                    f"NOGROUP No such key '{spell(key)}' or consumer group '{spell(group)}' in XREADGROUP with "
                    "GROUP option"
                )
            if given == b"$":
                raise SimpleError(
                    "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this "
                    "consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just "
                    "return an empty result set."
                )
            if given != b">":
                _entry_id(given)
        found = Pairs()
        for key, given in zip(keys, ids, strict=True):
            records = self._stream_at(key).group_get(group).group_read(consumer, given, count or None, noack)
            if records or given != b">":
                found += [key, records]
        return self._read_or_wait(found, block, args, keys, ids)

    def _read_or_wait(
        self, found: Pairs, block: int | None, args: tuple[bytes, ...], keys: list[bytes], ids: list[bytes]
    ) -> Any:
        if found:
            return (
                found if self._resp_version == 3 else [list(pair) for pair in zip(found[::2], found[1::2], strict=True)]
            )
        if block is None or self._in_transaction or self._script_resp is not None:
            return None
        words = list(self._argv[:1]) + list(args[: len(args) - len(ids)]) + list(ids)
        raise self._wait(block / 1000, words)

    @command(name="XADD", fixed=(Key(), bytes), repeat=(bytes,))
    def xadd(self, key: Any, *args: bytes) -> bytes | None:
        """fakeredis's, told apart from a type error first."""
        if key.value is not None and not isinstance(key.value, XStream):
            self._parse_add_trim_args(args, xadd=True)
            raise SimpleError(_WRONGTYPE)
        base: Any = super()
        added: bytes | None = base.xadd(key, *args)
        return added

    @command(name="XRANGE", fixed=(Key(), bytes, bytes), repeat=(bytes,))
    def xrange(self, key: Any, start: bytes, end: bytes, *args: bytes) -> Any:
        """COUNT 0 answers a nil array."""
        return self._range(key, start, end, args, False)

    @command(name="XREVRANGE", fixed=(Key(), bytes, bytes), repeat=(bytes,))
    def xrevrange(self, key: Any, end: bytes, start: bytes, *args: bytes) -> Any:
        """As XRANGE, from the end."""
        return self._range(key, start, end, args, True)

    def _range(self, key: Any, start: bytes, end: bytes, args: tuple[bytes, ...], reverse: bool) -> Any:
        low = _model.StreamRangeTest.decode(start)
        high = _model.StreamRangeTest.decode(end, missing_seq=_model.MAX_ID_PART)
        if args and (len(args) != 2 or args[0].lower() != b"count"):
            raise SimpleError("ERR syntax error")
        count = Int.decode(args[1]) if args else None
        if key.value is None:
            return []
        if not isinstance(key.value, XStream):
            raise SimpleError(_WRONGTYPE)
        if count is not None and count <= 0:
            return self.nil_array()
        return key.value.irange(low, high, reverse=reverse, count=count)

    @command(name="XACK", fixed=(Key(XStream), bytes, bytes), repeat=(bytes,))
    def xack(self, key: Any, group: bytes, *ids: bytes) -> int:
        """Every id is read before the first is acknowledged."""
        found = key.value.group_get(group)
        if found is None:
            return 0
        for given in ids:
            _entry_id(given)
        return int(found.ack(ids))

    @command(name="XDEL", fixed=(Key(), bytes), repeat=(bytes,))
    def xdel(self, key: Any, *ids: bytes) -> int:
        """How many there were. All ids are looked at before the first entry goes."""
        stream = self._stream_at(key.key)
        if stream is None:
            return 0
        spelled = [_entry_id(given).encode() for given in ids]
        count: int = stream.delete(spelled)
        if count:
            key.updated()
        return count

    def _group(self, key: Any, group: bytes) -> Any:
        found = key.value.group_get(group) if key.value is not None else None
        if found is None:
            raise SimpleError(f"NOGROUP No such key '{spell(key.key)}' or consumer group '{spell(group)}'")
        return found

    @command(name="XPENDING", fixed=(Key(XStream), bytes), repeat=(bytes,), flags="i")
    def xpending(self, key: Any, group: bytes, *args: bytes) -> Any:
        """The summary counts in strings, and has a nil array where nothing is pending."""
        if not args:
            found = self._group(key, group)
            if not found.pel:
                return [0, None, None, self.nil_array()]
            owners: dict[bytes, int] = {}
            for entry in found.pel.values():
                owners[entry.consumer_name] = owners.get(entry.consumer_name, 0) + 1
            lines = [[name, b"%d" % count] for name, count in sorted(owners.items())]
            return [len(found.pel), min(found.pel).encode(), max(found.pel).encode(), lines]
        rest = args[2:] if args[0].lower() == b"idle" and len(args) > 1 else args
        if not 3 <= len(rest) <= 4:
            raise SimpleError("ERR syntax error")
        if len(rest) != len(args):
            Int.decode(args[1])
        Int.decode(rest[2])
        _model.StreamRangeTest.decode(rest[0])
        _model.StreamRangeTest.decode(rest[1])
        self._group(key, group)
        base: Any = super()
        return base.xpending(key, group, *args)

    @command(name="XCLAIM", fixed=(Key(XStream), bytes, bytes, bytes, bytes), repeat=(bytes,), flags="i")
    def xclaim(self, key: Any, group: bytes, consumer: bytes, idle: bytes, *args: bytes) -> Any:
        """Ids come first; what follows the first word that is none are options."""
        self._group(key, group)
        least = max(0, Int.decode(idle, "ERR Invalid min-idle-time argument for XCLAIM"))
        at = 0
        while at < len(args) and _model.StreamRangeTest.valid_key(args[at]):
            at += 1
        options = at
        while options < len(args):
            word, left = args[options].lower(), len(args) - options - 1
            if word in (b"force", b"justid"):
                options += 1
            elif word in (b"idle", b"time", b"retrycount", b"lastid") and left:
                name = word.decode().upper()
                if word == b"lastid":
                    _entry_id(args[options + 1])
                else:
                    Int.decode(args[options + 1], f"ERR Invalid {name} option argument for XCLAIM")
                if word == b"retrycount" and int(args[options + 1]) < 0:  # 7.0 takes it for "not given"
                    args = args[:options] + args[options + 2 :]
                    options -= 2
                options += 2
            else:
                raise SimpleError(f"ERR Unrecognized XCLAIM option '{spell(args[options])}'")
        base: Any = super()
        return base.xclaim(key, group, consumer, least, *args)

    @command(name="XAUTOCLAIM", fixed=(Key(XStream), bytes, bytes, bytes, bytes), repeat=(bytes,), flags="i")
    def xautoclaim(self, key: Any, group: bytes, consumer: bytes, idle: bytes, start: bytes, *args: bytes) -> Any:
        """The arguments are read before the group is looked for."""
        least = max(0, Int.decode(idle, "ERR Invalid min-idle-time argument for XAUTOCLAIM"))
        _model.StreamRangeTest.decode(start)
        for at, word in enumerate(args):
            counted = word.lower() == b"count" and at + 1 < len(args)
            if counted and Int.decode(args[at + 1], "ERR COUNT must be > 0") < 1:
                raise SimpleError("ERR COUNT must be > 0")
        self._group(key, group)
        base: Any = super()
        return base.xautoclaim(key, group, consumer, least, b"0-0" if start == b"-" else start, *args)

    @command(name="XGROUP CREATE", fixed=(Key(XStream), bytes, bytes), repeat=(bytes,), flags="vi")
    def xgroup_create(self, key: Any, group: bytes, start: bytes, *args: bytes) -> SimpleString:
        """Options that are none are told apart as a wrong subcommand."""
        at = 0
        while at < len(args):
            word = args[at].lower()
            if word == b"mkstream":
                at += 1
            elif word == b"entriesread" and at + 1 < len(args):
                at += 2
            else:
                raise SimpleError("ERR unknown subcommand or wrong number of arguments for 'CREATE'. Try XGROUP HELP.")
        base: Any = super()
        done: SimpleString = base.xgroup_create(key, group, start, *args)
        return done

    @command(name="XINFO CONSUMERS", fixed=(Key(XStream), bytes), flags="i")
    def xinfo_consumers(self, key: Any, group: bytes) -> list[Any]:
        """7.0 has no `inactive` yet."""
        if key.value is None:
            raise SimpleError("ERR no such key")
        found = key.value.group_get(group)
        if found is None:
            raise SimpleError(f"NOGROUP No such consumer group '{spell(group)}' for key name '{spell(key.key)}'")
        now = self._server.now_ms
        owned = [entry.consumer_name for entry in found.pel.values()]
        return [
            {b"name": name, b"pending": owned.count(name), b"idle": max(0, now - consumer.last_attempt)}
            for name, consumer in sorted(found.consumers.items())
        ]

    @command(name="XINFO STREAM", fixed=(Key(XStream),), repeat=(bytes,), flags="i")
    def xinfo_stream(self, key: Any, *args: bytes) -> dict[bytes, Any]:
        """The fields of 7.0, in its order; FULL shows entries and groups."""
        full = bool(args) and args[0].lower() == b"full"
        if (args and not full) or len(args) not in (0, 1, 3) or (len(args) == 3 and args[1].lower() != b"count"):
            raise SimpleError("ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP.")
        if key.value is None:
            raise SimpleError("ERR no such key")
        stream = key.value
        count = max(0, Int.decode(args[2])) if len(args) == 3 else 10
        ids = stream._ids
        keys = len(stream._nodes)
        facts: dict[bytes, Any] = {
            b"length": len(ids),
            b"radix-tree-keys": keys,
            b"radix-tree-nodes": keys + (1 if keys < 2 else 2),
            b"last-generated-id": stream.last_id.encode(),
            b"max-deleted-entry-id": stream.max_deleted_id.encode(),
            b"entries-added": stream.entries_added,
            b"recorded-first-entry-id": stream.first_id.encode(),
        }
        if full:
            shown = ids[:count] if count else ids
            facts[b"entries"] = [stream.format_record(entry) for entry in shown]
            facts[b"groups"] = [_full_group(group, count) for _, group in sorted(stream._groups.items())]
        else:
            facts[b"groups"] = len(stream._groups)
            facts[b"first-entry"] = stream.format_record(ids[0]) if ids else None
            facts[b"last-entry"] = stream.format_record(ids[-1]) if ids else None
        return facts

    @command(name="XSETID", fixed=(Key(), bytes), repeat=(bytes,))
    def xsetid(self, key: Any, given: bytes, *args: bytes) -> SimpleString:
        """Set what the entries do not show; written by snapshots too."""
        added: int | None = None
        deleted: Any = None
        at = 0
        while at < len(args):
            word = args[at].lower()
            if word == b"entriesadded" and at + 1 < len(args):
                added = Int.decode(args[at + 1])
                if added < 0:
                    raise SimpleError("ERR entries_added must be positive")
            elif word == b"maxdeletedid" and at + 1 < len(args):
                deleted = _entry_id(args[at + 1])
            else:
                raise SimpleError("ERR syntax error")
            at += 2
        last = _entry_id(given)
        if deleted is not None and last < deleted:
            raise SimpleError("ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id")
        if key.value is None:
            raise SimpleError("ERR no such key")
        if not isinstance(key.value, XStream):
            raise SimpleError(_WRONGTYPE)
        stream = key.value
        if stream._ids and last < stream._ids[-1]:
            raise SimpleError("ERR The ID specified in XSETID is smaller than the target stream top item")
        if added is not None and added < len(stream._ids):
            raise SimpleError("ERR The entries_added specified in XSETID is smaller than the target stream length")
        stream._last_id = last
        if added is not None:
            stream._entries_added = added
        if deleted is not None:
            stream._max_deleted_id = deleted
        key.updated()
        return OK

    @command(name="TUTOR.CONSUMER", fixed=(bytes, bytes, bytes, Int, Int))
    def tutor_consumer(self, key: bytes, group: bytes, name: bytes, attempt: int, success: int) -> SimpleString:
        """For snapshots: a consumer, with when it was last seen and last got something."""
        consumer = _model.StreamConsumerInfo(name)
        consumer.last_attempt, consumer.last_success = attempt, success
        self._stream_at(key).group_get(group).consumers[name] = consumer
        return OK

    @command(name="TUTOR.PENDING", fixed=(bytes, bytes, bytes, bytes, Int, Int))
    def tutor_pending(
        self, key: bytes, group: bytes, entry: bytes, consumer: bytes, read: int, times: int
    ) -> SimpleString:
        """For snapshots: a pending entry, with its owner, when it was delivered and how often."""
        found = self._stream_at(key).group_get(group)
        found.pel[StreamEntryKey.parse_str(entry)] = _model.PelEntry(consumer, read, times)
        if consumer in found.consumers:
            found.consumers[consumer].pending += 1
        return OK

    def _parse_add_trim_args(self, args: tuple[bytes, ...], xadd: bool) -> Any:
        base: Any = super()
        return base._parse_add_trim_args(args, xadd=xadd)


def _entry_id(given: bytes) -> Any:
    return StreamEntryKey.parse_str(given)


def _full_group(group: Any, count: int) -> dict[bytes, Any]:
    pending = sorted(group.pel.items())
    shown = pending[:count] if count else pending
    consumers = []
    for name, consumer in sorted(group.consumers.items()):
        mine = [(entry, held) for entry, held in pending if held.consumer_name == name]
        consumers.append(
            {
                b"name": name,
                b"seen-time": consumer.last_attempt,
                b"pel-count": len(mine),
                b"pending": [
                    [entry.encode(), held.time_read, held.times_delivered]
                    for entry, held in (mine[:count] if count else mine)
                ],
            }
        )
    return {
        b"name": group.name,
        b"last-delivered-id": group.last_delivered_key.encode(),
        b"entries-read": group.entries_read,
        b"lag": group.lag(False),
        b"pel-count": len(pending),
        b"pending": [
            [entry.encode(), held.consumer_name, held.time_read, held.times_delivered] for entry, held in shown
        ],
        b"consumers": consumers,
    }


def _read_options(name: str, args: tuple[bytes, ...]) -> tuple[int, int | None, bool, list[bytes], list[bytes]]:
    """COUNT, BLOCK, NOACK, then the keys and as many ids."""
    count, block, noack, at = 0, None, False, 0
    while at < len(args):
        word, left = args[at].lower(), len(args) - at - 1
        if word == b"count" and left:
            count = max(0, Int.decode(args[at + 1]))
            at += 2
        elif word == b"block" and left:
            block = Int.decode(args[at + 1], "ERR timeout is not an integer or out of range")
            if block < 0:
                raise SimpleError("ERR timeout is negative")
            at += 2
        elif word == b"noack" and name == "xreadgroup":
            noack = True
            at += 1
        elif word == b"streams" and left:
            names = list(args[at + 1 :])
            if len(names) % 2:
                raise SimpleError(
                    f"ERR Unbalanced {name.upper()} list of streams: for each stream key an ID or '$' must be "
                    "specified."
                )
            half = len(names) // 2
            return count, block, noack, names[:half], names[half:]
        elif word == b"group" and left >= 2 and name == "xread":
            raise SimpleError("ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.")
        elif word == b"noack":
            raise SimpleError("ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.")
        else:
            raise SimpleError("ERR syntax error")
    raise SimpleError("ERR syntax error")
