"""The committed catalog is what its sources say, and sources that say nonsense are refused by name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import build_catalog
import pytest
from catalog_notation import NotationError, arguments, key_spec

from tests.catalog.conftest import ROOT
from tests.servers import lacking, need
from tutor.catalog import Catalog


def checked(script: str) -> subprocess.CompletedProcess[str]:
    """A script run with --check, as a developer runs it."""
    command = [sys.executable, str(ROOT / "scripts" / script), "--check"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_catalog_and_page_are_fresh() -> None:
    done = checked("build_catalog.py")
    assert done.returncode == 0, done.stderr


def test_facts_are_what_the_server_says() -> None:
    need("redis-server")
    need("redis-cli")
    done = checked("dump_catalog.py")
    if "the facts are those of" in done.stderr:
        lacking(done.stderr)
    assert done.returncode == 0, done.stderr


def test_every_command_has_a_sentence(catalog: Catalog) -> None:
    silent = [name for name in catalog.names() if (c := catalog.get(name)) and not c.words.sentence]
    assert not silent, f"{len(silent)} commands have no sentence in tutor/catalog/sources/words: {', '.join(silent)}"


def test_what_is_written_by_hand_names_its_source(catalog: Catalog) -> None:
    dumped = json.loads((build_catalog.SOURCES / "facts" / "redis-7.0.json").read_text(encoding="utf-8"))["commands"]
    for name in catalog.names():
        command = catalog.get(name)
        assert command is not None
        assert (name in dumped) != command.source.startswith("https://"), name


def test_no_sentence_of_the_server_is_kept() -> None:
    dumped = json.loads((build_catalog.SOURCES / "facts" / "redis-7.0.json").read_text(encoding="utf-8"))["commands"]
    assert not any("summary" in fact for fact in dumped.values())
    assert not any("notes" in spec for fact in dumped.values() for spec in fact["key_specs"])


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("key:key", "key:key"),
        ("[count:integer]", "[count:integer]"),
        ("[EX seconds:integer]", "[EX seconds:integer]"),
        ("[NX | XX]:condition", "[condition=(NX | XX)]"),
        ("[LIMIT offset:integer count:integer]", "[LIMIT {offset:integer count:integer}]"),
        ("(NO ONE)", "{NO ONE}"),
        ("[GET pattern:pattern]...+", "[GET pattern:pattern]...+"),
        ("key:key*numkeys", "key:key*numkeys"),
        ("(name value):param**nargs", "{name:string value:string}**nargs"),
        ('("*" | id)', "choice=(* | id:string)"),
        ("STD.P", "STD.P"),
    ],
)
def test_notation(text: str, shape: str) -> None:
    assert " ".join(map(spelled, arguments(text))) == shape


def spelled(fact: dict[str, Any]) -> str:
    """A tree with its shape made plain."""
    inner = [spelled(inner) for inner in fact.get("arguments", ())]
    if fact["type"] == "pure-token":
        text = fact["token"]
    else:
        plain = f"{fact['name']}:{fact['type']}"
        text = {"oneof": f"{fact['name']}=({' | '.join(inner)})", "block": f"{{{' '.join(inner)}}}"}.get(
            fact["type"], plain
        )
        text = f"{fact['token']} {text}" if "token" in fact else text
    text = f"[{text}]" if fact.get("optional") else text
    if "counted_by" in fact:
        return f"{text}{'**' if fact.get('counts_words') else '*'}{fact['counted_by']}"
    return text + ("...+" if fact.get("multiple_token") else "..." if fact.get("multiple") else "")


def test_notation_knows_versions() -> None:
    assert arguments("[NOVALUES]@7.4.0@valkey8.0.0")[0]["since"] == {"redis": "7.4.0", "valkey": "8.0.0"}


@pytest.mark.parametrize("text", ["[key", "key]", "()", "key:kee", "ke%y", "(a | )"])
def test_notation_refuses(text: str) -> None:
    with pytest.raises(NotationError):
        arguments(text)


def test_key_positions() -> None:
    assert key_spec("RO at 1 to -1 step 2")["find"] == {"type": "range", "lastkey": -1, "keystep": 2, "limit": 0}
    assert key_spec("RW at 2 counted")["find"] == {"type": "keynum", "keynumidx": 0, "firstkey": 1, "keystep": 1}
    assert key_spec("OW after STORE from 2")["begin"] == {"type": "keyword", "keyword": "STORE", "startfrom": 2}
    with pytest.raises(NotationError, match="no key position"):
        key_spec("somewhere")


@pytest.mark.parametrize(
    ("name", "entry", "message"),
    [
        ("SETT", {"sentence": "x"}, "SETT: there is no such command"),
        ("SET", {"sentence": "x", "options": {"EXX": "y"}}, "SET: it has no option EXX"),
        ("SET", {"options": {}}, "SET: `sentence` is missing"),
        ("SET", {"sentence": "x", "reply": []}, "SET: an entry has"),
        ("SET", {"sentence": "x", "replies": [{"reply": "OK"}]}, "SET: a reply has"),
    ],
)
def test_words_about_nothing_are_refused(name: str, entry: Any, message: str) -> None:
    with pytest.raises(build_catalog.BuildError, match=rf"words/string\.yaml: {message}"):
        build_catalog.check_words(Path("words/string.yaml"), name, entry, build_catalog.merged())


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        ({"group": "string", "since": "9.0.0"}, "lacks source"),
        ({"source": "https://x", "group": "string", "since": "9.0.0", "arguments": "["}, "an empty group|no argument"),
    ],
)
def test_a_record_that_lacks_something_is_refused(fact: dict[str, Any], message: str) -> None:
    with pytest.raises((build_catalog.BuildError, NotationError), match=message):
        build_catalog.written("NEW", fact, {})
