"""The checker of the whole database: which keys are there."""

from __future__ import annotations

from fnmatch import fnmatchcase

from tutor.checkers.attempt import Attempt, Finding
from tutor.checkers.words import cut, quoted_if_odd
from tutor.lesson import Check, Keyspace

__all__ = ["check_keyspace"]

_LOOK = "Type SCAN 0 COUNT 100."


def check_keyspace(check: Check, attempt: Attempt) -> Finding | None:
    """The first rule about the keys that does not hold, or None."""
    probe = check.probe
    assert isinstance(probe, Keyspace)
    names = attempt.snapshot.names or ()
    if probe.only is not None and set(names) != set(probe.only):
        return _finding(_listed(probe.only), names, sorted(set(names) ^ set(probe.only)))
    for pattern in probe.none or ():
        found = [name for name in names if _matches(name, pattern)]
        if found:
            return _finding(f"no key {_named(pattern)}", found, found)
    for pattern in probe.some or ():
        if not any(_matches(name, pattern) for name in names):
            return _finding(f"{'a' if _is_pattern(pattern) else 'the'} key {_named(pattern)}", names, [pattern])
    return None


def _matches(name: str, pattern: str) -> bool:
    # Redis and fnmatch agree on * ? and [abc]; Redis negates a class with ^ and fnmatch with !.
    return fnmatchcase(name, pattern.replace("[^", "[!"))


def _is_pattern(name: str) -> bool:
    return any(mark in name for mark in "*?[")


def _named(name: str) -> str:
    return f"like {name}" if _is_pattern(name) else name


def _finding(expected: str, names: tuple[str, ...] | list[str], odd: list[str]) -> Finding:
    return Finding(expected, _listed(names), _LOOK, odd[0] if odd else "")


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return cut([quoted_if_odd(name) for name in names], ", ") if names else "no keys"
