"""Lua's `bit`: operations on 32-bit integers, as the library BitOp that Redis carries defines them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

__all__ = ["BITS"]

Answer = tuple[bool, Any]
"""Whether it went well, and the value or the words of the error."""


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _signed(number: int) -> int:
    number &= 0xFFFFFFFF
    return number - 0x100000000 if number & 0x80000000 else number


def _bit(func: Callable[..., int], count: int = 1) -> Callable[..., Answer]:
    """`count` numbers are taken and what follows them is ignored; 0 takes all there are, at least one."""

    def checked(*args: Any) -> Answer:
        taken = args[:count] if count else args
        good = 0
        while good < len(taken) and _number(taken[good]):
            good += 1
        if good < max(count, 1) or good < len(taken):
            return False, b"bad argument #%d (number expected)" % (good + 1)
        return True, _signed(func(*(round(arg) & 0xFFFFFFFF for arg in taken)))

    return checked


def _fold(func: Callable[[int, int], int]) -> Callable[..., Answer]:
    def folded(first: int, *rest: int) -> int:
        for other in rest:
            first = func(first, other)
        return first

    return _bit(folded, 0)


def _rol(number: int, by: int) -> int:
    by &= 31
    return (number << by) | (number >> (32 - by))


def _hex(*args: Any) -> Answer:
    if not args or not all(_number(arg) for arg in args):
        return False, b"bad argument #1 to 'tohex' (number expected)"
    digits = int(args[1]) if len(args) > 1 else 8
    text = b"%08x" % (round(args[0]) & 0xFFFFFFFF)
    wide = min(8, abs(digits))
    return True, (text.upper() if digits < 0 else text)[8 - wide :]


BITS: dict[str, Callable[..., Answer]] = {
    "tobit": _bit(lambda number: number),
    "bnot": _bit(lambda number: ~number),
    "band": _fold(lambda one, other: one & other),
    "bor": _fold(lambda one, other: one | other),
    "bxor": _fold(lambda one, other: one ^ other),
    "lshift": _bit(lambda number, by: number << (by & 31), 2),
    "rshift": _bit(lambda number, by: number >> (by & 31), 2),
    "arshift": _bit(lambda number, by: _signed(number) >> (by & 31), 2),
    "rol": _bit(_rol, 2),
    "ror": _bit(lambda number, by: _rol(number, 32 - (by & 31)), 2),
    "bswap": _bit(lambda number: int.from_bytes(number.to_bytes(4, "little"), "big")),
    "tohex": _hex,
}
