"""How Redis 7.0 stores a value: the names of OBJECT ENCODING, with the thresholds of its configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutor.embedded.fake import ExpiringMembersSet, Hash, XStream, ZSet

__all__ = ["encoding_of", "size_of"]

_EMBEDDED = 44
_LISTPACK_BYTES = 8192


def encoding_of(value: Any, config: Mapping[bytes, bytes]) -> bytes:
    """The encoding of a fresh value of this content. Redis never goes back to the small one when a value shrinks."""
    if isinstance(value, bytes):
        if _is_integer(value):
            return b"int"
        return b"embstr" if len(value) <= _EMBEDDED else b"raw"
    if isinstance(value, list):  # until 7.2 every list is a quicklist, whose nodes are listpacks
        return b"quicklist"
    if isinstance(value, ExpiringMembersSet):
        most = _setting(config, b"set-max-intset-entries", 512)
        return b"intset" if len(value) <= most and all(map(_is_integer, value)) else b"hashtable"
    if isinstance(value, Hash):
        words = [word for pair in value.items() for word in pair]
        return _packed(config, b"hash", len(words) // 2, 512, words, b"hashtable")
    if isinstance(value, ZSet):
        return _packed(config, b"zset", len(value), 128, list(value), b"skiplist")
    return b"stream" if isinstance(value, XStream) else b"raw"


def _packed(
    config: Mapping[bytes, bytes], kind: bytes, count: int, most: int, words: list[bytes], otherwise: bytes
) -> bytes:
    longest = _setting(config, kind + b"-max-listpack-value", 64)
    if count <= _setting(config, kind + b"-max-listpack-entries", most) and all(len(word) <= longest for word in words):
        return b"listpack"
    return otherwise


def _setting(config: Mapping[bytes, bytes], name: bytes, default: int) -> int:
    text = config.get(name, b"")
    return int(text) if text.isdigit() else default


def _is_integer(data: bytes) -> bool:
    """Whether this is a 64-bit integer in its one canonical spelling."""
    if not 0 < len(data) <= 20:
        return False
    digits = data[1:] if data[:1] == b"-" else data
    if not digits.isdigit() or (digits[:1] == b"0" and data != b"0"):
        return False
    return -(1 << 63) <= int(data) < 1 << 63


def size_of(value: Any) -> int:
    """Roughly how many bytes a value takes."""
    if isinstance(value, bytes):
        return 16 + len(value)
    if isinstance(value, list):
        return 128 + sum(map(len, value)) + 11 * len(value)
    if isinstance(value, Hash):
        return 64 + sum(len(field) + len(item) + 24 for field, item in value.items())
    if isinstance(value, XStream):
        return 512 + sum(24 + sum(map(len, fields)) for fields in value._values_dict.values())
    return 64 + sum(len(member) + 24 for member in value)
