"""Users: what must hold already, that nobody locks everybody out and nothing is written to a file."""

from __future__ import annotations

import secrets
from typing import Any

from tutor.embedded.commands.base import Family
from tutor.embedded.fake import Int, SimpleError, SimpleString, command

__all__ = ["Acl"]

_NO_FILE = (
    "ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER "
    "command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store "
    "users in the Redis configuration."
)


class Acl(Family):
    """What Redis does otherwise than fakeredis."""

    @command(name="ACL SETUSER", fixed=(bytes,), repeat=(bytes,))
    def acl_setuser(self, user: bytes, *rules: bytes) -> SimpleString:
        """From the first rule on, every command of every client is checked."""
        base: Any = super()
        done: SimpleString = base.acl_setuser(user, *rules)
        self._server.restricted = True
        return done

    @command(name="ACL DELUSER", fixed=(bytes,), repeat=(bytes,))
    def acl_deluser(self, *users: bytes) -> int:
        """How many there were; the default user stays. Their clients are hung up on."""
        if b"default" in users:
            raise SimpleError("ERR The 'default' user cannot be removed")
        known = [user for user in dict.fromkeys(users) if user in self._server.acl.get_users()]
        for user in known:
            self._server.acl.del_user(user)
        for client in self._server.people.values():
            if client.user in known:
                client.closing = True
                self._server.unsent[client] = None
        return len(known)

    @command(name="ACL GETUSER", fixed=(bytes,))
    def acl_getuser(self, user: bytes) -> Any:
        """Nil for nobody."""
        if user not in self._server.acl.get_users():
            return None
        base: Any = super()
        return base.acl_getuser(user)

    @command(name="ACL CAT", fixed=(), repeat=(bytes,))
    def acl_cat(self, *category: bytes) -> list[bytes]:
        """The categories, or the commands of one."""
        if category == (b"",):
            raise SimpleError("ERR Unknown category ''")
        base: Any = super()
        found: list[bytes] = base.acl_cat(*category)
        return found

    @command(name="ACL GENPASS", fixed=(), repeat=(bytes,))
    def acl_genpass(self, *bits: bytes) -> bytes:
        """A random password as hexadecimal digits, four bits each."""
        count = Int.decode(bits[0]) if bits else 256
        if not 0 < count <= 4096:
            raise SimpleError(
                "ERR ACL GENPASS argument must be the number of bits for the output password, a positive number "
                "up to 4096"
            )
        digits = (count + 3) // 4
        return secrets.token_hex((digits + 1) // 2)[:digits].encode()

    @command(name="ACL SAVE", fixed=())
    def acl_save(self) -> None:
        """There is no file."""
        raise SimpleError(_NO_FILE)

    @command(name="ACL LOAD", fixed=())
    def acl_load(self) -> None:
        """There is no file."""
        raise SimpleError(_NO_FILE)
