"""lesson.md to steps: each heading and each exercise opens a new one, transcripts are parsed, commands are found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tutor.errors import CourseError
from tutor.lesson.data import Example, Reading
from tutor.lesson.scrutiny import Place
from tutor.lesson.shapes import Row
from tutor.lesson.transcript import Step, parse_transcript
from tutor.lesson.yamltree import compose

__all__ = ["Page", "code_spans", "parse_page", "read_front_matter", "split_front_matter"]

_MARKER = re.compile(r"<!--\s*exercise:\s*(\S+?)\s*-->")
_LIKE_MARKER = re.compile(r"<!--.*\bexercises?\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """The body of lesson.md."""

    steps: tuple[Reading | Example | str, ...]
    """In order; an exercise is its id here."""
    places: dict[str, Place]
    """Where each exercise stands."""


@dataclass(slots=True)
class _Section:
    """A part of the page that becomes one step."""

    line: int
    """Index of its first line in the body."""
    title: str | None = None
    exercise: str | None = None
    fences: list[Any] | None = None


def split_front_matter(text: str, file: str) -> tuple[str, str, int]:
    """The front matter, the body, and the line of the file at which the body begins."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise CourseError(
            f"{file}:1", "a lesson begins with front matter: a line ---, fields such as `id: …`, a line ---."
        )
    for number, line in enumerate(lines[1:], 2):
        if line.rstrip() == "---":
            return "\n".join(lines[1 : number - 1]), "\n".join(lines[number:]), number + 1
    raise CourseError(f"{file}:1", "the front matter is not closed. Add a line --- behind its last field.")


def read_front_matter(text: str, file: str) -> Row:
    """The front matter as a row of `fields.FRONT_MATTER`."""
    from tutor.lesson.fields import FRONT_MATTER

    root = compose(text, file, 2)
    if root is None:
        raise CourseError(f"{file}:1", "the front matter is empty. It needs id, title, track, minutes and teaches.")
    row: Row = FRONT_MATTER.read(root, file)
    return row


def parse_page(body: str, file: str, first_line: int) -> Page:
    """The steps of the body. Raises `CourseError` at the first fault."""
    lines = body.split("\n")
    steps: list[Reading | Example | str] = []
    places: dict[str, Place] = {}
    sections = _sections(body, file, first_line)
    heading: str | None = None
    for number, section in enumerate(sections):
        end = sections[number + 1].line if number + 1 < len(sections) else len(lines)
        begin = section.line + (section.title is not None or section.exercise is not None)
        while begin < end and not lines[begin].strip():
            begin += 1
        text = "\n".join(lines[begin:end]).strip()
        if section.exercise is not None:
            if not text:
                raise CourseError(
                    f"{file}:{first_line + section.line}", f"the exercise {section.exercise} has no text."
                )
            place = Place(heading, text, file, first_line + section.line, first_line + begin)
            if section.exercise in places:
                raise CourseError(f"{file}:{place.line}", f"the exercise {section.exercise} stands here a second time.")
            places[section.exercise] = place
            steps.append(section.exercise)
            heading = None
            continue
        next_is_exercise = number + 1 < len(sections) and sections[number + 1].exercise is not None
        heading = section.title if not text and next_is_exercise else None
        if text or (section.title and heading is None):
            steps.append(_reading(section, text, first_line + begin, file, first_line))
    return Page(tuple(steps), places)


def _reading(section: _Section, text: str, text_line: int, file: str, first_line: int) -> Reading | Example:
    line = first_line + section.line
    blocks: list[tuple[Step, ...]] = []
    for fence in section.fences or ():
        if fence.info.split()[:1] == ["redis"]:
            blocks.append(parse_transcript(fence.content.rstrip("\n"), file, first_line + fence.map[0] + 1))
    if not blocks:
        return Reading(section.title, text, line, text_line)
    return Example(section.title, text, tuple(blocks), line, text_line)


def _sections(body: str, file: str, first_line: int) -> list[_Section]:
    sections = [_Section(0)]
    tokens = _tokens(body)
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            sections.append(_Section(token.map[0], title=tokens[at + 1].content))
        elif token.type == "html_block" and "<!--" in token.content:
            _mark(sections, token, file, first_line)
        elif token.type == "fence":
            sections[-1].fences = [*(sections[-1].fences or ()), token]
            if sections[-1].exercise and token.info.split()[:1] == ["redis"]:
                raise CourseError(
                    f"{file}:{first_line + token.map[0]}",
                    "a ```redis block is a transcript, and in an exercise it would show the answer. Put it under a "
                    "heading of its own, or show the lines in a ``` block without a name.",
                )
    return sections


def _mark(sections: list[_Section], token: Any, file: str, first_line: int) -> None:
    line = first_line + token.map[0]
    found = _MARKER.fullmatch(token.content.strip())
    if found and token.level == 0:
        sections.append(_Section(token.map[0], exercise=found[1]))
    elif _LIKE_MARKER.match(token.content):
        raise CourseError(
            f"{file}:{line}",
            "this is not how an exercise is marked. On a line of its own: <!-- exercise: LESSON.NAME -->.",
        )


def code_spans(markdown: str) -> list[tuple[str, int]]:
    """Every code span of a text with its line, counted from 0."""
    spans = []
    for token in _tokens(markdown):
        if token.type == "inline":
            spans += [(child.content, token.map[0]) for child in token.children if child.type == "code_inline"]
    return spans


def _tokens(text: str) -> list[Any]:
    # Imported when a lesson is read and not before: it costs more time than reading the whole list of lessons.
    from markdown_it import MarkdownIt

    return list(MarkdownIt("commonmark").enable("table").parse(text))
