"""The checker of who did what when: the order of calls, who was kept waiting, what reached a client."""

from __future__ import annotations

from tutor.checkers.attempt import Attempt, Call, Finding, command_name, is_named
from tutor.checkers.words import awaited, cut, printed
from tutor.lesson import Check, Received, Timeline, matches, parse_expected
from tutor.wire import Nil

__all__ = ["check_timeline"]


def check_timeline(check: Check, attempt: Attempt) -> Finding | None:
    """The first rule about the order of events that does not hold, or None."""
    probe = check.probe
    assert isinstance(probe, Timeline)
    sent = _sent(attempt)
    if probe.order is not None and not _in_order(probe.order, attempt):
        return Finding(", then ".join(probe.order), sent, "Go on, or begin again with `reset`.")
    if probe.waited is not None and not any(_waited(call, attempt) for call in _named(probe.waited, attempt)):
        return Finding(f"{probe.waited} waits for another client", sent, "Begin again with `reset`.")
    return _received(probe.received, attempt) if probe.received is not None else None


def _in_order(order: tuple[str, ...], attempt: Attempt) -> bool:
    at = 0
    for call in attempt.done():
        if at < len(order) and _is(call, order[at], attempt):
            at += 1
    return at == len(order)


def _waited(call: Call, attempt: Attempt) -> bool:
    """Whether another client acted between the sending of this call and its answer; a time-out is no answer."""
    if call.answered is None or isinstance(call.reply, Nil) or call.failed:
        return False
    return any(other.client != call.client and call.number < other.number < call.answered for other in attempt.calls)


def _received(wanted: Received, attempt: Attempt) -> Finding | None:
    pattern = parse_expected(wanted.equals)
    arrived = [event for event in attempt.events if event.client == wanted.client and event.reply is not None]
    if any(event.reply is not None and matches(pattern, event.reply) for event in arrived):
        return None
    last = printed(arrived[-1].reply) if arrived and arrived[-1].reply is not None else "nothing"
    return Finding(awaited(wanted.equals), last, f"Look at what client {wanted.client} shows.")


def _named(wanted: str, attempt: Attempt) -> list[Call]:
    return [call for call in attempt.calls if _is(call, wanted, attempt)]


def _is(call: Call, wanted: str, attempt: Attempt) -> bool:
    client, _, name = wanted.partition(" ")
    return call.client == client and is_named(command_name(attempt.catalog, call.argv), name)


def _sent(attempt: Attempt) -> str:
    names = [f"{call.client} {command_name(attempt.catalog, call.argv)}" for call in attempt.done()]
    return cut(names, ", then ") if names else "no command"
