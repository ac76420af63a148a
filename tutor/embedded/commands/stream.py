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
            return found if self._resp_version == 3 else [list(pair) for pair in zip(found[::2], found[1::2], strict=True)]
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
    key = StreamEntryKey.parse_str(given)
    return key


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
                    f"ERR Unbalanced '{name}' list of streams: for each stream key an ID or '$' must be specified."
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


