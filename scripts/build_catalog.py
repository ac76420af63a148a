"""Builds tutor/catalog/commands.json and docs/reference/commands.md from the facts and words in tutor/catalog/sources.

python scripts/build_catalog.py            writes both
python scripts/build_catalog.py --check    exits 1 when one of them is stale
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from catalog_notation import NotationError, arguments, key_spec  # noqa: E402
from catalog_page import page  # noqa: E402

from tutor.catalog.model import Argument  # noqa: E402

Fact = dict[str, Any]

SOURCES = ROOT / "tutor" / "catalog" / "sources"
CATALOG = ROOT / "tutor" / "catalog" / "commands.json"
PAGE = ROOT / "docs" / "reference" / "commands.md"
LAST_SHARED = (7, 2, 4)
"""The Redis version that Valkey began from: what is older is in both, what is newer only where it is said."""
NEEDED = ("source", "group", "since")
IMPLIED = {"write": ("@write",), "readonly": ("@read",), "admin": ("@admin", "@dangerous"), "blocking": ("@blocking",)}
"""The ACL categories that Redis derives from a command's flags (setImplicitACLCategories in its server.c)."""
KEYSPACE = {"generic": "@keyspace", "sorted-set": "@sortedset", "vector-set": "@vectorset", "server": "", "cluster": ""}
"""The groups whose ACL category is not called after them."""
WORDS = frozenset({"sentence", "options", "replies", "mistake"})


class BuildError(Exception):
    """A source file that cannot be built from; the message begins with its name."""


def read(path: Path) -> Any:
    """One YAML file."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise BuildError(f"{path.relative_to(ROOT)}: {error}") from error


def version(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def servers(since: Any) -> dict[str, str]:
    """A `since` by server; a bare Redis version is Valkey's too, when Valkey began from a later Redis."""
    if isinstance(since, dict):
        return {server: str(since[server]) for server in ("redis", "valkey") if server in since}
    both = version(str(since)) <= LAST_SHARED
    return {"redis": str(since), "valkey": str(since)} if both else {"redis": str(since)}


def dumped(path: Path) -> dict[str, Fact]:
    """The records that a server gave."""
    commands: dict[str, Fact] = json.loads(path.read_text(encoding="utf-8"))["commands"]
    for command in commands.values():
        command["since"] = servers(command["since"])
        annotate(command.get("arguments", []))
    return commands


def annotate(tree: list[Fact]) -> None:
    """What COMMAND DOCS does not say: which list numkeys counts; and `since` by server."""
    counter = ""
    for fact in tree:
        if isinstance(fact.get("since"), str):
            fact["since"] = servers(fact["since"])
        if fact.get("token") == "":
            fact["token"] = '""'  # MIGRATE's empty word, as one types it
        if fact["type"] == "pure-token" and "token" not in fact:
            fact["token"] = fact["name"]  # SENTINEL SIMULATE-FAILURE names its words and forgets to call them tokens
        if fact["name"] == "numkeys":
            counter = "numkeys"
        elif counter and fact.get("multiple") and (fact["type"] == "key" or fact.get("token") == "WEIGHTS"):
            fact["counted_by"] = counter
        annotate(fact.get("arguments", []))


def written(name: str, fact: Fact, source: Fact) -> Fact:
    """A record written by hand, in the shape of a dumped one."""
    fact = {"source": source.get("source"), **source.get("defaults", {}), **fact}
    missing = [key for key in NEEDED if not fact.get(key)]
    if missing:
        raise BuildError(f"it lacks {', '.join(missing)}")
    tree = arguments(fact.get("arguments", ""))
    least, open_ended = measure(tree)
    words = least + 1 + name.count(" ")
    record = {"arity": -words if open_ended else words, **fact, "name": name, "arguments": tree}
    record["source"] = fact["source"].replace("{name}", name.lower().replace(" ", "-"))
    record["since"] = servers(fact["since"])
    if "module" in source:
        # A module had versions of its own before it became part of Redis 8.
        kept = version(fact["since"]) >= (8,)
        record |= {"module": source["module"], "since": {"redis" if kept else source["module"]: fact["since"]}}
    if " " in name:
        record["container"] = name.split(" ")[0]
    record["flags"] = sorted(fact.get("flags", ()))
    record["acl_categories"] = categories(record)
    record["key_specs"] = [key_spec(text) for text in record.pop("keys", ())]
    return record


