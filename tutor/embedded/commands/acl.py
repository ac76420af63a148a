"""Users: what must hold already, that nobody locks everybody out and nothing is written to a file."""

from __future__ import annotations

from typing import Any

from tutor.embedded.commands.base import Family
from tutor.embedded.fake import SimpleError, SimpleString, command

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

    @command(name="ACL SAVE", fixed=())
    def acl_save(self) -> None:
        """There is no file."""
        raise SimpleError(_NO_FILE)

    @command(name="ACL LOAD", fixed=())
    def acl_load(self) -> None:
        """There is no file."""
        raise SimpleError(_NO_FILE)
