"""Why this reply: what it means for this command, what is the case here, and what to look at next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.catalog import Catalog, Command
from tutor.explain.cases import CASES
from tutor.explain.errors import find
from tutor.explain.pattern import fit
from tutor.explain.scene import TYPE_NAMES, Scene, shown
from tutor.wire import Array, Bulk, Error, Integer, Map, Nil, Reply, Set, Status

__all__ = ["Reason", "explain_reply"]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reply, explained."""

    kind: str
    """What kind of reply it is, such as `an integer`."""
    means: tuple[str, ...]
    """What it means, most particular first; never empty."""
    look: str
    """What to type or look at next, or nothing."""


def explain_reply(catalog: Catalog, argv: Sequence[bytes], reply: Reply, scene: Scene | None = None) -> Reason:
    """Why `argv` was answered with `reply`; `scene` is what is known of the keys that it names."""
    scene = scene or Scene()
    command = catalog.find(argv)
    if isinstance(reply, Error):
        return _error(catalog, command, argv, reply, scene)
    means: list[str] = []
    if reply == Status(b"QUEUED"):
        means.append("A transaction is open, so the command waits in its queue. EXEC runs them all, DISCARD none.")
    case = CASES.get(command.name) if command else None
    said = case(argv, reply, scene) if case else None
    if said:
        means.append(said)
    if command is not None and not means:
        means += _documented(command, reply)
    return Reason(_kind(reply), tuple(means or [_plain(reply)]), _next(command, reply, told=bool(said)))


def _documented(command: Command, reply: Reply) -> list[str]:
    """What the catalog says of replies like this: the entries that fit it best."""
    fits = [(fit(pattern, reply), means) for pattern, means in command.words.replies]
    best = max((score for score, _ in fits), default=0)
    return [means for score, means in fits if score == best and score]


def _kind(reply: Reply) -> str:
    match reply:
        case Nil():
            return "nil: there is no value"
        case Integer():
            return "an integer"
        case Status():
            return "a status: a short word of the server"
        case Bulk():
            return "a string: its bytes stand between the quotes"
        case Array(items):
            return f"an array of {len(items)}" if items else "an array without elements"
        case Map(pairs):
            return f"a map of {len(pairs)}"
        case Set(items):
            return f"a set of {len(items)}"
        case _:
            return "a reply"


def _plain(reply: Reply) -> str:
    match reply:
        case Nil():
            return "There is nothing to answer: no such key, no such element, or a condition that was not met."
        case Status(b"OK"):
            return "Done."
        case Array(items) if not items:
            return "There is nothing in it."
        case _:
            return "This is what was asked for; there is nothing to add."


def _next(command: Command | None, reply: Reply, *, told: bool) -> str:
    if command is None or told:
        return ""
    if command.name == "SCAN" and isinstance(reply, Array) and reply.items and isinstance(reply.items[0], Bulk):
        cursor = reply.items[0].data
        return "" if cursor == b"0" else f"Go on with SCAN {shown(cursor)}."
    return f"The usual mistake: {command.words.mistake}" if command.words.mistake and _is_small(reply) else ""


def _is_small(reply: Reply) -> bool:
    """Nil and 0 are the replies behind which a mistake usually hides."""
    return isinstance(reply, Nil) or reply == Integer(0)


# -- errors ---------------------------------------------------------------------------------------------------------


def _error(catalog: Catalog, command: Command | None, argv: Sequence[bytes], reply: Error, scene: Scene) -> Reason:
    text = reply.text.decode("utf-8", "replace")
    if command is None or text.startswith("ERR unknown command"):
        return _unknown(catalog, argv, scene)
    if text.startswith("WRONGTYPE"):
        return _wrongtype(catalog, command, argv, scene)
    means: list[str] = []
    look = ""
    walk = catalog.walk(argv)
    if walk.problem and text.startswith(
        ("ERR wrong number", "ERR syntax error", "ERR unknown subcommand", "ERR value")
    ):
        means.append(f"{walk.problem.message} {walk.problem.suggestion}".strip())
        look = f"The syntax is: {command.syntax()}" if command.arguments else ""
    means += [said for said in _documented(command, reply) if said not in means]
    known = find(text)
    if known:
        words, groups = known
        if not means:
            means.append(words.means.format(*("", *groups), command=command.name, tag="{tag}"))
        look = look or words.look.format(*("", *groups), command=command.name, tag="{tag}")
    if text.startswith("ERR wrong number"):
        look = f"The syntax is: {command.syntax()}"
    return Reason(
        "an error: nothing was changed" if not _partial(text) else "an error", tuple(means or [_bare(text)]), look
    )


def _partial(text: str) -> bool:
    """Errors of scripts and of writes that were accepted do not say that nothing happened."""
    return text.startswith(("ERR Error", "NOREPLICAS", "UNKILLABLE", "IOERR", "ERR user_script"))


def _bare(text: str) -> str:
    return f"The server refused the command and says why in its own words: {text.partition(' ')[2] or text}."


def _unknown(catalog: Catalog, argv: Sequence[bytes], scene: Scene) -> Reason:
    word = shown(argv[0]) if argv else ""
    lower = word.lower()
    if lower in scene.tutor_words:
        means = f"Redis has no command {word}. The tutor has one: it is written in small letters, {lower}."
        return Reason("an error: nothing was changed", (means,), f"Type {lower}")
    meant = catalog.suggest(word) if len(word) <= 40 else []
    means = f"Redis has no command {word}."
    look = (
        f"Did you mean {' or '.join(meant)}?" if meant else "Type the first letters and press Tab to see what there is."
    )
    return Reason("an error: nothing was changed", (means,), look)


def _wrongtype(catalog: Catalog, command: Command, argv: Sequence[bytes], scene: Scene) -> Reason:
    means: list[str] = []
    look = ""
    group = command.group.replace("-", " ")
    for place in command.keys(argv):
        state = scene.keys.get(argv[place])
        if state is None or state.type not in TYPE_NAMES or TYPE_NAMES[state.type][1] == command.group:
            continue
        name, own_group, readers = TYPE_NAMES[state.type]
        key = shown(argv[place])
        means.append(f"{key} is {name}, and {command.name} works on another kind of value.")
        others = [other for other in readers if catalog.get(other) is not None and other != command.name]
        look = f"For {name} there are {' and '.join(others)}; {own_group.replace('-', ' ')} commands work on {key}."
    if not means:
        means.append(f"The key holds another kind of value than {command.name}, a {group} command, works on.")
        look = f"TYPE {shown(argv[1])} says what it is." if len(argv) > 1 else ""
    return Reason("an error: nothing was changed", tuple(means), look)
