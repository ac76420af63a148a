"""The sentences for what is wrong with a line: what, where, and what to type."""

from __future__ import annotations

from tutor.catalog.outcome import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.catalog.model import Argument, Command
    from tutor.catalog.outcome import Expectation

SHOWN = 40
MOST = 6


def show(word: bytes) -> str:
    """A word within a sentence: short, printable, on one line."""
    text = word.decode("utf-8", "backslashreplace")
    text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: SHOWN + 1])
    if not text:
        return '""'
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def join(names: Sequence[str]) -> str:
    """`NX, XX or GET`; a long list is cut."""
    if len(names) > MOST:
        names = [*names[:MOST], "another option"]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}"


def names(expected: Sequence[Expectation]) -> list[str]:
    """Tokens as they are typed, arguments in angle brackets."""
    found = [f"<{e.text}>" if e.kind == "argument" else e.text for e in expected]
    return list(dict.fromkeys(found))


def near(word: bytes, expected: Sequence[Expectation]) -> str:
    """The token that was probably meant, or nothing."""
    from tutor.catalog.suggest import closest

    tokens = [e.text for e in expected if e.kind in ("token", "subcommand")]
    return next(iter(closest(word.decode("latin-1").upper(), tokens)), "")


def too_few(command: Command, index: int, expected: Sequence[Expectation]) -> Problem:
    needed = join(names(expected))
    return Problem("too-few", index, f"{command.name} is not finished: {needed} has to follow.", f"Type {needed} next.")


def too_many(command: Command, index: int, word: bytes) -> Problem:
    message = f"{command.name} takes nothing more, so “{show(word)}” is one word too many."
    return Problem(
        "too-many", index, message, "Remove it; if it belongs to the word before it, put both in one pair of quotes."
    )


def unexpected(command: Command, index: int, word: bytes, expected: Sequence[Expectation]) -> Problem:
    meant = near(word, expected)
    able = join(names(expected))
    message = f"“{show(word)}” cannot stand here in {command.name}; {able} can."
    return Problem("unexpected", index, message, f"Did you mean {meant}?" if meant else f"Type {able} in its place.")


def exclusive(index: int, word: bytes, used: bytes) -> Problem:
    message = f"{show(word).upper()} and {show(used)} exclude each other."
    return Problem("exclusive", index, message, f"Keep one: remove {show(word).upper()} or {show(used)}.")


def repeated(index: int, word: bytes) -> Problem:
    return Problem("repeated", index, f"{show(word).upper()} is there already.", "Remove the second one.")


def not_a_number(index: int, word: bytes, argument: Argument) -> Problem:
    if argument.type == "double":
        message = f"{argument.name} has to be a number, and “{show(word)}” is none."
        return Problem("not-number", index, message, "Type a number such as 1.5.")
    message = f"{argument.name} has to be a whole number, and “{show(word)}” is none."
    return Problem("not-integer", index, message, "Type digits alone, such as 10 (no plus, no zeros in front).")


def miscounted(index: int, argument: Argument) -> Problem:
    message = f"The count before says that the words end here, but {argument.label} has to follow."
    return Problem("count", index, message, "Correct the count.")


def unknown_command(index: int, word: bytes, meant: Sequence[str]) -> Problem:
    suggestion = f"Did you mean {join(meant)}?" if meant else "Press Tab on an empty line to see what there is."
    return Problem("unknown-command", index, f"There is no Redis command “{show(word)}”.", suggestion)


def unknown_subcommand(command: Command, index: int, word: bytes, meant: Sequence[str]) -> Problem:
    able = join(meant or command.subcommands)
    message = f"{command.name} has no subcommand “{show(word)}”."
    return Problem("unknown-subcommand", index, message, f"Did you mean {able}?" if meant else f"It has {able}.")
