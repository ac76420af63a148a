"""Who answers a learner's commands: the embedded server, a live one at a URL, or a real one that we start.

Every backend is an address that speaks RESP, with a lifecycle and a set of capabilities; `open_backend` picks one.
"""

from __future__ import annotations

from collections.abc import Iterable

from tutor.backends.address import Address
from tutor.backends.base import CAPABILITIES, Backend, Clock
from tutor.backends.connection import Connection
from tutor.backends.conversation import Answer, Message
from tutor.errors import MissingCapability, UsageError

__all__ = [
    "CAPABILITIES",
    "Address",
    "Answer",
    "Backend",
    "Clock",
    "Connection",
    "Message",
    "open_backend",
]


def open_backend(spec: str = "auto", needs: Iterable[str] = ()) -> Backend:
    """The backend that `spec` names, not started yet.

    `spec` is `embedded`, `redis-server` (a real one that we start and stop), a URL, or `auto`: the embedded server
    where it offers all of `needs`, else a real one that we start. Raises `UsageError` for another word and
    `MissingCapability` when nothing here offers what is needed.
    """
    if spec == "embedded":
        from tutor.backends.embedded import EmbeddedBackend

        return EmbeddedBackend()
    if spec == "redis-server":
        from tutor.backends.lab import LabBackend

        return LabBackend()
    if spec == "auto":
        return _pick(frozenset(needs))
    if "://" in spec:
        from tutor.backends.live import LiveBackend

        return LiveBackend(Address.parse(spec))
    raise UsageError(
        f"{spec!r} is not a backend. Write embedded, redis-server, auto, or the URL of a server: redis://HOST:PORT/DB."
    )


def _pick(needs: frozenset[str]) -> Backend:
    from tutor.backends.embedded import EmbeddedBackend

    if needs <= EmbeddedBackend.capabilities:
        return EmbeddedBackend()
    from tutor.backends.lab import LabBackend, find_server

    missing = ", ".join(CAPABILITIES.get(name, name) for name in sorted(needs - EmbeddedBackend.capabilities))
    if not needs <= LabBackend.capabilities:
        raise MissingCapability(
            f"No server on this machine offers {missing}. Give one: --backend redis://HOST:PORT/DB."
        )
    if find_server() is None:
        raise MissingCapability(
            f"The embedded server does not offer {missing}; a real one does. On Debian or Ubuntu type: "
            f"sudo apt install redis-server. On macOS: brew install redis."
        )
    return LabBackend()
