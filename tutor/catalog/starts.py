"""What an argument may start with, seen by somebody who is about to type it."""

from __future__ import annotations

from tutor.catalog.outcome import Expectation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tutor.catalog.model import Argument


def starts(argument: Argument, *, led: bool = False, required: bool = False) -> Iterator[Expectation]:
    """Its token; else its alternatives, its first members, or itself. `led`: its token has been typed already."""
    if argument.type == "pure-token" or (argument.token is not None and not led):
        yield Expectation("token", argument.token or "", "pure-token", argument, required)
    elif argument.type == "oneof":
        for alternative in argument.arguments:
            yield from starts(alternative, required=required)
    elif argument.type == "block":
        for member in argument.arguments:
            yield from starts(member, required=required and not member.optional)
            if not member.optional:
                return
    else:
        yield Expectation("argument", argument.name, argument.type, argument, required)
