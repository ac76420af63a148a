"""Printing a drawing: what this standard output can show."""

from __future__ import annotations

import argparse
import os
import shutil
import sys

from tutor.view import Drawing, Look, render

__all__ = ["look_of", "show"]


def look_of(options: argparse.Namespace) -> Look:
    """Colour on a terminal only, never under NO_COLOR (https://no-color.org) or TERM=dumb."""
    terminal = sys.stdout.isatty()
    color = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"
    return Look(
        shutil.get_terminal_size().columns if terminal else 100, color=color, plain=getattr(options, "plain", False)
    )


def show(drawing: Drawing, look: Look) -> None:
    """Print it, whatever the encoding of the terminal is."""
    text = render(drawing, look) + "\n"
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
