"""HELLO, AUTH, SELECT, QUIT, RESET and the CLIENT subcommands."""

from __future__ import annotations

from typing import Any

from tutor.embedded.commands.base import Family
from tutor.embedded.fake import OK, Int, NoResponse, SimpleError, SimpleString, command
from tutor.embedded.reply import Members, Pairs, Verbatim, spell

__all__ = ["Connection"]

_PONG = SimpleString(b"PONG")
_RESET = SimpleString(b"RESET")


class Connection(Family):
    """What Redis does otherwise than fakeredis, or what fakeredis lacks."""

    @command(name="PING", fixed=(), repeat=(bytes,))
    def ping(self, *args: bytes) -> Any:
        """A RESP2 subscriber gets an array, everybody else a status, or the argument as a bulk string."""
        if len(args) > 1:
            raise SimpleError("ERR wrong number of arguments for 'ping' command")
        if self._pubsub and self.protocol == 2:
            return [b"pong", args[0] if args else b""]
        return args[0] if args else _PONG

    @command(name="SELECT", fixed=(bytes,))
    def select(self, index: bytes) -> SimpleString:
        """A word that is no integer is told apart from a number out of range."""
        number = Int.decode(index, "ERR value is not an integer or out of range")
        if not 0 <= number < len(self._server.dbs):
            raise SimpleError("ERR DB index is out of range")
        self._db, self._db_num = self._server.dbs[number], number
        return OK

    @command(name="QUIT", fixed=(), repeat=(bytes,))
    def quit(self, *args: bytes) -> SimpleString:
        """Answer, then close."""
        self.closing = True
        return OK

    @command(name="RESET", fixed=())
    def reset(self) -> SimpleString:
        """As a connection that has just been opened: RESP2, database 0, no name, no transaction, default user."""
        self._transaction, self._transaction_failed, self._queued = None, False, []
        self._clear_watches()
        self._discard_subscriptions()
        self._reply_off = self._reply_skip = self._reply_skip_next = False
        self._no_evict = self._no_touch = False
        self.name = b""
        self.identity_changed = True
        self._client_info["resp"] = 2
        self._client_info["user"] = "default"
        self.authenticated = not self._server.password
        self._db, self._db_num = self._server.dbs[0], 0
        return _RESET

    @command(name="HELLO", fixed=(), repeat=(bytes,))
    def hello(self, *args: bytes) -> dict[bytes, Any]:
        """Switch the protocol; the options come first to be checked, so that a mistake changes nothing."""
        protocol = self.protocol
        if args:
            protocol = Int.decode(args[0], "ERR Protocol version is not an integer or out of range")
            if protocol not in (2, 3):
                raise SimpleError("NOPROTO unsupported protocol version")
        name, credentials = self._hello_options(args[1:])
        if credentials is not None:
            self._log_in(*credentials)
        if not self.authenticated:
            raise SimpleError(
                "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH "
                "<user> <pass> option can be used to authenticate the client and select the RESP protocol version at "
                "the same time"
            )
        if name is not None:
            self._set_name(name)
        self._client_info["resp"] = protocol
        return {
            b"server": b"redis",
            b"version": self._server.version_text.encode(),
            b"proto": protocol,
            b"id": self.number,
            b"mode": b"standalone",
            b"role": b"master",
            b"modules": [],
        }

    def _hello_options(self, words: tuple[bytes, ...]) -> tuple[bytes | None, tuple[bytes, bytes] | None]:
        name: bytes | None = None
        credentials: tuple[bytes, bytes] | None = None
        at = 0
        while at < len(words):
            option, left = words[at].lower(), len(words) - at - 1
            if option == b"auth" and left >= 2:
                credentials = words[at + 1], words[at + 2]
                at += 3
            elif option == b"setname" and left >= 1:
                name = words[at + 1]
                at += 2
            else:
                raise SimpleError(f"ERR Syntax error in HELLO option '{spell(words[at])}'")
        return name, credentials

    @command(name="AUTH", fixed=(bytes,), repeat=(bytes,))
    def _auth(self, *args: bytes) -> SimpleString:
        """One word is a password for the default user."""
        if len(args) > 2:
            raise SimpleError("ERR syntax error")
        if len(args) == 1 and not self._server.password and not self._server.restricted:
            raise SimpleError(
                "ERR AUTH <password> called without any password configured for the default user. "
                "Are you sure your configuration is correct?"
            )
        self._log_in(*(args if len(args) == 2 else (b"default", args[0])))
        return OK

    def _log_in(self, user: bytes, password: bytes) -> None:
        acl = self._server.acl
        known = user in acl.get_users()
        if user == b"default" and self._server.password:
            right = password == self._server.password
        else:
            rules = acl.get_user_acl(user) if known else None
            right = rules is not None and rules.enabled and (rules._nopass or rules.check_password(password))
        if not right:
            raise SimpleError("WRONGPASS invalid username-password pair or user is disabled.")
        self._client_info["user"] = spell(user)
        self.authenticated = True
        self.identity_changed = True

    def _set_name(self, name: bytes) -> None:
        # Redis shows names in CLIENT LIST, so they must not break its lines.
        if any(not 0x21 <= byte <= 0x7E for byte in name):
            raise SimpleError("ERR Client names cannot contain spaces, newlines or special characters.")
        self.name = name
        self.identity_changed = True

    @command(name="CLIENT SETNAME", fixed=(bytes,))
    def client_setname(self, name: bytes) -> SimpleString:
        """An empty name takes the name away."""
        self._set_name(name)
        return OK

    @command(name="CLIENT GETNAME", fixed=())
    def client_getname(self) -> bytes | None:
        """Nil without a name."""
        return self.name or None

    @command(name="CLIENT ID", fixed=())
    def client_getid(self) -> int:
        """The number of this connection."""
        return self.number

    @command(name="CLIENT SETINFO", fixed=(bytes, bytes))
    def client_setinfo(self, option: bytes, value: bytes) -> SimpleString:
        """Came in 7.2; answered here too because today's client libraries open with it."""
        which = {b"lib-name": 0, b"lib-ver": 1}.get(option.lower())
        if which is None:
            raise SimpleError(f"ERR Unrecognized option '{spell(option)}'")
        self.library[which] = value
        return OK

    def describe(self) -> bytes:
        """The line that CLIENT LIST shows for this client, with the fields of 7.0."""
        now = self._server.now_ms
        flags = b"b" if self.parked else b""
        flags += b"x" if self._transaction is not None else b""
        flags += b"d" if self._watch_notified else b""
        flags += b"P" if self._pubsub else b""
        flags += (b"e" if self._no_evict else b"") + (b"T" if self._no_touch else b"")
        subscriptions = self._count_subscriptions()
        fields: list[tuple[bytes, bytes | int]] = [
            (b"id", self.number),
            (b"addr", self.address[0]),
            (b"laddr", self.address[1]),
            (b"fd", self.as_client().slot + 8),
            (b"name", self.name),
            (b"age", (now - self.born) // 1000),
            (b"idle", max(0, now - self.seen) // 1000),
            (b"flags", flags or b"N"),
            (b"db", self._db_num),
            (b"sub", subscriptions[0]),
            (b"psub", subscriptions[1]),
            (b"ssub", subscriptions[2]),
            (b"multi", len(self._queued) if self._transaction is not None else -1),
            (b"qbuf", 26),
            (b"qbuf-free", 20448),
            (b"argv-mem", sum(map(len, self._argv))),
            (b"multi-mem", 0),
            (b"rbs", 16384),
            (b"rbp", 16384),
            (b"obl", 0),
            (b"oll", 0),
            (b"omem", 0),
            (b"tot-mem", 37760),
            (b"events", b"r"),
            (b"cmd", self.last_command),
            (b"user", self.as_client().user),
            (b"redir", -1),
            (b"resp", self.protocol),
        ]
        return b" ".join(b"%b=%b" % (key, b"%d" % value if isinstance(value, int) else value) for key, value in fields)

    def _count_subscriptions(self) -> tuple[int, int, int]:
        state = self._server
        maps = (state.subscribers, state.psubscribers, state.ssubscribers)
        first, second, third = (sum(self in clients for clients in channels.values()) for channels in maps)
        return first, second, third

    @command(name="CLIENT INFO", fixed=())
    def client_info_cmd(self) -> Verbatim:
        """One line, of this client."""
        return Verbatim(self.describe() + b"\n")

    @command(name="CLIENT LIST", fixed=(), repeat=(bytes,))
    def client_list_cmd(self, *args: bytes) -> Verbatim:
        """All clients, or those of a type, or those with an id."""
        people = [client for _, client in sorted(self._server.people.items())]
        if args and args[0].lower() == b"type" and len(args) == 2:
            kind = args[1].lower()
            if kind not in (b"normal", b"master", b"replica", b"slave", b"pubsub"):
                raise SimpleError(f"ERR Unknown client type '{spell(args[1])}'")
            people = [client for client in people if client.kind() == kind]
        elif args and args[0].lower() == b"id" and len(args) >= 2:
            wanted = {Int.decode(arg, "ERR Invalid client ID") for arg in args[1:]}
            people = [client for client in people if client.number in wanted]
        elif args:
            raise SimpleError("ERR syntax error")
        return Verbatim(b"".join(client.describe() + b"\n" for client in people))

    def kind(self) -> bytes:
        """The type by which CLIENT LIST and CLIENT KILL choose."""
        return b"pubsub" if self._pubsub else b"normal"

    @command(name="CLIENT KILL", fixed=(bytes,), repeat=(bytes,))
    def client_kill(self, *args: bytes) -> Any:
        """The old form names an address; the new one has filters and answers how many were closed."""
        people = list(self._server.people.values())
        if len(args) == 1:
            chosen = [client for client in people if client.address[0] == args[0]]
            if not chosen:
                raise SimpleError("ERR No such client")
            self._close(chosen)
            return OK
        skip_me = True
        if len(args) % 2:
            raise SimpleError("ERR syntax error")
        for option, value in zip(args[::2], args[1::2], strict=True):
            if option.lower() == b"skipme":
                if value.lower() not in (b"yes", b"no"):
                    raise SimpleError("ERR syntax error")
                skip_me = value.lower() == b"yes"
            else:
                people = self._filter(people, option.lower(), value)
        chosen = [client for client in people if not (skip_me and client is self.as_client())]
        self._close(chosen)
        return len(chosen)

    def _filter(self, people: list[Any], option: bytes, value: bytes) -> list[Any]:
        if option == b"id":
            number = Int.decode(value, "ERR client-id should be greater than 0")
            if number <= 0:
                raise SimpleError("ERR client-id should be greater than 0")
            return [client for client in people if client.number == number]
        if option in (b"addr", b"laddr"):
            return [client for client in people if client.address[option == b"laddr"] == value]
        if option == b"type":
            if value.lower() not in (b"normal", b"master", b"replica", b"slave", b"pubsub"):
                raise SimpleError(f"ERR Unknown client type '{spell(value)}'")
            return [client for client in people if client.kind() == value.lower()]
        if option == b"user":
            if value not in self._server.acl.get_users():
                raise SimpleError(f"ERR No such user '{spell(value)}'")
            return [client for client in people if client.user == value]
        raise SimpleError("ERR syntax error")

    def _close(self, people: list[Any]) -> None:
        for client in people:
            client.closing = True
            self._server.unsent[client] = None

    @command(name="CLIENT UNBLOCK", fixed=(bytes,), repeat=(bytes,))
    def client_unblock(self, number: bytes, *reason: bytes) -> int:
        """End another client's waiting, as if its time were over or with an error."""
        if len(reason) > 1:
            raise SimpleError("ERR syntax error")
        if reason and reason[0].lower() not in (b"timeout", b"error"):
            raise SimpleError("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR")
        client = self._server.people.get(Int.decode(number))
        if client is None or client.parked is None:
            return 0
        client.give_up(bool(reason) and reason[0].lower() == b"error")
        return 1

    @command(name="CLIENT NO-EVICT", fixed=(bytes,))
    def client_no_evict(self, mode: bytes) -> SimpleString:
        """Shown as the flag `e`; nothing is evicted here."""
        self._no_evict = self._on_off(mode)
        return OK

    @command(name="CLIENT NO-TOUCH", fixed=(bytes,))
    def client_no_touch(self, mode: bytes) -> SimpleString:
        """Shown as the flag `T`."""
        self._no_touch = self._on_off(mode)
        return OK

    @staticmethod
    def _on_off(mode: bytes) -> bool:
        if mode.lower() not in (b"on", b"off"):
            raise SimpleError("ERR syntax error")
        return mode.lower() == b"on"

    @command(name="CLIENT REPLY", fixed=(bytes,))
    def client_reply(self, mode: bytes) -> SimpleString | NoResponse:
        """OFF and SKIP answer nothing themselves."""
        word = mode.lower()
        if word == b"on":
            self._reply_off = self._reply_skip = self._reply_skip_next = False
            return OK
        if word == b"off":
            self._reply_off = True
        elif word == b"skip":
            self._reply_skip_next = not self._reply_off
        else:
            raise SimpleError("ERR syntax error")
        return NoResponse()

    @command(name="CLIENT GETREDIR", fixed=())
    def client_getredir(self) -> int:
        """-1: tracking is off."""
        return -1

    @command(name="CLIENT TRACKINGINFO", fixed=())
    def client_trackinginfo(self) -> Pairs:
        """Tracking is always off here."""
        return Pairs([b"flags", Members([b"off"]), b"redirect", -1, b"prefixes", []])
