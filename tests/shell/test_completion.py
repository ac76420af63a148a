"""The menu, the colours and the bar: all from the one walk, for every command."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import fragment_list_to_text

from tutor.backends import Backend
from tutor.catalog import Argument, Command, load
from tutor.shell.bar import Bar
from tutor.shell.completer import RedisCompleter
from tutor.shell.grammar import Grammar
from tutor.shell.lexer import RedisLexer
from tutor.shell.names import Names
from tutor.view import width
from tutor.wire import Reply

CATALOG = load()
GRAMMAR = Grammar(CATALOG)
TAB = CompleteEvent(completion_requested=True)


async def nobody(commands: Sequence[tuple[bytes, ...]]) -> list[Reply] | None:
    """A server that is not there yet."""
    return None


def completer(names: Names | None = None) -> RedisCompleter:
    return RedisCompleter(
        GRAMMAR,
        names or Names(nobody),
        lessons=lambda: [("strings", "Strings"), ("keys", "Keys")],
        answers=lambda: [("a", "GET k"), ("b", "DEL k")],
    )


def menu(typed: str) -> list[str]:
    return [found.text for found in completer().get_completions(Document(typed), TAB)]


@pytest.mark.parametrize(
    ("typed", "there", "absent"),
    [
        ("SE", ["SET", "SETEX"], ["GET", "show"]),
        ("se", ["set", "setex"], []),
        ("ne", ["next"], []),
        ("NE", [], ["next", "NEXT"]),
        (":re", [":reset", ":reveal"], ["reset"]),
        ("SET k v ", ["NX", "XX", "EX", "GET", "KEEPTTL"], ["k"]),
        ("SET k v NX ", ["EX", "PX"], ["XX", "NX"]),
        ("SET k v NX EX 3 ", ["GET"], ["PX", "KEEPTTL", "EX"]),
        ("set k v n", ["nx"], ["NX"]),
        ("SET k v EX ", [], ["NX", "PX"]),
        ("CLIENT K", ["KILL"], []),
        ("XGROUP ", ["CREATE", "DESTROY"], []),
        ("ZADD z N", ["NX"], []),
        ("ZRANGE z 0 -1 ", ["REV", "WITHSCORES", "LIMIT"], []),
        ("start ", ["strings", "keys"], []),
        ("start s", ["strings"], ["keys"]),
        ("check ", ["a", "b"], []),
        ("client ", ["A", "B", "LIST"], []),
        ("explain SET k v N", ["NX"], []),
        ("B> SET k v N", ["NX"], []),
        ("SET k 1\nINC", ["INCR", "INCRBY"], []),
    ],
)
def test_the_menu_offers_what_may_come(typed: str, there: list[str], absent: list[str]) -> None:
    found = menu(typed)
    assert set(there) <= set(found)
    assert not set(absent) & set(found)


def test_nothing_is_offered_on_an_empty_line_unless_asked() -> None:
    assert list(completer().get_completions(Document(""), CompleteEvent(text_inserted=True))) == []
    assert {"GET", "next"} <= set(menu(""))


def test_every_word_of_the_menu_has_a_phrase() -> None:
    for typed in ("", "SET k v ", "XADD s ", "CLIENT "):
        for found in completer().get_completions(Document(typed), TAB):
            assert found.display_meta_text or typed == "CLIENT ", found.text


def words(command: Command) -> list[str]:
    """A line of the command with each kind of argument in it, as the tree orders them."""
    line = command.name.split()

    def add(arguments: Sequence[Argument]) -> None:
        for argument in arguments:
            if argument.token is not None:
                line.append(argument.token.strip('"') or "x")
            if argument.type == "oneof":
                add(argument.arguments[:1])
            elif argument.type == "block":
                add(argument.arguments)
            elif argument.type != "pure-token":
                line.append("1")

    add(command.arguments)
    return line


@pytest.mark.parametrize("name", CATALOG.names())
def test_every_command_is_completed_coloured_and_shown(name: str) -> None:
    command = CATALOG.get(name)
    assert command is not None
    assert name.split()[-1] in menu(name[:-1])
    bar = Bar(GRAMMAR, status=lambda: ("", ""))
    line = words(command)
    for end in range(1, len(line) + 1):
        typed = " ".join(line[:end])
        for text in (typed, typed + " "):
            document = Document(text)
            menu(text)
            assert fragment_list_to_text(RedisLexer(GRAMMAR).lex_document(document)(0)) == text
            shown = fragment_list_to_text(bar.draw(text, 60)).split("\n")
            assert len(shown) == 2
            assert all(width(row) < 60 for row in shown)
            if end >= len(name.split()) and (end > 1 or text.endswith(" ")) and not command.subcommands:
                assert shown[0].startswith(name[:20]), (text, shown)


@given(st.text(max_size=60), st.integers(4, 100))
def test_any_half_typed_line_is_completed_coloured_and_shown(typed: str, columns: int) -> None:
    document = Document(typed)
    list(completer().get_completions(document, TAB))
    lex = RedisLexer(GRAMMAR).lex_document(document)
    for number, text in enumerate(document.lines):
        assert fragment_list_to_text(lex(number)) == text
    rows = fragment_list_to_text(Bar(GRAMMAR, status=lambda: ("", "")).draw(typed, columns)).split("\n")
    assert all(width(row) < columns for row in rows)


def marked(typed: str) -> str:
    pieces = Bar(GRAMMAR, status=lambda: ("", "")).draw(typed, 200)
    return "".join(piece[1] for piece in pieces if "current" in piece[0])


@pytest.mark.parametrize(
    ("typed", "current"),
    [
        ("SET ", "key"),
        ("SET k", "key"),
        ("SET k ", "value"),
        ("SET k v EX ", "EXseconds"),
        ("SET k v EX 3", "EXseconds"),
    ],
)
def test_the_bar_marks_the_argument_at_the_cursor(typed: str, current: str) -> None:
    assert marked(typed).replace(" ", "") == current


def styles(typed: str) -> list[tuple[str, str]]:
    pieces = RedisLexer(GRAMMAR).lex_document(Document(typed, 0))(0)
    return [(piece[0].removeprefix("class:"), piece[1]) for piece in pieces if piece[1].strip()]


def test_words_are_coloured_by_their_role() -> None:
    assert styles("SET k v NX") == [("command", "SET"), ("key", "k"), ("", " v "), ("option", "NX")]
    assert ("wrong.word", "NXX") in styles("SET k v NXX")
    assert styles("B> GET k")[0] == ("prompt.other", "B>")
    assert styles("explain GET k")[:2] == [("tutor", "explain"), ("command", "GET")]
    assert ("wrong.word", "FOO") in styles("FOO a")


# -- names in the database ------------------------------------------------------------------------------------------


class Asked:
    """A server's answers, counted."""

    def __init__(self, backend: Backend) -> None:
        self.connection = backend.observe()
        self.times = 0

    async def __call__(self, commands: list[tuple[bytes, ...]]) -> list[Reply] | None:
        self.times += 1
        return self.connection.call_many(commands)


