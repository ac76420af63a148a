"""The one-line syntax of a command, in Redis's style and in pieces."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tutor.catalog.model import Argument


class SyntaxPart:
    """A piece of a syntax line."""

    __slots__ = ("argument", "text")

    def __init__(self, text: str, argument: Argument | None = None) -> None:
        self.text = text
        """What is shown, spaces and brackets included."""
        self.argument = argument
        """The leaf of the argument tree that it shows; None for the name, brackets and spaces."""

    def __repr__(self) -> str:
        return f"SyntaxPart({self.text!r}, {self.argument!r})"


def syntax_parts(name: str, arguments: Sequence[Argument]) -> Iterator[SyntaxPart]:
    """The pieces of `NAME argument argument …`; their texts in a row are the line."""
    yield SyntaxPart(name)
    for argument in arguments:
        yield SyntaxPart(" ")
        yield from _whole(argument)


def _whole(argument: Argument) -> Iterator[SyntaxPart]:
    """With the brackets of an option and the dots of what repeats."""
    if argument.optional:
        yield SyntaxPart("[")
    yield from _led(argument, bare=argument.optional and not argument.multiple)
    if argument.multiple:
        yield SyntaxPart(" [")
        if argument.multiple_token or argument.token is None or argument.type == "pure-token":
            yield from _led(argument)
        else:
            yield from _value(argument)
        yield SyntaxPart(" ...]")
    if argument.optional:
        yield SyntaxPart("]")


def _led(argument: Argument, *, bare: bool = False) -> Iterator[SyntaxPart]:
    if argument.token is not None and argument.type != "pure-token":
        yield SyntaxPart(argument.token, argument)
        yield SyntaxPart(" ")
        bare = False
    yield from _value(argument, bare=bare)


def _value(argument: Argument, *, bare: bool = False) -> Iterator[SyntaxPart]:
    if argument.type == "pure-token":
        yield SyntaxPart(argument.token or "", argument)
    elif argument.type == "oneof":
        yield from _oneof(argument, bare=bare)
    elif argument.type == "block":
        for place, member in enumerate(argument.arguments):
            if place:
                yield SyntaxPart(" ")
            yield from _whole(member)
    else:
        yield SyntaxPart(argument.name, argument)


def _oneof(argument: Argument, *, bare: bool) -> Iterator[SyntaxPart]:
    """Alternatives stand in angle brackets, unless the brackets of an option are already around them."""
    if not bare:
        yield SyntaxPart("<")
    for place, alternative in enumerate(argument.arguments):
        if place:
            yield SyntaxPart(" | ")
        yield from _led(alternative) if not alternative.multiple else _whole(alternative)
    if not bare:
        yield SyntaxPart(">")
