"""Where drawings go: above the prompt while it stands, else to where the cursor is."""

from __future__ import annotations

from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.output import Output
from prompt_toolkit.styles import Style

from tutor.view.drawing import Drawing, Look
from tutor.view.style import STYLES, render

__all__ = ["Screen", "prompt_style"]

_COLOURS = frozenset({"red", "green", "magenta", "cyan"})

# What only the line editor draws.
_OWN = {
    "tutor": "ansimagenta",
    "prompt": "bold",
    "prompt.other": "ansimagenta",
    "prompt.state": "ansicyan",
    "bar": "",
    "bar.command": "bold",
    "bar.current": "reverse",
    "bar.next": "ansicyan",
    "bar.phrase": "dim",
    "bar.wrong": "ansired",
    "bottom-toolbar": "noreverse",
    "auto-suggestion": "dim",
    "completion-menu": "bg:default fg:default noreverse",
    "completion-menu.completion": "bg:default fg:default noreverse",
    "completion-menu.completion.current": "reverse",
    "completion-menu.meta.completion": "bg:default fg:default dim noreverse",
    "completion-menu.meta.completion.current": "bg:default fg:default noreverse",
    "scrollbar.background": "bg:default",
    "scrollbar.button": "bg:ansibrightblack",
}


def prompt_style(*, color: bool) -> Style:
    """The styles of `tutor.view` as the line editor knows them."""
    styles = {name: _translated(words) for name, words in STYLES.items()} | _OWN
    if not color:
        styles = {name: " ".join(w for w in words.split() if "ansi" not in w) for name, words in styles.items()}
    return Style.from_dict(styles)


def _translated(words: str) -> str:
    return " ".join(f"ansi{word}" if word in _COLOURS else word for word in words.split())


class Screen:
    """A terminal that drawings are shown on."""

    def __init__(self, output: Output, *, color: bool, plain: bool) -> None:
        self._output = output
        self._color = color
        self._plain = plain

    @property
    def look(self) -> Look:
        """What can be shown at this moment; a terminal may be made wider or narrower."""
        return Look(self._output.get_size().columns, self._color, self._plain)

    @property
    def rows(self) -> int:
        """How many lines the terminal has at this moment."""
        return self._output.get_size().rows

    async def show(self, *drawings: Drawing) -> None:
        """Show drawings, one below the other."""
        text = "".join(render(drawing, self.look) + "\n" for drawing in drawings)
        await run_in_terminal(lambda: self.write(text))

    def write(self, text: str) -> None:
        """Write terminal text where the cursor is."""
        # A terminal in raw mode does not move to the first column by itself.
        self._output.write_raw(text.replace("\n", "\r\n"))
        self._output.flush()