def measure(tree: list[Fact]) -> tuple[int, bool]:
    """The fewest words that a sequence of arguments takes, and whether it may take more."""
    built = [Argument(fact) for fact in tree]
    return sum(a.least for a in built if not a.optional), any(map(_grows, built))


def _grows(argument: Argument) -> bool:
    inner = argument.arguments
    uneven = argument.type == "oneof" and len({a.least for a in inner}) > 1
    return argument.optional or argument.multiple or uneven or any(map(_grows, inner))


def categories(record: Fact) -> list[str]:
    """The ACL categories that follow from flags and group, and those that are given."""
    found = {category for flag in record["flags"] for category in IMPLIED.get(flag, ())}
    found |= {"@fast" if "fast" in record["flags"] else "@slow", *record.get("acl_categories", ())}
    group = record["group"]
    return sorted((found | {KEYSPACE.get(group, f"@{group}")}) - {""})


def place(record: Fact, path: str, *, last: bool = False) -> tuple[list[Fact], int]:
    """The list that an argument stands in, and its index there; the path is `outer > inner`."""
    siblings: list[Fact] = record.setdefault("arguments", [])
    index = -1
    for step, name in enumerate(path.split(" > ")):
        if step:
            siblings = siblings[index]["arguments"]
        found = [i for i, fact in enumerate(siblings) if fact["name"] == name]
        if not found:
            raise BuildError(f"it has no argument {path}")
        index = found[-1 if last else 0]
    return siblings, index


def change(record: Fact, fact: Fact) -> None:
    """Applies what a later version changed, or what the server's own documentation gets wrong."""
    for step in fact.get("arguments", ()):
        edit(record, step, arguments(step["add"]) if "add" in step else [])
    for key in ("arity", "complexity", "deprecated_since", "replaced_by"):
        if key in fact:
            record[key] = fact[key]
    if "keys" in fact:
        record["key_specs"] = [key_spec(text) for text in fact["keys"]]
    for first, *others in fact.get("exclusive", ()):
        if not {first, *others} <= labels(record["arguments"]):
            raise BuildError(f"it has no such options as {first} and {', '.join(others)}")
        for other in others:
            for one, two in ((first, other), (other, first)):
                record.setdefault("rivals", {}).setdefault(one, []).append(two)
    if "history" in fact:
        record["history"] = [*record.get("history", ()), *fact["history"]]


def edit(record: Fact, step: Fact, new: list[Fact]) -> None:
    """One change to an argument tree: at a place, or at the end."""
    verb = next((verb for verb in ("into", "after", "before", "replace", "drop", "set") if verb in step), None)
    if verb is None:
        record["arguments"] = [*record.get("arguments", []), *new]
        return
    siblings, index = place(record, step[verb], last=step.get("last", False))
    if verb == "into":
        siblings[index]["arguments"] += new
    elif verb == "set":
        siblings[index] |= step["to"]
    else:
        start = index + 1 if verb == "after" else index
        end = index + 1 if verb != "before" else index
        siblings[start:end] = new


def merged() -> dict[str, Fact]:
    """All facts, by name."""
    facts = SOURCES / "facts"
    commands = dumped(facts / "redis-7.0.json")
    files = [facts / f"{name}.yaml" for name in ("corrections", "redis-newer", "valkey")]
    for path in [*files, *sorted((facts / "modules").glob("*.yaml"))]:
        source = read(path)
        for name, fact in {**source.get("commands", {}), **source.get("changes", {})}.items():
            try:
                add(commands, name, fact, source)
            except (BuildError, NotationError) as error:
                raise BuildError(f"{path.relative_to(ROOT)}: {name}: {error}") from error
    for command in commands.values():
        inherit(command.setdefault("arguments", []), {})
        if not command["arguments"] and command["arity"] < 0 and not _contains(commands, command["name"]):
            raise BuildError(f"{command['name']} takes words, but no argument tree says which")
    return dict(sorted(commands.items()))


