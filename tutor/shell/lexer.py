"""Colours for what is being typed: each word by what the argument tree says that it is."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer

from tutor.shell.grammar import Grammar, Spoken

__all__ = ["RedisLexer"]

_STYLES = {
    "command": "class:command",
    "subcommand": "class:command",
    "key": "class:key",
    "option": "class:option",
    "value": "",
    "unknown": "class:wrong.word",
}


class RedisLexer(Lexer):
    """Words in the colour of their role; a word that cannot stand where it does is marked."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """The styled pieces of each line of the text."""
        text = document.text
        lines = document.lines
        if len(text) > 4096:
            return lambda number: [("", lines[number])] if number < len(lines) else []
        styles = [""] * len(text)
        for spoken in self._grammar.read(text):
            if spoken.start >= 0:
                _paint(styles, spoken, document.cursor_position)
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)

        def one(number: int) -> StyleAndTextTuples:
            if number >= len(lines):
                return []
            return _pieces(lines[number], styles[starts[number] : starts[number] + len(lines[number])])

        return one


def _paint(styles: list[str], spoken: Spoken, cursor: int) -> None:
    line, start = spoken.line, spoken.start
    head = line.at
    if line.client:
        _fill(styles, start, start + (line.text.find(">") + 1), "class:prompt.other")
    if line.tutor is not None:
        name_end = start + head
        _fill(styles, start + head - len(line.text[:head].split()[-1]), name_end, "class:tutor")
    walk = spoken.walk
    if walk is None:
        return
    wrong = walk.problem.index if walk.problem is not None and walk.problem.kind != "too-few" else -1
    for token, word in zip(walk.tokens, line.words, strict=False):
        style = _STYLES[token.role]
        at_cursor = cursor == start + word.end
        if token.index == wrong and not at_cursor:
            style = "class:wrong.word"
        elif at_cursor and token.role == "unknown":
            # The word that is still being typed is not wrong yet.
            style = ""
        _fill(styles, start + word.start, start + word.end, style)
    if line.fault is not None and "never closed" not in str(line.fault) and line.fault_at >= 0:
        _fill(styles, start + line.fault_at, start + len(line.text), "class:wrong.word")


def _fill(styles: list[str], start: int, end: int, style: str) -> None:
    end = min(end, len(styles))
    styles[start:end] = [style] * max(0, end - start)


def _pieces(text: str, styles: list[str]) -> StyleAndTextTuples:
    pieces: StyleAndTextTuples = []
    at = 0
    while at < len(text):
        end = at
        while end < len(text) and styles[end] == styles[at]:
            end += 1
        pieces.append((styles[at], text[at:end]))
        at = end
    return pieces
