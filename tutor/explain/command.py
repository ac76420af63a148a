"""What a line of Redis says, word by word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tutor.catalog import Argument, Catalog, Command, Token, Walk
from tutor.explain.scene import shown

__all__ = ["Explanation", "Part", "explain_command", "phrase"]

# What an argument is, where nobody said more about it: by its name, then by its type.
_BY_NAME = {
    "key": "The name of the key.",
    "destination": "The key that the result is stored in.",
    "newkey": "The new name of the key.",
    "source": "The key that it is taken from.",
    "numkeys": "How many keys follow.",
    "value": "The value.",
    "field": "The name of a field.",
    "member": "A member of the set.",
    "element": "An element of the list.",
    "count": "How many.",
    "seconds": "A time in seconds.",
    "milliseconds": "A time in milliseconds.",
    "unix-time-seconds": "A moment as Unix time, in seconds.",
    "unix-time-milliseconds": "A moment as Unix time, in milliseconds.",
    "cursor": "Where to go on; 0 starts from the beginning.",
    "timeout": "How long to wait, in seconds; 0 waits for ever.",
    "score": "A score: a number that may have a fraction.",
    "increment": "How much to add.",
    "decrement": "How much to subtract.",
    "pattern": "A pattern: * stands for any text, ? for one sign.",
    "channel": "The name of a channel.",
    "message": "The text that is sent.",
    "index": "A position; 0 is the first, -1 the last.",
    "start": "Where the range begins.",
    "stop": "Where the range ends; it is included.",
    "end": "Where the range ends.",
    "offset": "A position, counted from 0.",
    "min": "The lower bound.",
    "max": "The upper bound.",
    "id": "An entry's ID.",
    "group": "The name of a consumer group.",
    "consumer": "The name of a consumer.",
    "script": "The text of the script.",
    "sha1": "The script's SHA1 sum, as SCRIPT LOAD answered it.",
}
_BY_TYPE = {
    "key": "The name of a key.",
    "string": "A text of any bytes.",
    "integer": "A whole number.",
    "double": "A number that may have a fraction.",
    "pattern": "A pattern: * stands for any text, ? for one sign.",
    "unix-time": "A moment as Unix time.",
    "pure-token": "An option, written as it is.",
    "oneof": "One of these.",
    "block": "Words that belong together.",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One word of the line, or an option with its value."""

    text: str
    """As it was typed."""
    role: str
    """`command`, `subcommand`, `key`, `option`, `value`, or `unknown`."""
    name: str
    """What Redis's documentation calls it; nothing for the command's name."""
    means: str
    """Our words for it."""
    wrong: bool = False
    """Whether this is the word that the line fails at."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A line, explained."""

    title: str
    """The command's name, or nothing where there is no such command."""
    sentence: str
    """What the command does."""
    syntax: str
    """Its whole syntax on one line."""
    parts: tuple[Part, ...]
    """The words of the line, in order."""
    problem: str
    """What is wrong with the line, or nothing."""
    suggestion: str
    """What to type instead or next, or nothing."""
    options: tuple[tuple[str, str], ...]
    """When only the name was given: each option and what it does."""
    replies: tuple[tuple[str, str], ...]
    """Each reply that may come, and what it means; without the errors when a whole line is explained."""
    facts: tuple[tuple[str, str], ...]
    """Cost, version, group: a label and a value."""
    mistake: str
    """The usual mistake, or nothing."""


def explain_command(catalog: Catalog, argv: Sequence[bytes]) -> Explanation:
    """The line, token by token. With a command's name alone: what it is, its options, its replies."""
    walk = catalog.walk(argv)
    command = walk.command
    if command is None:
        return _unknown(walk, argv)
    alone = len(walk.tokens) == command.name.count(" ") + 1
    asked = alone and bool(command.arguments or command.subcommands)
    problem = None if asked else walk.problem
    return Explanation(
        title=command.name,
        sentence=command.words.sentence or f"A command of the group {command.group}.",
        syntax=command.syntax() if command.arguments else f"{command.name} <subcommand>" * bool(command.subcommands),
        parts=() if asked else tuple(_parts(command, walk)),
        problem=problem.message if problem else "",
        suggestion=problem.suggestion if problem else "",
        options=tuple(_options(catalog, command)) if asked else (),
        replies=command.words.replies if asked else tuple(r for r in command.words.replies if not _is_error(r)),
        facts=tuple(_facts(command)),
        mistake=command.words.mistake,
    )


