"""What may stand in a field: one small class for each shape.

A shape reads a node of the YAML tree into a plain value, or raises `CourseError` at the node's line; and it
describes itself as JSON Schema, from which editors take their completion. One table of fields serves both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tutor.errors import CourseError
from tutor.lesson.yamltree import Fields, Items, Node, Scalar

__all__ = [
    "Choices",
    "Either",
    "Field",
    "Flag",
    "ListOf",
    "MappingOf",
    "Numeral",
    "Record",
    "Row",
    "Shape",
    "Text",
    "Told",
]

_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")


class Shape(Protocol):
    """Reads one node, and says what it reads."""

    def read(self, node: Node, file: str) -> Any:
        """The node's value, or a `CourseError` that says what should stand there."""

    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record."""

    shape: Shape
    about: str
    """One sentence for the author, shown by editors."""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A record that was read."""

    values: dict[str, Any]
    """The fields that were given, by name."""
    lines: dict[str, int]
    """The line of each."""
    file: str
    line: int
    """Where the record begins."""

    def get(self, name: str, default: Any = None) -> Any:
        """A field's value, or the default when it was not given."""
        return self.values.get(name, default)

    def where(self, name: str | None = None) -> str:
        """`file:line` of a field, or of the record."""
        return f"{self.file}:{self.lines.get(name, self.line) if name else self.line}"


@dataclass(frozen=True, slots=True)
class Text:
    """A text, or a number taken as it is written."""

    pattern: str = ""
    """A regular expression that the whole text must match."""
    means: str = "a text"
    """What it is, for the message."""
    empty: bool = False
    """True when the empty text may be meant."""

    def read(self, node: Node, file: str) -> str:
        """The text."""
        if not isinstance(node, Scalar):
            raise _wrong(node, file, f"here belongs {self.means}, and there is {_kind(node)}")
        if not node.text and not (self.empty and node.quoted):
            hint = ' For an empty text write ""' if self.empty else ""
            raise _wrong(node, file, f"here belongs {self.means}, and there is nothing.{hint}")
        if self.pattern and not re.fullmatch(self.pattern, node.text):
            raise _wrong(node, file, f"here belongs {self.means}, and there is {node.text[:80]!r}")
        return node.text

    def schema(self) -> dict[str, Any]:
        """Text; a number is taken for one."""
        plain: dict[str, Any] = {"type": ["string", "number", "boolean"]}
        return {"type": "string", "pattern": f"^(?:{self.pattern})$"} if self.pattern else plain


@dataclass(frozen=True, slots=True)
class Choices:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: Node, file: str) -> str:
        """The word."""
        from difflib import get_close_matches

        if isinstance(node, Scalar) and node.text in self.words:
            return node.text
        given = repr(node.text[:80]) if isinstance(node, Scalar) else _kind(node)
        near = get_close_matches(node.text, self.words, 1) if isinstance(node, Scalar) else []
        hint = f" Did you mean {near[0]}?" if near else ""
        raise _wrong(node, file, f"here belongs one of {', '.join(self.words)}, and there is {given}.{hint}")

    def schema(self) -> dict[str, Any]:
        """An enumeration."""
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A whole number, kept as text because `${name}` may stand for it."""

    least: int | None = None
    """The smallest that makes sense."""
    most: int | None = None
    seeded: bool = True
    """False where no value can be drawn, such as an exercise's points."""

    def read(self, node: Node, file: str) -> str:
        """The number, or the template of one."""
        text = node.text if isinstance(node, Scalar) else None
        if text is not None and self.seeded and _PLACEHOLDER.search(text):
            return text
        if text is None or not re.fullmatch(r"-?[0-9]{1,15}", text):
            given = _kind(node) if text is None else repr(text[:80])
            raise _wrong(node, file, f"here belongs a whole number, and there is {given}")
        low, high = self.least is not None and int(text) < self.least, self.most is not None and int(text) > self.most
        if low or high:
            span = f"{self.least} or more" if self.most is None else f"from {self.least} to {self.most}"
            raise _wrong(node, file, f"here belongs a whole number, {span}, and there is {text}")
        return text

    def schema(self) -> dict[str, Any]:
        """An integer, or a text with a seeded name in it."""
        bounds = {"minimum": self.least, "maximum": self.most}
        number = {"type": "integer", **{name: value for name, value in bounds.items() if value is not None}}
        return {"anyOf": [number, {"type": "string", "pattern": r"\$\{|^-?[0-9]+$"}]} if self.seeded else number


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def read(self, node: Node, file: str) -> bool:
        """The flag."""
        if isinstance(node, Scalar) and node.text in ("true", "false"):
            return node.text == "true"
        given = repr(node.text[:80]) if isinstance(node, Scalar) else _kind(node)
        raise _wrong(node, file, f"here belongs true or false, and there is {given}")

    def schema(self) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one shape."""

    shape: Shape
    least: int = 0
    """How many there must be."""

    def read(self, node: Node, file: str) -> tuple[Any, ...]:
        """The values, in order."""
        if not isinstance(node, Items):
            raise _wrong(node, file, f"here belongs a list, and there is {_kind(node)}. Write [a, b], or - before each")
        if len(node.nodes) < self.least:
            raise _wrong(node, file, f"here belong {self.least} or more, and there are {len(node.nodes)}")
        return tuple(self.shape.read(item, file) for item in node.nodes)

    def schema(self) -> dict[str, Any]:
        """An array."""
        return {"type": "array", "items": self.shape.schema(), "minItems": self.least}


@dataclass(frozen=True, slots=True)
class MappingOf:
    """Names of the author's choice, each with a value of one shape."""

    shape: Shape
    names: str = ""
    """A regular expression that each name must match."""

    def read(self, node: Node, file: str) -> dict[str, Any]:
        """The values by name, in order."""
        if not isinstance(node, Fields):
            raise _wrong(node, file, f"here belong names with values, and there is {_kind(node)}. Write name: value")
        for key, _ in node.pairs:
            if self.names and not re.fullmatch(self.names, key.text):
                raise _wrong(key, file, f"{key.text[:80]!r} cannot be a name here. Use small letters, digits and _")
        return {key.text: self.shape.read(value, file) for key, value in node.pairs}

    def schema(self) -> dict[str, Any]:
        """An object with any names."""
        inner = self.shape.schema()
        if self.names:
            return {
                "type": "object",
                "patternProperties": {f"^(?:{self.names})$": inner},
                "additionalProperties": False,
            }
        return {"type": "object", "additionalProperties": inner}


