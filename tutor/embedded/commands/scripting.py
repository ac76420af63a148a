"""EVAL, SCRIPT, FCALL and FUNCTION, on our own Lua: fakeredis's gives scripts the Python underneath."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from tutor.embedded.commands.base import Family
from tutor.embedded.fake import OK, Int, SimpleError, SimpleString, command
from tutor.embedded.glob import compile_glob
from tutor.embedded.reply import Members, spell

__all__ = ["Library", "Scripting"]

_FLAGS = (b"no-writes", b"allow-oom", b"allow-stale", b"no-cluster", b"allow-cross-slot-keys")
_NAME = re.compile(rb"[A-Za-z0-9_]+")
_TOO_MANY = "ERR Number of keys can't be greater than number of args"
_NEGATIVE = "ERR Number of keys can't be negative"


@dataclass(frozen=True, slots=True)
class Function:
    """One function of a library."""

    name: bytes
    """What FCALL calls it by."""
    callback: Any
    """The Lua function."""
    description: bytes | None
    """What the library says it does."""
    flags: tuple[bytes, ...]
    """As registered, in Redis's order."""


@dataclass(frozen=True, slots=True)
class Library:
    """One loaded library."""

    name: bytes
    """From the first line of its code."""
    code: bytes
    """As it was loaded."""
    functions: dict[bytes, Function]
    """By name."""


