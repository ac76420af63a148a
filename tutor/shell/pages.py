"""What is longer than the screen: its beginning is shown, and the rest waits for Enter.

A step whose heading scrolls away before anybody has read it is hard to follow. So a page is as long as there is room
above the prompt, and ends between two paragraphs where it can.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tutor.view import Drawing, Line

__all__ = ["Pages", "cut_page", "menu_rows", "page_rows"]

_BAR = 2
_LEAST = 8


def menu_rows(rows: int) -> int:
    """The lines from the prompt down that are kept free for the menu; a low screen gives fewer of them."""
    return 7 if rows >= 30 else 4


def page_rows(rows: int, taken: int = 0) -> int:
    """How many lines fit above the prompt, when `taken` of them are in use."""
    return max(_LEAST, rows - _BAR - menu_rows(rows) - taken)


class Pages:
    """The rest of a step, and the rest of another long text, which is read first and dropped sooner."""

    def __init__(self) -> None:
        self._step: Drawing = ()
        self._other: Drawing = ()

    @property
    def waiting(self) -> bool:
        """Whether there is more to read."""
        return bool(self._step or self._other)

    def turn(self, drawing: Drawing, rows: int, *, step: bool) -> Drawing:
        """The first page; the rest is kept."""
        page, rest = cut_page(drawing, rows)
        if step:
            self._step, self._other = rest, ()
        else:
            self._other = rest
        return page

    def more(self, rows: int) -> Drawing:
        """The next page, or nothing when all was shown."""
        if self._other:
            return self.turn(self._other, rows, step=False)
        return self.turn(self._step, rows, step=True)

    def drop(self, *, step: bool) -> None:
        """Forget the rest: of everything, or of what is not the step."""
        self._other = ()
        if step:
            self._step = ()


def cut_page(drawing: Drawing, rows: int) -> tuple[Drawing, Drawing]:
    """A page of at most `rows` lines, and what is left for the next ones; one line of them is for the word about it.

    It ends at a blank line of its lower two thirds, best of all not below a line that leads on with a colon.
    """
    if len(drawing) <= rows:
        return drawing, ()
    room = rows - 2
    blanks = [at for at in range(room // 3, room + 1) if not _text(drawing[at])]
    good = [at for at in blanks if not _text(drawing[at - 1]).endswith(":")]
    at = (good or blanks or [room])[-1]
    rest = drawing[at:] if not _text(drawing[at]) else ((), *drawing[at:])
    return drawing[:at], rest


def _text(spans: Line) -> str:
    return "".join(span.text for span in spans).strip()
