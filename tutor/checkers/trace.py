"""The checker of what was sent: which commands, with which words and options, how many, from how many clients.

It looks at parsed words, never at text: the option NX of SET is not the value NX. A command that Redis answered
with an error has done nothing, and does not count.
"""

from __future__ import annotations

from tutor.catalog import Catalog
from tutor.checkers.attempt import Attempt, Call, Finding, command_name, is_named
from tutor.checkers.words import cut, typed
from tutor.lesson import Check, Trace, parse_call

__all__ = ["check_trace", "options_of"]


def check_trace(check: Check, attempt: Attempt) -> Finding | None:
    """The first rule about the commands that does not hold, or None."""
    probe = check.probe
    assert isinstance(probe, Trace)
    calls = attempt.done()
    names = [command_name(attempt.catalog, call.argv) for call in calls]
    sent = cut(names, ", ") if names else "no command"
    for wanted in probe.uses or ():
        if not any(is_named(name, wanted) for name in names):
            return Finding(wanted, sent, f"Type explain {wanted}.")
    if probe.uses_one_of and not any(is_named(name, wanted) for name in names for wanted in probe.uses_one_of):
        return Finding(" or ".join(probe.uses_one_of), sent, f"Type explain {probe.uses_one_of[0]}.")
    for unwanted in probe.avoids or ():
        if any(is_named(name, unwanted) for name in names):
            return Finding(f"no {unwanted}", sent, f"Type explain {unwanted}.")
    return (
        _options(probe, attempt.catalog, calls, names, sent)
        or _calls(probe, attempt.catalog, calls, names, sent)
        or _counts(probe, calls, sent)
    )


def options_of(catalog: Catalog, argv: tuple[bytes, ...]) -> set[str]:
    """The literal words of a call that are options, in capitals."""
    tokens = catalog.walk(argv).tokens
    return {token.text.upper().decode("utf-8", "replace") for token in tokens if token.role == "option"}


def _options(probe: Trace, catalog: Catalog, calls: tuple[Call, ...], names: list[str], sent: str) -> Finding | None:
    for wanted, options in probe.options or ():
        expected = f"{wanted} with {' and '.join(options)}"
        given = [options_of(catalog, c.argv) for c, name in zip(calls, names, strict=True) if is_named(name, wanted)]
        if not any(set(options) <= each for each in given):
            actual = f"{wanted} with {' '.join(sorted(given[-1])) or 'no option'}" if given else sent
            return Finding(expected, actual, f"Type explain {wanted}.")
    return None


def _calls(probe: Trace, catalog: Catalog, calls: tuple[Call, ...], names: list[str], sent: str) -> Finding | None:
    asked = [(line,) for line in probe.calls or ()] + ([probe.calls_one_of] if probe.calls_one_of else [])
    for lines in asked:
        patterns = [parse_call(catalog, line) for line in lines]
        if any(pattern.matches(catalog, call.argv) for pattern in patterns for call in calls):
            continue
        wanted = list(dict.fromkeys(pattern.name for pattern in patterns))
        expected, look = " or ".join(wanted), f"Type explain {wanted[0]}."
        near = [call.argv for name, call in zip(names, calls, strict=True) if name in wanted]
        if not near:
            return Finding(expected, sent, look)
        # The line itself is the answer to the exercise: the message shows what came nearest to it, and not the line.
        nearest = max(near, key=lambda argv: max(pattern.common(argv) for pattern in patterns))
        return Finding(f"{expected} with other words", typed(nearest), look)
    return None


def _counts(probe: Trace, calls: tuple[Call, ...], sent: str) -> Finding | None:
    if probe.at_most is not None and len(calls) > int(probe.at_most):
        return Finding(
            f"at most {_many(int(probe.at_most))}", f"{_many(len(calls))}: {sent}", "Begin again with `reset`."
        )
    clients = len({call.client for call in calls})
    if probe.clients is not None and clients < int(probe.clients):
        return Finding(f"{probe.clients} clients", f"{clients}", "Write B> before a command of the second client.")
    return None


def _many(number: int) -> str:
    return "1 command" if number == 1 else f"{number} commands"
