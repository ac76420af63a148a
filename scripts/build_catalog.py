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

Fact = dict[str, Any]

SOURCES = ROOT / "tutor" / "catalog" / "sources"
CATALOG = ROOT / "tutor" / "catalog" / "commands.json"
PAGE = ROOT / "docs" / "reference" / "commands.md"
LAST_SHARED = (7, 2, 4)
"""The Redis version that Valkey began from: what is older is in both, what is newer only where it is said."""
NEEDED = ("source", "group", "since", "arity")
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
        if fact["name"] == "numkeys":
            counter = "numkeys"
        elif counter and fact.get("multiple") and (fact["type"] == "key" or fact.get("token") == "WEIGHTS"):
            fact["counted_by"] = counter
        annotate(fact.get("arguments", []))


def written(name: str, fact: Fact, module: str = "") -> Fact:
    """A record written by hand, in the shape of a dumped one."""
    missing = [key for key in NEEDED if key not in fact]
    if missing:
        raise BuildError(f"{name} lacks {', '.join(missing)}")
    record = {"name": name, **fact, "since": fact["since"] if module else servers(fact["since"])}
    if module:
        record |= {"module": module, "since": servers({"redis": fact["since"]})}
    if " " in name:
        record["container"] = name.split(" ")[0]
    record["flags"] = sorted(fact.get("flags", ()))
    record["key_specs"] = [key_spec(text) for text in record.pop("keys", ())]
    if "arguments" in fact:
        record["arguments"] = arguments(fact["arguments"])
    return record


def place(record: Fact, path: str) -> tuple[list[Fact], int]:
    """The list that an argument stands in, and its index; the path is its names from the root, by slashes."""
    siblings: list[Fact] = record.setdefault("arguments", [])
    index = len(siblings) - 1
    for step, name in enumerate(path.split("/")):
        if step:
            siblings = siblings[index]["arguments"]
        found = [i for i, fact in enumerate(siblings) if fact["name"] == name]
        if not found:
            raise BuildError(f"no argument {path}")
        index = found[0]
    return siblings, index


def change(record: Fact, fact: Fact) -> None:
    """Applies what a later version changed, or what the documentation of the server gets wrong."""
    for step in fact.get("arguments", ()):
        new = arguments(step["add"]) if "add" in step else []
        if "into" in step:
            siblings, index = place(record, step["into"])
            siblings[index]["arguments"] += new
        elif "after" in step:
            siblings, index = place(record, step["after"])
            siblings[index + 1 : index + 1] = new
        elif "before" in step:
            siblings, index = place(record, step["before"])
            siblings[index:index] = new
        elif "replace" in step:
            siblings, index = place(record, step["replace"])
            siblings[index : index + 1] = new
        elif "set" in step:
            siblings, index = place(record, step["set"])
            siblings[index] |= step["to"]
        else:
            record["arguments"] = [*record.get("arguments", []), *new]
    for key in ("arity", "complexity", "deprecated_since", "replaced_by"):
        if key in fact:
            record[key] = fact[key]
    if "keys" in fact:
        record["key_specs"] = [key_spec(text) for text in fact["keys"]]
    record.setdefault("history", []).extend(fact.get("history", ()))


def merged() -> dict[str, Fact]:
    """All facts, by name."""
    facts = SOURCES / "facts"
    commands = dumped(facts / "redis-7.0.json")
    files = [facts / f"{name}.yaml" for name in ("corrections", "redis-newer", "valkey")]
    for path in [*files, *sorted((facts / "modules").glob("*.yaml"))]:
        source = read(path)
        where = path.relative_to(ROOT)
        for name, fact in source.get("commands", {}).items():
            if name in commands:
                raise BuildError(f"{where}: {name} is there already; change it under `changes`")
            try:
                commands[name] = written(name, fact, source.get("module", fact.pop("module", "")))
            except (BuildError, NotationError) as error:
                raise BuildError(f"{where}: {name}: {error}") from error
        for name, fact in source.get("changes", {}).items():
            if name not in commands:
                raise BuildError(f"{where}: there is no command {name} to change")
            try:
                change(commands[name], fact)
            except (BuildError, NotationError) as error:
                raise BuildError(f"{where}: {name}: {error}") from error
    for command in commands.values():
        command.setdefault("arguments", [])
        if not command["arguments"] and command["arity"] < 0 and not _contains(commands, command["name"]):
            raise BuildError(f"{command['name']} takes words, but no argument tree says which")
    return dict(sorted(commands.items()))


def _contains(commands: dict[str, Fact], name: str) -> bool:
    return any(other.startswith(name + " ") for other in commands)


def labels(tree: list[Fact]) -> set[str]:
    """All names that our words may explain in an argument tree."""
    found = set()
    for fact in tree:
        found |= {fact.get("token", fact["name"]), fact["name"]} | labels(fact.get("arguments", []))
    return found


def check_words(where: Path, name: str, entry: Any, commands: dict[str, Fact]) -> None:
    """Refuses words about what does not exist."""
    if name not in commands:
        raise BuildError(f"{where}: {name}: there is no such command in the facts; correct the name or add its facts")
    if not isinstance(entry, dict) or not WORDS.issuperset(entry):
        raise BuildError(f"{where}: {name}: an entry has {', '.join(sorted(WORDS))} and nothing else")
    if not isinstance(entry.get("sentence"), str):
        raise BuildError(f"{where}: {name}: `sentence` is missing; say in one sentence what it does")
    unknown = sorted(set(map(str, entry.get("options", {}))) - labels(commands[name]["arguments"]))
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
                words["options"] = {str(label): str(text) for label, text in words["options"].items()}
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
