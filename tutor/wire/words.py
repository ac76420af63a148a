"""A typed line to words, and bytes back to a quoted word, exactly as redis-cli does it.

The rules are those of `sdssplitargs` and `sdscatrepr` in Redis's sds.c: double quotes know `\\n \\r \\t \\b \\a`
and `\\xHH`; single quotes know only `\\'`; a closing quote must be followed by white space or the end.
"""

from __future__ import annotations

from tutor.errors import QuotingError

__all__ = ["quote", "split"]

_SPACE = frozenset(b" \t\n\v\f\r")
# Inside a word redis-cli ends at these only: a vertical tab or a form feed in the middle of a word belongs to it.
_WORD_END = frozenset(b" \n\r\t")
_HEX = frozenset(b"0123456789abcdefABCDEF")
_DOUBLE, _SINGLE, _BACKSLASH = b"\"'\\"
_ESCAPES = {ord("n"): 10, ord("r"): 13, ord("t"): 9, ord("b"): 8, ord("a"): 7}
_PRINTED = {10: b"\\n", 13: b"\\r", 9: b"\\t", 8: b"\\b", 7: b"\\a", _DOUBLE: b'\\"', _BACKSLASH: b"\\\\"}
_REPR = tuple(_PRINTED.get(byte, bytes((byte,)) if 32 <= byte < 127 else b"\\x%02x" % byte) for byte in range(256))
# Bytes that `quote` shows as they are; a value made of these alone needs no look at each byte.
_PLAIN = bytes(byte for byte in range(32, 127) if byte not in (_DOUBLE, _BACKSLASH))


def split(line: bytes) -> list[bytes]:
    r"""The words of one typed line; any byte can be written.

    >>> split(rb'SET k "a\xffb\t\"q\""')
    [b'SET', b'k', b'a\xffb\t"q"']

    Raises `QuotingError` with the position of the quote that is never closed, or of what follows a closing quote.
    """
    if b'"' not in line and b"'" not in line and b"\0" not in line and b"\v" not in line and b"\f" not in line:
        return line.split()
    # A C string ends at its first NUL byte; `\x00` in double quotes writes one.
    end = line.find(b"\0")
    line = line if end < 0 else line[:end]
    words: list[bytes] = []
    at, size = 0, len(line)
    while True:
        while at < size and line[at] in _SPACE:
            at += 1
        if at >= size:
            return words
        word, at = _word(line, at)
        words.append(word)


def _word(line: bytes, at: int) -> tuple[bytes, int]:
    """One word beginning at `at`, and the offset behind it."""
    word, size = bytearray(), len(line)
    while at < size and line[at] not in _WORD_END:
        byte = line[at]
        if byte == _DOUBLE:
            at = _double_quoted(line, at, word)
        elif byte == _SINGLE:
            at = _single_quoted(line, at, word)
        else:
            word.append(byte)
            at += 1
            continue
        # A closed quote ends the word: redis-cli refuses "a"b.
        if at < size and line[at] not in _SPACE:
            raise QuotingError(
                f"A closing quote must be followed by a space or the end of the line; "
                f"at position {at + 1} there is {chr(line[at])!r}.",
                at,
            )
        break
    return bytes(word), at


def _double_quoted(line: bytes, start: int, word: bytearray) -> int:
    at, size = start + 1, len(line)
    while at < size:
        byte = line[at]
        if byte == _BACKSLASH and line[at + 1 : at + 2] == b"x" and _is_hex_pair(line, at + 2):
            word.append(int(line[at + 2 : at + 4], 16))
            at += 4
        elif byte == _BACKSLASH and at + 1 < size:
            word.append(_ESCAPES.get(line[at + 1], line[at + 1]))
            at += 2
        elif byte == _DOUBLE:
            return at + 1
        else:
            word.append(byte)
            at += 1
    raise _unclosed('"', start)


def _single_quoted(line: bytes, start: int, word: bytearray) -> int:
    at, size = start + 1, len(line)
    while at < size:
        byte = line[at]
        if byte == _BACKSLASH and line[at + 1 : at + 2] == b"'":
            word.append(_SINGLE)
            at += 2
        elif byte == _SINGLE:
            return at + 1
        else:
            word.append(byte)
            at += 1
    raise _unclosed("'", start)


def _is_hex_pair(line: bytes, at: int) -> bool:
    return at + 1 < len(line) and line[at] in _HEX and line[at + 1] in _HEX


def _unclosed(mark: str, start: int) -> QuotingError:
    return QuotingError(f"The quote {mark} at position {start + 1} is never closed. Add {mark} at its end.", start)


def quote(data: bytes) -> bytes:
    r"""The bytes as redis-cli shows a string: in double quotes, what cannot be printed as an escape.

    >>> quote(b'a\xff"b"')
    b'"a\\xff\\"b\\""'
    """
    if not data.translate(None, _PLAIN):
        return b'"' + data + b'"'
    return b'"' + b"".join([_REPR[byte] for byte in data]) + b'"'
