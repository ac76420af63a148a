"""One learner at work, and a course proved."""

from __future__ import annotations

from tutor.checkers import Call, Event, Feedback, Verdict
from tutor.session.desk import Desk
from tutor.session.prove import prove, watch
from tutor.session.report import Fault, LessonProof, Report
from tutor.session.transcript import Transcript

__all__ = [
    "Call",
    "Desk",
    "Event",
    "Fault",
    "Feedback",
    "LessonProof",
    "Report",
    "Transcript",
    "Verdict",
    "prove",
    "watch",
]