class Scripting(Family):
    """All of Redis 7.0's scripting commands but SCRIPT DEBUG."""

    @command(name="EVAL", fixed=(bytes, bytes), repeat=(bytes,))
    def eval(self, script: bytes, numkeys: bytes, *words: bytes) -> Any:
        """Run a script, and remember it for EVALSHA."""
        return self._eval(script, numkeys, words, read_only=False)

    @command(name="EVAL_RO", fixed=(bytes, bytes), repeat=(bytes,))
    def eval_ro(self, script: bytes, numkeys: bytes, *words: bytes) -> Any:
        """EVAL that may not write."""
        return self._eval(script, numkeys, words, read_only=True)

    @command(name="EVALSHA", fixed=(bytes, bytes), repeat=(bytes,))
    def evalsha(self, sha: bytes, numkeys: bytes, *words: bytes) -> Any:
        """Run a script that is remembered."""
        return self._eval(self._remembered(sha), numkeys, words, read_only=False)

    @command(name="EVALSHA_RO", fixed=(bytes, bytes), repeat=(bytes,))
    def evalsha_ro(self, sha: bytes, numkeys: bytes, *words: bytes) -> Any:
        """EVALSHA that may not write."""
        return self._eval(self._remembered(sha), numkeys, words, read_only=True)

    def _remembered(self, sha: bytes) -> bytes:
        script = self._server.script_cache.get(sha.lower())
        if script is None:
            raise SimpleError("NOSCRIPT No matching script. Please use EVAL.")
        return script

    def _eval(self, script: bytes, numkeys: bytes, words: tuple[bytes, ...], read_only: bool) -> Any:
        count = _keys(numkeys, words)
        sha = hashlib.sha1(script).hexdigest().encode()
        engine = self._server.engine()
        chunk = engine.compile(script, sha)
        if self._server.script_cache.get(sha) is None:
            self._server.script_cache[sha] = script
            self._server.record(self._db_num, (b"SCRIPT", b"LOAD", script))
        return engine.run(self.as_client(), chunk, words[:count], words[count:], b"@" + sha, read_only)

    @command(name="SCRIPT LOAD", fixed=(bytes,))
    def script_load(self, script: bytes) -> bytes:
        """Remember a script without running it."""
        sha = hashlib.sha1(script).hexdigest().encode()
        self._server.engine().compile(script, sha)
        self._server.script_cache[sha] = script
        return sha

    @command(name="SCRIPT EXISTS", fixed=(bytes,), repeat=(bytes,))
    def script_exists(self, *shas: bytes) -> list[int]:
        """1 for each that is remembered."""
        return [int(sha.lower() in self._server.script_cache) for sha in shas]

    @command(name="SCRIPT FLUSH", fixed=(), repeat=(bytes,))
    def script_flush(self, *mode: bytes) -> SimpleString:
        """Forget all scripts."""
        if len(mode) > 1 or (mode and mode[0].lower() not in (b"sync", b"async")):
            raise SimpleError("ERR SCRIPT FLUSH only support SYNC|ASYNC option")
        self._server.script_cache.clear()
        return OK

    @command(name="SCRIPT KILL", fixed=())
    def script_kill(self) -> None:
        """Commands run one after the other here, so that none can run while this one does."""
        raise SimpleError("NOTBUSY No scripts in execution right now.")

    @command(name="FCALL", fixed=(bytes, bytes), repeat=(bytes,))
    def fcall(self, name: bytes, numkeys: bytes, *words: bytes) -> Any:
        """Call a function."""
        return self._fcall(name, numkeys, words, read_only=False)

    @command(name="FCALL_RO", fixed=(bytes, bytes), repeat=(bytes,))
    def fcall_ro(self, name: bytes, numkeys: bytes, *words: bytes) -> Any:
        """Call a function that says that it does not write."""
        return self._fcall(name, numkeys, words, read_only=True)

    def _fcall(self, name: bytes, numkeys: bytes, words: tuple[bytes, ...], read_only: bool) -> Any:
        function = next(
            (found.functions[name] for found in self._server.functions.values() if name in found.functions), None
        )
        if function is None:
            raise SimpleError("ERR Function not found")
        count = _keys(numkeys, words, "ERR Bad number of keys provided")
        no_writes = b"no-writes" in function.flags
        if read_only and not no_writes:
            raise SimpleError("ERR Can not execute a script with write flag using *_ro command.")
        return self._server.engine().run(
            self.as_client(), function.callback, words[:count], words[count:], function.name, no_writes
        )

    @command(name="FUNCTION LOAD", fixed=(bytes,), repeat=(bytes,))
    def function_load(self, *words: bytes) -> bytes:
        """Load a library; its name is answered."""
        replace = False
        for word in words[:-1]:
            if word.lower() != b"replace":
                raise SimpleError(f"ERR Unknown option given: {spell(word)}")
            replace = True
        return self._load(words[-1], replace)

    def _load(self, code: bytes, replace: bool) -> bytes:
        name, body = _first_line(code)
        libraries = self._server.functions
        if name in libraries and not replace:
            raise SimpleError(f"ERR Library '{spell(name)}' already exists")
        library = Library(name, code, self._functions_of(body))
        for other in libraries.values():
            for taken in other.functions.keys() & library.functions.keys() if other.name != name else ():
                raise SimpleError(f"ERR Function {spell(taken)} already exists")
        libraries[name] = library
        return name

    def _functions_of(self, body: bytes) -> dict[bytes, Function]:
        found: dict[bytes, Function] = {}
        for entry in self._server.engine().library(body):
            name, flags = entry[b"name"], set(entry[b"flags"].values())
            if not _NAME.fullmatch(name):
                raise SimpleError(
                    "ERR Error registering functions: Function names can only contain letters, numbers, or "
                    "underscores(_) and must be at least one character long"
                )
            if name in found:
                raise SimpleError("ERR Error registering functions: Function already exists in the library")
            if not flags <= set(_FLAGS):
                raise SimpleError("ERR Error registering functions: unknown flag given")
            ordered = tuple(flag for flag in _FLAGS if flag in flags)
            found[name] = Function(name, entry[b"callback"], entry[b"description"], ordered)
        if not found:
            raise SimpleError("ERR No functions registered")
        return found

    @command(name="FUNCTION DELETE", fixed=(bytes,))
    def function_delete(self, name: bytes) -> SimpleString:
        """Delete a library."""
        if self._server.functions.pop(name, None) is None:
            raise SimpleError("ERR Library not found")
        return OK

    @command(name="FUNCTION FLUSH", fixed=(), repeat=(bytes,))
    def function_flush(self, *mode: bytes) -> SimpleString:
        """Delete all libraries."""
        if len(mode) > 1 or (mode and mode[0].lower() not in (b"sync", b"async")):
            raise SimpleError("ERR FUNCTION FLUSH only supports SYNC|ASYNC option")
        self._server.functions.clear()
        return OK

    @command(name="FUNCTION LIST", fixed=(), repeat=(bytes,))
    def function_list(self, *words: bytes) -> list[Any]:
        """What is loaded; the pattern is for library names, and knows no case."""
        pattern, with_code, at = b"*", False, 0
        while at < len(words):
            word = words[at].lower()
            if word == b"withcode":
                with_code = True
            elif word == b"libraryname" and at + 1 < len(words):
                at += 1
                pattern = words[at]
            elif word == b"libraryname":
                raise SimpleError("ERR library name argument was not given")
            else:
                raise SimpleError(f"ERR Unknown argument {spell(words[at])}")
            at += 1
        wanted = compile_glob(pattern.lower())
        return [
            _described(library, with_code)
            for library in self._server.functions.values()
            if wanted.match(library.name.lower())
        ]

    @command(name="FUNCTION STATS", fixed=())
    def function_stats(self) -> dict[bytes, Any]:
        """How many there are; none can be running while this is asked."""
        libraries = self._server.functions.values()
        counts = {
            b"libraries_count": len(libraries),
            b"functions_count": sum(len(library.functions) for library in libraries),
        }
        return {b"running_script": None, b"engines": {b"LUA": counts}}

    @command(name="FUNCTION KILL", fixed=())
    def function_kill(self) -> None:
        """See SCRIPT KILL."""
        raise SimpleError("NOTBUSY No scripts in execution right now.")

    @command(name="FUNCTION DUMP", fixed=())
    def function_dump(self) -> bytes:
        """All libraries in an encoding of our own: a checksum and JSON. Only this server reads it."""
        texts = [library.code.decode("latin-1") for library in self._server.functions.values()]
        body = json.dumps(texts).encode()
        return hashlib.sha256(body).digest() + body

    @command(name="FUNCTION RESTORE", fixed=(bytes,), repeat=(bytes,))
    def function_restore(self, payload: bytes, *policy: bytes) -> SimpleString:
        """Load what FUNCTION DUMP wrote."""
        word = policy[0].lower() if policy else b"append"
        if len(policy) > 1 or word not in (b"append", b"replace", b"flush"):
            raise SimpleError("ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.")
        if hashlib.sha256(payload[32:]).digest() != payload[:32]:
            raise SimpleError("ERR DUMP payload version or checksum are wrong")
        before = dict(self._server.functions)
        if word == b"flush":
            self._server.functions.clear()
        try:
            for text in json.loads(payload[32:]):
                self._load(text.encode("latin-1"), word == b"replace")
        except SimpleError:
            self._server.functions.clear()
            self._server.functions.update(before)
            raise
        return OK


