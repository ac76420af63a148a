"""What others may use is listed, and there. Ruff keeps it sorted."""

from __future__ import annotations

import tutor.session


def test_the_public_names() -> None:
    assert all(getattr(tutor.session, name) is not None for name in tutor.session.__all__)
    assert tutor.session.__all__ == PUBLIC


PUBLIC = [
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
