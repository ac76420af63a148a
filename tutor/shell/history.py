"""The lines typed before, kept for the next time; what holds a password is not."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from prompt_toolkit.history import FileHistory

__all__ = ["LineHistory"]

_SECRET = re.compile(r"\bAUTH2?\b|\bACL\s+SETUSER\b|requirepass|masterauth|primaryauth", re.IGNORECASE)


class LineHistory(FileHistory):
    """A file of lines. Where it cannot be read or written, lines are remembered until the shell ends."""

    def load_history_strings(self) -> Iterable[str]:
        """The lines, newest first."""
        try:
            return list(super().load_history_strings())
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        """Keep a line, in a file that only its owner reads."""
        if _SECRET.search(string):
            return
        try:
            os.makedirs(os.path.dirname(os.fspath(self.filename)), mode=0o700, exist_ok=True)
            os.close(os.open(self.filename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
            super().store_string(string)
        except OSError:
            return
