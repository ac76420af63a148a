"""Where a server is: parsed from a URL, printed back as one."""

from __future__ import annotations

import socket
from dataclasses import dataclass, replace

from tutor.errors import Unreachable, UsageError

__all__ = ["Address"]

_EXAMPLES = "Write redis://HOST:PORT/DB, rediss://USER:PASSWORD@HOST:PORT (TLS) or unix:///PATH/TO/SOCKET?db=0."


@dataclass(frozen=True, slots=True)
class Address:
    """The address of one server that speaks RESP."""

    host: str = "127.0.0.1"
    """Name or address; unused when `path` is set."""
    port: int = 6379
    """1 to 65535."""
    path: str = ""
    """The unix socket's path; empty for TCP."""
    tls: bool = False
    """Speak TLS, and check the server's certificate."""
    username: str = ""
    """The ACL user; empty for `default`."""
    password: str = ""
    """Sent with AUTH when not empty."""
    database: int | None = None
    """The logical database that was named; None when none was."""

    @classmethod
    def parse(cls, url: str) -> Address:
        """The address that a `redis://`, `rediss://` or `unix://` URL names. Raises `UsageError`."""
        from urllib.parse import parse_qs, unquote, urlsplit

        parts = urlsplit(url)
        if parts.scheme not in ("redis", "rediss", "unix"):
            raise UsageError(f"{url!r} is not the URL of a Redis server. {_EXAMPLES}")
        try:
            port = parts.port or 6379
        except ValueError:
            raise UsageError(f"{url!r} has a port that is not a number from 1 to 65535. {_EXAMPLES}") from None
        named = parse_qs(parts.query).get("db", [""])[0]
        if parts.scheme != "unix":
            named = named or parts.path.strip("/")
        if named and not named.isdigit():
            raise UsageError(f"{url!r} names the database {named!r}; databases are numbers from 0. {_EXAMPLES}")
        address = cls(
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            database=int(named) if named else None,
        )
        if parts.scheme == "unix":
            path = unquote(parts.netloc.rpartition("@")[2] + parts.path)
            if not path:
                raise UsageError(f"{url!r} names no socket. {_EXAMPLES}")
            return replace(address, path=path)
        return replace(address, host=parts.hostname or "127.0.0.1", port=port, tls=parts.scheme == "rediss")

    @property
    def url(self) -> str:
        """The URL, with the password: for a program that is to connect."""
        return self._url(self.password)

    def __str__(self) -> str:
        """The URL as it may be shown: a password is hidden."""
        return self._url("***" if self.password else "")

    def _url(self, password: str) -> str:
        from urllib.parse import quote

        user = f"{quote(self.username)}:{quote(password, safe='*')}@" if password else ""
        if self.path:
            return f"unix://{user}{quote(self.path)}" + ("" if self.database is None else f"?db={self.database}")
        host = f"[{self.host}]" if ":" in self.host else self.host
        database = f"/{self.database}" if self.database is not None else ""
        return f"redis{'s' if self.tls else ''}://{user}{host}:{self.port}{database}"

    def open(self, timeout: float) -> socket.socket:
        """A connected, non-blocking socket. Raises `Unreachable` with what to look at."""
        plain: socket.socket | None = None
        try:
            if self.path:
                plain = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                plain.settimeout(timeout)
                plain.connect(self.path)
            else:
                plain = socket.create_connection((self.host, self.port), timeout)
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls:
                import ssl

                plain = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except OSError as fault:
            if plain is not None:
                plain.close()
            reason = fault.strerror or str(fault)
            raise Unreachable(
                f"No Redis server answers at {self}: {reason}. Is it running, and is the address right? "
                f"Without a server, leave --backend away: the embedded one needs nothing."
            ) from fault
        plain.setblocking(False)
        return plain
