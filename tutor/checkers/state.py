"""The checker of one key: is it there, of which type, what does it hold, how long does it stay."""

from __future__ import annotations

from tutor.checkers.attempt import Attempt, Finding
from tutor.checkers.snapshot import KeyRecord
from tutor.checkers.words import cut, quoted_if_odd, shown
from tutor.lesson import Bounds, Check, Contents, KeyState, Pairs

__all__ = ["check_state"]

_LOOKS = {
    "string": "GET {}",
    "list": "LRANGE {} 0 -1",
    "set": "SMEMBERS {}",
    "zset": "ZRANGE {} 0 -1 WITHSCORES",
    "hash": "HGETALL {}",
    "stream": "XRANGE {} - +",
}
_KINDS = {
    "string": "a string",
    "list": "a list",
    "set": "a set",
    "zset": "a sorted set",
    "hash": "a hash",
    "stream": "a stream",
    "none": "(nil)",
}


def check_state(check: Check, attempt: Attempt) -> Finding | None:
    """The first thing about the key that is not as it should be, or None."""
    probe = check.probe
    assert isinstance(probe, KeyState)
    record = attempt.snapshot.keys[probe.key]
    found = (
        _existence(probe, record)
        or _type(probe, record)
        or _equals(probe, record)
        or _contains(probe, record)
        or _lacks(probe, record)
        or _length(probe, record)
        or _ttl(probe, record)
    )
    if found is None:
        return None
    expected, actual, look = found
    name = quoted_if_odd(probe.key)
    return Finding(expected, actual, f"Type {look.format(name)}.", probe.key)


_Found = tuple[str, str, str] | None


def _existence(probe: KeyState, record: KeyRecord) -> _Found:
    there = record.type != "none"
    if probe.exists is None or probe.exists == there:
        return None
    words = ("no such key", "the key is there")
    return words[probe.exists], words[there], "EXISTS {}"


def _type(probe: KeyState, record: KeyRecord) -> _Found:
    if probe.type is None or probe.type == record.type:
        return None
    return _KINDS[probe.type], _KINDS.get(record.type, record.type), "TYPE {}"


def _equals(probe: KeyState, record: KeyRecord) -> _Found:
    if probe.equals is None or _holds(probe.equals, record):
        return None
    return shown(probe.equals), _held(record), _LOOKS.get(record.type, "TYPE {}")


def _contains(probe: KeyState, record: KeyRecord) -> _Found:
    if probe.contains is None:
        return None
    missing = [part for part in _parts(probe.contains) if not _has(part, record)]
    if not missing:
        return None
    return ", ".join(shown(part) for part in missing), _held(record), _LOOKS.get(record.type, "TYPE {}")


def _lacks(probe: KeyState, record: KeyRecord) -> _Found:
    if probe.lacks is None or record.type == "none":
        return None
    there = [part for part in _parts(probe.lacks) if _has(part, record)]
    if not there:
        return None
    without = ", ".join(shown(part) for part in there)
    return f"without {without}", _held(record), _LOOKS.get(record.type, "TYPE {}")


_LENGTHS = {
    "string": "STRLEN {}",
    "list": "LLEN {}",
    "set": "SCARD {}",
    "zset": "ZCARD {}",
    "hash": "HLEN {}",
    "stream": "XLEN {}",
}


def _length(probe: KeyState, record: KeyRecord) -> _Found:
    if probe.length is None or probe.length.holds(record.length):
        return None
    return str(probe.length), str(record.length), _LENGTHS.get(record.type, "TYPE {}")


def _ttl(probe: KeyState, record: KeyRecord) -> _Found:
    ttl = probe.ttl
    if ttl is None:
        return None
    if isinstance(ttl, Bounds):
        # A real server's clock runs on between the command and the check: the rounding of TTL swallows that.
        good, expected = record.ttl >= 0 and ttl.holds(record.ttl), f"{ttl} seconds"
    elif ttl == "none":
        good, expected = record.ttl == -1, "-1 (no end)"
    else:
        good, expected = record.ttl >= 0, "some seconds"
    return None if good else (expected, str(record.ttl), "TTL {}")


# -- what a key holds ----------------------------------------------------------------------------------------------


def _holds(wanted: Contents, record: KeyRecord) -> bool:
    """Whether the key holds exactly this."""
    match record.type:
        case "string":
            return isinstance(wanted, str) and record.text == wanted.encode()
        case "list" | "set" | "zset" if isinstance(wanted, tuple):
            words = [part.encode() for part in wanted if isinstance(part, str)]
            held = list(record.elements)
            return sorted(words) == sorted(held) if record.type == "set" else words == held
        case "hash" | "zset" if isinstance(wanted, Pairs):
            return len(wanted.pairs) == len(record.pairs) and all(_has(_pair(pair), record) for pair in wanted.pairs)
        case "stream" if isinstance(wanted, tuple):
            entries = [_encoded(part) for part in wanted if isinstance(part, Pairs)]
            return len(wanted) == len(record.entries) and all(
                dict(want) == dict(held) for want, held in zip(entries, record.entries, strict=False)
            )
    # An empty list, set or hash is no key at all.
    return record.type == "none" and not isinstance(wanted, str) and not _parts(wanted)


def _has(part: str | Pairs, record: KeyRecord) -> bool:
    """Whether the key holds this element, member or pair, whatever else it holds."""
    if record.type == "stream":
        wanted = dict(_encoded(part)) if isinstance(part, Pairs) else {part.encode(): None}
        return any(
            all(name in dict(entry) and value in (None, dict(entry)[name]) for name, value in wanted.items())
            for entry in record.entries
        )
    if isinstance(part, str):
        return part.encode() in (record.text or b"") if record.type == "string" else part.encode() in record.elements
    held = dict(record.pairs)
    for name, value in part.pairs:
        actual = held.get(name.encode())
        if actual is None or not (_same_score(value, actual) if record.type == "zset" else actual == value.encode()):
            return False
    return True


def _same_score(wanted: str, held: bytes) -> bool:
    try:
        return float(wanted) == float(held)
    except ValueError:
        return False


def _parts(contents: Contents) -> list[str | Pairs]:
    if isinstance(contents, str):
        return [contents]
    if isinstance(contents, Pairs):
        return [_pair(pair) for pair in contents.pairs]
    return list(contents)


def _pair(pair: tuple[str, str]) -> Pairs:
    return Pairs((pair,))


def _encoded(part: Pairs) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in part.pairs]


def _held(record: KeyRecord) -> str:
    """What the key holds, short."""
    match record.type:
        case "string":
            return quoted_if_odd(record.text or b"")
        case "none":
            return "(nil)"
        case "stream":
            return cut([", ".join(_both(pair) for pair in entry) for entry in record.entries], "; ")
        case "hash" | "zset":
            return cut([_both(pair) for pair in record.pairs], ", ")
        case "list" | "set":
            return cut([quoted_if_odd(item) for item in record.elements], ", ")
    return record.type


def _both(pair: tuple[bytes, bytes]) -> str:
    return f"{quoted_if_odd(pair[0])}: {quoted_if_odd(pair[1])}"
