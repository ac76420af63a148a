"""The one door to fakeredis: imports the parts that hold data, without the client libraries around them.

`import fakeredis` costs 130 ms, nearly all of it for redis-py and asyncio, which a server has no use for. Its packages
are therefore entered by name without running their `__init__`, and the two names that its core takes from redis-py are
given to it by stand-ins, which are gone again when this module is loaded.

Two more things are set right at this door, because they hold for every part: time comes from our clock, and patterns
are matched by our linear matcher.
"""

# ruff: noqa: TC004  (for the type checker these are ordinary imports; at run time they come in by another way)
from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import time
import types
from typing import TYPE_CHECKING, Any

from tutor.embedded.glob import compile_glob

__all__ = [
    "OK",
    "SUPPORTED_COMMANDS",
    "AccessControlList",
    "AclCommandsMixin",
    "BaseFakeSocket",
    "BitmapCommandsMixin",
    "CommandItem",
    "ConnectionCommandsMixin",
    "Database",
    "ExpiringMembersSet",
    "FakeServer",
    "Float",
    "GenericCommandsMixin",
    "GeoCommandsMixin",
    "Hash",
    "HashCommandsMixin",
    "Int",
    "Item",
    "Key",
    "ListCommandsMixin",
    "NoResponse",
    "PubSubCommandsMixin",
    "ServerCommandsMixin",
    "SetCommandsMixin",
    "SimpleError",
    "SimpleString",
    "SortedSetCommandsMixin",
    "StreamEntryKey",
    "StreamsCommandsMixin",
    "StringCommandsMixin",
    "TransactionsCommandsMixin",
    "XStream",
    "ZSet",
    "casematch",
    "command",
    "extract_args",
    "load_part",
    "take_time_from",
]

_PACKAGES = ("fakeredis", "fakeredis._socket", "fakeredis.commands_mixins")


def _stand_ins() -> dict[str, types.ModuleType]:
    """Modules with the few names that fakeredis's core asks of redis-py and of its own typing module."""
    redis = types.ModuleType("redis")
    vars(redis).update(ConnectionError=ConnectionError)
    typing = types.ModuleType("fakeredis._typing")
    names = ("JsonType", "ResponseErrorType", "Self", "ServerType", "VersionType")
    vars(typing).update(dict.fromkeys(names, object), lib_version="")
    modules = {"redis": redis, "fakeredis._typing": typing}
    found = importlib.util.find_spec("fakeredis")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("No module named 'fakeredis'; it comes with redis-tutor's own dependencies")
    root = os.path.dirname(found.origin)
    for name in _PACKAGES:
        package = types.ModuleType(name)
        package.__path__ = [os.path.join(root, *name.split(".")[1:])]
        modules[name] = package
    return modules


def _enter() -> dict[str, types.ModuleType]:
    """Put the stand-ins, and the parts that are loaded already, in the place of whatever bears these names."""
    before = {name: module for name, module in sys.modules.items() if _is_ours(name)}
    for name in before:
        del sys.modules[name]
    sys.modules.update(_stand_ins())
    sys.modules.update(_PARTS)
    return before


def _leave(before: dict[str, types.ModuleType]) -> None:
    """Keep the parts, and give the names back: a program that uses redis-py beside us finds its own."""
    for name in [name for name in sys.modules if _is_ours(name)]:
        part = sys.modules.pop(name)
        if name.startswith("fakeredis.") and hasattr(part, "__file__"):
            _PARTS[name] = part
            if "compile_pattern" in vars(part):
                vars(part)["compile_pattern"] = compile_glob
    sys.modules.update(before)


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in ("redis", "fakeredis")


def load_part(*names: str) -> types.ModuleType:
    """Import modules of fakeredis; the last one is answered."""
    before = _enter()
    try:
        for name in names:
            module = importlib.import_module(name)
    finally:
        _leave(before)
    return module


def take_time_from(clock: Any) -> None:
    """Let every part of fakeredis read this clock instead of the system's."""
    for module in _PARTS.values():
        if vars(module).get("time") is time or hasattr(vars(module).get("time"), "ms"):
            vars(module)["time"] = clock


_PARTS: dict[str, types.ModuleType] = {}
_MIXINS = (
    *("acl", "bitmap", "connection", "generic", "geo", "hash", "list", "pubsub", "server", "set"),
    *("sortedset", "streams", "string", "transactions"),
)

if TYPE_CHECKING:
    from fakeredis._command_args_parsing import Float, Int, extract_args
    from fakeredis._commands import SUPPORTED_COMMANDS, Key, command
    from fakeredis._core._database import CommandItem, Database, Item
    from fakeredis._core._server import FakeServer
    from fakeredis._helpers import OK, NoResponse, SimpleError, SimpleString, casematch
    from fakeredis._socket._base import BaseFakeSocket
    from fakeredis.commands_mixins.acl_mixin import AclCommandsMixin
    from fakeredis.commands_mixins.bitmap_mixin import BitmapCommandsMixin
    from fakeredis.commands_mixins.connection_mixin import ConnectionCommandsMixin
    from fakeredis.commands_mixins.generic_mixin import GenericCommandsMixin
    from fakeredis.commands_mixins.geo_mixin import GeoCommandsMixin
    from fakeredis.commands_mixins.hash_mixin import HashCommandsMixin
    from fakeredis.commands_mixins.list_mixin import ListCommandsMixin
    from fakeredis.commands_mixins.pubsub_mixin import PubSubCommandsMixin
    from fakeredis.commands_mixins.server_mixin import ServerCommandsMixin
    from fakeredis.commands_mixins.set_mixin import SetCommandsMixin
    from fakeredis.commands_mixins.sortedset_mixin import SortedSetCommandsMixin
    from fakeredis.commands_mixins.streams_mixin import StreamsCommandsMixin
    from fakeredis.commands_mixins.string_mixin import StringCommandsMixin
    from fakeredis.commands_mixins.transactions_mixin import TransactionsCommandsMixin
    from fakeredis.model._acl import AccessControlList
    from fakeredis.model._expiring_members_set import ExpiringMembersSet
    from fakeredis.model._hash import Hash
    from fakeredis.model._stream import StreamEntryKey, XStream
    from fakeredis.model._zset import ZSet
else:
    load_part("fakeredis._socket._base", *(f"fakeredis.commands_mixins.{name}_mixin" for name in _MIXINS))
    for _part in _PARTS.values():
        globals().update({name: value for name, value in vars(_part).items() if name in __all__})
