"""Every checker, by the group of checks that it judges."""

from __future__ import annotations

from collections.abc import Callable

from tutor.checkers.attempt import Attempt, Finding
from tutor.checkers.keyspace import check_keyspace
from tutor.checkers.reply import check_reply
from tutor.checkers.state import check_state
from tutor.checkers.timeline import check_timeline
from tutor.checkers.trace import check_trace
from tutor.lesson import Check

__all__ = ["CHECKERS"]

CHECKERS: dict[str, Callable[[Check, Attempt], Finding | None]] = {
    "keyspace": check_keyspace,
    "reply": check_reply,
    "state": check_state,
    "timeline": check_timeline,
    "trace": check_trace,
}