@dataclass(frozen=True, slots=True)
class Either:
    """A shape for each way of writing: one value, a list, a mapping."""

    scalar: Shape | None = None
    items: Shape | None = None
    fields: Shape | None = None

    def read(self, node: Node, file: str) -> Any:
        """Whatever the shape for this way of writing reads."""
        way = self.scalar if isinstance(node, Scalar) else self.items if isinstance(node, Items) else self.fields
        if way is None:
            known = [word for word, shape in self._ways() if shape is not None]
            raise _wrong(node, file, f"here belongs {' or '.join(known)}, and there is {_kind(node)}")
        return way.read(node, file)

    def schema(self) -> dict[str, Any]:
        """Any of the ways."""
        return {"anyOf": [shape.schema() for _, shape in self._ways() if shape is not None]}

    def _ways(self) -> Iterator[tuple[str, Shape | None]]:
        yield "one value", self.scalar
        yield "a list", self.items
        yield "a mapping", self.fields


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with fields that we know."""

    what: str
    """The thing it describes, for the messages: `a check`."""
    fields: Mapping[str, Field] = field(default_factory=dict)

    def read(self, node: Node, file: str) -> Row:
        """The fields that were given, each with its line."""
        if not isinstance(node, Fields):
            raise _wrong(node, file, f"here belongs {self.what} with fields, and there is {_kind(node)}")
        values: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key, value in node.pairs:
            known = self.fields.get(key.text)
            if known is None:
                raise _wrong(key, file, self._unknown(key.text))
            values[key.text] = known.shape.read(value, file)
            lines[key.text] = value.line
        for name, known in self.fields.items():
            if known.required and name not in values:
                raise _wrong(node, file, f"{self.what} needs {name!r}, and it is missing. {known.about}")
        return Row(values, lines, file, node.line)

    def _unknown(self, name: str) -> str:
        from difflib import get_close_matches

        near = get_close_matches(name, self.fields, 1)
        hint = f"Did you mean {near[0]!r}?" if near else f"It has {', '.join(self.fields)}."
        return f"{self.what} has no field {name[:80]!r}. {hint}"

    def schema(self) -> dict[str, Any]:
        """An object with these properties alone."""
        return {
            "type": "object",
            "properties": {name: {"description": f.about} | f.shape.schema() for name, f in self.fields.items()},
            "required": [name for name, f in self.fields.items() if f.required],
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class Told:
    """A record of several sorts: one of its fields tells which."""

    what: str
    sorts: Mapping[str, tuple[str, Record]]
    """By the field that tells: the sort's name and its record."""

    def read(self, node: Node, file: str) -> tuple[str, Row]:
        """The sort's name with what was read."""
        names = [key.text for key, _ in node.pairs] if isinstance(node, Fields) else []
        found = [name for name in self.sorts if name in names]
        if isinstance(node, Fields) and len(found) != 1:
            said = f"this one has {' and '.join(found)}" if found else f"this one has {', '.join(names) or 'nothing'}"
            raise _wrong(node, file, f"{self.what} looks at exactly one of {', '.join(self.sorts)}, and {said}")
        sort, record = self.sorts[found[0] if found else next(iter(self.sorts))]
        return sort, record.read(node, file)

    def schema(self) -> dict[str, Any]:
        """Any of the sorts."""
        return {"anyOf": [record.schema() for _, record in self.sorts.values()]}


def _kind(node: Node) -> str:
    match node:
        case Scalar(text=text):
            return repr(text[:80]) if text else "nothing"
        case Items():
            return "a list"
        case Fields():
            return "a mapping"


def _wrong(node: Node, file: str, message: str) -> CourseError:
    return CourseError(f"{file}:{node.line}", message if message.endswith((".", "?", '"')) else message + ".")
