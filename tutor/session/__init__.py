"""One learner at work, and a course proved."""

from __future__ import annotations

from tutor.checkers import Call, Event, Feedback, Verdict
from tutor.lesson.skeleton import new_lesson
from tutor.session.desk import Desk
from tutor.session.overview import lesson_rows
from tutor.session.progress import Entry, Place, Progress, Status
from tutor.session.prove import prove, watch
from tutor.session.report import Fault, LessonProof, Report
from tutor.session.session import Hint, Session, check_answer
from tutor.session.transcript import Transcript

__all__ = [
    "Call",
    "Desk",
    "Entry",
    "Event",
    "Fault",
    "Feedback",
    "Hint",
    "LessonProof",
    "Place",
    "Progress",
    "Report",
    "Session",
    "Status",
    "Transcript",
    "Verdict",
    "check_answer",
    "lesson_rows",
    "new_lesson",
    "prove",
    "watch",
]
