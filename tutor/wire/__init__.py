"""Words in, replies out: what travels between a Redis client and its server, byte for byte.

`split` turns a typed line into words as redis-cli does; `encode` and the two parsers speak RESP2 and RESP3;
the printers show a reply as redis-cli does on a terminal, in a pipe, and with `--json`.
The protocol is documented at https://redis.io/docs/latest/develop/reference/protocol-spec/.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tutor.wire.printer import is_report, raw, terminal, to_json
    from tutor.wire.reply import (
        Array,
        BigNumber,
        Boolean,
        Bulk,
        Double,
        Error,
        Integer,
        Map,
        Nil,
        Push,
        Reply,
        Set,
        Status,
        Verbatim,
        plain,
    )
    from tutor.wire.request import CommandParser, Limits
    from tutor.wire.resp import ReplyParser, encode, encode_reply
    from tutor.wire.words import quote, split

__all__ = [
    "Array",
    "BigNumber",
    "Boolean",
    "Bulk",
    "CommandParser",
    "Double",
    "Error",
    "Integer",
    "Limits",
    "Map",
    "Nil",
    "Push",
    "Reply",
    "ReplyParser",
    "Set",
    "Status",
    "Verbatim",
    "encode",
    "encode_reply",
    "is_report",
    "plain",
    "quote",
    "raw",
    "split",
    "terminal",
    "to_json",
]

# Which file a name stands in. Each file is read when one of its names is first asked for: a prompt needs to split words
# long before it needs replies.
_FILES = {
    "printer": ("is_report", "raw", "terminal", "to_json"),
    "request": ("CommandParser", "Limits"),
    "resp": ("ReplyParser", "encode", "encode_reply"),
    "words": ("quote", "split"),
}
_FILE_OF = {name: file for file, names in _FILES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"{__name__}.{_FILE_OF.get(name, 'reply')}"), name)
    return value
