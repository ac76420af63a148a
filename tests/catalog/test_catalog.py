"""Names, keys, syntax, suggestions, and what loading costs."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

import tutor.catalog
from tests.catalog.conftest import ROOT, cases, words_of
from tutor.catalog import Catalog, KeyUse


def test_exported_members() -> None:
    assert tutor.catalog.__all__ == sorted(tutor.catalog.__all__)
    assert set(tutor.catalog.__all__) <= set(dir(tutor.catalog))


def test_names_are_sorted_and_known_in_any_case(catalog: Catalog) -> None:
    names = catalog.names()
    assert names == sorted(names)
    for name in names:
        command = catalog.get(name.lower())
        assert command is not None
        assert command.name == name
    assert catalog.get("client  kill") is catalog.get("CLIENT KILL")
    assert catalog.get("nonsense") is None


@pytest.mark.parametrize(
    ("argv", "name"),
    [
        ([b"get", b"k"], "GET"),
        ([b"CLIENT", b"kill", b"x"], "CLIENT KILL"),
        ([b"object", b"encoding"], "OBJECT ENCODING"),
        ([b"CLIENT"], "CLIENT"),
        ([b"CLIENT", b"NONSENSE"], "CLIENT"),
        ([b"ft.config", b"get"], "FT.CONFIG GET"),
        ([b"NONSENSE"], None),
        ([b"CLIENT KILL"], None),
        ([b"\xff"], None),
        ([], None),
    ],
)
def test_find(catalog: Catalog, argv: list[bytes], name: str | None) -> None:
    found = catalog.find(argv)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("GETT", "GET"),
        ("zdad", "ZADD"),
        ("hgetal", "HGETALL"),
        ("client kil", "CLIENT KILL"),
        ("lenght", None),
        ("", None),
    ],
)
def test_suggest(catalog: Catalog, word: str, first: str | None) -> None:
    found = catalog.suggest(word)
    assert (found[0] if found else None) == first
    assert len(found) <= 3


@pytest.mark.parametrize("row", cases("keys.yaml"))
def test_keys(catalog: Catalog, row: dict[str, Any]) -> None:
    argv = words_of(row["line"])
    command = catalog.find(argv)
    assert command is not None
    assert {argv[use.index].decode(): use.access for use in command.key_uses(argv)} == row["keys"]
    assert command.keys(argv) == sorted(use.index for use in command.key_uses(argv))


def test_key_use_is_a_value() -> None:
    assert KeyUse(1, "RO") == KeyUse(1, "RO") != KeyUse(1, "RW")


@pytest.mark.parametrize("row", cases("syntax.yaml"))
def test_syntax(catalog: Catalog, row: dict[str, Any]) -> None:
    command = catalog.get(row["line"])
    assert command is not None
    assert command.syntax() == row["syntax"]


@pytest.mark.parametrize(
    ("name", "write", "blocking"),
    [
        ("GET", False, False),
        ("SET", True, False),
        ("BLPOP", True, True),
        ("XREAD", False, True),
        ("TS.READ", False, True),
    ],
)
def test_write_and_blocking(catalog: Catalog, name: str, write: bool, blocking: bool) -> None:
    command = catalog.get(name)
    assert command is not None
    assert (command.is_write, command.is_blocking) == (write, blocking)


def test_servers(catalog: Catalog) -> None:
    """Redis's versions and Valkey's are told apart."""
    since = {name: command.since for name in ("GET", "HSETEX", "DELIFEQ", "VADD") if (command := catalog.get(name))}
    assert since == {
        "GET": {"redis": "1.0.0", "valkey": "1.0.0"},
        "HSETEX": {"redis": "8.0.0", "valkey": "9.0.0"},
        "DELIFEQ": {"valkey": "9.0.0"},
        "VADD": {"redis": "8.0.0"},
    }
    module = catalog.get("JSON.GET")
    assert module is not None
    assert (module.module, module.since, module.servers) == ("json", {"json": "1.0.0"}, ("redis",))


def test_loading_imports_nothing_dear() -> None:
    """The shell loads the catalog before its prompt; these imports would each cost more than all the commands."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import tutor; before = set(sys.modules)\n"
        "from tutor.catalog import load; load()\n"
        "print(sorted(m for m in set(sys.modules) - before if not m.startswith('tutor')))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, str(ROOT)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "['__future__']"
