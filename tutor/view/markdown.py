"""A lesson's Markdown as terminal text: CommonMark with tables, and transcripts in ```` ```redis ```` blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tutor.view.cells import clean
from tutor.view.drawing import BLANK, Drawing, Line, Look, Span, indent, line, line_width
from tutor.view.transcript import draw_transcript
from tutor.view.wrapping import wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

__all__ = ["draw_markdown"]

_LETTER = re.compile(r"\([a-z]\) ")
_STYLES = {"em": "emphasis", "strong": "strong", "link": "link", "s": "quiet"}


def draw_markdown(text: str, look: Look) -> Drawing:
    """The text, set in `look.measure` columns, a blank line between blocks and none around them."""
    # Importing the parser takes longer than starting the shell's prompt, so it waits for the first lesson.
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return _blocks(SyntaxTreeNode(tokens).children, look, look.measure)


def _blocks(nodes: Iterable[SyntaxTreeNode], look: Look, cells: int, *, tight: bool = False) -> Drawing:
    lines: list[Line] = []
    for node in nodes:
        drawn = _block(node, look, cells)
        if drawn and lines and not tight:
            lines.append(BLANK)
        lines += drawn
    return tuple(lines)


def _block(node: SyntaxTreeNode, look: Look, cells: int) -> Drawing:
    kind = node.type
    if kind == "paragraph":
        return _paragraph(node, look, cells)
    if kind == "heading":
        return _heading(node, look, cells)
    if kind in ("fence", "code_block"):
        return _code(node, look)
    if kind in ("bullet_list", "ordered_list"):
        return _list(node, look, cells)
    if kind == "blockquote":
        mark = "  " if look.plain else "│ "
        return indent(_blocks(node.children, look, cells - 2), mark, "quote")
    if kind == "hr":
        return () if look.plain else (line(("─" * min(cells, 24), "quiet")),)
    if kind == "table":
        return _table(node, look, cells)
    # What is left is HTML: comments, which are for writers, and tags, which a terminal does not show.
    return ()


def _paragraph(node: SyntaxTreeNode, look: Look, cells: int) -> Drawing:
    lines: list[Line] = []
    for part in _hard_lines(_inline(node.children, look)):
        lines += wrap(part, cells)
    return tuple(lines)


def _heading(node: SyntaxTreeNode, look: Look, cells: int) -> Drawing:
    spans = [Span(span.text, span.style or "heading") for span in _inline(node.children, look)]
    drawn = wrap(spans, cells)
    if look.plain or node.tag != "h1":
        return drawn
    return (*drawn, line(("─" * min(cells, max(line_width(spans) for spans in drawn)), "quiet")))


def _code(node: SyntaxTreeNode, look: Look) -> Drawing:
    lines = node.content.rstrip("\n").split("\n")
    if node.info.split(" ")[0] == "redis":
        return indent(draw_transcript(lines), "  ")
    return indent(tuple(line((clean(text), "code")) for text in lines), "  ")


def _list(node: SyntaxTreeNode, look: Look, cells: int) -> Drawing:
    first = int(node.attrs.get("start", 1))
    items = node.children
    lines: list[Line] = []
    # CommonMark hides the paragraphs of a tight list: its items stand without blank lines between them.
    tight = all(child.hidden for item in items for child in item.children if child.type == "paragraph")
    marks = [f"{first + place}." if node.type == "ordered_list" else _bullet(look) for place in range(len(items))]
    room = max(map(len, marks)) + 1
    for mark, item in zip(marks, items, strict=True):
        if lines and not tight:
            lines.append(BLANK)
        body = _blocks(item.children, look, cells - room, tight=tight) or (BLANK,)
        letter = _letter(body[0])
        if letter:  # an exercise's item: its letter is the mark
            head, *rest = body[0]
            body = ((Span(head.text[len(letter) :], head.style), *rest), *body[1:])
        lines.append((Span(letter or f"{mark:<{room}}", "strong" if letter else "quiet"), *body[0]))
        lines += indent(body[1:], " " * (len(letter) or room))
    return tuple(lines)


def _letter(spans: Line) -> str:
    """`(a) ` at the beginning of a list's item, or nothing."""
    found = _LETTER.match(spans[0].text) if spans else None
    return found[0] if found else ""


def _bullet(look: Look) -> str:
    return "-" if look.plain else "•"


def _table(node: SyntaxTreeNode, look: Look, cells: int) -> Drawing:
    rows = [
        [tuple(_inline(cell.children, look)) for cell in row.children]
        for section in node.children
        for row in section.children
    ]
    head, body = rows[0], rows[1:]
    widths = [max(line_width(row[column]) for row in rows) for column in range(len(head))]
    if look.plain or sum(widths) + 2 * len(widths) > cells:
        return _records(head, body, cells)
    lines = [_row([tuple(Span(s.text, s.style or "strong") for s in cell) for cell in head], widths)]
    lines.append(line(("─" * (sum(widths) + 2 * (len(widths) - 1)), "quiet")))
    lines += [_row(row, widths) for row in body]
    return tuple(lines)


def _row(row: list[Line], widths: list[int]) -> Line:
    spans: list[Span] = []
    for place, (cell, size) in enumerate(zip(row, widths, strict=True)):
        spans += cell
        if place < len(row) - 1:
            spans.append(Span(" " * (size - line_width(cell) + 2)))
    return tuple(spans)


def _records(head: list[Line], body: list[list[Line]], cells: int) -> Drawing:
    """A table that has no room: each row as lines of `column: cell`."""
    lines: list[Line] = []
    for row in body:
        if lines:
            lines.append(BLANK)
        for name, cell in zip(head, row, strict=True):
            label = (*name, Span(": ")) if name else ()
            lines += wrap((*label, *cell), cells, rest="  ")
    return tuple(lines)


def _inline(nodes: Iterable[SyntaxTreeNode], look: Look, style: str = "") -> Iterator[Span]:
    """The spans of a run of text; a hard line break is a span with a newline."""
    for node in nodes:
        if node.type == "text":
            yield Span(clean(node.content), style)
        elif node.type == "code_inline":
            mark = "`" if not look.color and not look.plain else ""
            yield Span(f"{mark}{clean(node.content)}{mark}", "code")
        elif node.type == "softbreak":
            yield Span(" ", style)
        elif node.type == "hardbreak":
            yield Span("\n", style)
        elif node.type == "link":
            yield from _link(node, look, style)
        elif node.children:
            yield from _inline(node.children, look, _STYLES.get(node.type, style))


def _link(node: SyntaxTreeNode, look: Look, style: str) -> Iterator[Span]:
    """The link's words, and its address behind them where they do not show it."""
    spans = list(_inline(node.children, look, "link"))
    yield from spans
    address = clean(str(node.attrs.get("href", "")))
    if address not in "".join(span.text for span in spans):
        yield Span(f" <{address}>", style)


def _hard_lines(spans: Iterable[Span]) -> Iterator[list[Span]]:
    current: list[Span] = []
    for span in spans:
        if span.text == "\n":
            yield current
            current = []
        else:
            current.append(span)
    yield current
