"""An explained line and an explained reply, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tutor.view.drawing import BLANK, Drawing, Line, Look, Span
from tutor.view.words import draw_pairs, draw_text, said
from tutor.view.wrapping import wrap

__all__ = ["ExplanationLike", "PartLike", "ReasonLike", "draw_explanation", "draw_reason"]


class PartLike(Protocol):
    """A word of a line, explained."""

    @property
    def text(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def means(self) -> str: ...
    @property
    def wrong(self) -> bool: ...


class ExplanationLike(Protocol):
    """A line, explained."""

    @property
    def title(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def syntax(self) -> str: ...
    @property
    def parts(self) -> Sequence[PartLike]: ...
    @property
    def problem(self) -> str: ...
    @property
    def suggestion(self) -> str: ...
    @property
    def options(self) -> Sequence[tuple[str, str]]: ...
    @property
    def replies(self) -> Sequence[tuple[str, str]]: ...
    @property
    def facts(self) -> Sequence[tuple[str, str]]: ...
    @property
    def mistake(self) -> str: ...


class ReasonLike(Protocol):
    """A reply, explained."""

    @property
    def kind(self) -> str: ...
    @property
    def means(self) -> Sequence[str]: ...
    @property
    def look(self) -> str: ...


ROLES = {
    "command": "command",
    "subcommand": "command",
    "key": "key",
    "option": "option",
    "value": "",
    "unknown": "wrong.word",
}


def draw_explanation(explanation: ExplanationLike, look: Look) -> Drawing:
    """What each word of the line is, what is wrong, what it may answer, what it costs."""
    blocks: list[Drawing] = []
    if not explanation.parts and explanation.title:
        blocks.append(
            (
                *wrap((Span(explanation.syntax, "command"),), look.measure, rest="    "),
                *draw_text(explanation.sentence, look),
            )
        )
    if explanation.parts:
        blocks.append(draw_pairs([_part(part, look) for part in explanation.parts], look))
    if explanation.options:
        blocks.append(draw_pairs(explanation.options, look, "option"))
    if explanation.problem:
        blocks.append(_problem(explanation.problem, explanation.suggestion, look))
    if explanation.replies and not explanation.problem:
        blocks.append((_label("It answers:", look), *draw_pairs(explanation.replies, look, "reply.number")))
    if explanation.mistake and not explanation.problem and not explanation.parts:
        blocks.append(wrap((Span("The usual mistake: ", "label"), *said(explanation.mistake, look)), look.measure))
    if explanation.facts:
        blocks.append(_facts(explanation.facts, look))
    return _joined(blocks)


def _part(part: PartLike, look: Look) -> tuple[str, str, str]:
    style = "wrong.word" if part.wrong else ROLES[part.role]
    means = part.means
    if part.name and part.role in ("key", "value"):
        means = f"{part.name}: {means[:1].lower()}{means[1:]}" if means else part.name
    # Colour alone would not reach everybody: a wrong word is also called wrong.
    return part.text, ("Wrong here. " if part.wrong and part.role != "command" else "") + means, style


def _problem(problem: str, suggestion: str, look: Look) -> Drawing:
    mark = "" if look.plain else "✗ "
    return wrap(
        (Span(mark, "wrong"), *said(f"{problem} {suggestion}".strip(), look)), look.measure, rest="  " if mark else ""
    )


def _facts(facts: Sequence[tuple[str, str]], look: Look) -> Drawing:
    between = ". " if look.plain else " · "
    return wrap((Span(between.join(f"{label} {text.rstrip('.')}" for label, text in facts), "label"),), look.measure)


def _label(text: str, look: Look) -> Line:
    return (Span(text, "label"),)


def draw_reason(reason: ReasonLike, look: Look) -> Drawing:
    """Why a reply came."""
    lines: list[Line] = [*wrap((Span("This is ", ""), *said(reason.kind + ".", look)), look.measure)]
    for means in reason.means:
        lines += wrap(said(means, look), look.measure)
    if reason.look:
        lines += wrap(
            (Span("Next: " if look.plain else "→ ", "label"), *said(reason.look, look)), look.measure, rest="  "
        )
    return tuple(lines)


def _joined(blocks: Sequence[Drawing]) -> Drawing:
    lines: list[Line] = []
    for block in blocks:
        if lines:
            lines.append(BLANK)
        lines += block
    return tuple(lines)
