"""Lua for EVAL and FCALL: one hardened interpreter, and the way of values between it and Redis's replies.

The interpreter has a bound on its memory, no Python in it, and an environment of our own (sandbox.lua). A script that
does not end is ended by the supervisor, which kills the whole worker: nothing inside Lua could do it reliably.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tutor.embedded.fake import SimpleError, SimpleString
from tutor.embedded.lookup import find
from tutor.embedded.lua_bits import BITS
from tutor.embedded.lua_json import NULL, Json
from tutor.embedded.reply import NIL_ARRAY, Members, Pairs, double, error_text, spell

if TYPE_CHECKING:
    from tutor.embedded.client import Client
    from tutor.embedded.state import State

__all__ = ["Engine"]

_MEMORY = 64 << 20
_DEEPEST = 100
_INT64 = 1 << 63
_RETURNS = re.compile(rb"\breturn\s+(?:redis|cjson|bit)\s*\.\s*\w+\b")


class Engine:
    """The interpreter of one server, with its compiled scripts."""

    def __init__(self, state: State) -> None:
        from lupa import lua51  # 4 ms, which a server that runs no script does not pay

        self._lupa = lua51
        self._runtime = lua51.LuaRuntime(
            encoding=None,
            unpack_returned_tuples=True,
            register_eval=False,
            register_builtins=False,
            attribute_filter=_deny,
            max_memory=_MEMORY,
        )
        with open(os.path.join(os.path.dirname(__file__), "sandbox.lua"), "rb") as file:
            source = file.read()
        json = Json(lua51.lua_type, self._runtime.table_from)
        self._caller: Client | None = None
        self._fault: Exception | None = None
        self._read_only = False
        self._last = b""
        major, minor, patch = state.version
        host = {
            b"call": self._call,
            b"log": _log,
            b"setresp": self._setresp,
            b"sha1hex": _sha1hex,
            b"cjson_encode": json.encode,
            b"cjson_decode": json.decode,
            b"null": NULL,
            b"bit": self._runtime.table_from({name.encode(): func for name, func in BITS.items()}),
            b"version": state.version_text.encode(),
            b"version_number": (major << 16) | (minor << 8) | patch,
        }
        self._lua = self._runtime.execute(source, self._runtime.table_from(host), name=b"=sandbox")
        self._rawget = self._lua.rawget
        self._scripts: dict[bytes, Any] = {}

    def compile(self, code: bytes, sha: bytes) -> Any:
        """The script as a Lua function. Raises SimpleError with the compiler's words."""
        chunk = self._scripts.get(sha)
        if chunk is None:
            chunk, message = self._compiled(code, b"@user_script")
            if chunk is None:
                raise SimpleError(f"ERR Error compiling script (new function): {message}")
            if len(self._scripts) >= 500:
                self._scripts.clear()
            self._scripts[sha] = chunk
        return chunk

    def library(self, code: bytes) -> list[Any]:
        """Run a library's code; the functions that it registered, as Lua tables."""
        chunk, message = self._compiled(code, b"@user_function")
        if chunk is None:
            raise SimpleError(f"ERR Error compiling function: {message}")
        good, problem, registered = self._guarded(lambda: self._lua.load(chunk))
        if not good:
            raise SimpleError(f"ERR Error registering functions: {spell(problem[b'err'])}")
        return [registered[at] for at in range(1, len(registered) + 1)]

    def run(
        self, client: Client, code: Any, keys: Sequence[bytes], args: Sequence[bytes], name: bytes, read_only: bool
    ) -> Any:
        """Run a compiled script (or a library's function, when `code` is its callback) and answer its reply."""
        start = self._lua.call if name[:1] != b"@" else self._lua.run
        runtime = self._runtime
        outer, self._caller, self._read_only = self._caller, client, read_only
        client._script_resp = 2
        try:
            good, result = self._guarded(
                lambda: start(code, runtime.table_from(list(keys)), runtime.table_from(list(args)))
            )
            if self._fault is not None:
                raise self._fault
            if not good:
                raise SimpleError(self._problem(result, name, client))
            return self._guarded(lambda: self._reply(result, 0))[0]
        finally:
            self._caller, self._fault = outer, None
            client._script_resp = None

    def _problem(self, problem: Any, name: bytes, client: Client) -> str:
        """The error of a script as Redis words it: what, in which script, on which line."""
        if self._lupa.lua_type(problem) != "table":  # memory ran out while the error was being described
            self._lua.collect()
            return f"ERR {spell(problem) if isinstance(problem, bytes) else problem}"
        text, source, line = problem[b"err"], problem[b"source"], problem[b"line"]
        if text == b"ERR not enough memory":
            self._lua.collect()
        if source is None:
            source, line = self._tail_call(name, client)
            if source is not None and problem[b"plain"]:
                text = b"ERR %b:%d: %b" % (source[1:], line, text.removeprefix(b"ERR "))
        if source is None or not isinstance(text, bytes):
            return spell(text)
        return f"{spell(text)} script: {spell(name.removeprefix(b'@'))}, on {spell(source)}:{line}."

    def _tail_call(self, name: bytes, client: Client) -> tuple[bytes | None, int]:
        """Where `return redis.call(...)` stands: Lua forgets the line of a tail call, Redis's C functions do not."""
        state = client.state
        source, code = b"@user_script", state.script_cache.get(name[1:], b"")
        if name[:1] != b"@":
            source = b"@user_function"
            code = next((found.code for found in state.functions.values() if name in found.functions), b"")
        lines = [(at, line.lower()) for at, line in enumerate(code.split(b"\n"), 1) if _RETURNS.search(line)]
        named = [(at, line) for at, line in lines if self._last and self._last in line]
        return (source, (named or lines)[0][0]) if lines else (None, 0)

    def _compiled(self, code: bytes, name: bytes) -> tuple[Any, str]:
        found = self._guarded(lambda: self._lua.compile(code, name))
        return found if isinstance(found, tuple) and found[0] is not None else (_only(found), _said(found))

    def _guarded(self, func: Callable[[], Any]) -> Any:
        """Call into Lua; the errors of the interpreter itself become replies."""
        try:
            found = func()
        except self._lupa.LuaMemoryError:
            self._lua.collect()
            raise SimpleError("ERR not enough memory") from None
        except self._lupa.LuaError as error:
            raise SimpleError(f"ERR {str(error).partition(chr(10))[0]}") from None
        return (found, None) if not isinstance(found, tuple) else found

    # From Lua

    def _call(self, *words: Any) -> tuple[bool, Any]:
        client = self._caller
        if client is None:
            return False, b"ERR redis.call can only be called inside a script invocation"
        if not words:
            return False, b"ERR Please specify at least one argument for this redis lib call"
        argv: list[bytes] = []
        for word in words:
            if isinstance(word, bytes):
                argv.append(word)
            elif isinstance(word, int | float) and not isinstance(word, bool):
                argv.append(b"%.17g" % word)
            else:
                return False, b"ERR Lua redis lib command arguments must be strings or integers"
        self._last = argv[0].lower() if argv else b""
        try:
            return True, self._value(self._run(client, argv))
        except SimpleError as error:
            return False, error_text(error)
        except self._lupa.LuaError:  # the reply does not fit
            return False, b"ERR not enough memory"
        except Exception as fault:
            # Ours, and the data may be half changed: `pcall` must not hide it, and Lua must not see it.
            self._fault = fault
            raise

    def _run(self, client: Client, argv: list[bytes]) -> Any:
        try:
            entry = find(argv)
        except SimpleError as error:
            arity = error.value.startswith("ERR wrong number")
            raise SimpleError(
                "ERR Wrong number of args calling Redis command from script"
                if arity
                else "ERR Unknown Redis command called from script"
            ) from None
        if "noscript" in entry.flags:
            raise SimpleError("ERR This Redis command is not allowed from script")
        if "write" in entry.flags and self._read_only:
            raise SimpleError("ERR Write commands are not allowed from read-only scripts.")
        client.permit_in_script(entry, argv)
        result = client.call(entry, argv, True)
        if isinstance(result, SimpleError):
            raise result
        return result

    def _setresp(self, *args: Any) -> tuple[bool, Any]:
        if len(args) != 1:
            return False, b"redis.setresp() requires one argument."
        if args[0] not in (2, 3):
            return False, b"RESP version must be 2 or 3."
        if self._caller is not None:
            self._caller._script_resp = int(args[0])
        return True, None

    # Values

    def _value(self, value: Any) -> Any:
        """A reply as Lua sees it (RESP2 conversion, or RESP3's after redis.setresp(3))."""
        resp3 = self._caller is not None and self._caller._script_resp == 3
        table = self._runtime.table_from
        if isinstance(value, bytes):
            return bytes(value)
        if isinstance(value, bool):
            return value if resp3 else int(value)
        if isinstance(value, int):
            return value
        if isinstance(value, float):
            return table({b"double": value}) if resp3 else double(value)
        if value is None or value is NIL_ARRAY:
            return None if resp3 else False
        if isinstance(value, SimpleString):
            return table({b"ok": value.value})
        if isinstance(value, SimpleError):
            return table({b"err": error_text(value)})
        if isinstance(value, dict) or (isinstance(value, Pairs) and resp3):
            pairs = list(value.items()) if isinstance(value, dict) else list(zip(value[::2], value[1::2], strict=True))
            if resp3:
                return table({b"map": table({self._value(key): self._value(item) for key, item in pairs})})
            value = [word for pair in pairs for word in pair]
        if isinstance(value, Members) and resp3:
            return table({b"set": table({self._value(item): True for item in value})})
        return table([self._value(item.encode() if isinstance(item, str) else item) for item in value])

    def _reply(self, value: Any, depth: int) -> Any:
        """What a script returned, as a reply."""
        if depth > _DEEPEST:
            raise SimpleError("ERR reached lua stack limit")
        if isinstance(value, bool):
            return 1 if value else None
        if isinstance(value, bytes) or value is None:
            return value
        if isinstance(value, int | float):
            return _integer(value)
        if self._lupa.lua_type(value) == "table":
            return self._table(value, depth)
        return None

    def _table(self, table: Any, depth: int) -> Any:
        # Raw, as Redis looks: no function of the script runs any more.
        problem = self._rawget(table, b"err")
        if isinstance(problem, bytes):
            error = SimpleError(spell(problem))
            if depth:
                return error
            raise error
        status = self._rawget(table, b"ok")
        if isinstance(status, bytes):
            return SimpleString(status.replace(b"\r", b" ").replace(b"\n", b" "))
        number = self._rawget(table, b"double")
        if isinstance(number, int | float):
            return float(number)
        for kind, build in ((b"map", Pairs), (b"set", Members)):
            inner = self._rawget(table, kind)
            if self._lupa.lua_type(inner) == "table":
                pairs = [(self._reply(key, depth + 1), self._reply(item, depth + 1)) for key, item in inner.items()]
                return build(word for pair in pairs for word in (pair if build is Pairs else pair[:1]))
        items: list[Any] = []
        while (item := self._rawget(table, len(items) + 1)) is not None:
            items.append(self._reply(item, depth + 1))
        return items


def _deny(subject: Any, name: Any, setting: bool) -> Any:
    """No attribute of any Python object is to be had from Lua."""
    raise AttributeError("access denied")


def _only(found: Any) -> Any:
    return found[0] if isinstance(found, tuple) else found


def _said(found: Any) -> str:
    return spell(found[1] or b"") if isinstance(found, tuple) else ""


def _integer(number: float) -> int:
    """C's cast of a double to a 64-bit integer, which answers the smallest one for everything that does not fit."""
    if not math.isfinite(number) or not -_INT64 <= number < _INT64:
        return -_INT64
    return int(number)


def _log(*args: Any) -> tuple[bool, Any]:
    if len(args) < 2:
        return False, b"redis.log() requires two arguments or more."
    if args[0] not in (0, 1, 2, 3):
        return False, b"Invalid debug level."
    return True, None


def _sha1hex(*args: Any) -> tuple[bool, Any]:
    if len(args) != 1:
        return False, b"wrong number of arguments"
    data = args[0] if isinstance(args[0], bytes) else b"%.14g" % args[0] if isinstance(args[0], int | float) else b""
    return True, hashlib.sha1(data).hexdigest().encode()
