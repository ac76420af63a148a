"""Floating point as INCRBYFLOAT has it: C's `long double` of 64 bits of mantissa, printed with 17 decimals."""

from __future__ import annotations

import re
from fractions import Fraction

__all__ = ["add", "read"]

_MANTISSA = 64
_NUMBER = re.compile(rb"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?")


def read(text: bytes) -> Fraction | None:
    """The number as the nearest long double; None for what is no finite number."""
    found = _NUMBER.fullmatch(text)
    if found is None or len(text) > 1024 or not (found[2] or found[3]):
        return None
    digits, decimals = found[2] or b"", found[3] or b""
    exponent = int(found[4] or 0) - len(decimals)
    value = Fraction(int(digits + decimals or b"0")) * Fraction(10) ** exponent
    return _rounded(-value if found[1] == b"-" else value)


def add(one: Fraction, other: Fraction) -> bytes:
    """The sum, rounded as a long double, as Redis prints it."""
    total = _rounded(one + other)
    scaled = total * 10**17
    units = scaled.numerator // scaled.denominator
    rest = scaled - units
    if rest > Fraction(1, 2) or (rest == Fraction(1, 2) and units % 2):
        units += 1
    sign = b"-" if units < 0 else b""
    whole, decimals = divmod(abs(units), 10**17)
    text = b"%d" % whole
    if decimals:
        text += b"." + (b"%017d" % decimals).rstrip(b"0")
    return sign + text


def _rounded(value: Fraction) -> Fraction:
    """The nearest number with 64 significant bits, ties to even."""
    if not value:
        return value
    top, bottom = abs(value.numerator), value.denominator
    shift = top.bit_length() - bottom.bit_length() - _MANTISSA
    while True:
        unit = Fraction(2) ** shift
        quotient = abs(value) / unit
        if quotient < 1 << _MANTISSA:
            break
        shift += 1
    whole, rest = quotient.numerator // quotient.denominator, quotient % 1
    if rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2):
        whole += 1
    return (unit * whole) * (1 if value > 0 else -1)
