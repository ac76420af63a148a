"""`${name}` in an exercise: found at load time, filled in when a learner begins. `$${` gives a literal `${`."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from tutor.lesson.evaluator import Value

__all__ = ["Template", "fill", "placeholders", "render"]

_PLACEHOLDER = re.compile(r"\$\$\{|\$\{([^}\n]*)(\})?")
_T = TypeVar("_T")


@dataclasses.dataclass(frozen=True, slots=True)
class Template:
    """A text that is filled in only when something is said: it may name what was expected and what was found."""

    source: str
    """The text as written, with `${name}`."""

    def fill(self, values: Mapping[str, Value]) -> str:
        """The text with its values."""
        return fill(self.source, values)


def placeholders(text: str) -> Iterator[tuple[str, int]]:
    """Every `${name}` in a text with the offset of the line it stands in; the name is `""` when `}` is missing."""
    for found in _PLACEHOLDER.finditer(text):
        if found[0] != "$${":
            yield (found[1].strip() if found[2] else ""), text.count("\n", 0, found.start())


def fill(text: str, values: Mapping[str, Value]) -> str:
    """The text with values in the place of names; the loader has seen to it that every name is known."""
    if "${" not in text:
        return text
    return _PLACEHOLDER.sub(lambda found: "${" if found[0] == "$${" else str(values[found[1].strip()]), text)


def render(data: _T, values: Mapping[str, Value]) -> _T:
    """The same data with every text in it filled in, through dataclasses, tuples and mappings; templates stay."""
    return _render(data, values)  # type: ignore[no-any-return]


def _render(data: Any, values: Mapping[str, Value]) -> Any:
    if isinstance(data, str):
        return fill(data, values)
    if isinstance(data, tuple):
        return tuple(_render(item, values) for item in data)
    if isinstance(data, Template) or not dataclasses.is_dataclass(data):
        return data
    changed = {}
    for field in dataclasses.fields(data):
        old = getattr(data, field.name)
        new = _render(old, values)
        if new is not old and new != old:
            changed[field.name] = new
    return dataclasses.replace(data, **changed) if changed else data  # type: ignore[type-var]
