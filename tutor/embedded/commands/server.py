"""DBSIZE, FLUSHALL, TIME, INFO, CONFIG, COMMAND, and what else concerns the server as a whole."""

from __future__ import annotations

from typing import Any

from tutor.embedded.commands.base import Family
from tutor.embedded.commands.settings import SETTINGS
from tutor.embedded.commands.table import COMMANDS
from tutor.embedded.fake import OK, Int, SimpleError, SimpleString, command
from tutor.embedded.glob import compile_glob
from tutor.embedded.memory import used
from tutor.embedded.reply import Members, Verbatim, spell

__all__ = ["Server"]


class Server(Family):
    """What Redis does otherwise than fakeredis, or what fakeredis lacks."""

    @command(name="TIME", fixed=())
    def time(self) -> list[bytes]:
        """Seconds and microseconds, of the server's own clock."""
        seconds, micros = divmod(self._server.clock.micros(), 1_000_000)
        return [b"%d" % seconds, b"%d" % micros]

    @command(name="FLUSHALL", fixed=(), repeat=(bytes,))
    def flushall(self, *args: bytes) -> SimpleString:
        """ASYNC and SYNC are the same here."""
        self._check_flush(args)
        for data in self._server.dbs.values():
            data.clear()
        return OK

    @command(name="FLUSHDB", fixed=(), repeat=(bytes,))
    def flushdb(self, *args: bytes) -> SimpleString:
        """As FLUSHALL, for the selected database."""
        self._check_flush(args)
        self._db.clear()
        return OK

    @staticmethod
    def _check_flush(args: tuple[bytes, ...]) -> None:
        if len(args) > 1 or (args and args[0].lower() not in (b"async", b"sync")):
            raise SimpleError("ERR syntax error")

    @command(name="DBSIZE", fixed=())
    def dbsize(self) -> int:
        """Keys of the selected database."""
        return len(self._db)

    @command(name="LASTSAVE", fixed=())
    def lastsave(self) -> int:
        """When SAVE was last called, in seconds."""
        return self._server.lastsave

    @command(name="WAIT", fixed=(bytes, bytes))
    def wait(self, replicas: bytes, timeout: bytes) -> int:
        """There are no replicas, so nobody to wait for."""
        Int.decode(replicas)
        if Int.decode(timeout, "ERR timeout is not an integer or out of range") < 0:
            raise SimpleError("ERR timeout is negative")
        return 0

    @command(name="ROLE", fixed=())
    def role(self) -> list[Any]:
        """A master without replicas."""
        return [b"master", 0, []]

    @command(name="CONFIG GET", fixed=(bytes,), repeat=(bytes,))
    def config_get(self, *patterns: bytes) -> dict[bytes, bytes]:
        """Several patterns at once, as since 7.0; names know no case."""
        wanted = [compile_glob(pattern.lower()) for pattern in patterns]
        found = {}
        for name, (default, _) in SETTINGS.items():
            word = name.encode()
            if any(glob.match(word) for glob in wanted):
                found[word] = self._setting(word, default)
        return found

    def _setting(self, name: bytes, default: str) -> bytes:
        if name == b"requirepass":
            return self._server.password
        return self._server.config.get(name, default.encode())

    @command(name="CONFIG SET", fixed=(bytes, bytes), repeat=(bytes, bytes))
    def config_set(self, *words: bytes) -> SimpleString:
        """All or nothing: every value is checked before the first is set."""
        if len(words) % 2:
            raise SimpleError("ERR wrong number of arguments for 'config|set' command")
        given: dict[bytes, bytes] = {}
        for name, value in zip(words[::2], words[1::2], strict=True):
            lower = name.lower()
            kind = SETTINGS.get(spell(lower), ("", ""))[1]
            if not kind:
                raise SimpleError(f"ERR Unknown option or number of arguments for CONFIG SET - '{spell(name)}'")
            wrong = "duplicate parameter" if lower in given else _refusal(kind, value)
            if wrong:
                raise SimpleError(f"ERR CONFIG SET failed (possibly related to argument '{spell(name)}') - {wrong}")
            given[lower] = _normal(kind, value)
        for lower, value in given.items():
            if lower == b"requirepass":
                self._server.password = value
            self._server.config[lower] = value
        return OK

    @command(name="CONFIG RESETSTAT", fixed=())
    def config_resetstat(self) -> SimpleString:
        """Counters of INFO begin again."""
        for name in self._server.stats:
            self._server.stats[name] = 0
        return OK

    @command(name="CONFIG REWRITE", fixed=())
    def config_rewrite(self) -> SimpleString:
        """There is no file to write to."""
        raise SimpleError("ERR The server is running without a config file")

    @command(name="INFO", fixed=(), repeat=(bytes,))
    def info(self, *sections: bytes) -> Verbatim:
        """Small and honest: only what is true of this server."""
        state = self._server
        wanted = {section.lower() for section in sections} or {b"default"}
        everything = bool(wanted & {b"default", b"all", b"everything"})
        up = (state.clock.ms() - state.started) // 1000
        blocked = sum(1 for client in state.people.values() if client.parked)
        parts: dict[str, dict[str, object]] = {
            "Server": {"redis_version": state.version_text, "redis_mode": "standalone", "server_name": "redis-tutor",
                       "uptime_in_seconds": up, "uptime_in_days": up // 86400},
            "Clients": {"connected_clients": len(state.people), "maxclients": 1000, "blocked_clients": blocked},
            "Memory": {"used_memory": used(), "maxmemory": int(self._setting(b"maxmemory", "0") or 0),
                       "maxmemory_policy": spell(self._setting(b"maxmemory-policy", "noeviction"))},
            "Persistence": {"loading": 0, "rdb_last_save_time": state.lastsave, "aof_enabled": 0},
            "Stats": {"total_connections_received": state.stats["connections"],
                      "total_commands_processed": state.stats["commands"],
                      "expired_keys": state.stats["expired_keys"], "evicted_keys": 0,
                      "keyspace_hits": state.stats["hits"], "keyspace_misses": state.stats["misses"],
                      "pubsub_channels": len(state.subscribers), "pubsub_patterns": len(state.psubscribers),
                      "total_error_replies": state.stats["rejected"]},
            "Replication": {"role": "master", "connected_slaves": 0},
            "Keyspace": {f"db{index}": _keyspace(data) for index, data in state.dbs.items() if data.live()},
        }  # fmt: skip
        texts = [
            f"# {title}\r\n" + "".join(f"{name}:{value}\r\n" for name, value in facts.items())
            for title, facts in parts.items()
            if everything or title.lower().encode() in wanted
        ]
        return Verbatim("\r\n".join(texts).encode())

    @command(name="COMMAND", fixed=())
    def command_(self) -> list[Any]:
        """Everything that this server knows."""
        return [_entry(name) for name in COMMANDS if "|" not in name]

    @command(name="COMMAND COUNT", fixed=())
    def command_count(self) -> int:
        """How many commands there are, subcommands not counted."""
        return sum(1 for name in COMMANDS if "|" not in name)

    @command(name="COMMAND INFO", fixed=(), repeat=(bytes,))
    def command_info(self, *names: bytes) -> list[Any]:
        """Nil for a name that is no command."""
        chosen = [spell(name).lower() for name in names] or [name for name in COMMANDS if "|" not in name]
        return [_entry(name) if name in COMMANDS else None for name in chosen]

    @command(name="COMMAND LIST", fixed=(), repeat=(bytes,))
    def command_list(self, *words: bytes) -> list[bytes]:
        """All names, or those of an ACL category, or those that match a pattern."""
        if not words:
            return [name.encode() for name in COMMANDS if "|" not in name]
        if len(words) != 3 or words[0].lower() != b"filterby":
            raise SimpleError("ERR syntax error")
        by, value = words[1].lower(), words[2]
        if by == b"pattern":
            glob = compile_glob(value.lower())
            return [name.encode() for name in COMMANDS if glob.match(name.encode())]
        if by == b"aclcat":
            wanted = spell(value).lower()
            return [name.encode() for name, facts in COMMANDS.items() if wanted in facts[5].split()]
        if by == b"module":
            return []
        raise SimpleError("ERR syntax error")

    @command(name="COMMAND DOCS", fixed=(), repeat=(bytes,))
    def command_docs(self, *names: bytes) -> dict[bytes, Any]:
        """No documentation is kept here; the shell has the catalog's."""
        return {}

    @command(name="COMMAND GETKEYS", fixed=(bytes,), repeat=(bytes,))
    def command_getkeys(self, *words: bytes) -> list[bytes]:
        """The keys of a command whose keys stand at fixed places."""
        facts = COMMANDS.get(spell(words[0]).lower())
        if facts is None:
            raise SimpleError("ERR Invalid command specified")
        arity, _, first, last, step, _ = facts
        if (arity > 0 and len(words) != arity) or len(words) < -arity:
            raise SimpleError("ERR Invalid number of arguments specified for command")
        if not first:
            raise SimpleError("ERR The command has no key arguments")
        end = len(words) + last if last < 0 else last
        return list(words[first : end + 1 : step])

    @command(name="TUTOR.CLOCK", fixed=(), repeat=(bytes,))
    def tutor_clock(self, *args: bytes) -> Any:
        """For observers: read the clock, set it still, move it on, or let it show real time again."""
        clock = self._server.clock
        word = args[0].lower() if args else b""
        if word == b"restore" and len(args) == 3 and self._server.replaying:
            clock.restore(args[1], int(args[2]))
        elif word == b"set" and len(args) == 2:
            clock.set(Int.decode(args[1]))
        elif word == b"advance" and len(args) == 2:
            clock.advance(Int.decode(args[1]))
        elif word == b"run" and len(args) == 1:
            clock.run()
        elif args:
            raise SimpleError("ERR TUTOR.CLOCK takes nothing, SET ms, ADVANCE ms, or RUN")
        if args:
            self._server.tick()
            self._server.record(0, (b"TUTOR.CLOCK", b"RESTORE", *clock.saved()))
        return clock.ms()

    @command(name="TUTOR.RESET", fixed=())
    def tutor_reset(self) -> SimpleString:
        """For observers: forget all data and settings; clients stay connected."""
        self._server.clear()
        self._server.wipe = True
        return OK


def _entry(name: str) -> list[Any]:
    arity, flags, first, last, step, categories = COMMANDS[name]
    subcommands = [_entry(other) for other in COMMANDS if other.startswith(name + "|")]
    return [
        *(name.encode(), arity, Members(SimpleString(flag.encode()) for flag in flags.split())),
        *(first, last, step, Members(SimpleString(b"@" + word.encode()) for word in categories.split())),
        *([], [], subcommands),
    ]


def _keyspace(data: Any) -> str:
    items = list(data.stored().values())
    left = [item.expireat - data.time for item in items if item.expireat is not None]
    average = round(sum(left) / len(left) * 1000) if left else 0
    return f"keys={len(items)},expires={len(left)},avg_ttl={max(0, average)}"


def _refusal(kind: str, value: bytes) -> str:
    """Why a setting does not accept a value; empty when it does."""
    word, _, rest = kind.partition(" ")
    if word == "fixed":
        return "can't set immutable config"
    if word == "protected":
        return "can't set protected config"
    if word == "bool" and value.lower() not in (b"yes", b"no"):
        return "argument must be 'yes' or 'no'"
    if word == "enum" and spell(value).lower() not in rest.split(", "):
        return f"argument(s) must be one of the following: {rest}"
    if word == "memory" and _memory(value) is None:
        return "argument must be a memory value"
    if word == "events" and value.strip(b"Ag$lshzxeKEtmdn"):
        return "Invalid event class character. Use 'Ag$lshzxeKEtmdn'."
    if word == "save" and (len(value.split()) % 2 or not all(part.isdigit() for part in value.split())):
        return "Invalid save parameters"
    if word == "int":
        number = value[1:] if value[:1] == b"-" else value
        if not number.isdigit():
            return "argument couldn't be parsed into an integer"
        low, _, high = rest.partition(" ")
        if rest and not int(low) <= int(value) <= int(high):
            return f"argument must be between {low} and {high} inclusive"
    return ""


def _normal(kind: str, value: bytes) -> bytes:
    """The value as CONFIG GET shows it."""
    if kind == "memory":
        return b"%d" % (_memory(value) or 0)
    if kind == "bool" or kind.startswith("enum"):
        return value.lower()
    if kind == "events":
        return _events(value)
    return value


def _events(flags: bytes) -> bytes:
    """The classes in Redis's own order, `A` standing for all of them."""
    classes = b"g$lshzxetd"
    if b"A" in flags or all(flag in flags for flag in classes):
        shown = b"A"
    else:
        shown = bytes(flag for flag in classes if flag in flags)
    return shown + bytes(flag for flag in b"KEmn" if flag in flags)


_UNITS = {b"": 1, b"b": 1, b"k": 1000, b"kb": 1024, b"m": 1000**2, b"mb": 1024**2, b"g": 1000**3, b"gb": 1024**3}


def _memory(value: bytes) -> int | None:
    digits = value.rstrip(b"bBkKmMgG")
    unit = _UNITS.get(value[len(digits) :].lower())
    return int(digits) * unit if digits.isdigit() and unit is not None else None
