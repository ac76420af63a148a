"""The tutor's own commands, and the one rule that tells them from Redis's.

The rule: a command of the tutor is written in small letters (`next`); a colon before it always works (`:next`).
Everything else goes to Redis. Three words are commands of both: `reset`, `quit` and `client`. In small letters the
first two are the tutor's, in capitals (RESET, QUIT) Redis's; `client` is the tutor's when only A or B follows it.

What is made before the prompt stands is a named tuple here and in the files beside this one: importing `dataclasses`
and making one takes longer.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ALIASES", "CLIENTS", "RULE", "SHARED", "WORDS", "TutorWord", "tutor_word"]

RULE = (
    "The tutor's commands are written in small letters, as `next`; with a colon, as `:next`, they always work. "
    "Everything else goes to Redis. In capitals, `RESET` and `QUIT` are Redis's own commands; "
    "`client A` and `client B` are the tutor's, every other `client …` is Redis's."
)

CLIENTS = ("A", "B")


class TutorWord(NamedTuple):
    """A command of the tutor."""

    name: str
    """What is typed."""
    usage: str
    """With its arguments."""
    sentence: str
    """What it does."""
    group: str
    """Under which heading help lists it: `lesson`, `look` or `shell`."""


_TABLE = (
    TutorWord("lessons", "lessons", "List the lessons, and what you have solved.", "lesson"),
    TutorWord("start", "start LESSON", "Begin a lesson, or go back to it.", "lesson"),
    TutorWord("next", "next", "Go on to the next step. Enter on an empty line does the same.", "lesson"),
    TutorWord("back", "back", "Go back one step.", "lesson"),
    TutorWord("show", "show", "Show this step again.", "lesson"),
    TutorWord("check", "check [ANSWER]", "Check what you did, or the answer that you give.", "lesson"),
    TutorWord("hint", "hint", "Ask for the next hint.", "lesson"),
    TutorWord("reveal", "reveal", "Show a solution. The exercise then counts as revealed, not as solved.", "lesson"),
    TutorWord("reset", "reset", "Begin this exercise again, from its own keys.", "lesson"),
    TutorWord("progress", "progress", "Show how far you are.", "lesson"),
    TutorWord("why", "why", "Explain the last reply.", "look"),
    TutorWord("explain", "explain COMMAND …", "Explain a command, word by word; it is not run.", "look"),
    TutorWord("client", "client A|B", "Speak as the other client. `B> GET k` does so for one line.", "shell"),
    TutorWord("help", "help [COMMAND]", "Show this list, or what a command does.", "shell"),
    TutorWord("quit", "quit", "Leave. Your progress is kept.", "shell"),
)

WORDS: dict[str, TutorWord] = {word.name: word for word in _TABLE}

# What people type who come from other shells.
ALIASES = {"exit": "quit", "?": "help"}

# Words that Redis knows too, and the form in which Redis gets them. A test holds this against the catalog.
SHARED = {"reset": "RESET", "quit": "QUIT", "client": "CLIENT"}


def tutor_word(first: str, rest: str) -> TutorWord | None:
    """The tutor's command that a line begins with, or None when the line is for Redis.

    >>> tutor_word("next", "").name, tutor_word(":NEXT", "").name, tutor_word("NEXT", "")
    ('next', 'next', None)
    >>> tutor_word("client", "b").name, tutor_word("client", "list")
    ('client', None)
    """
    if first.startswith(":") and len(first) > 1:
        name = first[1:].lower()
        return WORDS.get(ALIASES.get(name, name))
    word = WORDS.get(ALIASES.get(first, first))
    if word is not None and word.name == "client" and rest.strip().upper() not in ("", *CLIENTS):
        return None
    return word
