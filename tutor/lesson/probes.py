"""One check of exercises.yaml to its probe: what the checker of its group looks at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tutor.errors import CourseError
from tutor.lesson.checks import (
    Bounds,
    Check,
    Contents,
    Keyspace,
    KeyState,
    Pairs,
    Probe,
    Received,
    ReplyIs,
    Timeline,
    Trace,
)
from tutor.lesson.shapes import Row
from tutor.lesson.template import Template

__all__ = ["build_check"]


def build_check(group: str, row: Row) -> Check:
    """The check of a row. Raises `CourseError` when it looks at nothing."""
    probe = _PROBES[group](row)
    return Check(row.get("id"), group, probe, Template(row.get("otherwise")), row.where())


def _state(row: Row) -> KeyState:
    _not_empty(row, row, ("exists", "type", "equals", "contains", "lacks", "length", "ttl"))
    ttl = row.get("ttl")
    length = row.get("length")
    if row.get("exists") is False and len(row.values) > 4:
        raise CourseError(
            row.where("exists"), "a key that must not exist can have nothing else. Remove the other fields."
        )
    return KeyState(
        key=row.get("key"),
        exists=row.get("exists"),
        type=row.get("type"),
        equals=_contents(row.get("equals")),
        contains=_contents(row.get("contains")),
        lacks=_contents(row.get("lacks")),
        length=_bounds(length, row, "length") if length is not None else None,
        ttl=_bounds(ttl, row, "ttl") if isinstance(ttl, Row) else ttl,
    )


def _keyspace(row: Row) -> Keyspace:
    inner: Row = row.get("keyspace")
    _not_empty(row, inner, ("only", "none", "some"))
    return Keyspace(inner.get("only"), inner.get("none"), inner.get("some"))


def _reply(row: Row) -> ReplyIs:
    inner: Row = row.get("reply")
    _not_empty(row, inner, ("equals", "one_of", "type"))
    of = inner.get("of", "last")
    return ReplyIs(of if of == "last" else _name(of), inner.get("equals"), inner.get("one_of"), inner.get("type"))


def _trace(row: Row) -> Trace:
    inner: Row = row.get("trace")
    _not_empty(row, inner, ("uses", "uses_one_of", "avoids", "options", "calls", "calls_one_of", "at_most", "clients"))
    options = inner.get("options")
    return Trace(
        uses=_names(inner.get("uses")),
        uses_one_of=_names(inner.get("uses_one_of")),
        avoids=_names(inner.get("avoids")),
        options=None
        if options is None
        else tuple((_name(name), tuple(word.upper() for word in words)) for name, words in options.items()),
        calls=inner.get("calls"),
        calls_one_of=inner.get("calls_one_of"),
        at_most=inner.get("at_most"),
        clients=inner.get("clients"),
    )


def _timeline(row: Row) -> Timeline:
    inner: Row = row.get("timeline")
    _not_empty(row, inner, ("order", "waited", "received"))
    received = inner.get("received")
    waited = inner.get("waited")
    return Timeline(
        order=_names(inner.get("order")),
        waited=None if waited is None else _name(waited),
        received=None if received is None else Received(received.get("client"), received.get("equals")),
    )


_PROBES: dict[str, Callable[[Row], Probe]] = {
    "state": _state,
    "keyspace": _keyspace,
    "reply": _reply,
    "trace": _trace,
    "timeline": _timeline,
}


def _not_empty(check: Row, row: Row, fields: tuple[str, ...]) -> None:
    if not any(row.get(field) is not None for field in fields):
        raise CourseError(check.where(), f"this check looks at nothing. Add one of {', '.join(fields)}.")


def _name(name: str) -> str:
    return " ".join(name.upper().split())


def _names(names: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(_name(name) for name in names)


def _bounds(value: Any, row: Row, field: str) -> Bounds:
    if isinstance(value, str):
        return Bounds(value, value)
    bounds = Bounds(value.get("min"), value.get("max"))
    if bounds.least is None and bounds.most is None:
        raise CourseError(row.where(field), f"{field} needs min or max, or both.")
    return bounds


def _contents(value: Any) -> Contents | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict):
        return Pairs(tuple(value.items()))
    if any(isinstance(item, dict) for item in value):
        return tuple(Pairs(tuple(item.items())) if isinstance(item, dict) else Pairs(((item, ""),)) for item in value)
    return tuple(value)