def _keys(numkeys: bytes, words: tuple[bytes, ...], wrong: str = "ERR value is not an integer or out of range") -> int:
    count = Int.decode(numkeys, wrong)
    if count > len(words):
        raise SimpleError(_TOO_MANY)
    if count < 0:
        raise SimpleError(_NEGATIVE)
    return count


def _first_line(code: bytes) -> tuple[bytes, bytes]:
    """The library's name, and its code with the first line emptied, so that line numbers stay."""
    if not code.startswith(b"#!"):
        raise SimpleError("ERR Missing library metadata")
    line, newline, body = code.partition(b"\n")
    if not newline:
        raise SimpleError("ERR Invalid library metadata")
    engine, *options = line[2:].split()
    name: bytes | None = None
    for option in options:
        if not option.lower().startswith(b"name="):
            raise SimpleError(f"ERR Invalid metadata value given: {spell(option)}")
        if name is not None:
            raise SimpleError("ERR Invalid metadata value, name argument was given multiple times")
        name = option[5:]
    if name is None:
        raise SimpleError("ERR Library name was not given")
    if not _NAME.fullmatch(name):
        raise SimpleError(
            "ERR Library names can only contain letters, numbers, or underscores(_) "
            "and must be at least one character long"
        )
    if engine.lower() != b"lua":
        raise SimpleError(f"ERR Engine '{spell(engine)}' not found")
    return name, b"\n" + body


def _described(library: Library, with_code: bool) -> dict[bytes, Any]:
    functions = [
        {b"name": function.name, b"description": function.description, b"flags": Members(function.flags)}
        for function in library.functions.values()
    ]
    found: dict[bytes, Any] = {b"library_name": library.name, b"engine": b"LUA", b"functions": functions}
    if with_code:
        found[b"library_code"] = library.code
    return found
