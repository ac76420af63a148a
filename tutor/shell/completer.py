"""What may come at the cursor, as a menu: the tutor's commands, and all that the walk expects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from tutor import explain
from tutor.catalog import Expectation
from tutor.shell.grammar import Grammar, Half
from tutor.shell.names import Names
from tutor.shell.vocabulary import CLIENTS, WORDS
from tutor.view.cells import clean, cut
from tutor.wire import quote

__all__ = ["RedisCompleter"]

_META = 72
_AFTER_THE_KEY = 0.002
# Arguments whose values are in the key's own content: by name, which commands of one type share.
_INSIDE = frozenset({"field", "member", "element"})
_MOST = 200


class RedisCompleter(Completer):
    """Completes every word of a line; names that are in the database come when the server has told them."""

    def __init__(
        self,
        grammar: Grammar,
        names: Names,
        *,
        lessons: Callable[[], Iterable[tuple[str, str]]],
        answers: Callable[[], Iterable[tuple[str, str]]],
    ) -> None:
        self._grammar = grammar
        self._names = names
        self._lessons = lessons
        self._answers = answers

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """All that can be said without asking the server."""
        half = self._grammar.half(document.text_before_cursor)
        yield from self._words(half, complete_event.completion_requested)
        yield from self._known(half)

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """The same, and then what the server tells; the keystroke does not wait for it."""
        # The key itself is drawn first; the menu may come an instant later.
        await asyncio.sleep(_AFTER_THE_KEY)
        told = set()
        for completion in self.get_completions(document, complete_event):
            told.add(completion.text)
            yield completion
        half = self._grammar.half(document.text_before_cursor)
        if await self._ask(half):
            for completion in self._known(half):
                if completion.text not in told:
                    yield completion

    # -- words that are known ------------------------------------------------------------------------------------

    def _words(self, half: Half, asked: bool) -> Iterator[Completion]:
        typed = half.line.text[half.word.start :] if half.word else ""
        if half.line.tutor is not None and not half.line.redis_words:
            yield from self._arguments(half, typed)
            if half.line.tutor.name == "client" and half.line.text[-1:].isspace():
                yield from self._expected(half, typed)
            return
        if half.line.tutor is not None and half.line.at == len(half.line.text):
            yield from _starting(((word.name, word.sentence) for word in WORDS.values()), half.line.tutor.name)
            return
        if not half.before and half.line.tutor is None:
            if not typed and not asked:
                return
            yield from self._tutor_words(typed)
        yield from self._expected(half, typed)

    def _tutor_words(self, typed: str) -> Iterator[Completion]:
        colon = typed.startswith(":")
        if typed and not typed.islower() and not colon:
            return  # small letters alone are the tutor's
        for word in WORDS.values():
            name = f":{word.name}" if colon else word.name
            if name.startswith(typed.lower()):
                yield _completion(name, typed, word.sentence)

    def _arguments(self, half: Half, typed: str) -> Iterator[Completion]:
        name = half.line.tutor.name if half.line.tutor else ""
        if half.before:
            return
        if name == "start":
            yield from _starting(self._lessons(), typed)
        elif name == "client":
            yield from _starting(((client, f"Speak as client {client}.") for client in CLIENTS), typed)
        elif name == "check":
            yield from _starting(self._answers(), typed)

    def _expected(self, half: Half, typed: str) -> Iterator[Completion]:
        """Words that the argument tree has here; those that this server does not know come last and say so."""
        upper = typed.upper()
        lower = _writes_small(half, typed)
        seen = set()
        unknown = []
        for expectation in half.expected:
            text = expectation.text
            if expectation.kind == "argument" or text in seen or text == typed or not text.upper().startswith(upper):
                continue
            seen.add(text)
            meta, needs = self._meta(half, expectation)
            completion = _completion(
                text.lower() if lower else text, typed, f"(needs {needs}) {meta}" if needs else meta
            )
            if needs:
                unknown.append(completion)
            else:
                yield completion
        yield from unknown

    def _meta(self, half: Half, expectation: Expectation) -> tuple[str, str]:
        """Our words for something that may come, and what the server would need for it."""
        command = half.walk.command if half.walk else None
        catalog = self._grammar.catalog
        found = None
        if expectation.kind == "command":
            found = catalog.get(expectation.text)
        elif expectation.kind == "subcommand" and command is not None:
            found = catalog.get(f"{command.name} {expectation.text}")
        if found is not None:
            return found.words.sentence or found.group, self._grammar.lacks(found.since, found.module)
        if command is not None and expectation.argument is not None:
            return explain.phrase(command, expectation.argument), self._grammar.lacks(expectation.argument.since)
        return "", ""

    # -- names in the database -----------------------------------------------------------------------------------

    def _known(self, half: Half) -> Iterator[Completion]:
        """Keys, fields and members that the server has told already."""
        typed = half.line.text[half.word.start :] if half.word else ""
        if half.walk is None or half.walk.command is None:
            return
        start = half.word.data if half.word else b""
        if _wants(half, "key"):
            used = set(half.before[1:])
            for name, kind in self._names.keys(start, _MOST):
                if name not in used:
                    yield _completion(_written(name), typed, kind)
        if (key := _content(half)) is not None:
            for name in self._names.content(key, start, _MOST):
                yield _completion(_written(name), typed, f"in {clean(key)}")

    async def _ask(self, half: Half) -> bool:
        """Lets the server tell what may be meant here; True when there may be something new."""
        if half.walk is None or half.walk.command is None:
            return False
        start = half.word.data if half.word else b""
        fresh = False
        if _wants(half, "key"):
            fresh = await self._names.ask_keys(start)
        if (key := _content(half)) is not None:
            fresh = await self._names.ask_content(key) or fresh
        return fresh


def _wants(half: Half, kind: str) -> bool:
    return any(e.kind == "argument" and e.type == kind for e in half.expected)


def _content(half: Half) -> bytes | None:
    """The key whose fields or members may stand here."""
    command = half.walk.command if half.walk else None
    if command is None or not any(e.kind == "argument" and e.text in _INSIDE for e in half.expected):
        return None
    keys = command.keys(half.before)
    return half.before[keys[0]] if keys else None


def _writes_small(half: Half, typed: str) -> bool:
    """Whether this learner types in small letters: then the menu does too."""
    letters = (
        typed if any(sign.isalpha() for sign in typed) else half.before[0].decode("latin-1") if half.before else ""
    )
    return letters.islower()


def _written(name: bytes) -> str:
    """The name as it has to be typed."""
    text = name.decode("utf-8", "backslashreplace")
    plain = text.isprintable() and not any(sign in text for sign in " \"'\\") and text
    return text if plain else quote(name).decode()


def _starting(words: Iterable[tuple[str, str]], typed: str) -> Iterator[Completion]:
    for text, meta in words:
        if text.lower().startswith(typed.lower()):
            yield _completion(text, typed, meta)


def _completion(text: str, typed: str, meta: str) -> Completion:
    return Completion(text, -len(typed), display_meta=cut(meta, _META))
