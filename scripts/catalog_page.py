"""Turns the catalog into docs/reference/commands.md."""

from __future__ import annotations

from typing import Any

from tutor.catalog.model import Command

Fact = dict[str, Any]

HEAD = """# Commands

Every command that Redis Tutor knows: its syntax, the version that brought it, and what it does. `explain COMMAND` in
the shell says more: options, replies, the usual mistake. Built from `tutor/catalog/sources/`; not edited by hand.
"""


def page(commands: dict[str, Fact]) -> str:
    """The whole page, one section for each group."""
    groups: dict[str, list[Command]] = {}
    for fact in commands.values():
        command = Command(fact)
        groups.setdefault(command.module or command.group, []).append(command)
    sections = [HEAD]
    for group in sorted(groups):
        sections.append(f"## {group}\n")
        sections += [entry(command) for command in groups[group]]
    return "\n".join(sections)


def entry(command: Command) -> str:
    """One command, as a list item."""
    since = ", ".join(f"{server.capitalize()} {version}" for server, version in command.since.items())
    if len(set(command.since.values())) == 1 and len(command.since) == 2:
        since = f"{command.since['redis']}"
    old = ""
    if command.deprecated_since:
        old = f" Deprecated since {command.deprecated_since}" + (
            f"; use {command.replaced_by}." if command.replaced_by else "."
        )
    sentence = f" {command.words.sentence}" if command.words.sentence else ""
    return f"- `{command.syntax()}` (since {since}).{sentence}{old}\n"