def add(commands: dict[str, Fact], name: str, fact: Fact, source: Fact) -> None:
    """Takes one entry of a file written by hand: a new command, or a change to one."""
    if name in source.get("changes", {}):
        if name not in commands:
            raise BuildError("there is no such command to change")
        change(commands[name], fact)
    elif name in commands:
        raise BuildError("it is there already; what is new about it belongs under `changes`")
    else:
        commands[name] = written(name, fact, source)


def inherit(tree: list[Fact], since: dict[str, str]) -> None:
    """Says of each argument within a group that it is no older than the group."""
    for fact in tree:
        if since:
            fact.setdefault("since", since)
        inherit(fact.get("arguments", []), fact.get("since", {}))


def _contains(commands: dict[str, Fact], name: str) -> bool:
    return any(other.startswith(name + " ") for other in commands)


def labels(tree: list[Fact]) -> set[str]:
    """All names that our words may explain in an argument tree."""
    found = set()
    for fact in tree:
        found |= {fact.get("token", fact["name"]), fact["name"]} | labels(fact.get("arguments", []))
    return found


def label(name: Any) -> str:
    """An option's name as the argument tree has it; YAML takes away the quotes of MIGRATE's `""`."""
    return str(name) or '""'


def check_words(where: Path, name: str, entry: Any, commands: dict[str, Fact]) -> None:
    """Refuses words about what does not exist."""
    if name not in commands:
        raise BuildError(f"{where}: {name}: there is no such command in the facts; correct the name or add its facts")
    if not isinstance(entry, dict) or not WORDS.issuperset(entry):
        raise BuildError(f"{where}: {name}: an entry has {', '.join(sorted(WORDS))} and nothing else")
    if not isinstance(entry.get("sentence"), str):
        raise BuildError(f"{where}: {name}: `sentence` is missing; say in one sentence what it does")
    unknown = sorted(set(map(label, entry.get("options", {}))) - labels(commands[name]["arguments"]))
    if unknown:
        raise BuildError(f"{where}: {name}: it has no option {', '.join(unknown)}; options go by token, or by name")
    for reply in entry.get("replies", ()):
        if not isinstance(reply, dict) or set(reply) != {"reply", "means"}:
            raise BuildError(f"{where}: {name}: a reply has `reply` and `means`, both text")


def add_words(commands: dict[str, Fact]) -> None:
    """Puts our words beside the facts."""
    for path in sorted((SOURCES / "words").glob("**/*.yaml")):
        where = path.relative_to(ROOT)
        for name, entry in read(path).items():
            check_words(where, name, entry, commands)
            if "words" in commands[name]:
                raise BuildError(f"{where}: {name}: another file explains it already")
            words = dict(entry)
            if "options" in words:
                words["options"] = {label(name): str(text) for name, text in words["options"].items()}
            if "replies" in words:
                words["replies"] = [{key: str(text) for key, text in reply.items()} for reply in words["replies"]]
            commands[name]["words"] = words


def text_of(commands: dict[str, Fact]) -> str:
    """The catalog's text: one command on a line, so that the loader parses only those that are asked for."""
    rows = ",\n".join(
        f"{json.dumps(name)}:{json.dumps(fact, ensure_ascii=False, separators=(',', ':'))}"
        for name, fact in commands.items()
    )
    return f"{{\n{rows}\n}}\n"


def main() -> int:
    """Builds, or compares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    check = parser.parse_args().check
    try:
        commands = merged()
        add_words(commands)
    except BuildError as error:
        sys.stderr.write(f"build_catalog: {error}\n")
        return 2
    stale = []
    for path, text in ((CATALOG, text_of(commands)), (PAGE, page(commands))):
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(str(path.relative_to(ROOT)))
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if check and stale:
        sys.stderr.write(f"{' and '.join(stale)} stale: run scripts/build_catalog.py and commit what it writes\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
