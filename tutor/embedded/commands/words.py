"""Redis 7.0's words where fakeredis has others: the texts it looks up by name, and two of its argument readers."""

from __future__ import annotations

import math
from typing import Any

from tutor.embedded.fake import Float, SimpleError, load_part

__all__ = ["teach"]

_WORDS = {
    "BITOP_NOT_ONE_KEY_ONLY": "ERR BITOP NOT must be called with a single source key.",
    "INVALID_EXPIRE_MSG": "ERR invalid expire time in '{}' command",
    "INVALID_MIN_MAX_STR_MSG": "ERR min or max not valid string range item",
    "LPOS_RANK_CAN_NOT_BE_ZERO": (
        "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... "
        "or use negative to start from the end of the list"
    ),
    "NUMKEYS_GREATER_THAN_ZERO_MSG": "ERR numkeys should be greater than 0",
    "XGROUP_BUSYGROUP": "BUSYGROUP Consumer Group name already exists",
    "ZUNIONSTORE_KEYS_MSG": "ERR at least 1 input key is needed for '{}' command",
}


def _timeout(value: bytes, *args: Any, **kwargs: Any) -> float:
    """Seconds to wait; a word, a number below zero and one too large are told apart."""
    seconds = Float.decode(value, decode_error="ERR timeout is not a float or out of range", allow_erange=True)
    if seconds < 0 or math.isinf(seconds):  # C's cast of the infinite is the smallest integer
        raise SimpleError("ERR timeout is negative")
    if seconds * 1000 >= 1 << 63:
        raise SimpleError("ERR timeout is out of range")
    return seconds


def teach() -> None:
    """Put the words and readers in place; once per process."""
    messages: Any = load_part("fakeredis._msgs")
    vars(messages).update(_WORDS)
    parsing: Any = load_part("fakeredis._command_args_parsing")
    parsing.Timeout.decode = staticmethod(_timeout)
