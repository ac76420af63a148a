"""Lines that are no commands of Redis: a sentence, a query in SQL, an answer without `check`. What to say of them."""

from __future__ import annotations

import re

from tutor.shell.place import Place

__all__ = ["is_letters", "read_speech"]

# A query's first word, and a word that has to follow somewhere. `select 1` and `set a b` are Redis's.
_SQL = re.compile(
    r"\s*(select\b.*\bfrom\b|insert\s+into\b|update\b.*\bset\b|delete\s+from\b"
    r"|(create|drop|alter|truncate)\s+(table|database|index)\b|show\s+(tables|databases)\b|use\s+\w+\s*;?\s*$)",
    re.IGNORECASE | re.DOTALL,
)
# Words that begin a question or a request.
_OPENING = frozenset(
    {
        *("how", "what", "why", "when", "where", "who", "which", "can", "could", "do", "does", "is", "are", "i"),
        *("please", "tell", "give", "the", "my", "hello", "hi", "hey", "thanks", "thank"),
    }
)
_BETWEEN = re.compile(r"[\s,;.:()\[\]>-]+")


def read_speech(text: str, place: Place, *, unknown: bool, meant: str = "") -> str:
    """What to say below Redis's error for such a line; nothing for a command that is only wrong.

    `unknown`: whether Redis has no command of the line's first word. `meant`: which one was probably meant, in words.
    """
    words = text.split()
    if unknown and place.asked:
        return f"{meant if meant.startswith('Did you') else ''} If this is your answer, type `check {text}`".strip()
    if _SQL.match(text):
        return "This looks like SQL. Redis has no tables and no queries: a command names its key, as in `GET user:1`."
    if len(words) >= 3 and (words[0].lower().rstrip(",!.") in _OPENING or text.rstrip().endswith("?")):
        return "This shell reads commands, not sentences. `help` lists what you can ask, `show` shows the step again."
    return ""


def is_letters(text: str, letters: tuple[tuple[str, str], ...], *, several: bool) -> bool:
    """Whether a line is letters of a list: `c a b`, `c, a -> b`, `(c)`; with `several`, `cab` too.

    One letter that is not in the list is an answer as well, a wrong one.
    """
    known = {letter for letter, _ in letters}
    words = [word for word in _BETWEEN.split(text.strip().lower()) if word]
    if len(words) == 1 and len(words[0]) > 1:
        return several and len(words[0]) <= len(known) and set(words[0]) <= known
    return bool(words) and all(len(word) == 1 and word.isalpha() for word in words)