def offered(asked: Asked, typed: str, names: Names | None = None) -> list[Completion]:
    async def collect() -> list[Completion]:
        return [found async for found in completer(names or Names(asked)).get_completions_async(Document(typed), TAB)]

    return asyncio.run(collect())


def test_keys_that_exist_are_offered_with_their_type(backend: Backend) -> None:
    backend.observe().call_many([["SET", "views:home", "1"], ["RPUSH", "queue", "a"], ["SET", "a b", "1"]])
    found = {item.text: item.display_meta_text for item in offered(Asked(backend), "GET ")}
    assert found == {"views:home": "string", "queue": "list", '"a b"': "string"}
    assert [item.text for item in offered(Asked(backend), "GET vi")] == ["views:home"]


def test_fields_and_members_of_the_key_are_offered(backend: Backend) -> None:
    backend.observe().call_many([["HSET", "user:1", "name", "Ana", "age", "7"], ["SADD", "tags", "red", "blue"]])
    assert {item.text for item in offered(Asked(backend), "HGET user:1 ")} == {"name", "age"}
    assert {item.text for item in offered(Asked(backend), "SISMEMBER tags r")} == {"red"}


def test_a_glob_in_the_beginning_of_a_name_is_taken_literally(backend: Backend) -> None:
    backend.observe().call_many([["SET", "a*b", "1"], ["SET", "axb", "1"]])
    assert [item.text for item in offered(Asked(backend), "GET a*")] == ["a*b"]


def test_the_server_is_asked_once_for_a_while(backend: Backend) -> None:
    backend.observe().call("SET", "k", "1")
    asked, now = Asked(backend), [0.0]
    names = Names(asked, lambda: now[0])
    offered(asked, "GET ", names)
    times = asked.times
    offered(asked, "GET k", names)
    assert asked.times == times
    now[0] += 60
    offered(asked, "GET k", names)
    assert asked.times > times


def test_many_keys_are_bounded(backend: Backend) -> None:
    backend.observe().call_many([["SET", f"k:{number}", "1"] for number in range(3000)])
    assert 0 < len(offered(Asked(backend), "GET k")) <= 200