def _unknown(walk: Walk, argv: Sequence[bytes]) -> Explanation:
    problem = walk.problem
    parts = tuple(
        Part(shown(word), "unknown", "", "No command of Redis." if place == 0 else "", place == 0)
        for place, word in enumerate(argv)
    )
    message, suggestion = (problem.message, problem.suggestion) if problem else ("", "")
    return Explanation("", "", "", parts, message, suggestion, (), (), (), "")


def _parts(command: Command, walk: Walk) -> Iterable[Part]:
    wrong = walk.problem.index if walk.problem and walk.problem.kind != "too-few" else -1
    tokens = list(walk.tokens)
    # The name and its subcommand are one thing to a reader.
    depth = command.name.count(" ") + 1
    yield Part(" ".join(shown(token.text) for token in tokens[:depth]), "command", "", command.words.sentence)
    place = depth
    while place < len(tokens):
        token = tokens[place]
        text, bad = shown(token.text), place == wrong
        if token.role == "option" and token.argument is not None and token.argument.type != "pure-token":
            # An option's value stands beside it in the explanation: EX 3 is one thought.
            following = tokens[place + 1 : place + 2]
            if following and following[0].argument is token.argument:
                place += 1
                text, bad = f"{text} {shown(following[0].text)}", bad or place == wrong
        yield Part(text, token.role, _name(token), phrase(command, token.argument) if token.argument else "", bad)
        place += 1


def _name(token: Token) -> str:
    argument = token.argument
    if argument is None or argument.type == "pure-token":
        return ""
    return argument.name


def phrase(command: Command, argument: Argument) -> str:
    """Our words for an argument of a command, or the best that its name and type say."""
    words = command.words.options
    found = words.get(argument.label) or words.get(argument.name)
    return found or _BY_NAME.get(argument.name) or _BY_TYPE.get(argument.type, "")


def _is_error(reply: tuple[str, str]) -> bool:
    return reply[0].startswith("(error)")


def _options(catalog: Catalog, command: Command) -> Iterable[tuple[str, str]]:
    for name in command.subcommands:
        below = catalog.get(f"{command.name} {name}")
        if below is not None:
            yield name, below.words.sentence or below.syntax()
    for argument in _leaves(command.arguments):
        shape = argument.label if argument.type == "pure-token" or argument.token is None else _with_value(argument)
        later = f" ({_since(argument.since, command)} and later.)" if argument.since else ""
        yield shape, phrase(command, argument) + later


def _with_value(argument: Argument) -> str:
    if argument.type == "block":
        return " ".join([argument.token or "", *(member.name for member in argument.arguments)])
    return f"{argument.token} {argument.name}"


def _leaves(arguments: Iterable[Argument]) -> Iterable[Argument]:
    """The arguments that a reader would name: an option with its token counts as one, a bare group as its members."""
    for argument in arguments:
        if argument.token is None and argument.arguments:
            yield from _leaves(argument.arguments)
        else:
            yield argument


def _facts(command: Command) -> Iterable[tuple[str, str]]:
    if command.complexity:
        yield "cost", command.complexity
    if command.since:
        yield "since", _since(command.since, command)
    if command.deprecated_since:
        instead = f"; use {command.replaced_by}" if command.replaced_by else ""
        yield "old", f"since Redis {command.deprecated_since}{instead}"
    yield "group", command.group


def _since(since: Mapping[str, str], command: Command) -> str:
    """`Redis 1.0.0`; Valkey's version too where it is another one: what came after their parting has two."""
    versions = dict(since)
    if versions.get("valkey") == versions.get("redis"):
        versions.pop("valkey", None)
    return ", ".join(f"{_server(server, command)} {version}" for server, version in versions.items())


def _server(server: str, command: Command) -> str:
    return f"{command.module} module" if command.module and server == "redis" else server.capitalize()
