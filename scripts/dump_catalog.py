"""Dumps what a real Redis server says of its own commands, as facts for the command catalog.

Starts the `redis-server` on PATH on a unix socket in a temporary folder, asks it COMMAND DOCS and COMMAND INFO, and
writes one JSON file, one command on a line. Facts only: the sentences that the server carries (summaries, notes, the
prose of its history) stay behind, for the catalog speaks in its own words.

    python scripts/dump_catalog.py            writes tutor/catalog/sources/facts/redis-7.0.json
    python scripts/dump_catalog.py --check    exits 1 when the committed file differs from what the server says
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

Fact = dict[str, Any]

FACTS = Path(__file__).resolve().parent.parent / "tutor" / "catalog" / "sources" / "facts"
VERSION = "7.0"
START_SECONDS = 10.0


class DumpError(Exception):
    """The server could not be started or asked, or is not the version whose facts are kept."""


def ask(socket: Path, *words: str) -> Any:
    """The server's reply to one command, as redis-cli turns it into JSON."""
    command = ["redis-cli", "-s", str(socket), "--json", *words]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode:
        raise DumpError(f"redis-cli {' '.join(words)} failed: {done.stderr.strip() or done.stdout.strip()}")
    return json.loads(done.stdout)


def start(folder: Path, *, sentinel: bool) -> tuple[subprocess.Popen[bytes], Path]:
    """A server of our own that keeps nothing, and its socket, once it answers."""
    socket = folder / "redis.sock"
    config = folder / "redis.conf"
    config.write_text(f"port 0\nunixsocket {socket}\ndir {folder}\n", encoding="utf-8")
    server = subprocess.Popen(
        ["redis-server", str(config), *(["--sentinel"] if sentinel else ["--save", ""])],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + START_SECONDS
    while not socket.exists():
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            server.wait()
            raise DumpError("redis-server did not start; run it by hand in an empty folder to see why")
        time.sleep(0.005)
    return server, socket


def argument(doc: Fact) -> Fact:
    """One node of the argument tree; COMMAND DOCS lists its truths under `flags`."""
    kept = ("name", "type", "token", "since", "deprecated_since", "key_spec_index")
    fact: Fact = {key: doc[key] for key in kept if key in doc}
    fact |= {flag: True for flag in ("optional", "multiple", "multiple_token") if flag in doc.get("flags", ())}
    if "arguments" in doc:
        fact["arguments"] = [argument(inner) for inner in doc["arguments"]]
    return fact


def key_spec(spec: Fact) -> Fact:
    """Where keys stand: how to find the first, how to find the rest, and what is done to them."""
    return {
        "flags": spec["flags"],
        "begin": {"type": spec["begin_search"]["type"], **spec["begin_search"]["spec"]},
        "find": {"type": spec["find_keys"]["type"], **spec["find_keys"]["spec"]},
    }


def record(name: str, doc: Fact, info: list[Any]) -> Fact:
    """One command (or subcommand), from its two descriptions."""
    fact: Fact = {"name": name.upper().replace("|", " "), "group": doc["group"], "since": doc["since"]}
    if "|" in name:
        fact["container"] = name.split("|")[0].upper()
    for key in ("complexity", "deprecated_since", "replaced_by"):
        if key in doc:
            fact[key] = doc[key]
    if "history" in doc:
        # Only when something changed: how it changed is told by the server in sentences of its own.
        fact["history"] = list(dict.fromkeys(version for version, _ in doc["history"]))
    fact |= {"arity": info[1], "flags": sorted(info[2]), "acl_categories": sorted(info[6])}
    fact["key_specs"] = [key_spec(spec) for spec in info[8]]
    if "arguments" in doc:
        fact["arguments"] = [argument(inner) for inner in doc["arguments"]]
    return fact


def facts(docs: dict[str, Fact], infos: list[list[Any]]) -> dict[str, Fact]:
    """All records by name, subcommands beside their containers, in the order of the alphabet."""
    info = {entry[0]: entry for entry in infos}
    found = []
    for name, doc in docs.items():
        found.append(record(name, doc, info[name]))
        inner = {entry[0]: entry for entry in info[name][9]}
        found += [record(sub, subdoc, inner[sub]) for sub, subdoc in doc.get("subcommands", {}).items()]
    return {fact["name"]: fact for fact in sorted(found, key=lambda fact: str(fact["name"]))}


def told(*, sentinel: bool) -> dict[str, Fact]:
    """What one server says of its commands; it lives as long as this call."""
    with tempfile.TemporaryDirectory(prefix="catalog-") as folder:
        server, socket = start(Path(folder), sentinel=sentinel)
        try:
            version = ask(socket, "HELLO")["version"]  # --json speaks RESP3, where HELLO is a map
            if not version.startswith(VERSION + "."):
                raise DumpError(f"redis-server is {version}, the facts are those of {VERSION}; put a {VERSION} on PATH")
            return facts(ask(socket, "COMMAND", "DOCS"), ask(socket, "COMMAND", "INFO"))
        finally:
            server.terminate()
            server.wait()


def dump() -> str:
    """The text of the facts file: a server's commands, and SENTINEL's, which only a Sentinel knows."""
    commands = told(sentinel=False)
    commands |= {name: fact for name, fact in told(sentinel=True).items() if name.split()[0] == "SENTINEL"}
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(commands[name])}" for name in sorted(commands))
    return f'{{"server": "redis", "version": "{VERSION}", "commands": {{\n{rows}\n}}}}\n'


def main() -> int:
    """Writes the facts, or compares them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the committed file, write nothing")
    target = FACTS / f"redis-{VERSION}.json"
    check = parser.parse_args().check
    try:
        text = dump()
    except (DumpError, FileNotFoundError) as error:
        sys.stderr.write(f"dump_catalog: {error}\n")
        return 2
    if check:
        same = target.exists() and target.read_text(encoding="utf-8") == text
        sys.stderr.write("" if same else f"{target} is not what redis-server says; run scripts/dump_catalog.py\n")
        return 0 if same else 1
    target.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
