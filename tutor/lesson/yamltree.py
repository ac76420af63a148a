"""YAML as a small tree that remembers its lines.

The parser's events are composed here and not by PyYAML, for three reasons: each node must know its line, a
mapping that names a key twice must be refused, and a file nested without end must not take the process down.
Every scalar is kept as the text that was written: whether `5` is a number or a word is for the field to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from tutor.errors import CourseError

__all__ = ["Fields", "Items", "Node", "Scalar", "compose", "scalars"]

# The deepest lesson file has about eight levels; more than this is a mistake or an attack.
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Scalar:
    """One text."""

    text: str
    """As written, quotes and indentation removed."""
    line: int
    """The line of its first character, counted from 1."""
    quoted: bool
    """False for a plain scalar, where an empty text or `~` means that nothing was given."""
    block: bool
    """True when its own lines stand one below the other in the file (`|`), so that the nth line has a place."""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    nodes: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping, in the order of the file."""

    pairs: tuple[tuple[Scalar, Node], ...]
    line: int


Node: TypeAlias = Scalar | Items | Fields


def compose(text: str, file: str, first_line: int = 1) -> Node | None:
    """The tree of one YAML document; None when there is nothing in it.

    `first_line` is the line of the file at which the text begins. Raises `CourseError` with the place of the fault.
    """
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Composer(yaml.parse(text, Loader=loader), file, first_line).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = first_line + (mark.line if mark is not None else 0)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        raise CourseError(
            f"{file}:{line}",
            f"this is not YAML: {problem}. Look at the indentation, and put a text with : or # or {{ in double quotes.",
        ) from None


def scalars(node: Node) -> list[Scalar]:
    """Every text in the tree, keys left out, from top to bottom."""
    match node:
        case Scalar():
            return [node]
        case Items(nodes):
            return [scalar for item in nodes for scalar in scalars(item)]
        case Fields(pairs):
            return [scalar for _, value in pairs for scalar in scalars(value)]


class _Composer:
    """Builds the tree from the parser's events."""

    def __init__(self, events: Any, file: str, first_line: int) -> None:
        self._events = events
        self._file = file
        self._first = first_line

    def document(self) -> Node | None:
        import yaml

        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._error(event, "a second YAML document begins here. One file is one document: remove ---")
                root = self._node(next(self._events), 0)
        return None if isinstance(root, Scalar) and not root.quoted and root.text in ("", "~") else root

    def _node(self, event: Any, depth: int) -> Node:
        import yaml

        if depth > _DEEPEST:
            raise self._error(event, f"this is nested deeper than {_DEEPEST} levels")
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise self._error(event, "anchors (&) and aliases (*) are not read here. Quote the text, or write it out")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        line = self._line(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(inner := next(self._events), yaml.SequenceEndEvent):
                items.append(self._node(inner, depth + 1))
            return Items(tuple(items), line)
        pairs: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(inner := next(self._events), yaml.MappingEndEvent):
            key = self._node(inner, depth + 1)
            if not isinstance(key, Scalar):
                raise self._error(inner, "a name must be a text here, and it is a list or a mapping")
            if key.text in pairs:
                raise self._error(inner, f"{key.text!r} stands here a second time. Remove one of the two")
            pairs[key.text] = (key, self._node(next(self._events), depth + 1))
        return Fields(tuple(pairs.values()), line)

    def _scalar(self, event: Any) -> Scalar:
        block = event.style in ("|", ">")
        return Scalar(event.value, self._line(event) + block, event.style is not None, event.style == "|")

    def _line(self, event: Any) -> int:
        return int(event.start_mark.line) + self._first

    def _error(self, event: Any, message: str) -> CourseError:
        return CourseError(f"{self._file}:{self._line(event)}", message + ".")
