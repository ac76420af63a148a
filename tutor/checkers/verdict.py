"""The outcome of a check: passed or not, what to say, what it is worth."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Feedback", "Verdict"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """The one message that a wrong answer gets."""

    check: str
    """The id of the check that failed; the kind of the exercise where it has no checks."""
    expected: str
    """What should be, as short as it can be said."""
    got: str
    """What is."""
    why: str
    """Why that is not right, in the author's words."""
    look: str
    """What to look at next."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check came to."""

    passed: bool
    feedback: Feedback | None
    """None when it passed."""
    points: int
    """What this answer is worth."""
    max_points: int
    """What a right answer is worth."""
    why: str = ""
    """Said after a right answer, when there is something to add."""
