"""What others may use is listed, and there. Ruff keeps it sorted."""

from __future__ import annotations

import tutor.checkers


def test_the_public_names() -> None:
    assert all(getattr(tutor.checkers, name) is not None for name in tutor.checkers.__all__)
    assert tutor.checkers.__all__ == PUBLIC


PUBLIC = [
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
