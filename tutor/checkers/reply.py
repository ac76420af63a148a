"""The checker of a reply: what the server answered to one of the learner's commands."""

from __future__ import annotations

from tutor.checkers.attempt import Attempt, Call, Finding, command_name, is_named
from tutor.checkers.words import awaited, printed, typed
from tutor.lesson import Check, ReplyIs, matches, parse_expected
from tutor.wire import Array, Bulk, Error, Integer, Map, Nil, Push, Reply, Set, Status

__all__ = ["check_reply", "type_of"]

_TYPES: dict[str, tuple[type, ...]] = {
    "integer": (Integer,),
    "bulk": (Bulk,),
    "status": (Status,),
    "nil": (Nil,),
    "array": (Array, Map, Set, Push),
    "error": (Error,),
}


def check_reply(check: Check, attempt: Attempt) -> Finding | None:
    """None when the reply is right."""
    probe = check.probe
    assert isinstance(probe, ReplyIs)
    replies = [awaited(text) for text in (probe.equals, *(probe.one_of or ())) if text]
    expected = " or ".join(replies) or f"a reply of type {probe.type}"
    call = _call(probe, attempt)
    if call is None or call.reply is None:
        sent = "no reply yet" if call else "no command was sent" if probe.of == "last" else f"{probe.of} was not sent"
        return Finding(expected, sent, "Send the command, and then check again.")
    if _is_right(probe, call.reply):
        return None
    return Finding(expected, printed(call.reply), f"Look at the reply of {typed(call.argv)}.")


def type_of(reply: Reply) -> str:
    """The kind of a reply, as a check names it; RESP3's own kinds count as what RESP2 makes of them."""
    return next((name for name, types in _TYPES.items() if isinstance(reply, types)), "bulk")


def _call(probe: ReplyIs, attempt: Attempt) -> Call | None:
    if probe.of == "last":
        return attempt.calls[-1] if attempt.calls else None
    named = [call for call in attempt.calls if is_named(command_name(attempt.catalog, call.argv), probe.of)]
    return named[-1] if named else None


def _is_right(probe: ReplyIs, reply: Reply) -> bool:
    if probe.type is not None and type_of(reply) != probe.type:
        return False
    if probe.equals is not None and not matches(parse_expected(probe.equals), reply):
        return False
    return probe.one_of is None or any(matches(parse_expected(text), reply) for text in probe.one_of)
