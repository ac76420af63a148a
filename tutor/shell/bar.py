"""The bar at the bottom: the syntax with the current argument marked and a phrase about it; else where we are."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.formatted_text import StyleAndTextTuples

from tutor import explain
from tutor.catalog import Argument, Command, SyntaxPart
from tutor.shell.grammar import Grammar, Half
from tutor.view.cells import clean, cut, width

__all__ = ["Bar"]


class Bar:
    """Two lines, always: a bar that grows and shrinks would make the prompt jump."""

    def __init__(self, grammar: Grammar, *, status: Callable[[], tuple[str, str]]) -> None:
        self._grammar = grammar
        self._status = status

    def draw(self, before_cursor: str, columns: int) -> StyleAndTextTuples:
        """The bar for what stands before the cursor."""
        first: StyleAndTextTuples
        room = max(1, columns - 1)
        if not before_cursor.strip():
            place, keys = self._status()
            first, second = [("class:bar", cut(place, room))], cut(keys, room)
        else:
            first, second = self._line(self._grammar.half(before_cursor), room)
        return [*first, ("class:bar", "\n"), ("class:bar.phrase", cut(clean(second), room))]

    def _line(self, half: Half, room: int) -> tuple[StyleAndTextTuples, str]:
        tutor = half.line.tutor
        if tutor is not None and (not half.line.redis_words or not half.line.words):
            return [("class:bar.command", cut(tutor.usage, room))], tutor.sentence
        if half.line.fault is not None:
            return [("class:bar", cut("An open quote: Enter goes on with a new line.", room))], str(half.line.fault)
        words = (*half.before, half.word.data) if half.word else half.before
        if not words:
            return [("class:bar", "")], ""
        walk = self._grammar.walk(words)
        command = walk.command
        if command is None:
            name = f"{clean(words[0])}"
            if half.word is not None and len(words) == 1:
                return [("class:bar", cut(name, room))], "No command of this name yet; the menu shows what begins so."
            problem = self._grammar.meant(words[0])
            return [("class:bar.wrong", cut(problem.message if problem else name, room))], (
                problem.suggestion if problem else ""
            )
        problem = walk.problem
        if problem is not None and problem.kind != "too-few" and not (half.word and problem.index == len(words) - 1):
            text = f"{problem.message} {problem.suggestion}"
            return self._syntax(command, frozenset(), room), text
        current = _current(half, [token.argument for token in walk.tokens])
        if not current:
            return self._syntax(command, frozenset(), room), command.words.sentence
        said = [explain.phrase(command, argument) for argument in current]
        text = said[0] if len(current) == 1 or _is_value(current[0]) else command.words.sentence
        label = current[0].name if _is_value(current[0]) else ""
        return self._syntax(command, frozenset(map(id, current)), room), f"{label}: {text}" if label else text

    def _syntax(self, command: Command, current: frozenset[int], room: int) -> StyleAndTextTuples:
        """The syntax line, moved to the left where the marked part would not be seen."""
        parts = self._grammar.parts(command) if command.arguments else (SyntaxPart(_container(command)),)
        # One argument is where the cursor is; several are what may come there.
        mark = "class:bar.current" if len(current) == 1 else "class:bar.next"
        pieces: list[tuple[str, str]] = []
        for place, part in enumerate(parts):
            marked = part.argument is not None and id(part.argument) in current
            pieces.append((mark if marked else "class:bar.command" if place == 0 else "class:bar", part.text))
        total = sum(width(text) for _, text in pieces)
        return list(pieces) if total <= room else _window(pieces, room)


def _is_value(argument: Argument) -> bool:
    return argument.token is None


def _current(half: Half, arguments: list[Argument | None]) -> list[Argument]:
    """The arguments that the cursor is at: of the word being typed, else those that may come next."""
    if half.word is not None and arguments:
        last = arguments[-1]
        return [last] if last is not None else []
    found: list[Argument] = []
    for expectation in half.expected:
        if expectation.argument is not None and expectation.argument not in found:
            found.append(expectation.argument)
    return found


def _container(command: Command) -> str:
    return f"{command.name} {' | '.join(command.subcommands)}" if command.subcommands else command.name


def _window(pieces: list[tuple[str, str]], room: int) -> StyleAndTextTuples:
    """The part of a long syntax line around what is marked; dots stand for what is left out."""
    marked = [place for place, (style, _) in enumerate(pieces) if style in ("class:bar.current", "class:bar.next")]
    head, *rest = pieces
    first = marked[0] - 1 if marked else 0
    # The mark of an option runs over its token and its value; together they should be seen.
    last = marked[-1] if marked and marked[-1] - marked[0] <= 2 else first + 1
    before = sum(width(text) for _, text in rest[:last])
    head = (head[0], cut(head[1], room))
    shown: list[tuple[str, str]] = [head]
    used = width(head[1])
    at = 0
    if marked and used + before > room - 2:
        # Keep one or two arguments before the marked one, for the eye.
        at = max(0, first - 4)
        shown.append(("class:bar", " …"))
        used += 2
    for style, text in rest[at:]:
        size = width(text)
        if used + size > room - 1:
            shown.append((style, cut(f"{text}…", room - used)))
            break
        shown.append((style, text))
        used += size
    return list(shown)
