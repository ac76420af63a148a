"""Names in the database, for the menu: asked for beside the learner's own work, bounded, and soon forgotten."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator

from tutor import wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tutor.wire import Reply

__all__ = ["Ask", "Names"]

# How a name may be asked for: commands in one round trip, on a connection that the learner does not see; None when
# the server is busy or not there yet.
Ask = Callable[[list[tuple[bytes, ...]]], "Awaitable[list[Reply] | None]"]

_FRESH_SECONDS = 1.5
_STEPS = 4
_COUNT = b"500"
_MOST = 1000
_READERS: dict[bytes, tuple[bytes, ...]] = {
    b"hash": (b"HSCAN",),
    b"set": (b"SSCAN",),
    b"zset": (b"ZSCAN",),
}


class Names:
    """A short memory of keys and of what is in them."""

    def __init__(self, ask: Ask, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._keys: dict[bytes, str] = {}
        self._asked: dict[bytes, float] = {}
        self._content: dict[bytes, list[bytes]] = {}
        self._whole = False

    def forget(self) -> None:
        """The database has changed: what is known may be wrong."""
        self._asked.clear()
        self._whole = False

    def clear(self) -> None:
        """Another database, or an empty one: nothing is known."""
        self.forget()
        self._keys.clear()
        self._content.clear()

    def keys(self, start: bytes, most: int) -> Iterator[tuple[bytes, str]]:
        """Known keys that begin so, with their type, in order."""
        names = sorted(name for name in self._keys if name.startswith(start))[:most]
        yield from ((name, self._keys[name]) for name in names)

    def content(self, key: bytes, start: bytes, most: int) -> Iterator[bytes]:
        """Known fields or members of a key that begin so."""
        yield from [name for name in self._content.get(key, ()) if name.startswith(start)][:most]

    async def ask_keys(self, start: bytes) -> bool:
        """Asks for keys that begin so, unless that was just done; True when there is an answer."""
        # As soon as one answer held all keys, a longer beginning asks for nothing new.
        if self._whole and self._is_fresh(b"k"):
            return False
        mark = b"k" + start
        if self._is_fresh(mark):
            return False
        found: dict[bytes, str] = {}
        cursor, pattern = b"0", _literal(start) + b"*"
        for _ in range(_STEPS):
            replies = await self._ask([(b"SCAN", cursor, b"MATCH", pattern, b"COUNT", _COUNT)])
            page = _page(replies)
            if page is None:
                return False
            cursor, names = page
            found.update(dict.fromkeys(names, ""))
            if cursor == b"0" or len(found) >= _MOST:
                break
        await self._types(found)
        self._keep(start, found, whole=cursor == b"0" and not start)
        self._asked[mark] = self._clock()
        return True

    async def _types(self, found: dict[bytes, str]) -> None:
        names = list(found)[:200]
        replies = await self._ask([(b"TYPE", name) for name in names]) if names else []
        for name, reply in zip(names, replies or (), strict=False):
            if isinstance(reply, wire.Status):
                found[name] = reply.text.decode("latin-1")

    def _keep(self, start: bytes, found: dict[bytes, str], *, whole: bool) -> None:
        for name in [name for name in self._keys if name.startswith(start)]:
            del self._keys[name]
        if len(self._keys) > 5 * _MOST:
            self._keys.clear()
        self._keys.update(found)
        self._whole = whole
        if whole:
            self._asked[b"k"] = self._clock()

    async def ask_content(self, key: bytes) -> bool:
        """Asks for the fields or members of a key, unless that was just done."""
        mark = b"c" + key
        if self._is_fresh(mark):
            return False
        kind = await self._ask([(b"TYPE", key)])
        reader = _READERS.get(kind[0].text) if kind and isinstance(kind[0], wire.Status) else None
        names: list[bytes] = []
        if reader is not None:
            page = _page(await self._ask([(*reader, key, b"0", b"COUNT", _COUNT)]))
            if page is not None:
                names = page[1] if reader == (b"SSCAN",) else page[1][::2]
        if len(self._content) > 100:
            self._content.clear()
        self._content[key] = sorted(names)[:_MOST]
        self._asked[mark] = self._clock()
        return bool(names)

    def _is_fresh(self, mark: bytes) -> bool:
        asked = self._asked.get(mark)
        return asked is not None and self._clock() - asked < _FRESH_SECONDS


def _literal(start: bytes) -> bytes:
    """A beginning as a glob pattern that stands for itself."""
    return b"".join(b"\\" + bytes((sign,)) if sign in b"*?[]\\^" else bytes((sign,)) for sign in start)


def _page(replies: list[Reply] | None) -> tuple[bytes, list[bytes]] | None:
    """Cursor and names of a SCAN's reply, or None when it was none."""
    if not replies or not isinstance(replies[0], wire.Array) or len(replies[0].items) != 2:
        return None
    cursor, names = replies[0].items
    if not isinstance(cursor, wire.Bulk) or not isinstance(names, wire.Array):
        return None
    return cursor.data, [name.data for name in names.items if isinstance(name, wire.Bulk)]
