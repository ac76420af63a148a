"""Our pattern matcher against the definition of Redis's own, written down as the obvious recursion."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.embedded.glob import compile_glob


def slow(pattern: bytes, text: bytes) -> bool:
    """The definition, for patterns without classes and escapes."""
    if not pattern:
        return not text
    if pattern[:1] == b"*":
        return slow(pattern[1:], text) or (bool(text) and slow(pattern, text[1:]))
    return bool(text) and pattern[:1] in (b"?", text[:1]) and slow(pattern[1:], text[1:])


@given(pattern=st.text("ab*?", max_size=8), text=st.text("ab", max_size=8))
def test_as_defined(pattern: str, text: str) -> None:
    """Stars and question marks."""
    assert compile_glob(pattern.encode()).match(text.encode()) == slow(pattern.encode(), text.encode())


@given(pattern=st.binary(max_size=12), text=st.binary(max_size=12))
def test_any_bytes(pattern: bytes, text: bytes) -> None:
    """No pattern is an error."""
    compile_glob(pattern).match(text)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (b"h[ae]llo", b"hello", True),
        (b"h[^e]llo", b"hello", False),
        (b"h[^e]llo", b"hallo", True),
        (b"h[a-c]t", b"hbt", True),
        (b"h[c-a]t", b"hbt", True),
        (b"h\\*t", b"h*t", True),
        (b"h\\*t", b"hat", False),
        (b"[abc", b"b", True),
        (b"[]", b"a", False),
        (b"[^]", b"a", True),
        (b"a\\", b"a\\", True),
        (b"user:*:name", b"user:17:name", True),
        (b"user:*:name", b"user:17:names", False),
        (b"", b"", True),
        (b"*", b"", True),
        (b"??", b"a", False),
        (b"*[0-9]", b"key7", True),
    ],
)
def test_classes_and_escapes(pattern: bytes, text: bytes, matches: bool) -> None:
    """Cases of Redis's documentation and its corners."""
    assert compile_glob(pattern).match(text) is matches
