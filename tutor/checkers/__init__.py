"""From what a learner did to a verdict. One checker in one file; the table in `table` names them all.

A checker takes a check and the attempt, and answers None when the check holds, or a `Finding` that says what was
expected, what was found, and where to look.
"""

from __future__ import annotations

from tutor.checkers.attempt import Attempt, Call, Event, Finding, command_name
from tutor.checkers.judge import judge_choice, judge_predict, judge_work
from tutor.checkers.letters import read_letter, read_order
from tutor.checkers.snapshot import KeyRecord, Snapshot, read_snapshot
from tutor.checkers.table import CHECKERS
from tutor.checkers.verdict import Feedback, Verdict

__all__ = [
    "CHECKERS",
    "Attempt",
    "Call",
    "Event",
    "Feedback",
    "Finding",
    "KeyRecord",
    "Snapshot",
    "Verdict",
    "command_name",
    "judge_choice",
    "judge_predict",
    "judge_work",
    "read_letter",
    "read_order",
    "read_snapshot",
]
