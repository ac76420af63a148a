"""The list of lessons, with what is done and where the learner is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.view.cells import cut, width
from tutor.view.drawing import BLANK, Drawing, Line, Look, line

__all__ = ["LessonRow", "TrackRows", "draw_lessons"]


@dataclass(frozen=True, slots=True)
class LessonRow:
    """One lesson in the list."""

    id: str
    """What `start` takes."""
    title: str
    """The lesson's title."""
    minutes: int
    """About how long it takes."""
    statuses: tuple[str, ...]
    """Of each exercise in order: `new`, `tried`, `revealed` or `solved`."""
    here: bool = False
    """Whether it is the one that the learner is in."""


@dataclass(frozen=True, slots=True)
class TrackRows:
    """A track with its lessons."""

    title: str
    """The track's title."""
    lessons: tuple[LessonRow, ...]
    """In course order."""


_MARKS = {"new": ("·", "quiet"), "tried": ("◦", ""), "revealed": ("○", ""), "solved": ("●", "right")}


def draw_lessons(tracks: Sequence[TrackRows], look: Look) -> Drawing:
    """Every track and lesson, one line each: id, title, and a mark for each exercise."""
    lines: list[Line] = []
    rows = [row for track in tracks for row in track.lessons]
    longest = max((width(row.id) for row in rows), default=0)
    most = max((len(row.statuses) for row in rows), default=0)
    for track in tracks:
        if lines:
            lines.append(BLANK)
        lines.append(line((track.title, "heading")))
        lines += [_row(row, longest, most, look) for row in track.lessons]
    if tracks and not look.plain:
        lines += [BLANK, line(("● solved  ○ revealed  ◦ tried  · new", "quiet"))]
    return tuple(lines)


def _row(row: LessonRow, longest: int, most: int, look: Look) -> Line:
    solved = row.statuses.count("solved")
    if look.plain:
        state = f"{solved} of {len(row.statuses)} exercises solved"
        return line(f"{row.id}: {row.title}, {row.minutes} minutes, {state}{', you are here' if row.here else ''}")
    here = ("→ ", "right") if row.here else ("  ", "")
    marks = [_MARKS[status] for status in row.statuses]
    room = look.columns - longest - 6 - most - 9
    title = cut(row.title, room) if room >= 8 else ""
    middle = f"  {title:<{min(room, 24)}}" if title else " "
    return line(here, (f"{row.id:<{longest}}", "command"), middle, (f"{row.minutes:>3} min  ", "quiet"), *marks)
