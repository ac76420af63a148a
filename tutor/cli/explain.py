"""`redis-tutor explain`: a command line, word by word."""

from __future__ import annotations

import argparse
import os

from tutor.catalog import load
from tutor.cli.screen import look_of, show
from tutor.errors import UsageError
from tutor.explain import explain_command
from tutor.view import draw_explanation

__all__ = ["explain"]


def explain(options: argparse.Namespace) -> int:
    """Print what each word means; 1 when the server would refuse the line."""
    words = [os.fsencode(word) for word in options.words]
    if not words:
        raise UsageError("Nothing to explain. Give a command: redis-tutor explain SET k v EX 3 NX")
    explanation = explain_command(load(), words)
    look = look_of(options)
    show(draw_explanation(explanation, look), look)
    return 1 if explanation.problem else 0
