"""What every command family may use of the client that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tutor.embedded.reply import NIL_ARRAY

if TYPE_CHECKING:
    from tutor.embedded.client import Client
    from tutor.embedded.lookup import Command
    from tutor.embedded.state import Data, State

__all__ = ["Family"]


class Family:
    """The attributes that `Client` provides. Methods here have the names that fakeredis's own methods have."""

    if TYPE_CHECKING:
        _server: State
        _db: Data
        _db_num: int
        _client_info: Any
        _transaction: list[Any] | None
        _transaction_failed: bool
        _in_transaction: bool
        _watch_notified: bool
        _watches: set[Any]
        _pubsub: int
        _script_resp: int | None
        _argv: list[bytes]
        _queued: list[tuple[Command, list[bytes]]]
        _reply_off: bool
        _reply_skip: bool
        _reply_skip_next: bool
        _no_evict: bool
        _no_touch: bool
        _unblock_reason: bytes | None
        _retrying: bool
        name: bytes
        number: int
        observer: bool
        closing: bool
        library: list[bytes]
        address: list[bytes]
        authenticated: bool
        identity_changed: bool
        born: int
        seen: int
        last_command: bytes
        parked: Any
        out: list[bytes]

        @property
        def protocol(self) -> int: ...
        @property
        def version(self) -> tuple[int, ...]: ...

        def call(self, entry: Command, argv: list[bytes], from_script: bool = False) -> Any: ...
        def answer(self, result: Any) -> None: ...
        def leave(self) -> None: ...
        def unpark(self) -> None: ...
        def _wait(self, timeout: float, argv: list[bytes]) -> Exception: ...
        def push(self, items: list[Any]) -> None: ...
        def _clear_watches(self) -> None: ...
        def _discard_subscriptions(self) -> None: ...
        def _blocking(self, timeout: float | None, func: Any, shape: Any = None) -> Any: ...

        @property
        def _resp_version(self) -> int: ...

    @staticmethod
    def nil_array() -> Any:
        """RESP2's nil array."""
        return NIL_ARRAY

    def as_client(self) -> Client:
        """This object by its full type."""
        client: Any = self
        return client  # type: ignore[no-any-return]
