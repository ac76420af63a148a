"""The literal tables agree with each other, so that no command falls between them."""

from __future__ import annotations

import re

from tests.embedded.conftest import ROOT, Embedded
from tutor.embedded.commands.settings import SETTINGS
from tutor.embedded.commands.table import COMMANDS
from tutor.embedded.journal import journaled_commands
from tutor.embedded.lookup import TABLE
from tutor.wire import Array, Bulk, Error, Integer

SCRIPTS = {"eval", "evalsha", "fcall"}


def test_every_writing_command_is_journaled() -> None:
    """Scripts apart: what they do is written down command by command."""
    writing = {entry.name for entry in TABLE.values() if "write" in entry.flags}
    assert writing - SCRIPTS <= journaled_commands()


def test_what_changes_the_server_is_journaled_too() -> None:
    """Settings, users, scripts and functions outlive the worker as keys do."""
    assert {"config|set", "acl|setuser", "acl|deluser", "script|load", "script|flush", "function|load"} <= (
        journaled_commands()
    )


def _left_out() -> list[str]:
    """The commands of Redis that this server lacks, as the page spells them: `CLUSTER -` for all that begin so."""
    leaves = [
        name
        for name in COMMANDS
        if not name.endswith("|help") and not any(other.startswith(name + "|") for other in COMMANDS)
    ]
    missing = [name for name in leaves if name.encode() not in TABLE]
    have = {name.partition("|")[0] for name in leaves if name.encode() in TABLE}
    spelled = (
        name.replace("|", " ") if name.partition("|")[0] in have or "|" not in name else name.partition("|")[0] + " -"
        for name in missing
    )
    return sorted({words.upper() for words in spelled})


def test_the_page_lists_exactly_what_is_missing() -> None:
    """docs/embedded.md, "What it does not have": neither a command too few nor one too many."""
    text = (ROOT / "docs" / "embedded.md").read_text()
    listed = re.findall(r"`([A-Z][A-Z_ -]+)`", text.split("## What it does not have")[1].split("## ")[0])
    assert listed == _left_out(), "write there: " + ", ".join(f"`{words}`" for words in _left_out())


def test_settings_are_what_config_get_shows(server: Embedded) -> None:
    """All of them, in one reply."""
    reply = server.client().ask("CONFIG", "GET", "*")
    assert isinstance(reply, Array)
    assert len(reply.items) == 2 * len(SETTINGS)


def test_users_survive_and_are_checked(server: Embedded) -> None:
    """A user with few rights has them in the next worker too."""
    admin, alice = server.client(), server.client()
    admin.ask("ACL", "SETUSER", "alice", "on", ">pw", "~a:*", "+get", "+set")
    assert admin.ask("ACL", "DELUSER", "default") == Error(b"ERR The 'default' user cannot be removed")
    alice.ask("AUTH", "alice", "pw")
    server.kill_worker()
    refused = alice.ask("GET", "b:1")
    assert isinstance(refused, Error)
    assert refused.code == "NOPERM"
    assert isinstance(alice.ask("DEL", "a:1"), Error)
    alice.ask("SET", "a:1", "v")
    assert alice.ask("GET", "a:1") == Bulk(b"v")
    assert admin.ask("ACL", "DELUSER", "alice", "nobody") == Integer(1)
