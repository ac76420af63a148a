"""How many cells a text takes on a terminal, and how to show what must not reach one."""

from __future__ import annotations

__all__ = ["clean", "cut", "width"]


def width(text: str) -> int:
    """Cells of the text: a Chinese sign takes two, a combining accent none.

    >>> width("abc"), width("键")
    (3, 2)
    """
    if text.isascii():
        return len(text)
    from wcwidth import wcwidth

    # wcwidth answers -1 for a control character; those are shown by `clean`, one cell at least.
    return sum(max(0, wcwidth(sign)) for sign in text)


def cut(text: str, cells: int, mark: str = "…") -> str:
    """The text, shortened so that it takes at most `cells`, the mark included.

    >>> cut("a long word", 6)
    'a lon…'
    """
    if width(text) <= cells:
        return text
    room = cells - width(mark)
    if room < 0:
        return ""
    kept, used = [], 0
    for sign in text:
        used += width(sign)
        if used > room:
            break
        kept.append(sign)
    return "".join(kept) + mark


def clean(data: bytes | str) -> str:
    r"""Text that is safe on a terminal: bytes that are not UTF-8 and control characters become escapes.

    A value that a server sends must not move the cursor or set the window's title.

    >>> clean(b"a\x1b[2Jb\xff")
    'a\\x1b[2Jb\\xff'
    """
    text = data.decode("utf-8", "backslashreplace") if isinstance(data, bytes) else data
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() or sign == "\n" else "    " if sign == "\t" else ascii(sign)[1:-1] for sign in text
    )
