"""Lua's `cjson`: values of Lua as JSON and back, with the bounds and the words of the library that Redis carries."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from tutor.embedded.reply import spell

__all__ = ["NULL", "Json"]

_DEEPEST = 1000
_TOO_DEEP = "Cannot serialise, excessive depth (1001)"
_TOO_NESTED = b"Found too many nested data structures (1001)"
_EXPECTED = (
    ("Expecting property name", b"object key string"),
    ("Expecting ':'", b"colon"),
    ("Expecting ','", b"comma or object end"),
)


class _Null:
    """cjson.null."""

    __slots__ = ()

    def __str__(self) -> str:
        return "userdata: NULL"

    def __call__(self, *_: object) -> None:
        raise TypeError("attempt to call a userdata value")


NULL = _Null()


class _UnfitError(Exception):
    """A value that the other side has no place for."""


class Json:
    """Both directions, for one interpreter. Each answers whether it went well, and the value or the error's words."""

    def __init__(self, lua_type: Callable[[Any], str | None], table_from: Callable[[Any], Any]) -> None:
        self._lua_type = lua_type
        self._table_from = table_from

    def encode(self, *args: Any) -> tuple[bool, Any]:
        """A value of Lua as JSON."""
        if len(args) != 1:
            return False, b"bad argument #1 to 'encode' (expected 1 argument)"
        try:
            text = json.dumps(self._plain(args[0], 0), separators=(",", ":"), ensure_ascii=False)
        except _UnfitError as problem:
            return False, str(problem).encode()
        except RecursionError:
            return False, _TOO_DEEP.encode()
        return True, text.encode("utf-8", "surrogateescape").replace(b"/", b"\\/")

    def _plain(self, value: Any, depth: int) -> Any:
        if depth > _DEEPEST:
            raise _UnfitError(_TOO_DEEP)
        if value is NULL or value is None:
            return None
        if isinstance(value, bytes):
            return spell(value)
        if isinstance(value, bool | int):
            return value
        if isinstance(value, float):
            if not math.isfinite(value):
                raise _UnfitError("Cannot serialise number: must not be NaN or Inf")
            return float(b"%.14g" % value)
        kind = self._lua_type(value)
        if kind != "table":
            raise _UnfitError(f"Cannot serialise {kind}: type not supported")
        return self._table(list(value.items()), depth + 1)

    def _table(self, items: list[tuple[Any, Any]], depth: int) -> Any:
        """A table with no keys but positive whole numbers is an array, any other an object."""
        places = {key: item for key, item in items if isinstance(key, int) and not isinstance(key, bool) and key > 0}
        if items and len(places) == len(items):
            last = max(places)
            if last > 10 and last > 2 * len(places):
                raise _UnfitError("Cannot serialise table: excessively sparse array")
            return [self._plain(places.get(at), depth) for at in range(1, last + 1)]
        return {_key(key): self._plain(item, depth) for key, item in items}

    def decode(self, *args: Any) -> tuple[bool, Any]:
        """A JSON text as a value of Lua."""
        if len(args) != 1 or not isinstance(args[0], bytes | int | float):
            return False, b"bad argument #1 to 'decode' (string expected)"
        text = args[0] if isinstance(args[0], bytes) else str(args[0]).encode()
        try:
            return True, self._lua_value(json.loads(spell(text), parse_int=_number), 0)
        except json.JSONDecodeError as error:
            found = b"T_END" if error.pos >= len(text.rstrip()) else b"invalid token"
            expected = next((words for start, words in _EXPECTED if error.msg.startswith(start)), b"value")
            return False, b"Expected %b but found %b at character %d" % (expected, found, error.pos + 1)
        except UnicodeEncodeError:  # half of a pair of surrogates
            at = text.find(b"\\u") + 1
            return False, b"Expected value but found invalid unicode escape code at character %d" % at
        except (RecursionError, _UnfitError):
            return False, _TOO_NESTED

    def _lua_value(self, value: Any, depth: int) -> Any:
        if depth > _DEEPEST:
            raise _UnfitError
        if value is None:
            return NULL
        if isinstance(value, str):
            return _bytes(value)
        if isinstance(value, list):
            return self._table_from([self._lua_value(item, depth + 1) for item in value])
        if isinstance(value, dict):
            return self._table_from({_bytes(key): self._lua_value(item, depth + 1) for key, item in value.items()})
        return value


def _key(key: Any) -> str:
    if isinstance(key, bytes):
        return spell(key)
    if isinstance(key, int | float) and not isinstance(key, bool):
        return f"{key:.14g}"
    raise _UnfitError("Cannot serialise table: table key must be a number or string")


def _number(digits: str) -> int | float:
    """Lua has doubles only; Python would keep every digit."""
    return int(digits) if len(digits) < 16 else float(digits)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
