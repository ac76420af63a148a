"""The notation in which argument trees and key positions are written by hand.

An argument tree reads like the syntax line of Redis's documentation, with types:

    key:key value [NX | XX]:condition [EX seconds:integer | KEEPTTL]:expiration [GET pattern:pattern]...+

- `name` is a string argument, `name:type` one of another type
- WORDS IN CAPITALS are tokens; any other token stands in quotes (`"*"`)
- `[…]` is optional, `(…)` groups, `|` separates alternatives; a name for the group follows its bracket after a colon
- a token at the head of a group leads the rest of it: `[EX seconds:integer]` is the argument seconds with the token EX
- `...` repeats, `...+` repeats with the token, `*numkeys` repeats as often as the argument numkeys says,
  `**nargs` repeats until as many words as nargs says are used up
- `@8.4.0` is the Redis version that brought it, `@valkey9.0.0` the Valkey version

Keys: `RW at 1`, `RO at 1 to -1 step 2`, `RO at 2 counted` (the count stands there), `OW after STORE`.
"""

from __future__ import annotations

import re
from typing import Any

Fact = dict[str, Any]

PIECE = re.compile(
    r"\s*(?:(?P<bracket>[\[(])|\"(?P<quoted>[^\"]*)\"|(?P<token>[A-Z0-9](?:[A-Z0-9_.\-]*[A-Z0-9])?)(?![a-z_])"
    r"|(?P<name>[a-z][\w-]*))"
)
SUFFIX = re.compile(
    r":(?P<type>[a-z][\w-]*)|(?P<dots>\.\.\.\+?)|(?P<counted>\*\*?)(?P<by>[\w-]+)|@(?P<server>valkey)?(?P<since>\d[\d.]*)"
)
TYPES = frozenset({"key", "string", "integer", "double", "pattern", "unix-time"})
KEY = re.compile(
    r"(?P<access>RO|RW|OW|RM) (?:at (?P<at>\d+)|after (?P<after>\w+)(?: from (?P<start>-?\d+))?)"
    r"(?: to (?P<to>-?\d+))?(?P<counted> counted)?(?: step (?P<step>\d+))?$"
)


class NotationError(ValueError):
    """A line that does not follow the notation."""


class _Reader:
    """Reads one line of notation from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        self.pos = 0

    def fail(self, why: str) -> NotationError:
        return NotationError(f"{why} at “{self.text[self.pos :][:30]}” in “{self.text}”")

    def sequence(self) -> list[Fact]:
        found = []
        while self.pos < len(self.text) and self.peek() not in ("]", ")", "|"):
            found.append(self.item())
        return found

    def peek(self) -> str:
        while self.pos < len(self.text) and self.text[self.pos].isspace():
            self.pos += 1
        return self.text[self.pos : self.pos + 1]

    def item(self) -> Fact:
        match = PIECE.match(self.text, self.pos)
        if match is None:
            raise self.fail("no argument")
        self.pos = match.end()
        if match["bracket"]:
            fact = self.group()
            if match["bracket"] == "[":
                fact["optional"] = True
            close = "]" if match["bracket"] == "[" else ")"
            if self.peek() != close:
                raise self.fail(f"no {close}")
            self.pos += 1
            return self.suffixes(fact, grouped=True)
        if match["name"]:
            return self.suffixes({"name": match["name"], "type": "string"}, grouped=False)
        token = match["token"] if match["quoted"] is None else match["quoted"] or '""'
        return self.suffixes({"name": token.lower(), "type": "pure-token", "token": token}, grouped=False)

    def group(self) -> Fact:
        alternatives = [led(self.sequence())]
        while self.peek() == "|":
            self.pos += 1
            alternatives.append(led(self.sequence()))
        if len(alternatives) == 1:
            return alternatives[0]
        return {"name": "choice", "type": "oneof", "arguments": alternatives}

    def suffixes(self, fact: Fact, *, grouped: bool) -> Fact:
        while match := SUFFIX.match(self.text, self.pos):
            self.pos = match.end()
            if match["type"]:
                if grouped:
                    fact["name"] = match["type"]
                elif match["type"] in TYPES:
                    fact["type"] = match["type"]
                else:
                    raise self.fail(f"no type {match['type']}")
            elif match["dots"]:
                fact["multiple"] = True
                if match["dots"].endswith("+"):
                    fact["multiple_token"] = True
            elif match["counted"]:
                fact |= {"multiple": True, "counted_by": match["by"]}
                if match["counted"] == "**":
                    fact["counts_words"] = True
            else:
                fact.setdefault("since", {})[match["server"] or "redis"] = match["since"]
        return fact


def led(facts: list[Fact]) -> Fact:
    """A group as one argument; a token at its head leads the rest."""
    if not facts:
        raise NotationError("an empty group")
    head, *rest = facts
    if not rest:
        return head
    if head["type"] != "pure-token" or rest[0]["type"] == "pure-token" or "multiple" in head:
        return {"name": head["name"], "type": "block", "arguments": facts}
    extra = {key: head[key] for key in ("since",) if key in head}
    if len(rest) == 1 and "token" not in rest[0] and "optional" not in rest[0]:
        return {**rest[0], "token": head["token"], **extra}
    return {"name": head["name"], "type": "block", "token": head["token"], **extra, "arguments": rest}


def arguments(text: str) -> list[Fact]:
    """The argument tree that a line of notation describes."""
    reader = _Reader(text)
    found = reader.sequence()
    if reader.pos < len(reader.text):
        raise reader.fail("one bracket too many")
    return found


def key_spec(text: str) -> Fact:
    """The key specification that a phrase describes."""
    match = KEY.match(text)
    if match is None:
        raise NotationError(f"“{text}” is no key position; write RW at 1, RO at 1 to -1 or OW after STORE")
    begin: Fact = {"type": "index", "index": int(match["at"] or 0)}
    if match["after"]:
        begin = {"type": "keyword", "keyword": match["after"], "startfrom": int(match["start"] or 1)}
    step = int(match["step"] or 1)
    find: Fact = {"type": "range", "lastkey": int(match["to"] or 0), "keystep": step, "limit": 0}
    if match["counted"]:
        find = {"type": "keynum", "keynumidx": 0, "firstkey": 1, "keystep": step}
    return {"flags": [match["access"]], "begin": begin, "find": find}
