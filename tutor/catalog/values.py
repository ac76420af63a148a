"""Which words are values of a type, as Redis reads them."""

from __future__ import annotations

from tutor.catalog.model import NUMERIC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tutor.catalog.model import Argument


def is_integer(word: bytes) -> bool:
    """Whether Redis reads it as a 64-bit integer: no plus, no spaces, no leading zeros."""
    digits = word[1:] if word[:1] == b"-" else word
    if not digits.isdigit() or len(digits) > 20 or (digits[:1] == b"0" and word != b"0"):
        return False
    return -(1 << 63) <= int(word) < 1 << 63


def is_double(word: bytes) -> bool:
    """Whether Redis reads it as a floating-point number; infinities and C's `0x1p3` are numbers, `nan` is none."""
    if not word or b"_" in word or word != word.strip():
        return False
    try:
        number = float.fromhex(word.decode("ascii")) if b"x" in word.lower() else float(word)
    except (ValueError, OverflowError):
        return False
    return str(number) != "nan"


def fits(argument: Argument, word: bytes) -> bool:
    """Whether a word can be a value of an argument's type."""
    if argument.type == "double":
        return is_double(word)
    if argument.type in NUMERIC:
        return is_integer(word)
    return True
