"""What each Redis command is: argument tree, keys, group, since, complexity, and our own explanation of it.

`load()` reads the one file that `scripts/build_catalog.py` makes of `sources/`; `Catalog.walk` says of any line of
words what each word is, what may come next, whether it is complete, and what is wrong.
"""

from __future__ import annotations

from tutor.catalog.catalog import Catalog, load
from tutor.catalog.keys import KeyUse
from tutor.catalog.model import Argument, Command, Words
from tutor.catalog.outcome import Expectation, Problem, Token, Walk
from tutor.catalog.syntax import SyntaxPart

__all__ = [
    "Argument",
    "Catalog",
    "Command",
    "Expectation",
    "KeyUse",
    "Problem",
    "SyntaxPart",
    "Token",
    "Walk",
    "Words",
    "load",
]
